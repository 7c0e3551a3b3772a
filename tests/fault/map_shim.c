/* SPDX-License-Identifier: EUPL-1.2 */
/* A library to be preloaded: LMDB's map is a 32nd of what is asked for, so that one which is full
 * takes seconds to fill; the least that a broker can be given is a GiB. */
#include <dlfcn.h>
#include <stddef.h>

#define PART 32

/* LMDB's own, whose header need not be here: a handle, and a number of bytes. */
int mdb_env_set_mapsize(void *env, size_t bytes);

int mdb_env_set_mapsize(void *env, size_t bytes)
{
    int (*real)(void *, size_t);

    *(void **)&real = dlsym(RTLD_NEXT, "mdb_env_set_mapsize");
    return real(env, bytes / PART);
}
