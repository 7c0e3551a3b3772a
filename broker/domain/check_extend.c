/* SPDX-License-Identifier: EUPL-1.2 */
/* ROUND_EXTEND: each date may only become later, and only until the step that it ends has been
 * taken. */
#include "broker/domain/check.h"

typedef struct kg_extension {
    const char *name;
    kg_date from, to; /* to KG_DATE_NONE: left as it is */
    bool open;        /* the step that this date ends still lies ahead */
    bool running;     /* and is the one that runs: once the date has passed, it has ended */
} kg_extension;

static bool one_fits(kg_check *check, const kg_campaign *campaign, const kg_extension *extension)
{
    char date[KG_DATE_BYTES];
    if (extension->to == KG_DATE_NONE)
        return true;
    if (!extension->open)
        return kg_refuse(check, KG_STATUS_ROUND_STATE, "The round is %s: %s lies behind it.",
                         kg_round_state_name(campaign->state), extension->name);
    if (extension->running && !kg_check_in_time(check, extension->from, extension->name))
        return false;
    kg_date_write(extension->from, date);
    if (extension->to <= extension->from)
        return kg_refuse(check, KG_STATUS_ROUND_DATES, "%s is %s and can only become later.",
                         extension->name, date);
    return extension->to >= check->now.today ||
           kg_refuse(check, KG_STATUS_ROUND_DATES, "%s must not lie in the past.", extension->name);
}

static bool order_fits(kg_check *check, const kg_round *rules, const kg_round_dates *dates)
{
    kg_date closes = dates->closes == KG_DATE_NONE ? rules->closes : dates->closes;
    kg_date confirm = dates->confirm_by == KG_DATE_NONE ? rules->confirm_by : dates->confirm_by;
    kg_date again = dates->reconfirm_by == KG_DATE_NONE ? rules->reconfirm_by : dates->reconfirm_by;
    kg_date award = dates->award_by == KG_DATE_NONE ? rules->award_by : dates->award_by;
    return (closes <= confirm && confirm <= again && again <= award) ||
           kg_refuse(check, KG_STATUS_ROUND_DATES, NULL);
}

/* A line is in a lot only where its order_by is not before award_by; that stays so. */
static bool orders_fit(kg_check *check, const kg_campaign *campaign, kg_date award_by)
{
    char date[KG_DATE_BYTES];
    kg_date earliest = INT32_MAX;
    for (size_t i = 0; i < campaign->claims_count; i++) {
        const kg_claim *claim = &campaign->claims[i];
        if (claim->lot != KG_NONE && claim->line.order_by != KG_DATE_NONE &&
            claim->line.order_by < earliest)
            earliest = claim->line.order_by;
    }
    kg_date_write(earliest, date);
    return award_by == KG_DATE_NONE || award_by <= earliest ||
           kg_refuse(check, KG_STATUS_ROUND_DATES,
                     "award_by cannot be after %s: a line in a lot must be ordered by then.", date);
}

void kg_check_round_extend(kg_check *check)
{
    uint32_t index;
    const kg_round_dates *dates = &check->command->dates;
    if (!kg_check_round(check, false, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    const kg_round *rules = &campaign->rules;
    kg_round_state state = campaign->state;
    bool confirming = state == KG_ROUND_CONFIRMING, again = campaign->reconfirming;
    const kg_extension all[] = {
        {"closes", rules->closes, dates->closes, state <= KG_ROUND_OPEN, true},
        {"confirm_by", rules->confirm_by, dates->confirm_by, state <= KG_ROUND_CONFIRMING && !again,
         confirming},
        {"reconfirm_by", rules->reconfirm_by, dates->reconfirm_by, state <= KG_ROUND_CONFIRMING,
         again},
        {"award_by", rules->award_by, dates->award_by, state != KG_ROUND_CANCELLED, true},
    };
    size_t given = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!one_fits(check, campaign, &all[i]))
            return;
        given += all[i].to != KG_DATE_NONE;
    }
    if (given == 0)
        kg_refuse(check, KG_STATUS_MISSING, "Give at least one date.");
    else if (order_fits(check, rules, dates) && orders_fit(check, campaign, dates->award_by))
        kg_accept(check);
}
