/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_invariants.h"

#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            snprintf(wrong, 300, "%s:%d: %s", __func__, __LINE__, #condition);                     \
            return false;                                                                          \
        }                                                                                          \
    } while (0)

/* Has the lot lines that it holds? */
static bool holds_lines(const kg_lot *lot)
{
    return lot->state != KG_LOT_FAILED && lot->state != KG_LOT_EXPIRED;
}

static bool line_holds(const kg_state *state, uint32_t index, char *wrong)
{
    const kg_pool_line whole = kg_pool_get(state, index), *line = &whole;
    const kg_member *member = kg_state_member(state, line->member);
    REQUIRE(line->line.organisation == member->id);
    REQUIRE(strcmp(member->id, member->record.id) == 0);
    REQUIRE(kg_state_find_line(state, line->member, line->line.line) == index);
    REQUIRE(kg_state_columns(state).sieve[index] ==
            kg_pool_sieve(line->line.category, line->line.nuts.code));
    REQUIRE(line->round == KG_NONE || !line->withdrawn);
    REQUIRE(line->round == KG_NONE || line->round == line->last_round);
    if (line->last_round != KG_NONE) {
        const kg_campaign *campaign = kg_state_campaign(state, line->last_round);
        REQUIRE(line->last_claim < campaign->claims_count);
        REQUIRE(campaign->claims[line->last_claim].pool_line == index);
    }
    if (line->round == KG_NONE)
        return true;
    const kg_campaign *campaign = kg_state_campaign(state, line->round);
    const kg_claim *claim = &campaign->claims[line->last_claim];
    REQUIRE(campaign->state >= KG_ROUND_CLOSED && campaign->state != KG_ROUND_CANCELLED);
    REQUIRE(campaign->state == KG_ROUND_CLOSED || claim->lot != KG_NONE);
    REQUIRE(kg_plan_line_equal(&claim->line, &line->line));
    return true;
}

/* In exactly one lot, or with a reason. */
static bool claim_holds(const kg_state *state, uint32_t round, uint32_t place, char *wrong)
{
    const kg_campaign *campaign = kg_state_campaign(state, round);
    const kg_claim *claim = &campaign->claims[place];
    size_t found = 0;
    REQUIRE(place == 0 ||
            kg_plan_line_compare(&campaign->claims[place - 1].line, &claim->line) < 0);
    for (size_t i = 0; i < campaign->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(state, campaign->lots[i]);
        for (size_t k = 0; k < lot->members_count; k++)
            if (lot->members[k] == place) {
                found++;
                REQUIRE(claim->lot == campaign->lots[i]);
            }
    }
    REQUIRE(found == (claim->lot != KG_NONE));
    if (claim->lot == KG_NONE && campaign->proposed) {
        REQUIRE(claim->why.blocking != 0);
        REQUIRE(claim->why.blocking >> claim->why.reason & 1);
        REQUIRE(claim->why.line == place);
    }
    bool held = kg_pool_get(state, claim->pool_line).round == round;
    if (campaign->state == KG_ROUND_CLOSED)
        REQUIRE(held);
    else if (claim->lot == KG_NONE)
        REQUIRE(!held);
    else
        REQUIRE(held == holds_lines(kg_state_lot(state, claim->lot)));
    return true;
}

static bool lot_rules_hold(const kg_campaign *campaign, const kg_lot *lot, char *wrong)
{
    const kg_round *rules = &campaign->rules;
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_plan_line *line = &campaign->claims[lot->members[i]].line;
        REQUIRE(i == 0 || lot->members[i - 1] < lot->members[i]);
        REQUIRE(line->category == lot->shape.category);
        REQUIRE(line->conditions & lot->shape.condition);
        REQUIRE(kg_nuts_within(line->nuts.code, lot->shape.nuts.code));
        REQUIRE(line->languages >> lot->shape.language & 1);
        REQUIRE(kg_levels_within(&line->lo, &lot->shape.x));
        REQUIRE(kg_levels_within(&lot->shape.x, &line->hi));
        REQUIRE(line->track != KG_TRACK_KOPGROEP || lot->shape.track == KG_TRACK_KOPGROEP);
        REQUIRE(line->order_by == KG_DATE_NONE || line->order_by >= rules->award_by);
    }
    REQUIRE(lot->shape.to - lot->shape.from + 1 >= rules->window_days_min);
    return true;
}

