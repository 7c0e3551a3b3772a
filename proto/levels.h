/* SPDX-License-Identifier: EUPL-1.2 */
/* A level vector: the rank (0 = least ambitious) on each criterion of one category, in the order
 * in which the category lists its criteria. Unused places are 0 in `lo` and in `x`, and
 * KG_LEVEL_ANY in `hi`, so that whole vectors compare without knowing their length. */
#ifndef KG_LEVELS_H
#define KG_LEVELS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "proto/limits.h"

#define KG_LEVEL_ANY 127 /* above every rank: accepts all */

typedef struct kg_levels {
    uint8_t rank[KG_CATEGORY_CRITERIA_MAX];
} kg_levels;

static inline kg_levels kg_levels_fill(uint8_t rank)
{
    kg_levels out;
    memset(out.rank, rank, sizeof out.rank);
    return out;
}

/* a <= b on every criterion. */
static inline bool kg_levels_within(const kg_levels *a, const kg_levels *b)
{
    uint8_t above = 0;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        above |= (uint8_t)(a->rank[i] > b->rank[i]);
    return above == 0;
}

static inline void kg_levels_raise(kg_levels *a, const kg_levels *b)
{
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        a->rank[i] = a->rank[i] > b->rank[i] ? a->rank[i] : b->rank[i];
}

static inline void kg_levels_lower(kg_levels *a, const kg_levels *b)
{
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        a->rank[i] = a->rank[i] < b->rank[i] ? a->rank[i] : b->rank[i];
}

static inline bool kg_levels_equal(const kg_levels *a, const kg_levels *b)
{
    return memcmp(a->rank, b->rank, sizeof a->rank) == 0;
}

/* steps(x) of DESIGN: the sum of the ranks. */
static inline int32_t kg_levels_steps(const kg_levels *x)
{
    int32_t steps = 0;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        steps += x->rank[i];
    return steps;
}

#endif
