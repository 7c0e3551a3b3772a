/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"
#include "proto/offer.h"

static bool lot_fits(kg_check *check, size_t at, uint32_t *campaign)
{
    const kg_texts *lots = &check->command->lots;
    uint32_t index = kg_state_find_lot(check->state, lots->items[at]);
    if (index == KG_NONE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_LOT, "There is no lot %s.", lots->items[at]);
    for (size_t i = 0; i < at; i++)
        if (strcmp(lots->items[i], lots->items[at]) == 0)
            return kg_refuse(check, KG_STATUS_INVALID, "%s is named twice.", lots->items[at]);
    const kg_lot *lot = check->state->lots[index];
    if (at > 0 && lot->campaign != *campaign)
        return kg_refuse(check, KG_STATUS_LOTS_MIXED, NULL);
    *campaign = lot->campaign;
    if (!kg_check_coordinates(check, check->state->campaigns[*campaign]))
        return false;
    return lot->state == KG_LOT_CONFIRMED || kg_refuse_lot_state(check, lot, "confirmed");
}

static bool lots_fit(kg_check *check)
{
    uint32_t campaign = KG_NONE;
    const kg_texts *lots = &check->command->lots;
    if (lots->count == 0)
        return kg_refuse(check, KG_STATUS_MISSING, "Give the lots of the tender.");
    if (lots->count > KG_TENDER_LOTS_MAX)
        return kg_refuse(check, KG_STATUS_INVALID, "A tender has at most %d lots.",
                         KG_TENDER_LOTS_MAX);
    for (size_t i = 0; i < lots->count; i++)
        if (!lot_fits(check, i, &campaign))
            return false;
    return kg_check_in_time(check, check->state->campaigns[campaign]->rules.award_by, "award_by");
}

static bool lead_fits(kg_check *check)
{
    const kg_state *state = check->state;
    const char *lead = check->command->lead;
    bool is_member = false;
    if (!kg_check_given(check, lead, KG_SAY("the lead buyer")))
        return false;
    uint32_t member = kg_state_find_member(state, lead);
    if (member == KG_NONE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_ORGANISATION, NULL);
    const kg_organisation *record = &state->members[member]->record;
    if (!record->can_lead)
        return kg_refuse(check, KG_STATUS_LEAD, "%s cannot lead.", lead);
    for (size_t i = 0; i < check->command->lots.count; i++) {
        const kg_lot *lot = state->lots[kg_state_find_lot(state, check->command->lots.items[i])];
        if (!(record->languages >> lot->shape.language & 1))
            return kg_refuse(check, KG_STATUS_LEAD, "%s does not work in %s, the language of %s.",
                             lead, kg_language_code(lot->shape.language), lot->id);
        is_member |= kg_lot_find(state, lot, member, 0) < lot->members_count;
    }
    return is_member ||
           kg_refuse(check, KG_STATUS_LEAD, "%s is a member of none of these lots.", lead);
}

void kg_check_tender_launch(kg_check *check)
{
    const char *id = check->command->tender;
    if (!kg_check_given(check, id, KG_SAY("the tender's id")))
        return;
    if (!kg_id_valid(id))
        kg_refuse(check, KG_STATUS_INVALID, "A tender's id is 1 to 64 of A-Z a-z 0-9 : . _ -");
    else if (kg_state_find_tender(check->state, id) != KG_NONE)
        kg_refuse(check, KG_STATUS_TENDER_EXISTS, NULL);
    else if (lots_fit(check) && lead_fits(check))
        kg_accept(check);
}

/* Is the level of a list on its criterion's scale, and the criterion of the lot's category and not
 * named before? Then its place and rank. */
static bool level_is_one(kg_check *check, const kg_lot *lot, const kg_level_text *levels,
                         size_t at, int *place, int *rank)
{
    const kg_level_text *named = &levels[at];
    const kg_catalogue *catalogue = check->state->catalogue;
    int criterion = kg_catalogue_criterion(catalogue, named->criterion);
    *place = criterion < 0 ? -1 : kg_category_place(catalogue, lot->shape.category, criterion);
    if (*place < 0)
        return kg_refuse(check, KG_STATUS_UNKNOWN_CRITERION, "%s is not one of this category.",
                         named->criterion);
    for (size_t i = 0; i < at; i++)
        if (strcmp(levels[i].criterion, named->criterion) == 0)
            return kg_refuse(check, KG_STATUS_PROFILE_CRITERIA, "%s stands twice.",
                             named->criterion);
    *rank = kg_criterion_rank(&catalogue->criteria[criterion], named->level);
    return *rank >= 0 ||
           kg_refuse(check, KG_STATUS_UNKNOWN_LEVEL, "%s is not on the scale of %s.",
                     named->level, named->criterion);
}

static bool level_fits(kg_check *check, const kg_lot *lot, size_t at)
{
    int place, rank;
    const kg_level_text *levels = check->command->award.levels;
    if (!level_is_one(check, lot, levels, at, &place, &rank))
        return false;
    const kg_criterion *of = kg_category_criterion(check->state->catalogue, lot->shape.category,
                                                   place);
    return rank >= lot->shape.x.rank[place] ||
           kg_refuse(check, KG_STATUS_LEVELS_BELOW, "The lot asks %s=%s.", levels[at].criterion,
                     of->levels[lot->shape.x.rank[place]]);
}

