/* SPDX-License-Identifier: EUPL-1.2 */
/* Solves a few lots of a state anew, exactly, the others standing as they are. Internal to
 * grouping. */
#ifndef KG_RESOLVE_H
#define KG_RESOLVE_H

#include "broker/grouping/state.h"

#define KG_RESOLVE_ITEMS_MAX 14

/* Takes the items out of their lots, whose only members they must be, and places them again in
 * the best way; the state does not get worse. `items` are sorted here. Returns the steps. */
int64_t kg_resolve(kg_state *state, uint32_t *items, size_t count);

#endif
