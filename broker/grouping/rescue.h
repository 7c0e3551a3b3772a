/* SPDX-License-Identifier: EUPL-1.2 */
/* Items that no lot took: into lots that stand, or into new ones with helpers that their lots can
 * spare. Internal to grouping. Both return the steps that they took. */
#ifndef KG_RESCUE_H
#define KG_RESCUE_H

#include "broker/grouping/slice.h"

/* Puts those of the items that are in no lot into the lot, from number `first` on, that gains
 * most from them. */
int64_t kg_rescue_fill(kg_state *state, const uint32_t *items, size_t count, uint32_t first);
/* Makes lots around the slice's items that are in none; each is kept when the state is better. */
int64_t kg_rescue_items(kg_state *state, kg_slice *slice);

#endif
