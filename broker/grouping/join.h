/* SPDX-License-Identifier: EUPL-1.2 */
/* A lot with one line more in it, judged without copying the lot's frame: the question that
 * explanation asks for every pair of lot and unplaced line. The same verdict as kg_frame_add()
 * followed by kg_frame_breaks(). In all calls the line's window is cut to the round's period. */
#ifndef KG_JOIN_H
#define KG_JOIN_H

#include "broker/grouping/frame.h"

/* The level vector of the lot with the line in it. */
kg_levels kg_join_x(const kg_frame *lot, const kg_demand *line);
/* How many rules break, rule 4 once a criterion; *breaks gets the set of KG_BREAKS_*. Beyond
 * `limit` neither is complete: the answer is only known to be above it. */
int kg_join_rules(const kg_frame *lot, const kg_demand *line, const kg_round *round, int limit,
                  unsigned *breaks);
/* First criterion on which lo <= x <= hi fails for any, or -1. */
int kg_join_place(const kg_frame *lot, const kg_demand *line);

#endif
