/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/apply.h"

static kg_tender *add_tender(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_command *command = &apply->event->command;
    kg_tender *tender = kg_alloc(1, sizeof *tender);
    kg_text_format(tender->id, sizeof tender->id, "%s", command->tender);
    kg_text_format(tender->lead, sizeof tender->lead, "%s", command->lead);
    tender->title = kg_strdup(command->title ? command->title : "");
    tender->launched_ms = apply->event->time_ms;
    tender->launched = apply->event->today;
    tender->lots_count = command->lots.count;
    tender->lots = kg_alloc(command->lots.count, sizeof *tender->lots);
    for (size_t i = 0; i < command->lots.count; i++)
        tender->lots[i] = kg_state_find_lot(state, command->lots.items[i]);
    tender->campaign = state->lots[tender->lots[0]]->campaign;
    kg_state_add_tender(state, tender);
    return tender;
}

void kg_apply_tender_launch(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_tender *tender = add_tender(apply);
    kg_regime regime = kg_tender_regime(state, tender->lots, tender->lots_count, tender->launched);
    for (size_t i = 0; i < tender->lots_count; i++) {
        kg_lot *lot = state->lots[tender->lots[i]];
        lot->tender = (uint32_t)state->tenders_count - 1;
        lot->shape.regime = regime;
        kg_lot_enter(state, lot, KG_LOT_LAUNCHED);
        kg_tell_lot(apply, lot, KG_FEED_TENDER_LAUNCHED,
                    (kg_about){.tender = tender->id, .detail = tender->lead});
    }
    kg_apply_result(apply, "%s is launched with %zu lot%s, led by %s.", tender->id,
                    tender->lots_count, tender->lots_count == 1 ? "" : "s", tender->lead);
}

static void raise_levels(const kg_state *state, kg_lot *lot, const kg_award *award)
{
    lot->award.delivered = lot->shape.x;
    for (size_t i = 0; i < award->levels_count; i++) {
        int criterion = kg_catalogue_criterion(state->catalogue, award->levels[i].criterion);
        int place = kg_category_place(state->catalogue, lot->shape.category, criterion);
        lot->award.delivered.rank[place] = (uint8_t)kg_criterion_rank(
            &state->catalogue->criteria[criterion], award->levels[i].level);
    }
}

/* Orders end at the maximum value of the notice: how many pieces that leaves at this price, where
 * it is fewer than were planned. */
static const char *describe_price(kg_apply *apply, const kg_lot *lot)
{
    int64_t price = lot->award.unit_price_cents, pieces;
    char most[KG_MONEY_BYTES];
    if (!lot->counted || price <= 0)
        return "";
    pieces = lot->shape.value_max_cents / price;
    if (pieces >= lot->shape.quantity_max)
        return "";
    kg_money_write(lot->shape.value_max_cents, most);
    return kg_apply_text(
        apply,
        KG_SAY(" The price is above what was planned: at most %lld of %lld pieces can be "
               "ordered within the maximum of %s EUR."),
        (long long)pieces, (long long)lot->shape.quantity_max, most);
}

void kg_apply_lot_award(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_award *award = &apply->event->command.award;
    kg_lot *lot = state->lots[kg_state_find_lot(state, apply->event->command.lot)];
    char price[KG_MONEY_BYTES];
    lot->awarded = true;
    lot->award = (kg_lot_award){.supplier = kg_strdup(award->supplier),
                                .evidence = kg_strdup(award->evidence ? award->evidence : ""),
                                .unit_price_cents = award->unit_price_cents,
                                .time_ms = apply->event->time_ms};
    raise_levels(state, lot, award);
    kg_lot_enter(state, lot, KG_LOT_AWARDED);
    kg_money_write(award->unit_price_cents, price);
    kg_tell_lot(apply, lot, KG_FEED_LOT_AWARDED,
                (kg_about){.detail = award->unit_price_cents < 0
                                         ? kg_apply_text(apply, "%s", award->supplier)
                                         : kg_apply_text(apply, KG_SAY("%s, %s EUR a piece"),
                                                         award->supplier, price)});
    kg_apply_result(apply, "%s is awarded to %s.%s", lot->id, award->supplier,
                    describe_price(apply, lot));
}

void kg_apply_lot_offers(kg_apply *apply)
{
    const kg_command *command = &apply->event->command;
    kg_lot *lot = apply->state->lots[kg_state_find_lot(apply->state, command->lot)];
    kg_lot_take_offers(lot, command->offers, command->offers_count);
    kg_tell_lot(
        apply, lot, KG_FEED_LOT_OFFERS,
        (kg_about){.detail = kg_apply_text(apply, KG_SAY("%zu offers"), command->offers_count)});
    kg_apply_result(apply, "%s has %zu offer%s.", lot->id, command->offers_count,
                    command->offers_count == 1 ? "" : "s");
}

static const char *describe(kg_apply *apply, const kg_lot *lot, const kg_call_off *call_off)
{
    int64_t quantity, value;
    char taken[KG_MONEY_BYTES], left[KG_MONEY_BYTES];
    kg_lot_remaining(lot, &quantity, &value);
    kg_money_write(call_off->value_cents, taken);
    kg_money_write(value, left);
    if (!lot->counted)
        return kg_apply_text(apply, KG_SAY("%s EUR; left are %s EUR"), taken, left);
    return kg_apply_text(apply, KG_SAY("%lld pieces, %s EUR; left are %lld pieces, %s EUR"),
                         (long long)call_off->quantity, taken, (long long)quantity, left);
}

/* Nothing is left of the maximum. */
static bool used_up(const kg_lot *lot)
{
    int64_t quantity, value;
    kg_lot_remaining(lot, &quantity, &value);
    return quantity == 0 || value == 0;
}

static const kg_call_off *add_call_off(kg_apply *apply, kg_lot *lot)
{
    const kg_command *command = &apply->event->command;
    const char *named = command->organisation;
    lot->call_offs = kg_grow(lot->call_offs, lot->call_offs_count, &lot->call_offs_capacity,
                             sizeof *lot->call_offs);
    kg_call_off *call_off = &lot->call_offs[lot->call_offs_count++];
    *call_off = (kg_call_off){.quantity = command->quantity, .time_ms = apply->event->time_ms};
    kg_text_format(call_off->organisation, sizeof call_off->organisation, "%s",
                   named && *named ? named : apply->event->actor);
    kg_call_off_value(lot, command, &call_off->value_cents);
    lot->called_off_value_cents += call_off->value_cents;
    if (call_off->quantity > 0 &&
        __builtin_add_overflow(lot->called_off_quantity, call_off->quantity,
                               &lot->called_off_quantity))
        lot->called_off_quantity = INT64_MAX;
    return call_off;
}

void kg_apply_lot_call_off(kg_apply *apply)
{
    kg_state *state = apply->state;
    kg_lot *lot = state->lots[kg_state_find_lot(state, apply->event->command.lot)];
    const kg_call_off *call_off = add_call_off(apply, lot);
    const char *what = describe(apply, lot, call_off);
    kg_tell_lot(apply, lot, KG_FEED_LOT_CALLED_OFF, (kg_about){.detail = what});
    kg_apply_result(apply, "%s: %s.", lot->id, what);
    if (!used_up(lot))
        return;
    kg_lot_enter(state, lot, KG_LOT_EXHAUSTED);
    kg_tell_lot(apply, lot, KG_FEED_LOT_EXHAUSTED, (kg_about){0});
}
