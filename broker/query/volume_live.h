/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume of the pool as it stands, for those who coordinate rounds: the lines of a coordinator's
 * rounds are a set, which is made when it is first asked for, some lines at a time, and follows
 * every event from then on. The sets that were asked for last are kept. */
#ifndef KG_VOLUME_LIVE_H
#define KG_VOLUME_LIVE_H

#include "broker/query/volume.h"

typedef struct kg_volume_live kg_volume_live;

kg_volume_live *kg_volume_live_new(void);
void kg_volume_live_destroy(kg_volume_live **live);
/* Right after an event of this kind was applied: what `effects` has after `from` is its own. */
void kg_volume_live_follow(kg_volume_live *live, const kg_state *state, kg_kind kind,
                           const kg_effects *effects, kg_effects_mark from);
/* Of the lines that belong to any of these rounds (indices of campaigns): those that it claimed,
 * and while it takes lines the free ones in its scope. */
void kg_volume_live_count(kg_volume_live *live, const kg_state *state, const uint32_t *rounds,
                          size_t rounds_count, const kg_query *query, kg_volume *out);
#define KG_VOLUME_QUICK_LINES 20000 /* may be looked at without further ado */
/* Whether that can be counted when no more than `lines` are looked at for it first; if not, a set
 * is begun or brought up to date, and kg_volume_live_work() goes on with it. */
bool kg_volume_live_ready(kg_volume_live *live, const kg_state *state, const uint32_t *rounds,
                          size_t rounds_count, const kg_query *query, size_t lines);
/* Goes on with what is being made, so many lines; true while there is more to do. */
bool kg_volume_live_work(kg_volume_live *live, const kg_state *state, size_t lines);
size_t kg_volume_live_bytes(const kg_volume_live *live);

#endif
