/* SPDX-License-Identifier: EUPL-1.2 */
/* A lot before it is made: a few items that give its level vector, then the condition, language
 * and first day that let the most worth join. Internal to grouping. */
#ifndef KG_DRAFT_H
#define KG_DRAFT_H

#include "broker/grouping/state.h"

#define KG_DRAFT_SEEDS_MAX 8

typedef struct kg_draft {
    kg_span span; /* of the seeds */
    uint32_t seeds[KG_DRAFT_SEEDS_MAX];
    int seeds_count;
    uint8_t condition;
    int language;
    kg_date day;    /* the first of the days in common */
    kg_int128 gain; /* what the lot would add, roughly: bodies first, then ambition, then value */
} kg_draft;

/* What drafting needs; made once for a bucket. Owns its arrays, borrows the instance. */
typedef struct kg_drafter {
    const kg_instance *instance;
    uint32_t *by_from;     /* items by first day */
    uint32_t *by_last;     /* items by the last day on which a lot's days may begin */
    uint64_t *near;        /* by item: set of items that may share a lot with it; or NULL */
    size_t near_words;
    kg_int128 *gains;      /* scratch by item */
    uint32_t *starts, *ends, *chosen; /* scratch */
    size_t chosen_count;
    uint64_t random;       /* state of the generator */
    int64_t effort;        /* steps left; one is about one test of an item */
} kg_drafter;

void kg_drafter_init(kg_drafter *drafter, const kg_instance *instance, int64_t effort);
/* Makes ready for drafts. `pairs`: test all pairs beforehand. */
void kg_drafter_prepare(kg_drafter *drafter, bool pairs);
void kg_drafter_fini(kg_drafter *drafter);
/* A number below `below`, which is above 0. */
uint32_t kg_drafter_random(kg_drafter *drafter, uint32_t below);
bool kg_drafter_near(const kg_drafter *drafter, uint32_t a, uint32_t b);

void kg_draft_init(kg_draft *draft);
/* Adds a seed; false when it does not fit the others. */
bool kg_draft_seed(kg_draft *draft, const kg_drafter *drafter, uint32_t item);
/* Chooses condition, language and day, and rates the draft against the state; `steal`: items that
 * stand in lots of fewer steps count too. */
void kg_draft_rate(kg_draft *draft, kg_drafter *drafter, const kg_state *state, bool steal);
/* Makes the lot. False when it cannot reach the minima: then nothing was made. With `steal`, lots
 * that items were drawn from are not settled. */
bool kg_draft_make(const kg_draft *draft, kg_drafter *drafter, kg_state *state, bool steal);

#endif