static bool lot_sums_hold(const kg_state *state, const kg_lot *lot, char *wrong)
{
    const kg_campaign *campaign = kg_state_campaign(state, lot->campaign);
    int64_t quantity = 0, most = 0, value = 0, value_max = 0;
    uint32_t bodies = 0;
    bool counted = true;
    kg_date from = campaign->rules.delivery_from, to = campaign->rules.delivery_to;
    const char *last = NULL;
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_plan_line *line = &campaign->claims[lot->members[i]].line;
        quantity += line->quantity;
        most += line->quantity_max;
        value += line->value_cents;
        value_max += line->value_max_cents;
        counted &= line->has_quantity;
        bodies += line->organisation != last;
        from = line->delivery_from > from ? line->delivery_from : from;
        to = line->delivery_to < to ? line->delivery_to : to;
        last = line->organisation;
    }
    REQUIRE(lot->shape.quantity == quantity && lot->shape.quantity_max == most);
    REQUIRE(lot->shape.value_cents == value && lot->shape.value_max_cents == value_max);
    REQUIRE(lot->shape.bodies == bodies && lot->counted == counted);
    REQUIRE(lot->shape.from == from && lot->shape.to == to);
    REQUIRE(lot->shape.steps == kg_levels_steps(&lot->shape.x));
    REQUIRE(kg_levels_within(&lot->shape.x, &lot->shape.headroom));
    /* What was moved in may leave again, but a lot that stands keeps its minima. */
    REQUIRE(bodies >= campaign->rules.bodies_min && quantity >= campaign->rules.quantity_min);
    REQUIRE(value >= campaign->rules.value_min_cents);
    return true;
}

static bool call_offs_hold(const kg_lot *lot, char *wrong)
{
    int64_t quantity = 0, value = 0, quantity_left, value_left;
    for (size_t i = 0; i < lot->call_offs_count; i++) {
        quantity += lot->call_offs[i].quantity > 0 ? lot->call_offs[i].quantity : 0;
        value += lot->call_offs[i].value_cents;
    }
    REQUIRE(quantity == lot->called_off_quantity && value == lot->called_off_value_cents);
    kg_lot_remaining(lot, &quantity_left, &value_left);
    REQUIRE(quantity_left >= -1 && value_left >= 0);
    REQUIRE(lot->awarded == (lot->state == KG_LOT_AWARDED || lot->state == KG_LOT_EXHAUSTED));
    if (lot->state == KG_LOT_EXHAUSTED)
        REQUIRE(quantity_left == 0 || value_left == 0);
    else if (lot->state == KG_LOT_AWARDED)
        REQUIRE(quantity_left != 0 && value_left != 0);
    REQUIRE(!lot->awarded || kg_levels_within(&lot->shape.x, &lot->award.delivered));
    return true;
}

static bool lot_holds(const kg_state *state, uint32_t index, char *wrong)
{
    const kg_lot *lot = kg_state_lot(state, index);
    const kg_campaign *campaign = kg_state_campaign(state, lot->campaign);
    REQUIRE(kg_state_find_lot(state, lot->id) == index);
    REQUIRE(lot->tender == KG_NONE || lot->tender < kg_state_tenders(state));
    REQUIRE((lot->state == KG_LOT_FAILED) == (lot->reason != NULL));
    REQUIRE((lot->state == KG_LOT_FAILED) == (lot->members_count == 0));
    if (lot->state == KG_LOT_FAILED)
        return true;
    return lot_sums_hold(state, lot, wrong) && lot_rules_hold(campaign, lot, wrong) &&
           call_offs_hold(lot, wrong);
}

