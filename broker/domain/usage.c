/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/state_private.h"

static size_t campaign_bytes(const kg_campaign *campaign)
{
    const kg_outcome *proposed = campaign->proposed;
    size_t bytes = sizeof *campaign + campaign->claims_count * sizeof *campaign->claims +
                   campaign->bodies_count * sizeof *campaign->bodies;
    if (proposed)
        bytes += proposed->lots_count * sizeof *proposed->lots +
                 proposed->members_count * sizeof *proposed->members +
                 proposed->unplaced_count * sizeof *proposed->unplaced +
                 proposed->curve_count * sizeof *proposed->curve;
    return bytes;
}

static size_t lot_bytes(const kg_lot *lot)
{
    return sizeof *lot + lot->members_count * sizeof *lot->members +
           lot->curve_count * sizeof *lot->curve +
           lot->call_offs_capacity * sizeof *lot->call_offs;
}

void kg_state_usage_read(const kg_state *state, kg_state_usage *out)
{
    *out = (kg_state_usage){.columns = kg_pool_bytes(&state->pool),
                            .texts = kg_dictionary_bytes(&state->pool.dictionary)};
    for (size_t i = 0; i < state->members_count; i++) {
        const kg_member *member = state->members[i];
        out->keys += kg_line_index_bytes(&member->line_index);
        out->members += sizeof *member + member->keys_count * sizeof *member->keys;
        out->feeds += member->feed.capacity * sizeof *member->feed.entries;
    }
    for (size_t i = 0; i < state->campaigns_count; i++)
        out->rounds += campaign_bytes(state->campaigns[i]);
    for (size_t i = 0; i < state->lots_count; i++)
        out->rounds += lot_bytes(state->lots[i]);
}
