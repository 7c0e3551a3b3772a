/* SPDX-License-Identifier: EUPL-1.2 */
/* The shadow: a second state, made from the simulated disk alone, record after record, against
 * which all that the broker says is held. */
#ifndef SIM_SHADOW_H
#define SIM_SHADOW_H

#include "broker/config.h"
#include "broker/query/query.h"
#include "broker/store.h"
#include "proto/codec.h"

void sim_shadow_begin(void);
void sim_shadow_end(void);
/* What follows from the first records that are on the disk; it never goes back. */
void sim_shadow_advance(uint64_t to);
uint64_t sim_shadow_at(void);
const kg_store *sim_shadow(void);
/* Is the broker's state, which stands where the disk does, the same? */
void sim_shadow_compare(const kg_state *live);
/* The answer that the shadow would give to a question, where it stands. */
kg_status sim_shadow_answer(const kg_asker *asker, const kg_query *query, const kg_config *config,
                            kg_date today, kg_buffer *out, char detail[static 600]);

#endif
