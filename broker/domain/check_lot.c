/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"

/* A member's answer while it is checked. */
typedef struct kg_answering {
    kg_check *check;
    uint32_t lot, member;
    const kg_campaign *campaign;
    kg_answer answer;
    kg_slots seen;  /* places named so far */
    size_t changes; /* lines whose answer would change */
} kg_answering;

static void count_change(kg_answering *answering, uint32_t place)
{
    answering->changes += answering->campaign->claims[place].answer != answering->answer;
}

static void check_named(kg_answering *answering, size_t at)
{
    size_t walk;
    kg_check *check = answering->check;
    kg_problems *problems = &check->out->problems;
    const char *key = check->command->keys.items[at];
    const char *column = kg_column_name(KG_COLUMN_LINE);
    long row = (long)at + 1;
    uint32_t place = kg_answer_named(check->state, answering->lot, answering->member, key);
    if (place == KG_NONE) {
        kg_problems_add(problems, KG_STATUS_UNKNOWN_LINE, row, column, key,
                        "You have no line of this key in this lot.");
    } else if (kg_slots_first(&answering->seen, place, &walk) != KG_NONE) {
        kg_problems_add(problems, KG_STATUS_DUPLICATE_LINE, row, column, key, NULL);
    } else if (!kg_answer_open(answering->campaign, place)) {
        kg_problems_add(problems, KG_STATUS_ALREADY_ANSWERED, row, column, key,
                        "This line was not moved: its answer is final.");
    } else {
        kg_slots_add(&answering->seen, place, place);
        count_change(answering, place);
    }
}

/* All own lines of the lot that may answer. */
static void check_own(kg_answering *answering)
{
    const kg_state *state = answering->check->state;
    const kg_lot *lot = state->lots[answering->lot];
    size_t at = kg_lot_find(state, lot, answering->member, 0);
    for (; at < lot->members_count; at = kg_lot_find(state, lot, answering->member, at + 1))
        if (kg_answer_open(answering->campaign, lot->members[at]))
            count_change(answering, lot->members[at]);
}

static bool may_answer(kg_answering *answering)
{
    kg_check *check = answering->check;
    if (!kg_check_member(check, &answering->member) || !kg_check_lot(check, &answering->lot))
        return false;
    const kg_lot *lot = check->state->lots[answering->lot];
    answering->campaign = check->state->campaigns[lot->campaign];
    if (lot->members_count > 0 &&
        kg_lot_find(check->state, lot, answering->member, 0) == lot->members_count)
        return kg_refuse(check, KG_STATUS_NOT_A_MEMBER, NULL);
    if (lot->state != KG_LOT_CONFIRMING)
        return kg_refuse_lot_state(check, lot, "confirming");
    return kg_check_in_time(check, kg_answer_until(answering->campaign),
                            answering->campaign->reconfirming ? "reconfirm_by" : "confirm_by");
}

void kg_check_lot_answer(kg_check *check)
{
    const kg_texts *keys = &check->command->keys;
    kg_answering answering = {.check = check};
    answering.answer = check->command->kind == KG_KIND_LOT_CONFIRM ? KG_ANSWER_YES : KG_ANSWER_NO;
    if (!may_answer(&answering))
        return;
    if (keys->count > KG_SUBMIT_LINES_MAX) {
        kg_refuse(check, KG_STATUS_TOO_MANY_LINES, "At most %d lines go in one message.",
                  KG_SUBMIT_LINES_MAX);
        return;
    }
    kg_slots_init(&answering.seen);
    for (size_t i = 0; i < keys->count; i++)
        check_named(&answering, i);
    if (keys->count == 0)
        check_own(&answering);
    if (kg_refuse_problems(check, "answered")) {
        if (answering.changes == 0)
            kg_refuse(check, KG_STATUS_ALREADY_ANSWERED, NULL);
        else
            kg_accept(check);
    }
    kg_slots_fini(&answering.seen);
}

void kg_check_lot_fail(kg_check *check)
{
    uint32_t index;
    if (!kg_check_own_lot(check, &index))
        return;
    const kg_lot *lot = check->state->lots[index];
    if (lot->state > KG_LOT_LAUNCHED)
        kg_refuse_lot_state(check, lot, KG_SAY("a lot that is not awarded, expired or failed"));
    else if (kg_check_given(check, check->command->reason, KG_SAY("the reason")))
        kg_accept(check);
}
