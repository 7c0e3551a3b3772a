/* SPDX-License-Identifier: EUPL-1.2 */
/* Lots and tenders. */
#include "broker/domain/fit.h"
#include "proto/offer.h"

bool kg_fit_lines_read(const kg_fit *fit)
{
    uint32_t index;
    return fit->event->command.lot ? kg_fit_lot(fit, &index) : kg_fit_round(fit, &index);
}

bool kg_fit_lot_answer(const kg_fit *fit)
{
    uint32_t member, lot;
    const kg_texts *keys = &fit->event->command.keys;
    if (!kg_fit_member(fit, &member) || !kg_fit_lot(fit, &lot))
        return false;
    for (size_t i = 0; i < keys->count; i++)
        if (kg_answer_named(fit->state, lot, member, keys->items[i]) == KG_NONE)
            return kg_fit_not(fit, "%s has no line %s in %s", fit->event->actor, keys->items[i],
                              fit->event->command.lot);
    return true;
}

static bool lot_in(const kg_fit *fit, kg_lot_state from, kg_lot_state to, uint32_t *index)
{
    if (!kg_fit_lot(fit, index))
        return false;
    const kg_lot *lot = fit->state->lots[*index];
    return (lot->state >= from && lot->state <= to) ||
           kg_fit_not(fit, "%s is %s", lot->id, kg_lot_state_name(lot->state));
}

bool kg_fit_lot_call_off(const kg_fit *fit)
{
    uint32_t index;
    int64_t value, quantity_left, value_left;
    const kg_command *command = &fit->event->command;
    if (!lot_in(fit, KG_LOT_AWARDED, KG_LOT_AWARDED, &index))
        return false;
    const kg_lot *lot = fit->state->lots[index];
    kg_lot_remaining(lot, &quantity_left, &value_left);
    bool good = kg_call_off_value(lot, command, &value) && value >= 0 && value <= value_left &&
                (!lot->counted ||
                 (command->quantity >= 0 && command->quantity <= quantity_left));
    return good || kg_fit_not(fit, "%s has no such amount left", lot->id);
}

static bool level_fits(const kg_fit *fit, const kg_lot *lot, const kg_level_text *level)
{
    const kg_catalogue *catalogue = fit->state->catalogue;
    int criterion = level->criterion ? kg_catalogue_criterion(catalogue, level->criterion) : -1;
    bool good = criterion >= 0 && level->level &&
                kg_category_place(catalogue, lot->shape.category, criterion) >= 0 &&
                kg_criterion_rank(&catalogue->criteria[criterion], level->level) >= 0;
    return good || kg_fit_not(fit, "%s has no such level", lot->id);
}

bool kg_fit_lot_award(const kg_fit *fit)
{
    uint32_t index;
    const kg_award *award = &fit->event->command.award;
    if (!lot_in(fit, KG_LOT_LAUNCHED, KG_LOT_LAUNCHED, &index) ||
        !kg_fit_text(fit, award->supplier, "supplier"))
        return false;
    const kg_lot *lot = fit->state->lots[index];
    if (award->unit_price_cents < -1 || (lot->counted && award->unit_price_cents < 0))
        return kg_fit_not(fit, "its price is none");
    for (size_t i = 0; i < award->levels_count; i++)
        if (!level_fits(fit, lot, &award->levels[i]))
            return false;
    return true;
}

static bool offer_fits(const kg_fit *fit, const kg_lot *lot, const kg_offer *offer)
{
    if (!kg_fit_text(fit, offer->supplier, "supplier"))
        return false;
    if (offer->unit_price_cents < 0 || offer->lifetime_years < 1 ||
        offer->lifetime_years > KG_OFFER_YEARS_MAX)
        return kg_fit_not(fit, "an offer has no price or no years of use");
    for (size_t i = 0; i < offer->levels_count; i++)
        if (!level_fits(fit, lot, &offer->levels[i]))
            return false;
    return true;
}

bool kg_fit_lot_offers(const kg_fit *fit)
{
    uint32_t index;
    const kg_command *command = &fit->event->command;
    if (!lot_in(fit, KG_LOT_LAUNCHED, KG_LOT_LAUNCHED, &index))
        return false;
    if (command->offers_count < 1 || command->offers_count > KG_OFFERS_MAX)
        return kg_fit_not(fit, "it has no offers");
    for (size_t i = 0; i < command->offers_count; i++)
        if (!offer_fits(fit, fit->state->lots[index], &command->offers[i]))
            return false;
    return true;
}

bool kg_fit_lot_fail(const kg_fit *fit)
{
    uint32_t index;
    return lot_in(fit, KG_LOT_PROPOSED, KG_LOT_LAUNCHED, &index) &&
           kg_fit_text(fit, fit->event->command.reason, "reason");
}

static bool launched_lot_fits(const kg_fit *fit, const char *id, uint32_t *campaign)
{
    uint32_t index = kg_state_find_lot(fit->state, id);
    if (index == KG_NONE)
        return kg_fit_not(fit, "there is no lot %s", id);
    const kg_lot *lot = fit->state->lots[index];
    if (lot->state != KG_LOT_CONFIRMED || (*campaign != KG_NONE && *campaign != lot->campaign))
        return kg_fit_not(fit, "%s is not one of these lots", id);
    *campaign = lot->campaign;
    return true;
}

bool kg_fit_tender_launch(const kg_fit *fit)
{
    uint32_t campaign = KG_NONE;
    const kg_command *command = &fit->event->command;
    if (!kg_fit_text(fit, command->lead, "lead") || !kg_fit_text(fit, command->tender, "tender"))
        return false;
    if (kg_state_find_tender(fit->state, command->tender) != KG_NONE)
        return kg_fit_not(fit, "tender %s was launched before", command->tender);
    for (size_t i = 0; i < command->lots.count; i++)
        if (!launched_lot_fits(fit, command->lots.items[i], &campaign))
            return false;
    return command->lots.count > 0 || kg_fit_not(fit, "its tender has no lots");
}
