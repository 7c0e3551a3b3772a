/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume of the pool as it stands, for those who coordinate rounds: the lines of a coordinator's
 * rounds are a set, which is made when it is first asked for, and follows every event from then on.
 * The sets that were asked for last are kept. */
#ifndef KG_VOLUME_LIVE_H
#define KG_VOLUME_LIVE_H

#include "broker/query/volume.h"

typedef struct kg_volume_live kg_volume_live;

kg_volume_live *kg_volume_live_new(void);
void kg_volume_live_destroy(kg_volume_live **live);
/* Right after an event of this kind was applied: `effects` are its own from line `first` on. */
void kg_volume_live_follow(kg_volume_live *live, const kg_state *state, kg_kind kind,
                           const kg_effects *effects, size_t first);
/* Of the lines that belong to any of these rounds (indices of campaigns): those that it claimed,
 * and while it takes lines the free ones in its scope. */
void kg_volume_live_count(kg_volume_live *live, const kg_state *state, const uint32_t *rounds,
                          size_t rounds_count, const kg_query *query, kg_volume *out);
size_t kg_volume_live_bytes(const kg_volume_live *live);

#endif