static bool campaign_holds(const kg_state *state, uint32_t index, char *wrong)
{
    const kg_campaign *campaign = kg_state_campaign(state, index);
    size_t live = 0;
    REQUIRE(kg_state_find_campaign(state, campaign->rules.id) == index);
    size_t bodies = 0;
    for (uint32_t i = 0; i < campaign->claims_count; i++) {
        const kg_plan_line *line = &campaign->claims[i].line;
        bodies += i == 0 || line->organisation != campaign->claims[i - 1].line.organisation;
        REQUIRE(bodies <= campaign->bodies_count);
        const kg_claimed_body *body = &campaign->bodies[bodies - 1];
        REQUIRE(body->first <= i && kg_state_member(state, body->member)->id == line->organisation);
        REQUIRE(bodies < campaign->bodies_count ? body[1].first > i : true);
    }
    REQUIRE(bodies == campaign->bodies_count);
    REQUIRE(campaign->state >= KG_ROUND_CLOSED || campaign->claims_count == 0);
    for (size_t i = 0; i < campaign->lots_count; i++) {
        kg_lot_state lot = kg_state_lot(state, campaign->lots[i])->state;
        live += lot == KG_LOT_CONFIRMED || lot == KG_LOT_LAUNCHED;
        REQUIRE(kg_state_lot(state, campaign->lots[i])->campaign == index);
        REQUIRE(campaign->state != KG_ROUND_CANCELLED || lot >= KG_LOT_EXPIRED);
        REQUIRE(campaign->state != KG_ROUND_CONCLUDED || lot >= KG_LOT_CONFIRMED);
    }
    REQUIRE(campaign->lots_live == live);
    for (uint32_t i = 0; i < campaign->claims_count; i++)
        if (!claim_holds(state, index, i, wrong))
            return false;
    return true;
}

static bool member_holds(const kg_state *state, uint32_t index, char *wrong)
{
    const kg_member *member = kg_state_member(state, index);
    size_t count;
    REQUIRE(kg_state_find_member(state, member->record.id) == index);
    for (size_t i = 0; i < member->feed.count; i++) {
        const kg_feed_entry *entry = &member->feed.entries[i];
        REQUIRE(entry->number == i + 1 && kg_feed_kind_name(entry->kind));
        REQUIRE(i == 0 || entry->sequence >= entry[-1].sequence);
        REQUIRE(entry->round && entry->lot && entry->tender && entry->line && entry->detail);
    }
    uint32_t *lines = kg_state_lines_of(state, index, &count);
    bool own = count == member->line_index.count;
    for (size_t i = 0; i < count; i++)
        own = own && kg_pool_get(state, lines[i]).member == index &&
              (i == 0 || lines[i - 1] < lines[i]);
    free(lines);
    REQUIRE(own);
    return true;
}

static bool live_lines_hold(const kg_state *state, char wrong[static 300])
{
    size_t live = 0;
    for (uint32_t i = 0; i < kg_state_lines(state); i++)
        live += !kg_pool_get(state, i).withdrawn;
    REQUIRE(live == kg_state_live_lines(state));
    return true;
}

bool invariants_hold(const kg_state *state, char wrong[static 300])
{
    if (!live_lines_hold(state, wrong))
        return false;
    for (uint32_t i = 0; i < kg_state_members(state); i++)
        if (!member_holds(state, i, wrong))
            return false;
    for (uint32_t i = 0; i < kg_state_lines(state); i++)
        if (!line_holds(state, i, wrong))
            return false;
    for (uint32_t i = 0; i < kg_state_campaigns(state); i++)
        if (!campaign_holds(state, i, wrong))
            return false;
    for (uint32_t i = 0; i < kg_state_lots(state); i++)
        if (!lot_holds(state, i, wrong))
            return false;
    return true;
}
