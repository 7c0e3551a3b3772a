/* SPDX-License-Identifier: EUPL-1.2 */
/* A round's rules: scope, dates, minima. A plain, checked value; made by kg_round_read()
 * (round_file.h) or the codec, then only read. */
#ifndef KG_ROUND_H
#define KG_ROUND_H

#include "proto/catalogue.h"
#include "proto/nuts.h"
#include "proto/plan_line.h"

typedef struct kg_cpv_prefix {
    char digits[9]; /* 2 to 8 digits */
} kg_cpv_prefix;

typedef struct kg_round {
    char id[KG_ID_BYTES_MAX + 1];
    char *titles[KG_NAMES]; /* owned; NULL where absent */
    kg_category *categories; /* owned; sorted; none and no cpv = all */
    size_t categories_count;
    kg_cpv_prefix *cpv; /* owned; sorted */
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

void kg_round_init(kg_round *round); /* DESIGN's defaults */
void kg_round_fini(kg_round *round);
void kg_round_copy(kg_round *to, const kg_round *from);

/* Category or CPV prefix, and NUTS code, and delivery window: in scope? */
bool kg_round_in_scope(const kg_round *round, const kg_catalogue *catalogue,
                       const kg_plan_line *line);
/* Canonical bytes of the rules that grouping uses (titles, opens, closes are not). */
void kg_round_write(const kg_round *round, const kg_catalogue *catalogue, kg_sink sink);

#endif
