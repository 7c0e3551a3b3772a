/* SPDX-License-Identifier: EUPL-1.2 */
/* What would become of a line if an open round were grouped today: its bucket, the free lines of
 * its category and area, is grouped as it is at this moment, but as if all lines were of one size
 * and lots had no least or greatest quantity or value: the answer tells nothing of others' amounts.
 * Buckets are independent: where the bucket is solved exactly (14 lines) and amounts decide
 * nothing, this is what a grouping of the whole round would say of the line. A larger one is
 * searched with little effort, a few milliseconds up to a thousand lines; a proposal may find
 * better lots. */
#ifndef KG_WHAT_IF_H
#define KG_WHAT_IF_H

#include "broker/domain/state.h"

typedef struct kg_what_if {
    kg_outcome *outcome;         /* owned; its lines are places in `lines`, leads are not known */
    uint32_t *lines;             /* owned; indices into the pool; by (organisation, line) */
    size_t lines_count;
    uint32_t place;              /* of the line that was asked about */
    const kg_grouped_lot *lot;   /* the one that it would be in, or NULL */
    const kg_unplaced *unplaced; /* why it would be in none, or NULL */
} kg_what_if;

/* The line must be free, the round open. */
void kg_what_if_init(kg_what_if *what_if, const kg_state *state, uint32_t campaign, uint32_t line);
void kg_what_if_fini(kg_what_if *what_if);
/* Distinct holdings (an organisation with its parents) that have a line in a lot of the outcome. */
size_t kg_what_if_holdings(const kg_what_if *what_if, const kg_state *state,
                           const kg_grouped_lot *lot);

#endif
