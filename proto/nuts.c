/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/nuts.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *code, *label;
};

/* Sorted by code, in bytes; made from the reference files by gen_nuts.c. */
static const struct entry entries[] = {
#include "nuts_table.inc"
};

static int compare(const void *code, const void *entry)
{
    return strcmp(code, ((const struct entry *)entry)->code);
}

static const struct entry *find(const char *code)
{
    return bsearch(code, entries, sizeof entries / sizeof entries[0], sizeof entries[0], compare);
}

bool kg_nuts_listed(const char *code)
{
    return find(code) != NULL;
}

const char *kg_nuts_label(const char *code)
{
    const struct entry *entry = find(code);
    return entry ? entry->label : NULL;
}

int kg_nuts_level(const char *code)
{
    return (int)strlen(code) - 2;
}

bool kg_nuts_within(const char *code, const char *prefix)
{
    return strncmp(code, prefix, strlen(prefix)) == 0;
}
