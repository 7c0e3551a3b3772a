/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/apply.h"

static uint32_t round_of(const kg_apply *apply)
{
    return kg_state_find_campaign(apply->state, apply->event->command.round);
}

static void become_open(kg_apply *apply, kg_campaign *campaign)
{
    campaign->state = KG_ROUND_OPEN;
    kg_tell_everybody(apply, KG_FEED_ROUND_OPENED,
                      (kg_about){.round = campaign->rules.id,
                                 .detail = kg_apply_date(apply, campaign->rules.closes)});
    kg_apply_result(apply, "%s is open.", campaign->rules.id);
}

void kg_apply_round_open(kg_apply *apply)
{
    kg_state *state = apply->state;
    kg_campaign *campaign = kg_alloc(1, sizeof *campaign);
    kg_round_copy(&campaign->rules, &apply->event->command.round_rules);
    kg_text_format(campaign->coordinator, sizeof campaign->coordinator, "%s", apply->event->actor);
    campaign->state = KG_ROUND_DRAFT;
    campaign->changed = apply->event->sequence;
    kg_state_add_campaign(state, campaign);
    kg_apply_result(apply, "%s is a draft until its opens.", campaign->rules.id);
    if (campaign->rules.opens <= apply->event->today)
        become_open(apply, campaign);
}

void kg_apply_round_start(kg_apply *apply)
{
    become_open(apply, apply->state->campaigns[round_of(apply)]);
}

/* A line to be claimed, or an organisation, by its key. */
typedef struct kg_claimable {
    const char *key;
    uint32_t index;
} kg_claimable;

static int by_key(const void *a, const void *b)
{
    return strcmp(((const kg_claimable *)a)->key, ((const kg_claimable *)b)->key);
}

static bool covers(const kg_state *state, const kg_round *rules, uint32_t at)
{
    const kg_pool_columns columns = kg_state_columns(state);
    if (columns.flags[at] & KG_POOL_ODD) {
        const kg_plan_line line = kg_pool_get(state, at).line;
        return kg_round_in_scope(rules, state->catalogue, &line);
    }
    return kg_round_covers(rules, columns.category[at], columns.cpv[at],
                           kg_nuts_code(columns.nuts[at]), kg_pool_from(&columns, at),
                           kg_pool_to(&columns, at));
}

/* The member's free lines in scope, sorted by key, into `out`. */
static size_t claimable(const kg_state *state, const kg_campaign *campaign, uint32_t member,
                        kg_claimable *out)
{
    size_t count = 0, all;
    uint32_t *lines = kg_state_lines_of(state, member, &all);
    for (size_t i = 0; i < all; i++)
        if (!kg_pool_is(state, lines[i], KG_POOL_WITHDRAWN | KG_POOL_HELD) &&
            covers(state, &campaign->rules, lines[i]))
            out[count++] = (kg_claimable){kg_pool_key(state, lines[i]), lines[i]};
    free(lines);
    qsort(out, count, sizeof *out, by_key);
    return count;
}

/* Room for as many claims as the round can have: what is not used takes no memory. */
static void reserve_claims(const kg_state *state, kg_campaign *campaign)
{
    size_t free_lines = 0;
    for (uint32_t i = 0; i < state->pool.lines.count; i++)
        free_lines += !kg_pool_is(state, i, KG_POOL_WITHDRAWN | KG_POOL_HELD);
    campaign->claims = kg_realloc(NULL, free_lines, sizeof *campaign->claims);
}

static void claim_lines(kg_state *state, uint32_t index, const kg_claimable *lines, size_t count)
{
    kg_campaign *campaign = state->campaigns[index];
    for (size_t i = 0; i < count; i++) {
        uint32_t place = (uint32_t)campaign->claims_count++;
        kg_claim *claim = &campaign->claims[place];
        memset(claim, 0, sizeof *claim);
        claim->line = kg_pool_get(state, lines[i].index).line;
        claim->pool_line = lines[i].index;
        claim->lot = KG_NONE;
        claim->why.line = place;
        claim->why.nearest_lot = KG_NO_LOT;
        claim->why.change.place = -1;
        kg_pool_claim(state, lines[i].index, index, place);
    }
}

