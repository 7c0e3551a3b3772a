/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/observe.h"

static void observe_net(kg_core *core)
{
    kg_net_counts counts;
    size_t inbound, outbound;
    kg_net_counts_read(core->net, &counts);
    kg_net_waiting(core->net, &inbound, &outbound);
    kg_vitals_set(core->vitals, KG_VITAL_CONNECTIONS, counts.connections);
    kg_vitals_set(core->vitals, KG_VITAL_REFUSED, counts.refused);
    kg_vitals_set(core->vitals, KG_VITAL_LIMITED, counts.limited);
    kg_vitals_set(core->vitals, KG_VITAL_CROWDED, counts.crowded + counts.unaccepted);
    kg_vitals_set(core->vitals, KG_VITAL_STANDING, counts.standing);
    kg_vitals_set(core->vitals, KG_VITAL_STANDING_MAX, counts.standing_max);
    kg_vitals_set(core->vitals, KG_VITAL_RECEIVED, counts.received);
    kg_vitals_set(core->vitals, KG_VITAL_MALFORMED, counts.malformed);
    kg_vitals_set(core->vitals, KG_VITAL_REPLIED, counts.replied);
    kg_vitals_set(core->vitals, KG_VITAL_DROPPED, counts.dropped);
    kg_vitals_set(core->vitals, KG_VITAL_DOORS_LOST, counts.doors_lost);
    kg_vitals_set(core->vitals, KG_VITAL_WAITING_INBOUND, inbound);
    kg_vitals_set(core->vitals, KG_VITAL_WAITING_OUTBOUND, outbound);
}

static void observe_journal(kg_core *core, const kg_journal_usage *room)
{
    kg_vitals_set(core->vitals, KG_VITAL_RECORDS,
                  core->pursuit ? kg_core_head(core) : kg_journal_durable(core->store.journal));
    kg_vitals_set(core->vitals, KG_VITAL_READ_ONLY, core->room.takes != KG_TAKES_ALL);
    kg_vitals_set(core->vitals, KG_VITAL_FULL, core->room.takes == KG_TAKES_QUESTIONS);
    kg_vitals_set(core->vitals, KG_VITAL_SHORT_OF_DISK, core->room.disk);
    kg_vitals_set(core->vitals, KG_VITAL_SHORT_OF_MAP, core->room.map);
    kg_vitals_set(core->vitals, KG_VITAL_MAP_BYTES, room->used_bytes);
    kg_vitals_set(core->vitals, KG_VITAL_MAP_BYTES_MAX, room->map_bytes);
    kg_vitals_set(core->vitals, KG_VITAL_PENDING_BYTES, room->pending_bytes);
    kg_vitals_set(core->vitals, KG_VITAL_OLDEST_VIEW, room->oldest_view);
    kg_vitals_set(core->vitals, KG_VITAL_DISK_FREE_BYTES, room->disk_free_bytes);
    kg_vitals_set(core->vitals, KG_VITAL_DISK_BYTES, room->disk_bytes);
}

static void observe_work(kg_core *core)
{
    size_t groupings = 0;
    for (const kg_pending *pending = core->pending; pending; pending = pending->next)
        groupings++;
    kg_vitals_set(core->vitals, KG_VITAL_WAITING_BATCHES, core->on_way_count);
    kg_vitals_set(core->vitals, KG_VITAL_WAITING_ASIDE, core->aside.count);
    kg_vitals_set(core->vitals, KG_VITAL_WAITING_GROUPINGS, groupings);
}

static void observe_state(kg_core *core)
{
    const kg_state *state = core->store.state;
    uint64_t rounds[KG_VITALS_ROUND_STATES_MAX] = {0};
    for (size_t i = 0; i < kg_state_campaigns(state); i++)
        rounds[kg_state_campaign(state, (uint32_t)i)->state]++;
    for (size_t i = 0; i < KG_VITALS_ROUND_STATES_MAX; i++)
        kg_vitals_set_rounds(core->vitals, i, rounds[i]);
    kg_vitals_set(core->vitals, KG_VITAL_LINES, kg_state_live_lines(state));
    kg_vitals_set(core->vitals, KG_VITAL_FEEDS, kg_state_members(state));
}

void kg_observe(kg_core *core, const kg_journal_usage *room)
{
    observe_net(core);
    observe_journal(core, room);
    observe_work(core);
    observe_state(core);
}
