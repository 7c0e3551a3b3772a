/* SPDX-License-Identifier: EUPL-1.2 */
/* A library to be preloaded: the n-th allocation of a broker fails, or of its door, whoever makes
 * it (shim_control.h). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/fault/shim_control.h"

static shim_control *control; /* NULL: nothing fails */

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    const char *path = getenv(SHIM_CONTROL);
    const bool door = argc > 1 && strcmp(argv[1], "door") == 0;
    long descriptor = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    shim_control *map;

    if (descriptor < 0)
        return;
    map = mmap(NULL, sizeof(*map), PROT_READ | PROT_WRITE, MAP_SHARED, (int)descriptor, 0);
    syscall(SYS_close, descriptor);
    if (map != MAP_FAILED && (atomic_load(&map->door) == 1) == door)
        control = map;
}

static bool fails(const char *call)
{
    const int at = control ? atomic_load(&control->fail_at) : 0;

    if (at == 0 || atomic_fetch_add(&control->calls, 1) + 1 != at)
        return false;
    strcpy(control->call, call);
    strcpy(control->file, atomic_load(&control->door) ? "door" : "broker");
    atomic_store(&control->hit, 1);
    errno = ENOMEM;
    return true;
}

/* The next one's: the C library's, or a sanitizer's. */
static void *next(const char *name, void **known)
{
    void *found = __atomic_load_n(known, __ATOMIC_RELAXED);

    if (!found) {
        found = dlsym(RTLD_NEXT, name);
        __atomic_store_n(known, found, __ATOMIC_RELAXED);
    }
    return found;
}

void *malloc(size_t size)
{
    static void *known;
    void *(*real)(size_t);

    *(void **)&real = next("malloc", &known);
    return fails("malloc") ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
    static void *known;
    void *(*real)(size_t, size_t);

    *(void **)&real = next("calloc", &known);
    return fails("calloc") ? NULL : real(count, size);
}

void *realloc(void *memory, size_t size)
{
    static void *known;
    void *(*real)(void *, size_t);

    *(void **)&real = next("realloc", &known);
    return fails("realloc") ? NULL : real(memory, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    static void *known;
    int (*real)(void **, size_t, size_t);

    *(void **)&real = next("posix_memalign", &known);
    return fails("posix_memalign") ? ENOMEM : real(out, alignment, size);
}
