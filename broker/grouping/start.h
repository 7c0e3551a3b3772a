/* SPDX-License-Identifier: EUPL-1.2 */
/* A first set of lots in a few passes over a bucket. Internal to grouping. */
#ifndef KG_START_H
#define KG_START_H

#include "broker/grouping/state.h"

/* Begins lots with the most ambitious items that are in none, and takes into each what fits.
 * Returns the steps that it took. */
int64_t kg_start_make(kg_state *state);

#endif
