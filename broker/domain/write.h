/* SPDX-License-Identifier: EUPL-1.2 */
/* Canonical bytes of the state, part by part: every count before what it counts. */
#ifndef KG_WRITE_H
#define KG_WRITE_H

#include "broker/domain/state_private.h"

void kg_write_members(const kg_state *state, kg_sink sink);
void kg_write_lines(const kg_state *state, kg_sink sink);
void kg_write_campaigns(const kg_state *state, kg_sink sink);
void kg_write_lots(const kg_state *state, kg_sink sink);
void kg_write_tenders(const kg_state *state, kg_sink sink);
void kg_write_practices(const kg_state *state, kg_sink sink); /* practice.c */

void kg_write_levels(const kg_levels *levels, kg_sink sink);
void kg_write_shape(const kg_grouped_lot *shape, kg_sink sink);
void kg_write_unplaced(const kg_unplaced *unplaced, kg_sink sink);
void kg_write_indices(const uint32_t *indices, size_t count, kg_sink sink);
void kg_write_curve(const kg_curve_point *curve, size_t count, kg_sink sink);

#endif
