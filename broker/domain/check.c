/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"

bool kg_check_is_broker(const kg_check *check)
{
    return check->actor->organisation[0] == '\0';
}

bool kg_check_given(kg_check *check, const char *text, const char *name)
{
    return (text && *text) || kg_refuse(check, KG_STATUS_MISSING, "Give %s.", name);
}

bool kg_check_member(kg_check *check, uint32_t *member)
{
    *member = kg_state_find_member(check->state, check->actor->organisation);
    return *member != KG_NONE || kg_refuse(check, KG_STATUS_UNKNOWN_ORGANISATION, NULL);
}

bool kg_check_coordinates(kg_check *check, const kg_campaign *campaign)
{
    return strcmp(campaign->coordinator, check->actor->organisation) == 0 ||
           kg_refuse(check, KG_STATUS_NOT_YOUR_ROUND, NULL);
}

bool kg_check_round(kg_check *check, bool broker_may, uint32_t *campaign)
{
    const char *id = check->command->round;
    if (!kg_check_given(check, id, KG_SAY("the round's id")))
        return false;
    *campaign = kg_state_find_campaign(check->state, id);
    if (*campaign == KG_NONE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_ROUND, NULL);
    if (broker_may && kg_check_is_broker(check))
        return true;
    return kg_check_coordinates(check, check->state->campaigns[*campaign]);
}

bool kg_check_lot(kg_check *check, uint32_t *lot)
{
    const char *id = check->command->lot;
    if (!kg_check_given(check, id, KG_SAY("the lot's id")))
        return false;
    *lot = kg_state_find_lot(check->state, id);
    return *lot != KG_NONE || kg_refuse(check, KG_STATUS_UNKNOWN_LOT, NULL);
}

bool kg_check_own_lot(kg_check *check, uint32_t *lot)
{
    if (!kg_check_lot(check, lot))
        return false;
    uint32_t campaign = check->state->lots[*lot]->campaign;
    return kg_check_coordinates(check, check->state->campaigns[campaign]);
}

/* What moves a round on from where it stands; "" when nothing does. */
static const char *round_next(kg_round_state state)
{
    static const char *const next[] = {
        [KG_ROUND_DRAFT] = KG_SAY(" It opens by itself on its date opens."),
        [KG_ROUND_OPEN] = KG_SAY(" The next step is round close."),
        [KG_ROUND_CLOSED] = KG_SAY(" The next step is round propose."),
        [KG_ROUND_PROPOSED] = KG_SAY(" The next step is round confirm."),
        [KG_ROUND_CONFIRMING] =
            KG_SAY(" The next step is round conclude, once members have answered."),
        [KG_ROUND_CONCLUDED] = KG_SAY(" The next step is tender launch, for its confirmed lots."),
        [KG_ROUND_CANCELLED] = "",
    };
    return next[state];
}

static const char *lot_next(kg_lot_state state)
{
    static const char *const next[] = {
        [KG_LOT_PROPOSED] = KG_SAY(" The next step is round confirm."),
        [KG_LOT_CONFIRMING] =
            KG_SAY(" The next step is round conclude, once members have answered."),
        [KG_LOT_CONFIRMED] = KG_SAY(" The next step is tender launch."),
        [KG_LOT_LAUNCHED] = KG_SAY(" The next step is lot award."),
        [KG_LOT_AWARDED] = KG_SAY(" The next step is lot call-off."),
        [KG_LOT_EXHAUSTED] = "",
        [KG_LOT_EXPIRED] = "",
        [KG_LOT_FAILED] = "",
    };
    return next[state];
}

bool kg_refuse_round_state(kg_check *check, const kg_campaign *campaign, const char *allowed)
{
    return kg_refuse(check, KG_STATUS_ROUND_STATE, "The round is %s; this needs %s.%s",
                     kg_round_state_name(campaign->state), allowed, round_next(campaign->state));
}

bool kg_refuse_lot_state(kg_check *check, const kg_lot *lot, const char *allowed)
{
    return kg_refuse(check, KG_STATUS_LOT_STATE, "%s is %s; this needs %s.%s", lot->id,
                     kg_lot_state_name(lot->state), allowed, lot_next(lot->state));
}

bool kg_check_in_time(kg_check *check, kg_date until, const char *name)
{
    char date[KG_DATE_BYTES];
    if (check->now.today <= until)
        return true;
    kg_date_write(until, date);
    return kg_refuse(check, KG_STATUS_TOO_LATE, "%s was %s.", name, date);
}

/* Which check a command goes through; the broker's own kinds are never let in from outside. */
typedef struct kg_check_entry {
    void (*check)(kg_check *check);
    bool broker_only;
} kg_check_entry;

