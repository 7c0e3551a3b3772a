/* SPDX-License-Identifier: EUPL-1.2 */
/* Rounds, but for what grouping gave them. */
#include "broker/domain/fit.h"

static bool dates_fit(const kg_fit *fit, const kg_round *rules)
{
    const kg_date dates[] = {rules->delivery_from, rules->delivery_to, rules->opens,
                             rules->closes,        rules->confirm_by,  rules->reconfirm_by,
                             rules->award_by};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
        if (!kg_fit_day(dates[i]))
            return kg_fit_not(fit, "the round lacks a date");
    return rules->delivery_from <= rules->delivery_to ||
           kg_fit_not(fit, "the round's delivery period ends before it begins");
}

bool kg_fit_round_open(const kg_fit *fit)
{
    uint32_t member;
    const kg_round *rules = &fit->event->command.round_rules;
    if (!kg_fit_member(fit, &member))
        return false;
    if (!fit->state->catalogue)
        return kg_fit_not(fit, "there is no catalogue yet");
    if (!kg_id_valid(rules->id) || kg_state_find_campaign(fit->state, rules->id) != KG_NONE)
        return kg_fit_not(fit, "its round has no id of its own");
    return dates_fit(fit, rules);
}

bool kg_fit_round_start(const kg_fit *fit)
{
    uint32_t campaign;
    return kg_fit_round_in(fit, KG_ROUND_DRAFT, &campaign);
}

bool kg_fit_round_close(const kg_fit *fit)
{
    uint32_t campaign;
    return kg_fit_round_in(fit, KG_ROUND_OPEN, &campaign);
}

bool kg_fit_round_extend(const kg_fit *fit)
{
    uint32_t campaign;
    const kg_round_dates *dates = &fit->event->command.dates;
    const kg_date all[] = {dates->closes, dates->confirm_by, dates->reconfirm_by, dates->award_by};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] != KG_DATE_NONE && !kg_fit_day(all[i]))
            return kg_fit_not(fit, "a date is none");
    return kg_fit_round(fit, &campaign);
}

bool kg_fit_round_confirm(const kg_fit *fit)
{
    uint32_t campaign;
    return kg_fit_round_in(fit, KG_ROUND_PROPOSED, &campaign);
}

bool kg_fit_round_cancel(const kg_fit *fit)
{
    uint32_t campaign;
    if (!kg_fit_round(fit, &campaign) || !kg_fit_text(fit, fit->event->command.reason, "reason"))
        return false;
    return fit->state->campaigns[campaign]->state != KG_ROUND_CANCELLED ||
           kg_fit_not(fit, "round %s was cancelled before", fit->event->command.round);
}

bool kg_fit_lots_expire(const kg_fit *fit)
{
    uint32_t campaign;
    return kg_fit_round_in(fit, KG_ROUND_CONCLUDED, &campaign);
}
