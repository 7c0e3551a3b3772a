/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/lot_totals.h"

#include <stdlib.h>

#include "broker/grouping/support.h"
#include "broker/query/disclosure.h"
#include "broker/query/volume.h"

#define CENTS 100 /* values are told in bands of whole EUR */

static bool launched(const kg_lot *lot)
{
    return lot->state == KG_LOT_LAUNCHED || lot->state == KG_LOT_AWARDED ||
           lot->state == KG_LOT_EXHAUSTED;
}

/* What one piece counts for: the category's reference price. A line that states no value has that
 * many times its quantity, so that bands of the one must have their ends where those of the other
 * have them; else both together would tell the amount. 0: quantities and values are two things. */
static int64_t piece_cents(const kg_asking *asking, const kg_lot *lot)
{
    const kg_category_entry *category =
        kg_category_entry_of(kg_state_catalogue(asking->state), lot->shape.category);
    return category && category->reference_price_cents > 0 ? category->reference_price_cents : 0;
}

static int64_t threshold(const kg_asking *asking, const kg_lot *lot)
{
    const kg_state *state = asking->state;
    const kg_campaign *campaign = kg_state_campaign(state, lot->campaign);
    int *central = kg_alloc(lot->members_count ? lot->members_count : 1, sizeof *central);
    for (size_t i = 0; i < lot->members_count; i++) {
        uint32_t line = campaign->claims[lot->members[i]].pool_line;
        central[i] =
            kg_state_member(state, kg_state_columns(state).member[line])->record.central;
    }
    int64_t out = kg_support_threshold(kg_state_catalogue(state), campaign->rules.award_by,
                                       central, lot->members_count);
    free(central);
    return out;
}

static void add_limit(kg_bands *bands, kg_int128 limit)
{
    if (limit > 0)
        bands->limits[bands->limits_count++] = limit;
}

/* What a lot that stands says of its sums: it reaches its round's minima, stays within the maximum,
 * and whether it reaches the threshold is told. */
static kg_bands bands_of(const kg_asking *asking, const kg_lot *lot, bool quantity)
{
    const kg_round *rules = &kg_state_campaign(asking->state, lot->campaign)->rules;
    const int64_t piece = piece_cents(asking, lot);
    kg_bands bands = {.unit = piece ? piece : quantity ? 1 : CENTS};
    if (piece || quantity)
        add_limit(&bands, (kg_int128)rules->quantity_min * (piece ? piece : 1));
    if (piece || !quantity) {
        add_limit(&bands, rules->value_min_cents);
        add_limit(&bands, rules->value_max_cents > 0 ? rules->value_max_cents + 1 : 0);
        add_limit(&bands, threshold(asking, lot));
    }
    return bands;
}

/* Are there so few contributors that two of them know all but one? Then a sum's upper end would be
 * that one's, and several lots that they shared would tell it. */
static bool are_few(const kg_asking *asking, const kg_lot *lot)
{
    const kg_state *state = asking->state;
    const kg_campaign *campaign = kg_state_campaign(state, lot->campaign);
    const size_t enough = (size_t)asking->context->disclosure_organisations_min;
    uint32_t *holdings = kg_alloc(lot->members_count + 1, sizeof *holdings);
    size_t count = 0;
    for (size_t i = 0; i < lot->members_count && count < enough; i++) {
        uint32_t line = campaign->claims[lot->members[i]].pool_line;
        uint32_t holding = kg_holding_of(state, kg_state_columns(state).member[line]);
        size_t at = 0;
        while (at < count && holdings[at] != holding)
            at++;
        holdings[at] = holding;
        count += at == count;
    }
    free(holdings);
    return count < enough;
}

/* An amount in cents, told in units of so many; where contributors are few no more than what it is
 * at least. */
static json_t *band_of(const kg_bands *bands, kg_int128 amount, int64_t unit, bool few)
{
    char text[48];
    if (amount <= 0)
        return json_string("0");
    kg_band band = kg_disclosure_band(bands, amount);
    kg_disclosure_band_write(&band, unit, few, text);
    return json_string(text);
}

static void add_bands(const kg_asking *asking, const kg_lot *lot, json_t *out)
{
    const kg_grouped_lot *shape = &lot->shape;
    const kg_bands pieces = bands_of(asking, lot, true), values = bands_of(asking, lot, false);
    const kg_int128 unit = pieces.unit;
    const bool few = are_few(asking, lot);
    const struct {
        const char *name;
        const kg_bands *bands;
        kg_int128 amount;
        int64_t unit; /* in which it is told */
    } figures[] = {{"quantity", &pieces, shape->quantity * unit, pieces.unit},
                   {"quantity_max", &pieces, shape->quantity_max * unit, pieces.unit},
                   {"value", &values, shape->value_cents, CENTS},
                   {"value_max", &values, shape->value_max_cents, CENTS}};
    /* Often one line alone states a minimum: any band would be that one's. */
    json_object_set_new(out, "quantity_min", json_string("0+"));
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        json_object_set_new(out, figures[i].name,
                            band_of(figures[i].bands, figures[i].amount, figures[i].unit, few));
}

static void add_sums(const kg_lot *lot, json_t *out)
{
    const kg_grouped_lot *shape = &lot->shape;
    json_object_set_new(out, "quantity_min", json_integer(shape->quantity_min));
    json_object_set_new(out, "quantity", json_integer(shape->quantity));
    json_object_set_new(out, "quantity_max", json_integer(shape->quantity_max));
    json_object_set_new(out, "value", kg_json_money(shape->value_cents));
    json_object_set_new(out, "value_max", kg_json_money(shape->value_max_cents));
}

/* Before its launch a lot's sum may tell nothing by itself, and a plan once another is subtracted:
 * one with somebody who left, one of a lot that failed, one that readers are shown. */
void kg_lot_totals_add(const kg_asking *asking, const kg_lot *lot, json_t *out)
{
    bool exact =
        launched(lot) ||
        kg_asking_coordinates(asking, kg_state_campaign(asking->state, lot->campaign));
    json_object_set_new(out, "exact", json_boolean(exact));
    if (exact)
        add_sums(lot, out);
    else
        add_bands(asking, lot, out);
}
