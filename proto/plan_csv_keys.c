/* SPDX-License-Identifier: EUPL-1.2 */
/* A key stands once in a file: found by sorting, since a table of millions of keys misses the
 * cache at nearly every look. */
#include "proto/plan_csv_rows.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, the text's NUL included. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (const char *at = text;; at++) {
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
        if (!*at)
            return hash;
    }
}

kg_csv_key kg_csv_key_of(const kg_plan_line *line, long row)
{
    kg_csv_key key = {.organisation = line->organisation ? line->organisation : "",
                      .line = line->line, .row = row};
    key.hash = hash_text(hash_text(0xcbf29ce484222325u, key.organisation), key.line);
    return key;
}

/* The hash decides nearly always; equal ones are told apart by what they stand for. */
static int compare_keys(const kg_csv_key *a, const kg_csv_key *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    int order = strcmp(a->organisation, b->organisation);
    return order ? order : strcmp(a->line, b->line);
}

static int compare(const void *a, const void *b)
{
    const kg_csv_key *x = a, *y = b;
    int order = compare_keys(x, y);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

void kg_csv_keys_check(kg_csv_key *keys, size_t count, kg_problems *problems)
{
    size_t first = 0;
    if (count > 0)
        qsort(keys, count, sizeof keys[0], compare);
    for (size_t i = 1; i < count && problems->count < KG_CSV_PROBLEMS_MAX; i++) {
        if (compare_keys(&keys[first], &keys[i]) != 0)
            first = i;
        else
            kg_problems_add(problems, KG_STATUS_DUPLICATE_LINE, keys[i].row,
                            kg_column_name(KG_COLUMN_LINE), keys[i].line,
                            "The key stands in row %ld already.", keys[first].row);
    }
}
