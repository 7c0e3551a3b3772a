/* SPDX-License-Identifier: EUPL-1.2 */
/* The lot of a bucket that a line is nearest to: fewest rules violated, then the cheapest change,
 * then lot order (DESIGN section 3). */
#ifndef KG_NEAREST_H
#define KG_NEAREST_H

#include "broker/grouping/explanation.h"

/* Everything of `out` but the line; the bucket has lots. */
void kg_nearest_explain(const kg_solved_bucket *bucket, const kg_demand *line, kg_unplaced *out);

#endif