/* The round's own lot, launched, and award_by has not passed. */
static const kg_lot *lot_to_award(kg_check *check)
{
    uint32_t index;
    if (!kg_check_own_lot(check, &index))
        return NULL;
    const kg_lot *lot = check->state->lots[index];
    if (lot->state != KG_LOT_LAUNCHED) {
        kg_refuse_lot_state(check, lot, "launched");
        return NULL;
    }
    return kg_check_in_time(check, check->state->campaigns[lot->campaign]->rules.award_by,
                            "award_by")
               ? lot
               : NULL;
}

void kg_check_lot_award(kg_check *check)
{
    const kg_award *award = &check->command->award;
    const kg_lot *lot = lot_to_award(check);
    if (!lot || !kg_check_given(check, award->supplier, KG_SAY("the supplier")))
        return;
    for (size_t i = 0; i < award->levels_count; i++)
        if (!level_fits(check, lot, i))
            return;
    if (lot->counted && award->unit_price_cents < 0)
        kg_refuse(check, KG_STATUS_MISSING, "Give the unit price: the lot counts pieces.");
    else
        kg_accept(check);
}

static bool offer_fits(kg_check *check, const kg_lot *lot, size_t at)
{
    int place, rank;
    const kg_offer *offers = check->command->offers, *offer = &offers[at];
    if (!offer->supplier || offer->unit_price_cents < 0 || offer->lifetime_years < 1)
        return kg_refuse(check, KG_STATUS_OFFERS, NULL);
    for (size_t i = 0; i < at; i++)
        if (strcmp(offers[i].supplier, offer->supplier) == 0)
            return kg_refuse(check, KG_STATUS_OFFERS, "%s stands twice.", offer->supplier);
    for (size_t i = 0; i < offer->levels_count; i++)
        if (!level_is_one(check, lot, offer->levels, i, &place, &rank))
            return false;
    for (size_t i = 0; i < offer->labels.count; i++)
        if (!kg_catalogue_label(check->state->catalogue, offer->labels.items[i]))
            return kg_refuse(check, KG_STATUS_UNKNOWN_LABEL, "The catalogue has no label %s.",
                             offer->labels.items[i]);
    return true;
}

void kg_check_lot_offers(kg_check *check)
{
    const kg_lot *lot = lot_to_award(check);
    const size_t count = check->command->offers_count;
    if (!lot)
        return;
    if (count < 1 || count > KG_OFFERS_MAX) {
        kg_refuse(check, KG_STATUS_OFFERS, NULL);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (!offer_fits(check, lot, i))
            return;
    kg_accept(check);
}

/* For whom: itself, or whom the round's coordinator names. */
static bool on_behalf(kg_check *check, const kg_lot *lot)
{
    const char *named = check->command->organisation;
    const char *actor = check->actor->organisation;
    const char *whom = named && *named ? named : actor;
    const kg_campaign *campaign = check->state->campaigns[lot->campaign];
    if (strcmp(whom, actor) != 0) {
        if (!(check->actor->roles & KG_ROLE_COORDINATOR))
            return kg_refuse(check, KG_STATUS_NOT_YOURS,
                             "Only the round's coordinator records call-offs of others.");
        if (!kg_check_coordinates(check, campaign))
            return false;
    }
    uint32_t member = kg_state_find_member(check->state, whom);
    if (member == KG_NONE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_ORGANISATION, NULL);
    return lot->members_count == 0 /* it failed: its state says so */ ||
           kg_lot_find(check->state, lot, member, 0) < lot->members_count ||
           kg_refuse(check, KG_STATUS_NOT_A_MEMBER, "%s has no line in this lot.", whom);
}

static bool amount_given(kg_check *check, const kg_lot *lot)
{
    const kg_command *command = check->command;
    if (lot->counted && command->quantity == -1)
        return kg_refuse(check, KG_STATUS_MISSING, "Give the quantity: the lot counts pieces.");
    if (!lot->counted && command->value_cents == -1)
        return kg_refuse(check, KG_STATUS_MISSING, "Give the value: the lot has no quantities.");
    if (command->quantity != -1 && (command->quantity < 1 || command->quantity > KG_QUANTITY_MAX))
        return kg_refuse(check, KG_STATUS_QUANTITY, "A quantity is a whole number from 1 to %d.",
                         KG_QUANTITY_MAX);
    if (command->value_cents != -1 && (command->value_cents < (lot->counted ? 0 : 1) ||
                                       command->value_cents > KG_VALUE_CENTS_MAX))
        return kg_refuse(check, KG_STATUS_VALUE, NULL);
    return true;
}

static bool within_maximum(kg_check *check, const kg_lot *lot)
{
    int64_t quantity_left, value_left, value;
    char left[KG_MONEY_BYTES];
    kg_lot_remaining(lot, &quantity_left, &value_left);
    kg_money_write(value_left, left);
    bool fits = kg_call_off_value(lot, check->command, &value) && value <= value_left;
    if (lot->counted && (check->command->quantity > quantity_left || !fits))
        return kg_refuse(check, KG_STATUS_ABOVE_MAXIMUM, "Left are %lld pieces and %s EUR.",
                         (long long)quantity_left, left);
    return fits || kg_refuse(check, KG_STATUS_ABOVE_MAXIMUM, "Left are %s EUR.", left);
}

void kg_check_lot_call_off(kg_check *check)
{
    uint32_t index;
    if (!kg_check_lot(check, &index))
        return;
    const kg_lot *lot = check->state->lots[index];
    if (!on_behalf(check, lot))
        return;
    if (lot->state != KG_LOT_AWARDED)
        kg_refuse_lot_state(check, lot, "awarded");
    else if (amount_given(check, lot) && within_maximum(check, lot))
        kg_accept(check);
}
