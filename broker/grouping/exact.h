/* SPDX-License-Identifier: EUPL-1.2 */
/* The exact optimum of a small bucket, ties included (DESIGN section 3). Internal to grouping. */
#ifndef KG_EXACT_H
#define KG_EXACT_H

#include "broker/grouping/instance.h"

#define KG_EXACT_UNITS_MAX 14

/* Can kg_exact_solve() take it: no more items, and bins that an item could join, than it may? */
bool kg_exact_can(const kg_instance *instance);
/* Fills `lot_of` by item: a bin's number, or bins_count and up for new lots, or KG_NO_LOT. Returns
 * about how many steps it took. */
int64_t kg_exact_solve(const kg_instance *instance, uint32_t *lot_of);

#endif
