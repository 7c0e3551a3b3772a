/* SPDX-License-Identifier: EUPL-1.2 */
/* The lot of a bucket that a line is nearest to: fewest rules violated, then the cheapest change,
 * then lot order (DESIGN section 3). Holds a frame of every lot; lives for one bucket. */
#ifndef KG_NEAREST_H
#define KG_NEAREST_H

#include "broker/grouping/explanation.h"
#include "broker/grouping/frame.h"

typedef struct kg_nearest {
    const kg_round *round; /* borrowed */
    kg_frame *frames;      /* owned; of the bucket's lots, by number */
    size_t count;          /* at least 1 when kg_nearest_explain() is called */
} kg_nearest;

void kg_nearest_init(kg_nearest *nearest, const kg_solved_bucket *bucket);
void kg_nearest_fini(kg_nearest *nearest);
/* Everything of `out` but the line. */
void kg_nearest_explain(const kg_nearest *nearest, const kg_demand *line, kg_unplaced *out);
/* The frame of a lot: what its members have in common. */
void kg_lot_frame(const kg_solved_bucket *bucket, const kg_grouped_lot *lot, kg_frame *out);

#endif
