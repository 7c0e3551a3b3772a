/* SPDX-License-Identifier: EUPL-1.2 */
/* A round's rules: scope, dates, minima. A plain value; made by kg_round_read()
 * (catalogue_file.h), which checks it, or by the codec, after which kg_round_check() must pass;
 * then only read. */
#ifndef KG_ROUND_H
#define KG_ROUND_H

#include "proto/catalogue.h"
#include "proto/nuts.h"
#include "proto/plan_line.h"

#define KG_ROUND_BODIES_MAX 1000000
#define KG_ROUND_QUANTITY_MAX 1000000000000
#define KG_ROUND_WINDOW_DAYS_MAX 36500

typedef struct kg_cpv_prefix {
    char digits[9]; /* 2 to 8 digits; of a whole code the trailing zeros are cut */
} kg_cpv_prefix;

typedef struct kg_round {
    char id[KG_ID_BYTES_MAX + 1];
    char *titles[KG_NAMES];  /* owned; NULL where absent */
    kg_category *categories; /* owned; sorted; none and no cpv = all */
    size_t categories_count;
    kg_cpv_prefix *cpv; /* owned; sorted by digits */
    size_t cpv_count;
    kg_nuts *nuts; /* owned; sorted; none = all */
    size_t nuts_count;
    int nuts_level; /* 0-3 */
    kg_date delivery_from, delivery_to;
    kg_date opens, closes, confirm_by, reconfirm_by, award_by; /* KG_DATE_NONE where absent */
    int64_t bodies_min, quantity_min;
    int64_t value_min_cents, value_max_cents; /* 0 = no limit */
    int window_days_min;                      /* at least 1 */
} kg_round;

void kg_round_init(kg_round *round); /* DESIGN's defaults; no delivery period yet */
void kg_round_fini(kg_round *round);
void kg_round_copy(kg_round *to, const kg_round *from);

/* "30", "3021" or a whole code, "30213000" or "30213000-1", whose trailing zeros are cut, never
 * below two digits. False for anything else. */
bool kg_cpv_prefix_parse(const char *text, kg_cpv_prefix *out);
/* Adds everything that is wrong, with `row`; returns whether nothing was: id, scope, dates and
 * their order, minima. Whether a round also has what it needs online is the domain's to ask. */
bool kg_round_check(const kg_round *round, const kg_catalogue *catalogue, long row,
                    kg_problems *problems);

/* Is what is bought in scope: category or CPV prefix, and NUTS code, and does the delivery window
 * meet the round's delivery period? `cpv` is what the line counts under, kg_plan_line_cpv(). */
bool kg_round_covers(const kg_round *round, kg_category category, uint32_t cpv, const char *nuts,
                     kg_date from, kg_date to);
/* The same of a plan line. */
bool kg_round_in_scope(const kg_round *round, const kg_catalogue *catalogue,
                       const kg_plan_line *line);
/* Canonical bytes of the rules that a result depends on: id, scope, delivery period, award_by,
 * minima. Lists are written sorted. */
void kg_round_write(const kg_round *round, const kg_catalogue *catalogue, kg_sink sink);

#endif
