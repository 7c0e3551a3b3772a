/* SPDX-License-Identifier: EUPL-1.2 */
/* Samples for the tests of grouping: random buckets of many kinds, and the rules of DESIGN
 * section 3 spelled out slowly, on their own, to check outcomes against. */
#ifndef HELPER_INSTANCES_H
#define HELPER_INSTANCES_H

#include "broker/grouping/grouping.h"

typedef struct random_source {
    uint64_t state;
} random_source;

uint64_t random_next(random_source *random);
/* From low to high, both included. */
int64_t random_between(random_source *random, int64_t low, int64_t high);
bool random_chance(random_source *random, int percent);

/* What kind of bucket; shares in percent. */
typedef struct sample_recipe {
    size_t lines, bodies;
    int criteria, levels;
    int lo_share, hi_share, profile_share; /* profile: one of three common level vectors */
    int kopgroep_share, binding_share, refurbished_share, either_share;
    int languages;     /* that occur, 1-4 */
    int language_more; /* share of lines with a further one */
    int days, window_min, window_max; /* length of the delivery period, of windows */
    int days_min;
    int64_t bodies_min, quantity_min, value_min, value_max;
    int64_t value_low, value_high; /* of a line */
    bool even_values;              /* all values equal: many ties */
} sample_recipe;

typedef struct sample {
    kg_criterion criteria[KG_CATEGORY_CRITERIA_MAX];
    kg_category_entry category;
    kg_catalogue catalogue;
    kg_round round;
    kg_demand *lines;
    size_t lines_count;
    kg_fixed_lot *fixed;
    size_t fixed_count;
    uint32_t **fixed_members;
} sample;

/* A kind at random, with `lines` lines. */
sample_recipe sample_recipe_random(random_source *random, size_t lines);
void sample_init(sample *sample, const sample_recipe *recipe, random_source *random);
void sample_fini(sample *sample);
/* Turns up to `count` random lots of the sample's lines into lots that stand, some of whose
 * members have since left. */
void sample_fix_lots(sample *sample, size_t count, random_source *random);
kg_grouping_input sample_input(const sample *sample);
/* The fixed lot that holds a line, or KG_NO_LOT. */
uint32_t sample_fixed_of(const sample *sample, uint32_t line);

/* What a set of lines comes to as one lot, by the letter of the rules. `fixed`: the lot that
 * stands and whose members are part of `members`, or NULL. */
typedef struct sample_lot {
    kg_levels x;
    uint8_t condition, track;
    int language;
    kg_date from, to;
} sample_lot;
bool sample_rules_hold(const sample *sample, const uint32_t *members, size_t count,
                       const kg_fixed_lot *fixed, sample_lot *out);

/* The five components. */
typedef struct sample_score {
    int64_t binding, bodies, lots;
    kg_int128 ambition, value;
} sample_score;
/* `lot_of` by line: any number below `lots`, or KG_NO_LOT; fixed lots are told by their lines. */
sample_score sample_score_of(const sample *sample, const uint32_t *lot_of);
/* Above 0 when a is better. */
int sample_score_compare(const sample_score *a, const sample_score *b);
sample_score sample_score_of_outcome(const sample *sample, const kg_outcome *outcome);

/* Checks everything that an outcome promises; NULL, or what is wrong. */
const char *sample_check(const sample *sample, const kg_outcome *outcome);

#endif
