/* SPDX-License-Identifier: EUPL-1.2 */
/* A library to be preloaded: the n-th call on a file of a broker's folder fails (shim_control.h).
 * A sync that fails takes with it what was last written to a log, as a disk may. It calls nothing
 * that a sanitizer has its own of. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/fault/shim_control.h"

#define STREAM_ERROR 0x20 /* glibc's, of FILE: what ferror() looks at */

static shim_control *control; /* NULL: nothing fails */

/* Not yet synced: only a log's, which has one write a sync. */
static _Thread_local struct {
    int descriptor;
    off_t at;
    size_t count;
} written = {.descriptor = -1};

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    const char *path = getenv(SHIM_CONTROL);
    long descriptor = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    void *map;

    if (descriptor < 0 || (argc > 1 && strcmp(argv[1], "door") == 0))
        return;
    map = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, (int)descriptor, 0);
    syscall(SYS_close, descriptor);
    if (map != MAP_FAILED)
        control = map;
}

/* ---- which call ---- */

static void note(const char *call, const char *path)
{
    const char *name = strrchr(path, '/');

    snprintf(control->call, sizeof(control->call), "%s", call);
    snprintf(control->file, sizeof(control->file), "%s", name ? name + 1 : path);
    atomic_store(&control->hit, 1);
}

static bool strikes(const char *call, const char *path)
{
    const int at = control ? atomic_load(&control->fail_at) : 0;

    if (at == 0 || !strstr(path, control->folder) || atomic_fetch_add(&control->calls, 1) + 1 != at)
        return false;
    note(call, path);
    if (control->kind == SHIM_KILL)
        raise(SIGKILL);
    return true;
}

/* For a call of which no half can be done: true when it failed. */
static bool fails(const char *call, const char *path)
{
    if (!strikes(call, path))
        return false;
    if (control->kind == SHIM_HALF)
        raise(SIGKILL);
    errno = control->kind == SHIM_ENOSPC ? ENOSPC : EIO;
    return true;
}

static const char *path_of(int descriptor, char path[PATH_MAX])
{
    char link[40];
    long count;

    path[0] = '\0';
    if (!control || atomic_load(&control->fail_at) == 0)
        return path;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    count = syscall(SYS_readlink, link, path, PATH_MAX - 1);
    path[count > 0 ? count : 0] = '\0';
    return path;
}

static bool fails_on(const char *call, int descriptor)
{
    char path[PATH_MAX];

    return fails(call, path_of(descriptor, path));
}

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* ---- files and names ---- */

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list more;

        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if (fails(flags & O_ACCMODE ? "open" : "open to read", path))
        return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

FILE *fopen(const char *path, const char *mode)
{
    FILE *(*next)(const char *, const char *);

    if (fails(mode[0] == 'r' ? "open to read" : "open", path))
        return NULL;
    *(void **)&next = real("fopen");
    return next(path, mode);
}
FILE *fopen64(const char *path, const char *mode) __attribute__((alias("fopen")));

int rename(const char *from, const char *to)
{
    return fails("rename", to) ? -1 : (int)syscall(SYS_rename, from, to);
}

int unlink(const char *path)
{
    return fails("unlink", path) ? -1 : (int)syscall(SYS_unlink, path);
}

