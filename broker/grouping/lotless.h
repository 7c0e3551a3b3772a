/* SPDX-License-Identifier: EUPL-1.2 */
/* Why lines are left in a bucket where no lot could be formed: the first filter that leaves no
 * other organisation, else the minima that all compatible lines together miss (DESIGN section 3).
 * Compatible is asked in pairs, so it says what is missing, not that a lot could be formed. */
#ifndef KG_LOTLESS_H
#define KG_LOTLESS_H

#include "broker/grouping/explanation.h"

typedef struct kg_lotless kg_lotless;

/* Returns owned; borrows the bucket. */
kg_lotless *kg_lotless_new(const kg_solved_bucket *bucket);
void kg_lotless_destroy(kg_lotless **lotless);
/* Everything of `out` but the line, which is one of the bucket's. */
void kg_lotless_explain(const kg_lotless *lotless, const kg_demand *line, kg_unplaced *out);

#endif
