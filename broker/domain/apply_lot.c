/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/apply.h"

static void take_members(kg_state *state, kg_lot *lot, const kg_outcome *outcome,
                         const kg_grouped_lot *from)
{
    const uint32_t index = (uint32_t)state->lots_count; /* the lot's, once it is added */
    kg_claim *claims = state->campaigns[lot->campaign]->claims;
    lot->members_count = from->members_count;
    lot->members = kg_alloc(from->members_count, sizeof *lot->members);
    memcpy(lot->members, outcome->members + from->members_first,
           from->members_count * sizeof *lot->members);
    for (size_t i = 0; i < lot->members_count; i++)
        claims[lot->members[i]].lot = index;
}

static void take_curve(kg_lot *lot, const kg_outcome *outcome, const kg_grouped_lot *from)
{
    lot->curve_count = from->curve_count;
    lot->curve = kg_alloc(from->curve_count, sizeof *lot->curve);
    if (from->curve_count > 0)
        memcpy(lot->curve, outcome->curve + from->curve_first,
               from->curve_count * sizeof *lot->curve);
}

static void name_lot(const kg_state *state, kg_lot *lot)
{
    char category[KG_CATEGORY_NAME_BYTES];
    kg_category_name(state->catalogue, lot->shape.category, category);
    kg_text_format(lot->id, sizeof lot->id, "%s/%s/%s/%u",
                   state->campaigns[lot->campaign]->rules.id, category, lot->shape.nuts.code,
                   lot->shape.number);
}

uint32_t kg_lots_make(kg_apply *apply, uint32_t campaign, const kg_outcome *outcome, size_t at,
                      uint32_t number, kg_lot_state lot_state)
{
    kg_state *state = apply->state;
    kg_campaign *of = state->campaigns[campaign];
    const kg_grouped_lot *from = &outcome->lots[at];
    kg_lot *lot = kg_alloc(1, sizeof *lot);
    lot->campaign = campaign;
    lot->state = lot_state;
    lot->shape = *from;
    lot->shape.number = number;
    lot->shape.fixed = KG_NO_LOT;
    lot->tender = KG_NONE;
    take_members(state, lot, outcome, from);
    take_curve(lot, outcome, from);
    lot->counted = kg_lot_all_counted(state, lot);
    name_lot(state, lot);
    const uint32_t index = kg_state_add_lot(state, lot);
    of->lots = kg_realloc(of->lots, of->lots_count + 1, sizeof *of->lots);
    of->lots[of->lots_count++] = index;
    return index;
}

void kg_tell_unplaced(kg_apply *apply, const kg_campaign *campaign, uint32_t place)
{
    const kg_claim *claim = &campaign->claims[place];
    kg_tell(apply, apply->state->pool.lines.member[claim->pool_line], KG_FEED_LINE_UNPLACED,
            (kg_about){.round = campaign->rules.id,
                       .line = claim->line.line,
                       .detail = kg_reason_name(claim->why.reason)});
}

void kg_lots_fall(kg_apply *apply, uint32_t index, const char *reason)
{
    kg_lot *lot = apply->state->lots[index];
    lot->reason = kg_strdup(reason);
    kg_lot_enter(apply->state, lot, KG_LOT_FAILED);
    kg_tell_lot(apply, lot, KG_FEED_LOT_FAILED,
                (kg_about){.detail = kg_apply_text(apply, "%s", reason)});
}

void kg_lots_empty(kg_apply *apply, uint32_t index)
{
    kg_lot *lot = apply->state->lots[index];
    const kg_campaign *campaign = apply->state->campaigns[lot->campaign];
    const kg_unplaced why = {.reason = KG_REASON_LOT_FAILED,
                             .blocking = 1u << KG_REASON_LOT_FAILED,
                             .nearest_lot = index,
                             .change = {.place = -1, .date = KG_DATE_NONE}};
    for (size_t i = 0; i < lot->members_count; i++) {
        if (campaign->claims[lot->members[i]].lot != index)
            continue;
        kg_claim_leave(apply->state, lot->campaign, lot->members[i], &why);
        kg_tell_unplaced(apply, campaign, lot->members[i]);
    }
    lot->members_count = 0;
}

