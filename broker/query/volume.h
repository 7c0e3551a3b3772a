/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume: lines added up in cells by any of category, CPV, NUTS, month and track, with the exact
 * number of organisations. A line counts in the month in which its delivery window begins. */
#ifndef KG_VOLUME_H
#define KG_VOLUME_H

#include "broker/query/volume_set.h"

typedef struct kg_volume_cell {
    kg_category category; /* each field only where it is a dimension */
    uint32_t cpv;         /* as the line counts */
    kg_nuts nuts;
    int month;            /* year * 12 + month - 1 */
    int track;
    uint64_t lines;
    int64_t quantity_min, quantity, quantity_max;
    kg_int128 value_cents;
    uint32_t organisations; /* distinct */
} kg_volume_cell;

typedef struct kg_volume {
    kg_volume_cell *cells; /* owned; by category name, CPV, NUTS, month, track */
    size_t count;
} kg_volume;

/* The topmost parent of a member that is registered: what counts as one contributor. */
uint32_t kg_holding_of(const kg_state *state, uint32_t member);
/* The lines of the set that the query's filters let through, by its dimensions. The same whichever
 * way is quickest: with a cube from its cells or its lines, else by looking at every line. */
void kg_volume_count(const kg_volume_set *set, const kg_volume_pool *pool, const kg_query *query,
                     kg_volume *out);
void kg_volume_fini(kg_volume *volume);

#endif
