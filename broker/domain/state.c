/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

kg_state *kg_state_new(void)
{
    kg_state *state = kg_alloc(1, sizeof *state);
    kg_arena_init(&state->texts);
    kg_pool_init(&state->pool);
    return state;
}

static void destroy_member(kg_member *member)
{
    kg_pending_plan_destroy(&member->pending);
    kg_organisation_fini(&member->record);
    free(member->keys);
    free(member->revoked);
    kg_line_index_fini(&member->line_index);
    free(member->feed.entries);
    free(member);
}

static void destroy_names(kg_state *state)
{
    kg_names_fini(&state->member_names);
    kg_names_fini(&state->campaign_names);
    kg_names_fini(&state->lot_names);
    kg_names_fini(&state->tender_names);
    kg_names_fini(&state->practice_names);
    kg_names_fini(&state->keys);
}

static void destroy_catalogues(kg_state *state)
{
    kg_catalogue_destroy(&state->catalogue);
    for (size_t i = 0; i < state->retired_count; i++)
        kg_catalogue_destroy(&state->retired[i]);
    for (size_t i = 0; i < state->retired_claims_count; i++)
        free(state->retired_claims[i]);
    free(state->retired_claims);
    free(state->retired);
    free(state->catalogue_text);
}

void kg_state_destroy(kg_state **state)
{
    kg_state *s = *state;
    if (!s)
        return;
    for (size_t i = 0; i < s->members_count; i++)
        destroy_member(s->members[i]);
    for (size_t i = 0; i < s->campaigns_count; i++)
        kg_campaign_destroy(&s->campaigns[i]);
    for (size_t i = 0; i < s->lots_count; i++)
        kg_lot_destroy(&s->lots[i]);
    for (size_t i = 0; i < s->tenders_count; i++)
        kg_tender_destroy(&s->tenders[i]);
    for (size_t i = 0; i < s->practices_count; i++)
        kg_good_practice_destroy(&s->practices[i]);
    free(s->members);
    free(s->campaigns);
    free(s->lots);
    free(s->tenders);
    free(s->practices);
    destroy_names(s);
    destroy_catalogues(s);
    kg_pool_fini(&s->pool);
    kg_arena_fini(&s->texts);
    free(s);
    *state = NULL;
}

const kg_catalogue *kg_state_catalogue(const kg_state *state)
{
    return state->catalogue;
}

const char *kg_state_catalogue_text(const kg_state *state)
{
    return state->catalogue_text;
}

const kg_publishing *kg_state_publishing(const kg_state *state)
{
    return &state->publishing;
}

size_t kg_state_members(const kg_state *state)
{
    return state->members_count;
}

const kg_member *kg_state_member(const kg_state *state, uint32_t index)
{
    return state->members[index];
}

uint32_t kg_state_find_member(const kg_state *state, const char *organisation)
{
    return kg_names_find(state->member_names, organisation, strlen(organisation));
}

size_t kg_state_campaigns(const kg_state *state)
{
    return state->campaigns_count;
}

const kg_campaign *kg_state_campaign(const kg_state *state, uint32_t index)
{
    return state->campaigns[index];
}

uint32_t kg_state_find_campaign(const kg_state *state, const char *round)
{
    return kg_names_find(state->campaign_names, round, strlen(round));
}

size_t kg_state_lots(const kg_state *state)
{
    return state->lots_count;
}

const kg_lot *kg_state_lot(const kg_state *state, uint32_t index)
{
    return state->lots[index];
}

uint32_t kg_state_find_lot(const kg_state *state, const char *id)
{
    return kg_names_find(state->lot_names, id, strlen(id));
}

size_t kg_state_tenders(const kg_state *state)
{
    return state->tenders_count;
}

const kg_tender *kg_state_tender(const kg_state *state, uint32_t index)
{
    return state->tenders[index];
}

uint32_t kg_state_find_tender(const kg_state *state, const char *id)
{
    return kg_names_find(state->tender_names, id, strlen(id));
}

uint32_t kg_state_add_member(kg_state *state, kg_member *member)
{
    uint32_t index = (uint32_t)state->members_count++;
    state->members =
        kg_grow(state->members, index, &state->members_capacity, sizeof *state->members);
    state->members[index] = member;
    kg_names_add(&state->member_names, member->id, strlen(member->id), index);
    for (size_t i = 0; i < member->keys_count; i++)
        kg_state_add_key(state, index, &member->keys[i]);
    for (size_t i = 0; i < member->revoked_count; i++)
        kg_state_add_key(state, index, &member->revoked[i].key);
    return index;
}

void kg_state_add_key(kg_state *state, uint32_t member, const kg_public_key *key)
{
    kg_names_add(&state->keys, key->sign, KG_KEY_BYTES, member);
    kg_names_add(&state->keys, key->transport, KG_KEY_BYTES, member);
}

uint32_t kg_state_add_campaign(kg_state *state, kg_campaign *campaign)
{
    uint32_t index = (uint32_t)state->campaigns_count++;
    state->campaigns =
        kg_grow(state->campaigns, index, &state->campaigns_capacity, sizeof *state->campaigns);
    state->campaigns[index] = campaign;
    kg_names_add(&state->campaign_names, campaign->rules.id, strlen(campaign->rules.id), index);
    return index;
}

uint32_t kg_state_add_lot(kg_state *state, kg_lot *lot)
{
    uint32_t index = (uint32_t)state->lots_count++;
    state->lots = kg_grow(state->lots, index, &state->lots_capacity, sizeof *state->lots);
    state->lots[index] = lot;
    kg_names_add(&state->lot_names, lot->id, strlen(lot->id), index);
    return index;
}

uint32_t kg_state_add_tender(kg_state *state, kg_tender *tender)
{
    uint32_t index = (uint32_t)state->tenders_count++;
    state->tenders =
        kg_grow(state->tenders, index, &state->tenders_capacity, sizeof *state->tenders);
    state->tenders[index] = tender;
    kg_names_add(&state->tender_names, tender->id, strlen(tender->id), index);
    return index;
}
