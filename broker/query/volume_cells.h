/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume from a set's cube, where that is quicker than to look at every line. */
#ifndef KG_VOLUME_CELLS_H
#define KG_VOLUME_CELLS_H

#include "broker/query/volume_set.h"
#include "broker/query/volume_tally.h"

/* Which cell of the tally each cell of month and track goes to, and the node whose counters told
 * the organisations; NULL: the tally has seen them itself. */
typedef struct kg_volume_cells {
    uint32_t group[KG_CELLS]; /* UINT32_MAX: none */
    const kg_node *counted;
} kg_volume_cells;

/* Do lines that wait for more than the cube's wide nodes keep it from answering at once? */
bool kg_volume_wants_codes(const kg_volume_set *set, const kg_volume_pool *pool,
                           const kg_query *query);
/* Adds up all lines of the set that are not odd; false: it is quicker to look at every one, and
 * nothing was done. */
bool kg_volume_by_cube(const kg_volume_set *set, const kg_volume_pool *pool,
                       const kg_query *query, const kg_volume_filter *filter, kg_tally *tally,
                       kg_volume_cells *cells);
/* Counts the organisation of an odd line in its cell, unless it has been. */
void kg_volume_odd_body(const kg_volume_cells *cells, kg_tally *tally, uint32_t cell,
                        uint32_t member);

#endif
