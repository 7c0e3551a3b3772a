/* SPDX-License-Identifier: EUPL-1.2 */
/* The smallest single change of a line that makes a lot feasible with the line in it (DESIGN
 * section 3): no other member moved; rules, x and lead track re-evaluated with the changed line.
 * In all calls the line's window is cut to the round's period. */
#ifndef KG_CHANGE_H
#define KG_CHANGE_H

#include "broker/grouping/frame.h"

/* Dearer than every change. */
#define KG_CHANGE_COST_NONE UINT64_MAX

/* DESIGN's order as a number: the kind, then how many ranks or days. */
uint64_t kg_change_cost(const kg_change *change, const kg_demand *line);
/* Makes the change in the line. */
void kg_change_apply(const kg_change *change, kg_demand *line);
/* Re-evaluates the lot with the changed line in it: does it break nothing? */
bool kg_change_holds(const kg_change *change, const kg_frame *lot, const kg_demand *line,
                     const kg_round *round);
/* The cheapest change where exactly one rule breaks, and on one criterion if it is rule 4 (a
 * change of one field never mends two): `breaks` is that rule. To be asked kg_change_holds()
 * before it is said. KG_CHANGE_NONE when there is none. */
kg_change kg_change_propose(const kg_frame *lot, const kg_demand *line, const kg_round *round,
                            unsigned breaks);

#endif