void kg_apply_lot_fail(kg_apply *apply)
{
    uint32_t index = kg_state_find_lot(apply->state, apply->event->command.lot);
    kg_lots_fall(apply, index, apply->event->command.reason);
    kg_lots_empty(apply, index);
    kg_apply_result(apply, "%s has failed.", apply->state->lots[index]->id);
}

/* Counts the lines that took the answer. */
static size_t answer_own(kg_state *state, const kg_lot *lot, uint32_t member, kg_answer answer)
{
    kg_campaign *campaign = state->campaigns[lot->campaign];
    size_t lines = 0, at = kg_lot_find(state, lot, member, 0);
    for (; at < lot->members_count; at = kg_lot_find(state, lot, member, at + 1)) {
        if (!kg_answer_open(campaign, lot->members[at]))
            continue;
        campaign->claims[lot->members[at]].answer = answer;
        lines++;
    }
    return lines;
}

static size_t answer_named(kg_state *state, uint32_t index, uint32_t member, const kg_texts *keys,
                           kg_answer answer)
{
    kg_campaign *campaign = state->campaigns[state->lots[index]->campaign];
    for (size_t i = 0; i < keys->count; i++)
        campaign->claims[kg_answer_named(state, index, member, keys->items[i])].answer = answer;
    return keys->count;
}

/* The member, and the coordinator with the member's name and reason. */
static void tell_answered(kg_apply *apply, const kg_lot *lot, uint32_t member, const char *what,
                          size_t lines)
{
    const kg_campaign *campaign = apply->state->campaigns[lot->campaign];
    const char *reason = apply->event->command.reason;
    uint32_t coordinator = kg_state_find_member(apply->state, campaign->coordinator);
    kg_about about = {.round = campaign->rules.id, .lot = lot->id, .detail = what};
    kg_tell(apply, member, KG_FEED_LOT_ANSWERED, about);
    if (coordinator == member)
        return;
    about.detail =
        kg_apply_text(apply, KG_SAY("%s: %s, %zu line%s%s%s"), what, apply->event->actor, lines,
                      lines == 1 ? "" : "s", reason && *reason ? ": " : "", reason ? reason : "");
    kg_tell(apply, coordinator, KG_FEED_LOT_ANSWERED, about);
}

void kg_apply_lot_answer(kg_apply *apply)
{
    const kg_command *command = &apply->event->command;
    bool yes = command->kind == KG_KIND_LOT_CONFIRM;
    kg_answer answer = yes ? KG_ANSWER_YES : KG_ANSWER_NO;
    const char *what = yes ? "confirmed" : "declined";
    uint32_t member = kg_state_find_member(apply->state, apply->event->actor);
    uint32_t index = kg_state_find_lot(apply->state, command->lot);
    const kg_lot *lot = apply->state->lots[index];
    size_t lines = command->keys.count
                       ? answer_named(apply->state, index, member, &command->keys, answer)
                       : answer_own(apply->state, lot, member, answer);
    tell_answered(apply, lot, member, what, lines);
    kg_apply_result(apply, "%zu line%s %s in %s.", lines, lines == 1 ? "" : "s", what, lot->id);
}

void kg_apply_lots_expire(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_command *command = &apply->event->command;
    uint32_t round = kg_state_find_campaign(state, command->round);
    const kg_campaign *campaign = state->campaigns[round];
    size_t expired = 0;
    for (size_t i = 0; i < campaign->lots_count; i++) {
        kg_lot *lot = state->lots[campaign->lots[i]];
        if (lot->state != KG_LOT_CONFIRMED && lot->state != KG_LOT_LAUNCHED)
            continue;
        kg_lot_enter(state, lot, KG_LOT_EXPIRED);
        for (size_t k = 0; k < lot->members_count; k++)
            kg_claim_release(state, round, lot->members[k]);
        kg_tell_lot(apply, lot, KG_FEED_LOT_EXPIRED, (kg_about){0});
        expired++;
    }
    kg_apply_result(apply, "%s: %zu lot%s expired.", campaign->rules.id, expired,
                    expired == 1 ? "" : "s");
}
