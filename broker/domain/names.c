/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/names.h"

#include <stdlib.h>
#include <string.h>

#include "proto/hash_table.h"
#include "proto/memory.h"

struct kg_name {
    uint32_t index;
    UT_hash_handle hh;
    char key[];
};

void kg_names_add(kg_name **names, const void *key, size_t bytes, uint32_t index)
{
    kg_name *name = kg_alloc(1, sizeof *name + bytes);
    name->index = index;
    memcpy(name->key, key, bytes);
    HASH_ADD_KEYPTR(hh, *names, name->key, bytes, name);
}

uint32_t kg_names_find(const kg_name *names, const void *key, size_t bytes)
{
    kg_name *found;
    HASH_FIND(hh, names, key, bytes, found);
    return found ? found->index : UINT32_MAX;
}

void kg_names_fini(kg_name **names)
{
    kg_name *name, *next;
    HASH_ITER(hh, *names, name, next)
    {
        HASH_DELETE(hh, *names, name);
        free(name);
    }
}