static const kg_check_entry entries[] = {
    [KG_KIND_SUBMIT] = {kg_check_submit, false},
    [KG_KIND_WITHDRAW] = {kg_check_withdraw, false},
    [KG_KIND_LOT_CONFIRM] = {kg_check_lot_answer, false},
    [KG_KIND_LOT_DECLINE] = {kg_check_lot_answer, false},
    [KG_KIND_LOT_CALL_OFF] = {kg_check_lot_call_off, false},
    [KG_KIND_PRACTICE_PUBLISH] = {kg_check_practice_publish, false},
    [KG_KIND_PRACTICE_RETIRE] = {kg_check_practice_retire, false},
    [KG_KIND_ROUND_OPEN] = {kg_check_round_open, false},
    [KG_KIND_ROUND_CLOSE] = {kg_check_round_close, false},
    [KG_KIND_ROUND_EXTEND] = {kg_check_round_extend, false},
    [KG_KIND_ROUND_PROPOSE] = {kg_check_round_propose, false},
    [KG_KIND_ROUND_CONFIRM] = {kg_check_round_confirm, false},
    [KG_KIND_ROUND_CONCLUDE] = {kg_check_round_conclude, false},
    [KG_KIND_ROUND_CANCEL] = {kg_check_round_cancel, false},
    [KG_KIND_LOT_AWARD] = {kg_check_lot_award, false},
    [KG_KIND_LOT_OFFERS] = {kg_check_lot_offers, false},
    [KG_KIND_LOT_FAIL] = {kg_check_lot_fail, false},
    [KG_KIND_TENDER_LAUNCH] = {kg_check_tender_launch, false},
    [KG_KIND_REGISTER] = {kg_check_register, false},
    [KG_KIND_KEY_ADD] = {kg_check_key_add, false},
    [KG_KIND_KEY_REVOKE] = {kg_check_key_revoke, false},
    [KG_KIND_ROUND_START] = {kg_check_round_start, true},
    [KG_KIND_LOTS_EXPIRE] = {kg_check_lots_expire, true},
    [KG_KIND_VOLUME_PUBLISH] = {kg_check_volume_publish, true},
    [KG_KIND_LINES_READ] = {kg_check_lines_read, false},
};

void kg_state_check(const kg_state *state, const kg_actor *actor, kg_command *command,
                    kg_moment now, kg_decision *out)
{
    kg_check check = {state, actor, command, now, out};
    size_t count = sizeof entries / sizeof entries[0];
    if ((size_t)command->kind >= count || !entries[command->kind].check)
        kg_refuse(&check, KG_STATUS_UNKNOWN_KIND, NULL);
    else if (entries[command->kind].broker_only && !kg_check_is_broker(&check))
        kg_refuse(&check, KG_STATUS_ROLE, "Only the broker itself decides this.");
    else
        entries[command->kind].check(&check);
}

void kg_state_check_catalogue(const kg_state *state, kg_command *command, kg_catalogue **catalogue,
                              kg_moment now, kg_decision *out)
{
    const kg_actor broker = {"", 0};
    kg_check check = {state, &broker, command, now, out};
    char detail[300] = "";
    if (command->kind != KG_KIND_CATALOGUE) {
        kg_refuse(&check, KG_STATUS_UNKNOWN_KIND, NULL);
    } else if (!kg_catalogue_replaces(state, *catalogue, detail)) {
        kg_refuse(&check, KG_STATUS_CATALOGUE_IN_USE, "%s", detail);
    } else {
        kg_accept(&check)->catalogue = *catalogue;
        *catalogue = NULL;
    }
}

/* Whether the command may go on with the job's outcome. */
static bool may_go_on(kg_check *check, const kg_job *job)
{
    uint32_t campaign;
    bool propose = check->command->kind == KG_KIND_ROUND_PROPOSE;
    if (!propose && check->command->kind != KG_KIND_ROUND_CONCLUDE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_KIND, NULL);
    if (!(propose ? kg_check_may_propose(check, &campaign)
                  : kg_check_may_conclude(check, &campaign)))
        return false;
    return kg_job_holds(job, check->state, campaign) ||
           kg_refuse(check, KG_STATUS_ROUND_BUSY,
                     "What the grouping stood on has changed meanwhile. Send again.");
}

void kg_state_decide(const kg_state *state, const kg_actor *actor, kg_command *command,
                     kg_moment now, const kg_job *job, kg_outcome **outcome, const char ruleset[65],
                     const char input_digest[65], kg_decision *out)
{
    kg_check check = {state, actor, command, now, out};
    bool propose = command->kind == KG_KIND_ROUND_PROPOSE;
    if (!may_go_on(&check, job))
        return;
    kg_job_map(job, state, *outcome);
    kg_event *event = kg_accept(&check);
    event->outcome = *outcome;
    *outcome = NULL;
    if (propose) {
        kg_text_format(event->ruleset, sizeof event->ruleset, "%s", ruleset);
        kg_text_format(event->input_digest, sizeof event->input_digest, "%s", input_digest);
    }
}
