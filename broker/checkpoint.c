/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/descriptor.h"
#include "proto/identity.h"
#include "proto/text.h"

#define BUFFER_BYTES (1u << 20)

/* First in the file; SHA-256 over all before it is last. */
typedef struct head {
    char name[16];
    uint8_t program[KG_SHA256_BYTES]; /* of the executable that wrote it */
    kg_checkpoint_point point;
} head;

static const char name[16] = "kopgroep state\n";

struct kg_checkpoint {
    int descriptor;
    char *path, *part; /* owned; `part` while it is written */
    kg_sha256 *hash;   /* owned; of what is written */
    kg_archive archive;
    size_t used, count; /* in `buffer`; count when reading */
    uint64_t left;      /* bytes of the file that were not read into the buffer yet */
    int error;          /* errno of the first write that failed */
    uint8_t buffer[BUFFER_BYTES];
};

static void say(char why[static 200], const char *what, int error)
{
    kg_text_format(why, 200, "%s: %s", what, strerror(error));
}

/* --- hashes --- */

/* The hash of the next `bytes` of a file; false where it ends before, or cannot be read. */
static bool hash_file(int descriptor, uint64_t bytes, uint8_t *buffer,
                      uint8_t out[static KG_SHA256_BYTES])
{
    kg_sha256 *hash = kg_sha256_new();
    ssize_t got = 1;
    while (bytes > 0 && got > 0) {
        got = kg_descriptor_read(descriptor, buffer, bytes < BUFFER_BYTES ? bytes : BUFFER_BYTES);
        if (got > 0)
            kg_sha256_add(hash, buffer, (size_t)got);
        bytes -= got > 0 ? (uint64_t)got : 0;
    }
    kg_sha256_end(&hash, out);
    return bytes == 0;
}

static bool hash_program(uint8_t *buffer, uint8_t out[static KG_SHA256_BYTES])
{
    struct stat info;
    int descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    bool good = descriptor >= 0 && fstat(descriptor, &info) == 0 &&
                hash_file(descriptor, (uint64_t)info.st_size, buffer, out);
    if (descriptor >= 0)
        close(descriptor);
    return good;
}

/* --- writing --- */

static void flush(kg_checkpoint *checkpoint)
{
    if (!checkpoint->error &&
        !kg_descriptor_write(checkpoint->descriptor, checkpoint->buffer, checkpoint->used))
        checkpoint->error = errno;
    kg_sha256_add(checkpoint->hash, checkpoint->buffer, checkpoint->used);
    checkpoint->used = 0;
}

static void put(void *context, void *bytes, size_t count)
{
    kg_checkpoint *checkpoint = context;
    const uint8_t *from = bytes;
    while (count > 0) {
        size_t room = BUFFER_BYTES - checkpoint->used, some = count < room ? count : room;
        memcpy(checkpoint->buffer + checkpoint->used, from, some);
        checkpoint->used += some;
        from += some;
        count -= some;
        if (checkpoint->used == BUFFER_BYTES)
            flush(checkpoint);
    }
}

/* --- reading --- */

static void refill(kg_checkpoint *checkpoint)
{
    size_t most = checkpoint->left < BUFFER_BYTES ? checkpoint->left : BUFFER_BYTES;
    ssize_t got = most ? kg_descriptor_read(checkpoint->descriptor, checkpoint->buffer, most) : 0;
    if (got <= 0) {
        fprintf(stderr, "kopgroepd: %s could not be read: %s\n", checkpoint->path,
                got < 0 ? strerror(errno) : "it ends too early");
        fflush(stderr); /* which is buffered */
        abort();
    }
    checkpoint->used = 0;
    checkpoint->count = (size_t)got;
    checkpoint->left -= (uint64_t)got;
}

static void get(void *context, void *bytes, size_t count)
{
    kg_checkpoint *checkpoint = context;
    uint8_t *to = bytes;
    while (count > 0) {
        if (checkpoint->used == checkpoint->count)
            refill(checkpoint);
        size_t there = checkpoint->count - checkpoint->used, some = count < there ? count : there;
        memcpy(to, checkpoint->buffer + checkpoint->used, some);
        checkpoint->used += some;
        to += some;
        count -= some;
    }
}

/* --- both --- */

static kg_checkpoint *make(const char *path, const char *suffix, bool reading)
{
    kg_checkpoint *checkpoint = kg_alloc(1, sizeof *checkpoint);
    size_t bytes = strlen(path) + strlen(suffix) + 1;
    checkpoint->path = kg_strdup(path);
    checkpoint->part = kg_alloc(bytes, 1);
    kg_text_format(checkpoint->part, bytes, "%s%s", path, suffix);
    checkpoint->descriptor = -1;
    checkpoint->archive = (kg_archive){reading ? get : put, checkpoint, reading};
    return checkpoint;
}

