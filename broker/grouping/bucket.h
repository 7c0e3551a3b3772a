/* SPDX-License-Identifier: EUPL-1.2 */
/* Splits an input into buckets: (category, area). Internal to grouping. */
#ifndef KG_BUCKET_H
#define KG_BUCKET_H

#include "broker/grouping/grouping.h"

typedef struct kg_bucket {
    kg_category category;
    kg_nuts nuts;
    uint32_t lines_first, lines_count; /* into kg_buckets.lines */
    uint32_t fixed_first, fixed_count; /* into kg_buckets.fixed */
} kg_bucket;

typedef struct kg_buckets {
    kg_bucket *items; /* by category name, area */
    size_t count;
    uint32_t *lines; /* bucket by bucket, ascending within one */
    uint32_t *fixed; /* indices of fixed lots, likewise */
    uint8_t *locked; /* by line: member of a fixed lot; NULL without fixed lots */
    kg_unplaced *filtered; /* lines that are in no bucket, ascending, with their reasons */
    size_t filtered_count;
} kg_buckets;

/* Borrows the input. A fixed lot's members are in its bucket whatever the filters say. */
void kg_buckets_init(kg_buckets *buckets, const kg_grouping_input *input);
void kg_buckets_fini(kg_buckets *buckets);

#endif