static void tell_claimed(kg_apply *apply, const kg_campaign *campaign, uint32_t member,
                         size_t count)
{
    kg_about about = {.round = campaign->rules.id};
    about.detail = kg_apply_text(apply, KG_SAY("%zu line%s"), count, count == 1 ? "" : "s");
    kg_tell(apply, member, KG_FEED_LINES_CLAIMED, about);
}

static void claim_of_member(kg_apply *apply, uint32_t index, uint32_t member, kg_claimable *lines)
{
    kg_campaign *campaign = apply->state->campaigns[index];
    size_t count = claimable(apply->state, campaign, member, lines);
    if (count == 0)
        return;
    campaign->bodies[campaign->bodies_count++] =
        (kg_claimed_body){.member = member, .first = (uint32_t)campaign->claims_count};
    claim_lines(apply->state, index, lines, count);
    tell_claimed(apply, campaign, member, count);
}

/* The state's members by id. Returns owned. */
static kg_claimable *members_by_id(const kg_state *state)
{
    kg_claimable *members = kg_alloc(state->members_count, sizeof *members);
    for (uint32_t i = 0; i < state->members_count; i++)
        members[i] = (kg_claimable){state->members[i]->id, i};
    qsort(members, state->members_count, sizeof *members, by_key);
    return members;
}

/* Who was still preparing lines learns that it is too late for this round. */
static void tell_early_close(kg_apply *apply, const kg_campaign *campaign)
{
    char closes[KG_DATE_BYTES];
    if (apply->event->today >= campaign->rules.closes)
        return;
    kg_date_write(campaign->rules.closes, closes);
    kg_tell_everybody(
        apply, KG_FEED_ROUND_CLOSED,
        (kg_about){.round = campaign->rules.id,
                   .detail = kg_apply_text(apply, KG_SAY("early: it was open until %s"), closes)});
}

void kg_apply_round_close(kg_apply *apply)
{
    kg_state *state = apply->state;
    uint32_t index = round_of(apply);
    kg_campaign *campaign = state->campaigns[index];
    tell_early_close(apply, campaign);
    kg_claimable *members = members_by_id(state);
    size_t most = 0;
    for (size_t i = 0; i < state->members_count; i++)
        most = state->members[i]->line_index.count > most ? state->members[i]->line_index.count
                                                          : most;
    kg_claimable *lines = kg_alloc(most, sizeof *lines);
    campaign->bodies = kg_alloc(state->members_count, sizeof *campaign->bodies);
    reserve_claims(state, campaign);
    for (size_t i = 0; i < state->members_count; i++)
        claim_of_member(apply, index, members[i].index, lines);
    campaign->claims =
        kg_realloc(campaign->claims, campaign->claims_count, sizeof *campaign->claims);
    campaign->state = KG_ROUND_CLOSED;
    state->publishing.round_closed = true;
    kg_apply_result(apply, "%s is closed: %zu line%s of %zu organisation%s claimed.",
                    campaign->rules.id, campaign->claims_count,
                    campaign->claims_count == 1 ? "" : "s", campaign->bodies_count,
                    campaign->bodies_count == 1 ? "" : "s");
    free(members);
    free(lines);
}

static void later(kg_date *date, kg_date to)
{
    if (to != KG_DATE_NONE)
        *date = to;
}

void kg_apply_round_extend(kg_apply *apply)
{
    const kg_round_dates *dates = &apply->event->command.dates;
    kg_campaign *campaign = apply->state->campaigns[round_of(apply)];
    kg_round *rules = &campaign->rules;
    char closes[KG_DATE_BYTES], confirm[KG_DATE_BYTES], again[KG_DATE_BYTES], award[KG_DATE_BYTES];
    later(&rules->closes, dates->closes);
    later(&rules->confirm_by, dates->confirm_by);
    later(&rules->reconfirm_by, dates->reconfirm_by);
    later(&rules->award_by, dates->award_by);
    kg_date_write(rules->closes, closes);
    kg_date_write(rules->confirm_by, confirm);
    kg_date_write(rules->reconfirm_by, again);
    kg_date_write(rules->award_by, award);
    const char *all =
        kg_apply_text(apply, KG_SAY("closes %s, confirm_by %s, reconfirm_by %s, award_by %s"),
                      closes, confirm, again, award);
    kg_tell_round(apply, campaign, KG_FEED_ROUND_EXTENDED, (kg_about){.detail = all});
    kg_apply_result(apply, "%s: %s.", rules->id, all);
}