static void destroy(kg_checkpoint **checkpoint)
{
    kg_checkpoint *c = *checkpoint;
    uint8_t digest[KG_SHA256_BYTES];
    if (c->descriptor >= 0)
        close(c->descriptor);
    if (c->hash)
        kg_sha256_end(&c->hash, digest);
    free(c->path);
    free(c->part);
    free(c);
    *checkpoint = NULL;
}

kg_checkpoint *kg_checkpoint_create(const char *path, const kg_checkpoint_point *point,
                                    char why[static 200])
{
    kg_checkpoint *checkpoint = make(path, ".part", false);
    head first;
    memset(&first, 0, sizeof first); /* what is between its fields as well */
    memcpy(first.name, name, sizeof first.name);
    first.point = *point;
    checkpoint->hash = kg_sha256_new();
    checkpoint->descriptor = open(checkpoint->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (checkpoint->descriptor < 0 || !hash_program(checkpoint->buffer, first.program)) {
        say(why, checkpoint->part, errno);
        destroy(&checkpoint);
        return NULL;
    }
    put(checkpoint, &first, sizeof first);
    return checkpoint;
}

/* Is all of it as it was written, by this program? Then what follows the head comes next. */
static bool check(kg_checkpoint *checkpoint, kg_checkpoint_point *point, char why[static 200])
{
    struct stat info;
    head first;
    uint8_t program[KG_SHA256_BYTES], whole[KG_SHA256_BYTES], told[KG_SHA256_BYTES];
    const size_t least = sizeof first + sizeof told;
    if (fstat(checkpoint->descriptor, &info) != 0 || (uint64_t)info.st_size < least ||
        pread(checkpoint->descriptor, &first, sizeof first, 0) != sizeof first ||
        memcmp(first.name, name, sizeof name) != 0) {
        kg_text_format(why, 200, "it is not one");
        return false;
    }
    if (!hash_program(checkpoint->buffer, program) ||
        memcmp(program, first.program, sizeof program) != 0) {
        kg_text_format(why, 200, "another version of the program made it");
        return false;
    }
    checkpoint->left = (uint64_t)info.st_size - sizeof told;
    if (!hash_file(checkpoint->descriptor, checkpoint->left, checkpoint->buffer, whole) ||
        kg_descriptor_read(checkpoint->descriptor, told, sizeof told) != sizeof told ||
        memcmp(whole, told, sizeof told) != 0 || lseek(checkpoint->descriptor, 0, SEEK_SET) != 0) {
        kg_text_format(why, 200, "it is damaged");
        return false;
    }
    get(checkpoint, &first, sizeof first);
    *point = first.point;
    return true;
}

kg_checkpoint *kg_checkpoint_open(const char *path, kg_checkpoint_point *point,
                                  char why[static 200])
{
    kg_checkpoint *checkpoint = make(path, "", true);
    checkpoint->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    why[0] = '\0';
    if (checkpoint->descriptor < 0 && errno != ENOENT)
        kg_text_format(why, 200, "%s", strerror(errno));
    if (checkpoint->descriptor < 0 || !check(checkpoint, point, why))
        destroy(&checkpoint);
    return checkpoint;
}

const kg_archive *kg_checkpoint_archive(kg_checkpoint *checkpoint)
{
    return &checkpoint->archive;
}

/* No sync: what a power cut leaves of it is damaged, and only costs time. */
static bool put_in_place(kg_checkpoint *checkpoint, char why[static 200])
{
    uint8_t digest[KG_SHA256_BYTES];
    flush(checkpoint);
    kg_sha256_end(&checkpoint->hash, digest);
    if (!checkpoint->error &&
        (!kg_descriptor_write(checkpoint->descriptor, digest, sizeof digest) ||
         rename(checkpoint->part, checkpoint->path) != 0))
        checkpoint->error = errno;
    if (!checkpoint->error)
        return true;
    say(why, checkpoint->part, checkpoint->error);
    unlink(checkpoint->part);
    return false;
}

bool kg_checkpoint_close(kg_checkpoint **checkpoint, char why[static 200])
{
    kg_checkpoint *c = *checkpoint;
    bool good = c->archive.reading ? c->left == 0 && c->used == c->count : put_in_place(c, why);
    if (c->archive.reading && !good)
        kg_text_format(why, 200, "%llu bytes of it were not read",
                       (unsigned long long)(c->left + c->count - c->used));
    destroy(checkpoint);
    return good;
}
