/* SPDX-License-Identifier: EUPL-1.2 */
/* Who has been seen in which group, exactly: a row of bits a group where that is small; else a set
 * of pairs while they are few; else a list of all pairs that came, until bits are worth their room,
 * or to the end, where it is counted a part at a time, each small enough for the cache. In one
 * large set, and in bits that are mostly zero, every pair missed it. */
#ifndef KG_VOLUME_DISTINCT_H
#define KG_VOLUME_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/query/volume_pairs.h"

typedef struct kg_distinct {
    uint64_t *bits; /* owned; NULL: pairs */
    size_t words;   /* of a row */
    uint32_t rows;  /* of the bits; 0: pairs */
    uint32_t groups; /* seen, as pairs */
    uint64_t *pairs; /* owned; 0: empty */
    size_t used, mask;
    kg_pairs *list; /* owned; NULL: not listed */
    bool late;      /* was listed: who was seen is told at the end */
    bool many;      /* groups are too many for bits */
} kg_distinct;

/* `groups`: their numbers stay below it, 0 where that is not known; `pairs`: about how many will
 * come. */
void kg_distinct_init(kg_distinct *distinct, size_t groups, size_t members, size_t pairs);
void kg_distinct_fini(kg_distinct *distinct);
/* As kg_distinct_add(), where there is no row for the group. */
bool kg_distinct_add_pair(kg_distinct *distinct, uint32_t group, uint32_t member);
/* Where pairs were ever listed: sets `out` of each of `groups` to how many members were seen in it,
 * in place of what kg_distinct_add() told, and returns true. */
bool kg_distinct_settle(kg_distinct *distinct, uint32_t *out, size_t groups);

static inline size_t kg_distinct_place(const kg_distinct *distinct, uint64_t pair)
{
    return (size_t)(kg_pairs_hash(pair) >> 20) & distinct->mask;
}

static inline uint64_t kg_distinct_pair(uint32_t group, uint32_t member)
{
    return ((uint64_t)group << 32 | member) + 1;
}

static inline void kg_distinct_prefetch(const kg_distinct *distinct, uint32_t group,
                                        uint32_t member)
{
    if (group < distinct->rows)
        __builtin_prefetch(&distinct->bits[group * distinct->words + (member >> 6)], 1);
    else if (distinct->pairs)
        __builtin_prefetch(
            &distinct->pairs[kg_distinct_place(distinct, kg_distinct_pair(group, member))], 1);
}

/* True the first time; once pairs are listed, always false. */
static inline bool kg_distinct_add(kg_distinct *distinct, uint32_t group, uint32_t member)
{
    if (group >= distinct->rows)
        return kg_distinct_add_pair(distinct, group, member);
    uint64_t *word = &distinct->bits[group * distinct->words + (member >> 6)];
    bool fresh = !(*word >> (member & 63) & 1);
    *word |= UINT64_C(1) << (member & 63);
    return fresh;
}

#endif
