/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/state_private.h"

kg_date kg_answer_until(const kg_campaign *campaign)
{
    return campaign->reconfirming ? campaign->rules.reconfirm_by : campaign->rules.confirm_by;
}

bool kg_answer_open(const kg_campaign *campaign, uint32_t place)
{
    return !campaign->reconfirming || campaign->claims[place].moved;
}

bool kg_answer_missing(const kg_campaign *campaign, uint32_t place)
{
    const kg_claim *claim = &campaign->claims[place];
    bool mandate = claim->line.commitment == KG_COMMITMENT_BINDING && !claim->moved;
    return claim->answer == KG_ANSWER_NONE && !mandate;
}

uint32_t kg_answer_named(const kg_state *state, uint32_t lot, uint32_t member, const char *key)
{
    uint32_t index = kg_state_find_line(state, member, key);
    uint32_t campaign = state->lots[lot]->campaign;
    if (index == KG_NONE)
        return KG_NONE;
    if (kg_pool_holder(state, index) != campaign)
        return KG_NONE;
    uint32_t place = kg_pool_claimed(state, index).claim;
    return state->campaigns[campaign]->claims[place].lot == lot ? place : KG_NONE;
}
