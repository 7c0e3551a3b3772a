/* SPDX-License-Identifier: EUPL-1.2 */
/* Concluding a round: silence is decided, who declined leaves, lots that fall short give their
 * lines to the one re-run, and what then stands is confirmed. */
#include <stdlib.h>

#include "broker/domain/apply.h"
#include "broker/domain/conclusion.h"

typedef struct kg_concluding {
    kg_apply *apply;
    uint32_t index; /* of the round */
    kg_campaign *campaign;
    kg_conclusion conclusion;
    uint32_t *lot_of; /* owned; by lot of the outcome: index into the state's lots */
    size_t moved;     /* lines */
} kg_concluding;

static void decide_silence(kg_concluding *c, const kg_lot *lot)
{
    for (size_t i = 0; i < lot->members_count; i++) {
        kg_claim *claim = &c->campaign->claims[lot->members[i]];
        if (claim->answer != KG_ANSWER_NONE)
            continue;
        claim->answer = kg_answer_final(claim);
        claim->answer_by_silence = true;
    }
}

/* Who said no leaves; the lot's members are those that stay. Returns whether anybody left. */
static bool let_leave(kg_concluding *c, uint32_t index)
{
    kg_lot *lot = c->apply->state->lots[index];
    const kg_unplaced why = {.reason = KG_REASON_DECLINED,
                             .blocking = 1u << KG_REASON_DECLINED,
                             .nearest_lot = index,
                             .change = {.place = -1, .date = KG_DATE_NONE}};
    size_t kept = 0, before = lot->members_count;
    for (size_t i = 0; i < before; i++) {
        uint32_t place = lot->members[i];
        if (c->conclusion.stays[place]) {
            lot->members[kept++] = place;
            continue;
        }
        kg_claim_leave(c->apply->state, c->index, place, &why);
        kg_tell_unplaced(c->apply, c->campaign, place);
    }
    lot->members_count = kept;
    return kept < before;
}

static void settle_answers(kg_concluding *c)
{
    for (size_t i = 0; i < c->conclusion.count; i++) {
        const kg_standing *standing = &c->conclusion.standings[i];
        kg_lot *lot = c->apply->state->lots[standing->lot];
        decide_silence(c, lot);
        if (let_leave(c, standing->lot) && standing->lines > 0)
            kg_lot_reshape(c->apply->state, lot);
    }
}

/* The line now stands in another lot, and has to be answered afresh. */
static void move(kg_concluding *c, uint32_t place, uint32_t to)
{
    kg_state *state = c->apply->state;
    kg_claim *claim = &c->campaign->claims[place];
    claim->lot = to;
    claim->answer = KG_ANSWER_NONE;
    claim->answer_by_silence = false;
    claim->moved = true;
    c->moved++;
    kg_tell(c->apply, state->pool.lines.member[claim->pool_line], KG_FEED_LINE_MOVED,
            (kg_about){.round = c->campaign->rules.id,
                       .lot = state->lots[to]->id,
                       .line = claim->line.line,
                       .detail = kg_apply_date(c->apply, c->campaign->rules.reconfirm_by)});
}

/* A lot that stood: it has its members and perhaps new ones. */
static void gain(kg_concluding *c, uint32_t index, const kg_grouped_lot *from)
{
    kg_lot *lot = c->apply->state->lots[index];
    const uint32_t *members = c->apply->event->outcome->members + from->members_first;
    if (from->members_count == lot->members_count)
        return;
    lot->members = kg_realloc(lot->members, from->members_count, sizeof *lot->members);
    lot->members_count = from->members_count;
    memcpy(lot->members, members, from->members_count * sizeof *members);
    for (size_t i = 0; i < lot->members_count; i++)
        if (c->campaign->claims[members[i]].lot != index)
            move(c, members[i], index);
    kg_lot_reshape(c->apply->state, lot);
}

/* Numbers go on within the bucket. */
static uint32_t next_number(const kg_concluding *c, const kg_grouped_lot *from)
{
    uint32_t number = 0;
    for (size_t i = 0; i < c->campaign->lots_count; i++) {
        const kg_grouped_lot *shape = &c->apply->state->lots[c->campaign->lots[i]]->shape;
        if (shape->category == from->category && shape->number > number &&
            strcmp(shape->nuts.code, from->nuts.code) == 0)
            number = shape->number;
    }
    return number + 1;
}

