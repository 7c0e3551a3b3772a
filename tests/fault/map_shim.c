/* SPDX-License-Identifier: EUPL-1.2 */
/* A library to be preloaded: LMDB's map is a 32nd of what is asked for, so that it takes seconds to
 * fill one; the least that a broker can be given is a GiB. KOPGROEP_MAP_BYTES: so large instead. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

#define PART 32

/* LMDB's own, whose header need not be here: a handle, and a number of bytes. */
int mdb_env_set_mapsize(void *env, size_t bytes);

int mdb_env_set_mapsize(void *env, size_t bytes)
{
    const char *exact = getenv("KOPGROEP_MAP_BYTES");
    int (*real)(void *, size_t);

    *(void **)&real = dlsym(RTLD_NEXT, "mdb_env_set_mapsize");
    return real(env, exact ? strtoull(exact, NULL, 10) : bytes / PART);
}
