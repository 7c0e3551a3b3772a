/* SPDX-License-Identifier: EUPL-1.2 */
/* Grouping: which lines are bought together (DESIGN section 3). Pure: the same input gives the
 * same outcome whatever the number of threads, the compiler or the machine.
 * Buckets are independent: after kg_grouping_new(), kg_grouping_solve() may be called for
 * different buckets from different threads at once; everything else is for one thread. */
#ifndef KG_GROUPING_H
#define KG_GROUPING_H

#include "proto/outcome.h"
#include "proto/round.h"

/* What grouping needs of a line. */
typedef struct kg_demand {
    uint32_t organisation; /* index; ascending in the byte order of the ids */
    uint32_t cpv;          /* as the line counts: kg_plan_line_cpv() */
    kg_category category;
    uint8_t conditions; /* set of KG_CONDITION_* */
    uint8_t track;      /* kg_track */
    bool binding;
    kg_nuts nuts;
    kg_date from, to; /* delivery window as given */
    kg_date order_by; /* KG_DATE_NONE: none */
    kg_languages languages;
    int64_t quantity_min, quantity, quantity_max;
    int64_t value_cents, value_max_cents;
    kg_levels lo, hi;
} kg_demand;

/* What decision support needs of an organisation. */
typedef struct kg_body {
    bool can_lead;
    kg_languages languages;
    int central; /* 1 central, 0 sub-central */
} kg_body;

/* A lot that stands already (the re-run after confirmation): its level vector, condition and
 * language are fixed; it may gain lines, never lose one. */
typedef struct kg_fixed_lot {
    kg_category category;
    kg_nuts nuts;
    uint8_t condition, track;
    int language;
    kg_levels x;
    const uint32_t *members; /* borrowed; ascending indices into the input's lines */
    size_t members_count;
} kg_fixed_lot;

/* Borrowed for as long as the grouping lives. */
typedef struct kg_grouping_input {
    const kg_catalogue *catalogue;
    const kg_round *round;
    const kg_demand *lines; /* sorted by (organisation, line) */
    size_t lines_count;
    size_t effort_lines; /* a line gets the effort that it would get among so many, if more */
    const kg_body *bodies; /* by organisation index; NULL offline: no lead, types unknown */
    const kg_fixed_lot *fixed;
    size_t fixed_count;
} kg_grouping_input;

typedef struct kg_grouping kg_grouping;

/* Filters by scope, procedure date and area, and splits into buckets. Returns owned. */
kg_grouping *kg_grouping_new(const kg_grouping_input *input);
size_t kg_grouping_buckets(const kg_grouping *grouping);
/* Lines of a bucket: a measure of its work. */
size_t kg_grouping_bucket_lines(const kg_grouping *grouping, size_t bucket);
/* Forms the lots of a bucket, explains the lines left out, adds decision support. */
void kg_grouping_solve(kg_grouping *grouping, size_t bucket);
/* After every bucket was solved: joins them in order; takes the grouping. Returns owned. */
kg_outcome *kg_grouping_finish(kg_grouping **grouping);
void kg_grouping_destroy(kg_grouping **grouping);

/* All of it, on the caller's thread. Returns owned. */
kg_outcome *kg_grouping_run(const kg_grouping_input *input);

/* A demand from a checked line; `organisation` is its index. */
kg_demand kg_demand_of(const kg_plan_line *line, const kg_catalogue *catalogue,
                       uint32_t organisation);

#endif
