/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A test program watches one folder at a time. */
static struct {
    char folder[PATH_MAX];
    fault_hook hook;
    void *context;
} watched;

void fault_watch(const char *folder, fault_hook hook, void *context)
{
    watched.hook = NULL;
    watched.context = context;
    if (folder && realpath(folder, watched.folder))
        watched.hook = hook;
}

/* The file's name in the watched folder, or NULL when it is elsewhere. */
static const char *name_of(int descriptor, char path[PATH_MAX])
{
    const size_t prefix = strlen(watched.folder);
    char link[64];
    ssize_t count;

    if (!watched.hook)
        return NULL;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    count = readlink(link, path, PATH_MAX - 1);
    if (count < (ssize_t)prefix || memcmp(path, watched.folder, prefix) != 0)
        return NULL;
    path[count] = '\0';
    if (path[prefix] == '\0')
        return path + prefix;
    return path[prefix] == '/' ? path + prefix + 1 : NULL;
}

static fault_verdict ask(int descriptor, fault_call call, const struct iovec *parts, int count,
                         off_t at)
{
    char path[PATH_MAX];
    const char *name = name_of(descriptor, path);
    fault_event event = {.call = call, .name = name, .parts = parts, .count = count, .at = at};

    if (!name)
        return FAULT_PASS;
    event.synchronous = (fcntl(descriptor, F_GETFL) & (O_SYNC | O_DSYNC)) != 0;
    return watched.hook(watched.context, &event);
}

static ssize_t write_half(int descriptor, const struct iovec *parts, int count, off_t at)
{
    size_t total = 0;
    ssize_t done = 0;

    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    total /= 2;
    for (int i = 0; i < count && total > 0; i++) {
        size_t some = parts[i].iov_len < total ? parts[i].iov_len : total;
        long wrote = syscall(SYS_pwrite64, descriptor, parts[i].iov_base, some, at + done);

        if (wrote < 0)
            return wrote;
        done += wrote;
        total -= some;
    }
    return done;
}

/* 1 = go on with the real call; else *result is the answer. */
static int decide(int descriptor, fault_call call, const struct iovec *parts, int count, off_t at,
                  ssize_t *result)
{
    fault_verdict verdict = ask(descriptor, call, parts, count, at);

    *result = -1;
    switch (verdict) {
    case FAULT_PASS:
        return 1;
    case FAULT_KILL_HALF:
        if (call == FAULT_WRITE)
            write_half(descriptor, parts, count, at);
        raise(SIGKILL);
        break;
    case FAULT_KILL:
        raise(SIGKILL);
        break;
    case FAULT_SHORT:
        if (call == FAULT_WRITE) {
            *result = write_half(descriptor, parts, count, at);
            return 0;
        }
        break;
    case FAULT_SKIP:
        *result = 0;
        return 0;
    case FAULT_EIO:
    case FAULT_ENOSPC:
        break;
    }
    errno = verdict == FAULT_ENOSPC ? ENOSPC : EIO;
    return 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at)
{
    const struct iovec part = {(void *)bytes, count};
    ssize_t result;

    return decide(descriptor, FAULT_WRITE, &part, 1, at, &result)
               ? syscall(SYS_pwrite64, descriptor, bytes, count, at)
               : result;
}

static off_t place(int descriptor)
{
    return syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
}

/* As far as a short write came. */
static ssize_t move_on(int descriptor, off_t at, ssize_t result)
{
    if (result > 0)
        syscall(SYS_lseek, descriptor, at + result, SEEK_SET);
    return result;
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    const struct iovec part = {(void *)bytes, count};
    const off_t at = place(descriptor);
    ssize_t result;

    return decide(descriptor, FAULT_WRITE, &part, 1, at, &result)
               ? syscall(SYS_write, descriptor, bytes, count)
               : move_on(descriptor, at, result);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    const off_t at = place(descriptor);
    ssize_t result;

    return decide(descriptor, FAULT_WRITE, parts, count, at, &result)
               ? syscall(SYS_writev, descriptor, parts, count)
               : move_on(descriptor, at, result);
}

int fdatasync(int descriptor)
{
    ssize_t result;

    return decide(descriptor, FAULT_SYNC, NULL, 0, 0, &result)
               ? (int)syscall(SYS_fdatasync, descriptor)
               : (int)result;
}

int fsync(int descriptor)
{
    ssize_t result;

    return decide(descriptor, FAULT_SYNC, NULL, 0, 0, &result) ? (int)syscall(SYS_fsync, descriptor)
                                                               : (int)result;
}

int ftruncate(int descriptor, off_t size)
{
    ssize_t result;

    return decide(descriptor, FAULT_RESIZE, NULL, 0, size, &result)
               ? (int)syscall(SYS_ftruncate, descriptor, size)
               : (int)result;
}

/* A journal that syncs its map would be writing through it, which it must never do. */
int msync(void *memory, size_t count, int flags)
{
    (void)memory;
    (void)count;
    (void)flags;
    fprintf(stderr, "msync was called\n");
    raise(SIGABRT);
    return -1;
}