static void add_lot(kg_concluding *c, size_t at)
{
    const kg_outcome *outcome = c->apply->event->outcome;
    const kg_grouped_lot *from = &outcome->lots[at];
    c->lot_of[at] =
        kg_lots_make(c->apply, c->index, outcome, at, next_number(c, from), KG_LOT_CONFIRMING);
    for (size_t i = 0; i < from->members_count; i++)
        move(c, outcome->members[from->members_first + i], c->lot_of[at]);
}

static void leave_failing(kg_concluding *c, const kg_unplaced *from)
{
    kg_unplaced why = *from;
    why.reason = KG_REASON_LOT_FAILED;
    why.blocking |= 1u << KG_REASON_LOT_FAILED;
    why.nearest_lot = from->nearest_lot == KG_NO_LOT ? c->campaign->claims[from->line].lot
                                                     : c->lot_of[from->nearest_lot];
    kg_claim_leave(c->apply->state, c->index, from->line, &why);
    kg_tell_unplaced(c->apply, c->campaign, from->line);
}

static void take_rerun(kg_concluding *c)
{
    const kg_outcome *outcome = c->apply->event->outcome;
    c->lot_of = kg_alloc(outcome->lots_count, sizeof *c->lot_of);
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *from = &outcome->lots[i];
        if (from->fixed == KG_NO_LOT) {
            add_lot(c, i);
        } else {
            c->lot_of[i] = kg_conclusion_fixed(&c->conclusion, from->fixed);
            gain(c, c->lot_of[i], from);
        }
    }
}

static bool awaits_answers(const kg_concluding *c, const kg_lot *lot)
{
    for (size_t i = 0; i < lot->members_count; i++)
        if (kg_answer_missing(c->campaign, lot->members[i]))
            return true;
    return false;
}

/* Lots that fall short fail; what was in them stands elsewhere by now, or is free. Lots that no
 * answer is awaited for are confirmed. Returns how many were. */
static size_t settle_lots(kg_concluding *c)
{
    kg_state *state = c->apply->state;
    size_t confirmed = 0;
    for (size_t i = 0; i < c->conclusion.count; i++) {
        const kg_standing *standing = &c->conclusion.standings[i];
        kg_lot *lot = state->lots[standing->lot];
        if (!standing->healthy) {
            kg_lots_empty(c->apply, standing->lot);
        } else if (!awaits_answers(c, lot)) {
            kg_lot_enter(state, lot, KG_LOT_CONFIRMED);
            kg_tell_lot(c->apply, lot, KG_FEED_LOT_CONFIRMED, (kg_about){0});
            confirmed++;
        }
    }
    return confirmed;
}

static void end_phase(kg_concluding *c, size_t confirmed)
{
    kg_campaign *campaign = c->campaign;
    size_t failed = c->conclusion.count - c->conclusion.healthy;
    char until[KG_DATE_BYTES];
    if (c->moved > 0) {
        campaign->reconfirming = true;
        kg_date_write(campaign->rules.reconfirm_by, until);
        kg_apply_result(c->apply,
                        "%s: %zu lot%s confirmed, %zu failed; %zu line%s moved and may answer "
                        "until %s.",
                        campaign->rules.id, confirmed, confirmed == 1 ? "" : "s", failed, c->moved,
                        c->moved == 1 ? " was" : "s were", until);
        return;
    }
    campaign->state = KG_ROUND_CONCLUDED;
    kg_tell_round(c->apply, campaign, KG_FEED_ROUND_CONCLUDED, (kg_about){0});
    kg_apply_result(c->apply, "%s is concluded: %zu lot%s confirmed, %zu failed.",
                    campaign->rules.id, confirmed, confirmed == 1 ? "" : "s", failed);
}

void kg_apply_round_conclude(kg_apply *apply)
{
    const kg_outcome *outcome = apply->event->outcome;
    kg_concluding c = {.apply = apply};
    c.index = kg_state_find_campaign(apply->state, apply->event->command.round);
    c.campaign = apply->state->campaigns[c.index];
    kg_conclusion_init(&c.conclusion, apply->state, c.index);
    settle_answers(&c);
    for (size_t i = 0; i < c.conclusion.count; i++)
        if (!c.conclusion.standings[i].healthy)
            kg_lots_fall(apply, c.conclusion.standings[i].lot, c.conclusion.standings[i].why);
    if (outcome) {
        take_rerun(&c);
        for (size_t i = 0; i < outcome->unplaced_count; i++)
            leave_failing(&c, &outcome->unplaced[i]);
    }
    end_phase(&c, settle_lots(&c));
    kg_conclusion_fini(&c.conclusion);
    free(c.lot_of);
}
