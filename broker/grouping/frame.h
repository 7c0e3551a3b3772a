/* SPDX-License-Identifier: EUPL-1.2 */
/* A frame: what a set of lines has in common, kept as lines are added, and whether the set may be
 * one lot (DESIGN section 3, rules 1-6 and the cap; minima are asked apart). The caller sees to it
 * that all lines are of one bucket and passed the filters of scope, procedure date and area. */
#ifndef KG_FRAME_H
#define KG_FRAME_H

#include "broker/grouping/grouping.h"

typedef struct kg_frame {
    uint8_t conditions;     /* shared by all */
    bool kopgroep;          /* holds a kopgroep line */
    bool fixed;             /* x_fixed holds: a lot that stands already */
    bool fixed_peloton;     /* it stands as a peloton lot: a kopgroep line breaks rule 4 */
    kg_languages languages; /* shared by all */
    kg_levels lo;           /* component-wise maximum over all lines */
    kg_levels lo_kopgroep;  /* the same over kopgroep lines only */
    kg_levels hi;           /* component-wise minimum over all lines */
    kg_levels x_fixed;
    kg_date from, to;       /* days that all windows, cut to the delivery period, share */
    int64_t quantity_min, quantity, quantity_max;
    int64_t value_cents, value_max_cents;
    uint32_t lines;
} kg_frame;

/* Rules that a set may break, as bits for counting; criteria are counted apart. */
enum {
    KG_BREAKS_CONDITION = 1,
    KG_BREAKS_LANGUAGE = 2,
    KG_BREAKS_CRITERION = 4,
    KG_BREAKS_WINDOW = 8,
    KG_BREAKS_CAP = 16
};

void kg_frame_init(kg_frame *frame, const kg_round *round);
/* Starts from a lot that stands: x, condition and language are given. */
void kg_frame_init_fixed(kg_frame *frame, const kg_round *round, const kg_fixed_lot *lot);
void kg_frame_add(kg_frame *frame, const kg_demand *line, const kg_round *round);
/* Has a line brought near that will be read soon. */
static inline void kg_demand_prefetch(const kg_demand *line)
{
    for (size_t at = 0; at < sizeof *line; at += 64)
        __builtin_prefetch((const char *)line + at);
}
/* The level vector: fixed, else the maximum over kopgroep lines, else over all. */
const kg_levels *kg_frame_x(const kg_frame *frame);
/* Days in common; not above 0 when there are none. */
int kg_frame_days(const kg_frame *frame);
/* Set of KG_BREAKS_*; 0 = feasible but for the minima. `criteria_broken` (may be NULL) gets the
 * number of criteria on which lo <= x <= hi does not hold for all. */
unsigned kg_frame_breaks(const kg_frame *frame, const kg_round *round, int *criteria_broken);
/* The line's window cut to the round's delivery period. */
void kg_demand_window(const kg_demand *line, const kg_round *round, kg_date *from, kg_date *to);

#endif
