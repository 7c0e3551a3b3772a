/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "proto/memory.h"

#define HOLD_FILE "journal.lock"
#define LEFT_MS_MAX 5000

const char *kg_folder_remote_type(uint64_t type)
{
    static const struct {
        uint64_t type;
        const char *name;
    } remote[] = {
        {0x6969, "NFS"},         {0xff534d42, "CIFS"}, {0xfe534d42, "SMB2"}, {0x517b, "SMB"},
        {0x65735546, "FUSE"},    {0x01021997, "9P"},   {0x00c36400, "Ceph"}, {0x6b414653, "AFS"},
        {0x5346414f, "OpenAFS"}, {0x73757245, "Coda"}, {0x564c, "NCP"},      {0x0bd00bd0, "Lustre"},
        {0x7461636f, "OCFS2"},   {0x01161970, "GFS2"}, {0x47504653, "GPFS"}, {0x786f4256, "VBoxSF"},
        {0x19830326, "BeeGFS"},
    };

    for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++) {
        if (remote[i].type == type)
            return remote[i].name;
    }
    return NULL;
}

bool kg_folder_usable(const char *folder)
{
    struct stat info;
    struct statfs system;
    const char *remote;

    if (stat(folder, &info) != 0 || statfs(folder, &system) != 0)
        return kg_journal_fail("%s: %s; kopgroepd init makes a broker's folder, kopgroepd journal "
                               "restore brings a journal back",
                               folder, strerror(errno));
    if (!S_ISDIR(info.st_mode))
        return kg_journal_fail("%s is not a folder; a journal lives in one", folder);
    /* f_type is signed or not by architecture; the known ones fit in 32 bits. */
    remote = kg_folder_remote_type((uint32_t)system.f_type);
    if (remote)
        return kg_journal_fail("%s is on a %s file system, which cannot hold a journal safely; "
                               "use a folder on a local disk",
                               folder, remote);
    return true;
}

bool kg_folder_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool empty = true;

    if (!dir)
        return kg_journal_fail("%s: %s", folder, strerror(errno));
    while (empty && (entry = readdir(dir)) != NULL) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                strcmp(entry->d_name, "lost+found") == 0;
        if (!empty)
            kg_journal_fail("%s is not empty (it holds %s); choose an empty folder", folder,
                            entry->d_name);
    }
    closedir(dir);
    return empty;
}

char *kg_folder_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = kg_alloc(size, 1);

    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

bool kg_folder_holds(const char *folder, const char *name)
{
    char *path = kg_folder_path(folder, name);
    bool holds = access(path, F_OK) == 0;

    free(path);
    return holds;
}

/* Who holds it, as that process wrote it; 0 when it cannot be read. */
static int holder(int descriptor)
{
    char text[16] = "";
    ssize_t count = pread(descriptor, text, sizeof(text) - 1, 0);

    return count > 0 ? atoi(text) : 0;
}

/* A child that looked at the journal has the lock, too, and ends a moment after the holder that was
 * killed: no reason to refuse the next one. */
static bool lock(int descriptor)
{
    for (int ms = 0; flock(descriptor, LOCK_EX | LOCK_NB) != 0; ms++) {
        const int process = holder(descriptor);

        if (ms == LEFT_MS_MAX || process <= 0 || kill(process, 0) == 0 || errno != ESRCH)
            return false;
        poll(NULL, 0, 1);
    }
    return true;
}

int kg_folder_take(const char *folder)
{
    char *path = kg_folder_path(folder, HOLD_FILE);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    free(path);
    if (descriptor < 0) {
        kg_journal_fail("%s cannot be written: %s; its owner must be the user that runs this",
                        folder, strerror(errno));
        return -1;
    }
    if (!lock(descriptor)) {
        kg_journal_fail("the journal in %s is in use by process %d; end that one first", folder,
                        holder(descriptor));
        close(descriptor);
        return -1;
    }
    /* The number is only for that sentence: a full disk must not keep the journal shut. */
    if (ftruncate(descriptor, 0) == 0)
        dprintf(descriptor, "%d\n", (int)getpid());
    return descriptor;
}

static bool sync_path(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bool synced = descriptor >= 0 && fsync(descriptor) == 0;

    if (!synced)
        kg_journal_fail("%s could not be made durable: %s", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return synced;
}

bool kg_folder_sync(const char *folder, const char *name)
{
    char *path = kg_folder_path(folder, name);
    bool synced = sync_path(path) && sync_path(folder);

    free(path);
    return synced;
}

bool kg_folder_publish(const char *folder, const char *new_name, const char *name)
{
    char *new_path = kg_folder_path(folder, new_name), *path = kg_folder_path(folder, name);
    bool good = kg_folder_sync(folder, new_name);

    if (good && rename(new_path, path) != 0)
        good = kg_journal_fail("%s could not be made: %s", path, strerror(errno));
    free(path);
    free(new_path);
    return good && kg_folder_sync(folder, name);
}

bool kg_folder_space_read(const char *folder, kg_folder_space *out)
{
    struct statvfs system;

    if (statvfs(folder, &system) != 0)
        return kg_journal_fail("%s: its free space cannot be read: %s", folder, strerror(errno));
    out->free_bytes = (uint64_t)system.f_bavail * system.f_frsize;
    out->total_bytes = (uint64_t)system.f_blocks * system.f_frsize;
    return true;
}
