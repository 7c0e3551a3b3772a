/* SPDX-License-Identifier: EUPL-1.2 */
/* Good lots for a bucket that is too large for the exact optimum. Internal to grouping. */
#ifndef KG_SEARCH_H
#define KG_SEARCH_H

#include "broker/grouping/instance.h"

/* Fills `lot_of` as kg_exact_solve() does. `lines_total`: lines of the whole input, which shares
 * one budget of steps; the same arguments give the same lots. */
void kg_search_solve(const kg_instance *instance, size_t lines_total, uint32_t *lot_of);

#endif
