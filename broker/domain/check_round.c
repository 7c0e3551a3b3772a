/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"

/* What a round needs beside its rules to run online. */
static bool runs_online(kg_check *check, const kg_round *rules)
{
    char today[KG_DATE_BYTES];
    if (rules->opens == KG_DATE_NONE || rules->closes == KG_DATE_NONE ||
        rules->confirm_by == KG_DATE_NONE || rules->reconfirm_by == KG_DATE_NONE ||
        rules->award_by == KG_DATE_NONE)
        return kg_refuse(check, KG_STATUS_ROUND_DATES,
                         "Online a round needs opens, closes, confirm_by, reconfirm_by, award_by.");
    kg_date_write(check->now.today, today);
    if (rules->closes < check->now.today)
        return kg_refuse(check, KG_STATUS_ROUND_DATES, "closes has passed: today is %s.", today);
    return rules->bodies_min >= 3 || kg_refuse(check, KG_STATUS_BODIES_MIN, NULL);
}

void kg_check_round_open(kg_check *check)
{
    uint32_t member;
    const kg_round *rules = &check->command->round_rules;
    if (!kg_check_member(check, &member))
        return;
    if (!check->state->catalogue) {
        kg_refuse(check, KG_STATUS_CATALOGUE, "The broker has no catalogue yet.");
        return;
    }
    kg_round_check(rules, check->state->catalogue, 0, &check->out->problems);
    if (!kg_refuse_problems(check, "opened"))
        return;
    if (kg_state_find_campaign(check->state, rules->id) != KG_NONE)
        kg_refuse(check, KG_STATUS_ROUND_EXISTS, NULL);
    else if (runs_online(check, rules))
        kg_accept(check);
}

void kg_check_round_start(kg_check *check)
{
    uint32_t index;
    if (!kg_check_round(check, true, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    if (campaign->state != KG_ROUND_DRAFT || campaign->rules.opens > check->now.today)
        kg_refuse_round_state(check, campaign, KG_SAY("a draft whose opens has come"));
    else
        kg_accept(check);
}

void kg_check_round_close(kg_check *check)
{
    uint32_t index;
    if (!kg_check_round(check, true, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    bool due = !kg_check_is_broker(check) || campaign->rules.closes < check->now.today;
    if (campaign->state != KG_ROUND_OPEN || !due)
        kg_refuse_round_state(check, campaign, "open");
    else
        kg_accept(check);
}

bool kg_check_may_propose(kg_check *check, uint32_t *campaign)
{
    if (!kg_check_round(check, false, campaign))
        return false;
    const kg_campaign *of = check->state->campaigns[*campaign];
    if (of->state != KG_ROUND_CLOSED)
        return kg_refuse_round_state(check, of, "closed");
    return kg_check_in_time(check, of->rules.award_by, "award_by");
}

void kg_check_round_propose(kg_check *check)
{
    uint32_t campaign;
    if (kg_check_may_propose(check, &campaign))
        check->out->job = kg_job_new_proposal(check->state, campaign);
}

void kg_check_round_confirm(kg_check *check)
{
    uint32_t index;
    if (!kg_check_round(check, false, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    if (campaign->state != KG_ROUND_PROPOSED)
        kg_refuse_round_state(check, campaign, "proposed");
    else if (kg_check_in_time(check, campaign->rules.confirm_by, "confirm_by"))
        kg_accept(check);
}

/* Lines that have still to answer, and of how many organisations. */
static size_t count_missing(const kg_state *state, const kg_campaign *campaign, size_t *bodies)
{
    size_t lines = 0, last = SIZE_MAX;
    *bodies = 0;
    for (size_t i = 0; i < campaign->claims_count; i++) {
        const kg_claim *claim = &campaign->claims[i];
        if (claim->lot == KG_NONE || state->lots[claim->lot]->state != KG_LOT_CONFIRMING ||
            !kg_answer_missing(campaign, (uint32_t)i))
            continue;
        lines++;
        *bodies += last == SIZE_MAX || !kg_claims_same_body(campaign, last, i);
        last = i;
    }
    return lines;
}

bool kg_check_may_conclude(kg_check *check, uint32_t *campaign)
{
    size_t bodies;
    char until[KG_DATE_BYTES];
    if (!kg_check_round(check, true, campaign))
        return false;
    const kg_campaign *of = check->state->campaigns[*campaign];
    if (of->state != KG_ROUND_CONFIRMING)
        return kg_refuse_round_state(check, of, "confirming");
    size_t lines = count_missing(check->state, of, &bodies);
    if (lines == 0 || kg_answer_until(of) < check->now.today)
        return true;
    kg_date_write(kg_answer_until(of), until);
    return kg_refuse(check, KG_STATUS_NOT_ANSWERED,
                     "%zu line%s of %zu organisation%s have not been answered; they may until %s.",
                     lines, lines == 1 ? "" : "s", bodies, bodies == 1 ? "" : "s", until);
}

void kg_check_round_conclude(kg_check *check)
{
    uint32_t campaign;
    if (!kg_check_may_conclude(check, &campaign))
        return;
    check->out->job = kg_job_new_rerun(check->state, campaign);
    if (!check->out->job)
        kg_accept(check);
}

static bool any_launched(const kg_state *state, const kg_campaign *campaign)
{
    for (size_t i = 0; i < campaign->lots_count; i++) {
        kg_lot_state lot = state->lots[campaign->lots[i]]->state;
        if (lot == KG_LOT_LAUNCHED || lot == KG_LOT_AWARDED || lot == KG_LOT_EXHAUSTED)
            return true;
    }
    return false;
}

void kg_check_round_cancel(kg_check *check)
{
    uint32_t index;
    if (!kg_check_round(check, true, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    if (campaign->state == KG_ROUND_CANCELLED)
        kg_refuse_round_state(check, campaign, KG_SAY("one that was not cancelled before"));
    else if (any_launched(check->state, campaign))
        kg_refuse(check, KG_STATUS_ROUND_STATE, "Lots of this round have been launched.");
    else if (kg_check_given(check, check->command->reason, KG_SAY("the reason")))
        kg_accept(check);
}

void kg_check_lots_expire(kg_check *check)
{
    uint32_t index;
    if (!kg_check_round(check, true, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    if (campaign->lots_live == 0 || campaign->rules.award_by >= check->now.today)
        kg_refuse_round_state(
            check, campaign,
            KG_SAY("lots that are confirmed or launched when award_by has passed"));
    else
        kg_accept(check);
}