int mkdir(const char *path, mode_t mode)
{
    return fails("mkdir", path) ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

/* ---- reading ---- */

ssize_t read(int descriptor, void *bytes, size_t count)
{
    return fails_on("read", descriptor) ? -1 : syscall(SYS_read, descriptor, bytes, count);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t at)
{
    return fails_on("read", descriptor) ? -1 : syscall(SYS_pread64, descriptor, bytes, count, at);
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off_t at)
    __attribute__((alias("pread")));

static bool stream_fails(const char *call, FILE *file)
{
    if (!fails_on(call, fileno(file)))
        return false;
    file->_flags |= STREAM_ERROR;
    return true;
}

size_t fread(void *bytes, size_t size, size_t count, FILE *file)
{
    size_t (*next)(void *, size_t, size_t, FILE *);

    if (stream_fails("read", file))
        return 0;
    *(void **)&next = real("fread");
    return next(bytes, size, count, file);
}

char *fgets(char *text, int size, FILE *file)
{
    char *(*next)(char *, int, FILE *);

    if (stream_fails("read", file))
        return NULL;
    *(void **)&next = real("fgets");
    return next(text, size, file);
}

/* ---- writing ---- */

static ssize_t write_half(int descriptor, const struct iovec *parts, int count, off_t at)
{
    size_t total = 0;
    ssize_t done = 0;

    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    total /= 2;
    for (int i = 0; i < count && total > 0; i++) {
        const size_t some = parts[i].iov_len < total ? parts[i].iov_len : total;
        const long wrote =
            at < 0 ? syscall(SYS_write, descriptor, parts[i].iov_base, some)
                   : syscall(SYS_pwrite64, descriptor, parts[i].iov_base, some, at + done);

        if (wrote < 0)
            return wrote;
        done += wrote;
        total -= some;
    }
    return done;
}

/* At -1: where the file stands. True when it is done with, with *result. */
static bool write_fails(int descriptor, const struct iovec *parts, int count, off_t at,
                        ssize_t *result)
{
    char path[PATH_MAX];
    const char *name = path_of(descriptor, path);

    if (!strikes("write", name)) {
        if (at >= 0 && strstr(name, "/log."))
            written.descriptor = descriptor, written.at = at, written.count = parts[0].iov_len;
        return false;
    }
    *result = -1;
    if (control->kind == SHIM_SHORT || control->kind == SHIM_HALF)
        *result = write_half(descriptor, parts, count, at);
    if (control->kind == SHIM_HALF)
        raise(SIGKILL);
    if (*result < 0)
        errno = control->kind == SHIM_ENOSPC ? ENOSPC : EIO;
    return true;
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    const struct iovec part = {(void *)bytes, count};
    ssize_t result;

    return write_fails(descriptor, &part, 1, -1, &result)
               ? result
               : syscall(SYS_write, descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at)
{
    const struct iovec part = {(void *)bytes, count};
    ssize_t result;

    return write_fails(descriptor, &part, 1, at, &result)
               ? result
               : syscall(SYS_pwrite64, descriptor, bytes, count, at);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t at)
    __attribute__((alias("pwrite")));

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    ssize_t result;

    return write_fails(descriptor, parts, count, -1, &result)
               ? result
               : syscall(SYS_writev, descriptor, parts, count);
}

/* What a stream still holds is lost. */
static bool flush_fails(FILE *file)
{
    if (__fpending(file) == 0 || !fails_on("write", fileno(file)))
        return false;
    __fpurge(file);
    return true;
}

int fflush(FILE *file)
{
    int (*next)(FILE *);

    if (file && flush_fails(file))
        return EOF;
    *(void **)&next = real("fflush");
    return next(file);
}

int fclose(FILE *file)
{
    const bool failed = flush_fails(file);
    const int error = errno;
    int (*next)(FILE *);
    int result;

    *(void **)&next = real("fclose");
    result = next(file);
    if (!failed)
        return result;
    errno = error;
    return EOF;
}

/* ---- making durable ---- */

static void lose_written(int descriptor)
{
    static const char zeros[4096];
    size_t left = written.count;

    if (written.descriptor != descriptor)
        return;
    while (left > 0) {
        const size_t some = left < sizeof(zeros) ? left : sizeof(zeros);

        syscall(SYS_pwrite64, descriptor, zeros, some, written.at + (off_t)(written.count - left));
        left -= some;
    }
}

static bool sync_fails(int descriptor)
{
    const bool failed = fails_on("sync", descriptor);
    const int error = errno;

    if (failed)
        lose_written(descriptor);
    written.descriptor = -1;
    errno = error;
    return failed;
}

int fdatasync(int descriptor)
{
    return sync_fails(descriptor) ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

int fsync(int descriptor)
{
    return sync_fails(descriptor) ? -1 : (int)syscall(SYS_fsync, descriptor);
}

int ftruncate(int descriptor, off_t size)
{
    return fails_on("resize", descriptor) ? -1 : (int)syscall(SYS_ftruncate, descriptor, size);
}
int ftruncate64(int descriptor, off_t size) __attribute__((alias("ftruncate")));
