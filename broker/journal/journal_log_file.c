/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "proto/identity.h"
#include "proto/memory.h"

#define NEW_FILE "log.new"

enum { AT_MARK = 4, AT_DEPLOYMENT = 12, AT_SUM = AT_DEPLOYMENT + KG_DEPLOYMENT_ID_BYTES };

static const uint8_t format[4] = {'K', 'G', 'L', 1};

/* Always false. */
static bool failed(const char *folder, const char *doing, int error)
{
    const char *mend = error == ENOSPC || error == EDQUOT ? "free some disk space"
                       : error == EFBIG                   ? "lift the limit (ulimit -f)"
                       : error == EACCES || error == EPERM || error == EROFS
                           ? "its owner must be the user that runs this"
                           : "see the system's log for disk errors";

    return kg_journal_fail("the log of the journal in %s could not be %s: %s; %s", folder, doing,
                           strerror(error), mend);
}

static void encode_head(const uint8_t mark[KG_MARK_BYTES],
                        const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES],
                        uint8_t out[static KG_LOG_FILE_HEAD_BYTES])
{
    memset(out, 0, KG_LOG_FILE_HEAD_BYTES);
    memcpy(out, format, sizeof(format));
    memcpy(out + AT_MARK, mark, KG_MARK_BYTES);
    memcpy(out + AT_DEPLOYMENT, deployment, KG_DEPLOYMENT_ID_BYTES);
    kg_sha256_once(out, AT_SUM, out + AT_SUM);
}

static bool read_head(kg_log_file *file, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    uint8_t own[KG_LOG_FILE_HEAD_BYTES] = {0}, wanted[KG_LOG_FILE_HEAD_BYTES];

    if (kg_log_file_read(file, 0, own, sizeof(own)) < 0)
        return false;
    memcpy(file->mark, own + AT_MARK, KG_MARK_BYTES);
    encode_head(file->mark, deployment, wanted);
    if (memcmp(own, wanted, sizeof(own)) == 0)
        return true;
    if (memcmp(own, format, 3) == 0 && own[3] > format[3])
        return kg_journal_fail("the log of the journal in %s was written by a newer version; use "
                               "that one",
                               file->folder);
    return kg_journal_fail("the log of the journal in %s is damaged at its beginning, or is "
                           "another journal's; restore a backup (kopgroepd journal restore)",
                           file->folder);
}

static bool write_new(const char *path, const uint8_t *bytes)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    kg_log_file file = {.descriptor = descriptor, .folder = path};
    bool made = descriptor >= 0 && kg_log_file_write(&file, 0, bytes, KG_LOG_FILE_HEAD_BYTES);

    if (descriptor >= 0)
        close(descriptor);
    return made;
}

/* Under another name first, so that it is there whole or not at all. */
static bool make(const char *folder, const char *name,
                 const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    char *path = kg_folder_path(folder, NEW_FILE);
    uint8_t mark[KG_MARK_BYTES], head[KG_LOG_FILE_HEAD_BYTES];
    bool made;

    kg_random(mark, sizeof(mark));
    encode_head(mark, deployment, head);
    made = write_new(path, head) || failed(folder, "made", errno);
    free(path);
    return made && kg_folder_publish(folder, NEW_FILE, name);
}

static bool measure(kg_log_file *file)
{
    struct stat info;

    if (fstat(file->descriptor, &info) != 0)
        return failed(file->folder, "measured", errno);
    file->size = (uint64_t)info.st_size;
    return true;
}

bool kg_log_file_open(kg_log_file *file, const char *folder, const char *name,
                      const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES], bool read_only)
{
    char *path;

    *file = (kg_log_file){.folder = folder, .descriptor = -1};
    if (!kg_folder_holds(folder, name) && read_only)
        return true;
    if (!kg_folder_holds(folder, name) && !make(folder, name, deployment))
        return false;
    path = kg_folder_path(folder, name);
    file->descriptor = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
    free(path);
    if (file->descriptor < 0)
        return failed(folder, "opened", errno);
    return read_head(file, deployment) && measure(file);
}

void kg_log_file_close(kg_log_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}

bool kg_log_file_write(kg_log_file *file, uint64_t at, const void *bytes, size_t count)
{
    ssize_t wrote;

    do {
        wrote = pwrite(file->descriptor, bytes, count, (off_t)at);
    } while (wrote < 0 && errno == EINTR);
    if (wrote < 0 || (size_t)wrote != count)
        return failed(file->folder, "written", wrote < 0 ? errno : ENOSPC);
    if (at + count > file->size)
        file->size = at + count;
    return true;
}

void kg_log_file_hasten(const kg_log_file *file, uint64_t at, size_t count)
{
    int unused = sync_file_range(file->descriptor, (off_t)at, (off_t)count, SYNC_FILE_RANGE_WRITE);
    (void)unused; /* the sync finds what is wrong */
}

bool kg_log_file_sync(const kg_log_file *file)
{
    return fdatasync(file->descriptor) == 0 || failed(file->folder, "made durable", errno);
}

int64_t kg_log_file_read(const kg_log_file *file, uint64_t at, void *out, size_t count)
{
    size_t done = 0;

    while (done < count) {
        ssize_t got = pread(file->descriptor, (char *)out + done, count - done, (off_t)(at + done));

        if (got == 0)
            break;
        if (got < 0 && errno != EINTR) {
            failed(file->folder, "read", errno);
            return -1;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return (int64_t)done;
}

bool kg_log_file_cut(kg_log_file *file, uint64_t size)
{
    if (file->size <= size)
        return true;
    if (ftruncate(file->descriptor, (off_t)size) != 0)
        return failed(file->folder, "shortened", errno);
    file->size = size;
    return true;
}

bool kg_log_file_take(const kg_log_file *file, uint8_t **bytes, size_t *count)
{
    kg_log_file now = *file;
    int64_t got;

    *bytes = NULL;
    *count = 0;
    if (file->descriptor < 0)
        return true;
    if (!measure(&now))
        return false;
    *bytes = kg_alloc((size_t)now.size + 1, 1);
    got = kg_log_file_read(file, 0, *bytes, (size_t)now.size);
    *count = got > 0 ? (size_t)got : 0;
    return got >= 0;
}
