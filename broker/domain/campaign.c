/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

const char *kg_round_state_name(kg_round_state state)
{
    static const char *const names[] = {"draft",      "open",      "closed",   "proposed",
                                        "confirming", "concluded", "cancelled"};
    return names[state];
}

bool kg_claims_same_body(const kg_campaign *campaign, size_t a, size_t b)
{
    /* Every line of the state names its organisation by the member's one text. */
    return campaign->claims[a].line.organisation == campaign->claims[b].line.organisation;
}

void kg_claim_release(kg_state *state, uint32_t campaign, uint32_t place)
{
    kg_pool_release(state, state->campaigns[campaign]->claims[place].pool_line, campaign);
}

void kg_claim_leave(kg_state *state, uint32_t campaign, uint32_t place, const kg_unplaced *why)
{
    kg_claim *claim = &state->campaigns[campaign]->claims[place];
    claim->lot = KG_NONE;
    claim->why = *why;
    claim->why.line = place;
    kg_claim_release(state, campaign, place);
}

void kg_campaign_destroy(kg_campaign **campaign)
{
    kg_campaign *c = *campaign;
    kg_round_fini(&c->rules);
    kg_outcome_destroy(&c->proposed);
    free(c->claims);
    free(c->bodies);
    free(c->lots);
    free(c->reason);
    free(c);
    *campaign = NULL;
}

static void *copy_array(const void *from, size_t count, size_t size)
{
    void *to = kg_alloc(count + 1, size);
    if (count > 0)
        memcpy(to, from, count * size);
    return to;
}

kg_outcome *kg_outcome_copy(const kg_outcome *from)
{
    kg_outcome *to = kg_alloc(1, sizeof *to);
    *to = *from;
    to->lots = copy_array(from->lots, from->lots_count, sizeof *from->lots);
    to->members = copy_array(from->members, from->members_count, sizeof *from->members);
    to->unplaced = copy_array(from->unplaced, from->unplaced_count, sizeof *from->unplaced);
    to->curve = copy_array(from->curve, from->curve_count, sizeof *from->curve);
    return to;
}

/* The part of a lot's id before the first slash. */
static const char *round_of_lot(const char *lot, char out[static KG_ID_BYTES_MAX + 1])
{
    size_t bytes = lot ? strcspn(lot, "/") : 0;
    if (bytes == 0 || bytes > KG_ID_BYTES_MAX)
        return NULL;
    memcpy(out, lot, bytes);
    out[bytes] = '\0';
    return out;
}

const kg_claimed_body *kg_campaign_body(const kg_state *state, const kg_campaign *campaign,
                                        uint32_t member)
{
    size_t low = 0, high = campaign->bodies_count;
    const char *id = state->members[member]->id;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(state->members[campaign->bodies[middle].member]->id, id);
        if (order == 0)
            return &campaign->bodies[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *kg_command_round(const kg_command *command, char out[static KG_ID_BYTES_MAX + 1])
{
    switch (command->kind) {
    case KG_KIND_ROUND_CLOSE:
    case KG_KIND_ROUND_EXTEND:
    case KG_KIND_ROUND_PROPOSE:
    case KG_KIND_ROUND_CONFIRM:
    case KG_KIND_ROUND_CONCLUDE:
    case KG_KIND_ROUND_CANCEL:
    case KG_KIND_ROUND_START:
    case KG_KIND_LOTS_EXPIRE:
        if (!command->round || strlen(command->round) > KG_ID_BYTES_MAX)
            return NULL;
        memcpy(out, command->round, strlen(command->round) + 1);
        return out;
    case KG_KIND_LOT_CONFIRM:
    case KG_KIND_LOT_DECLINE:
    case KG_KIND_LOT_CALL_OFF:
    case KG_KIND_LOT_AWARD:
    case KG_KIND_LOT_FAIL:
    case KG_KIND_LOT_OFFERS:
        return round_of_lot(command->lot, out);
    case KG_KIND_TENDER_LAUNCH:
        return round_of_lot(command->lots.count > 0 ? command->lots.items[0] : NULL, out);
    default:
        return NULL;
    }
}