static void copy_digests(kg_campaign *campaign, const kg_event *event)
{
    memcpy(campaign->ruleset, event->ruleset, sizeof campaign->ruleset);
    memcpy(campaign->input_digest, event->input_digest, sizeof campaign->input_digest);
}

void kg_apply_round_propose(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_outcome *outcome = apply->event->outcome;
    uint32_t index = round_of(apply), first = (uint32_t)state->lots_count;
    kg_campaign *campaign = state->campaigns[index];
    campaign->proposed = kg_outcome_copy(outcome);
    copy_digests(campaign, apply->event);
    for (size_t i = 0; i < outcome->lots_count; i++)
        kg_lots_make(apply, index, outcome, i, outcome->lots[i].number, KG_LOT_PROPOSED);
    for (size_t i = 0; i < outcome->unplaced_count; i++) {
        kg_unplaced why = outcome->unplaced[i];
        if (why.nearest_lot != KG_NO_LOT)
            why.nearest_lot += first;
        kg_claim_leave(state, index, outcome->unplaced[i].line, &why);
        kg_tell_unplaced(apply, campaign, outcome->unplaced[i].line);
    }
    for (size_t i = 0; i < outcome->members_count; i++) {
        const kg_claim *claim = &campaign->claims[outcome->members[i]];
        kg_tell(apply, state->pool.lines.member[claim->pool_line], KG_FEED_LINE_PLACED,
                (kg_about){.round = campaign->rules.id,
                           .lot = state->lots[claim->lot]->id,
                           .line = claim->line.line});
    }
    campaign->state = KG_ROUND_PROPOSED;
    kg_apply_result(apply, "%s: %zu lot%s proposed, %zu line%s placed, %zu not.",
                    campaign->rules.id, outcome->lots_count, outcome->lots_count == 1 ? "" : "s",
                    outcome->members_count, outcome->members_count == 1 ? "" : "s",
                    outcome->unplaced_count);
}

void kg_apply_round_confirm(kg_apply *apply)
{
    kg_state *state = apply->state;
    kg_campaign *campaign = state->campaigns[round_of(apply)];
    const char *until = kg_apply_date(apply, campaign->rules.confirm_by);
    size_t asked = 0;
    campaign->state = KG_ROUND_CONFIRMING;
    for (size_t i = 0; i < campaign->lots_count; i++) {
        kg_lot *lot = state->lots[campaign->lots[i]];
        if (lot->state != KG_LOT_PROPOSED)
            continue;
        kg_lot_enter(state, lot, KG_LOT_CONFIRMING);
        kg_tell_lot(apply, lot, KG_FEED_LOT_CONFIRMING, (kg_about){.detail = until});
        asked++;
    }
    kg_apply_result(apply, "%s: the members of %zu lot%s may answer until %s.", campaign->rules.id,
                    asked, asked == 1 ? "" : "s", until);
}

void kg_apply_round_cancel(kg_apply *apply)
{
    kg_state *state = apply->state;
    uint32_t index = round_of(apply);
    kg_campaign *campaign = state->campaigns[index];
    const char *reason = apply->event->command.reason;
    kg_tell_round(apply, campaign, KG_FEED_ROUND_CANCELLED,
                  (kg_about){.detail = kg_apply_text(apply, "%s", reason)});
    campaign->state = KG_ROUND_CANCELLED;
    campaign->reason = kg_strdup(reason);
    for (size_t i = 0; i < campaign->lots_count; i++) {
        if (state->lots[campaign->lots[i]]->state > KG_LOT_CONFIRMED)
            continue;
        kg_lots_fall(apply, campaign->lots[i], reason);
        kg_lots_empty(apply, campaign->lots[i]);
    }
    for (size_t i = 0; i < campaign->claims_count; i++)
        kg_claim_release(state, index, (uint32_t)i);
    kg_apply_result(apply, "%s is cancelled.", campaign->rules.id);
}
