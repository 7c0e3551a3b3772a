/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/lot_totals.h"

#include <stdlib.h>
#include <string.h>

#include "broker/query/disclosure.h"
#include "broker/query/volume.h"

/* The totals that are told, each of which must be safe. */
typedef enum kg_figure {
    QUANTITY_MIN, QUANTITY, QUANTITY_MAX, VALUE, VALUE_MAX, FIGURES
} kg_figure;

/* What each holding brings to a lot. Owned arrays. */
typedef struct kg_contributions {
    uint32_t *holdings;
    int64_t *amounts[FIGURES];
    size_t count;
} kg_contributions;

static size_t place_of(const kg_contributions *contributions, uint32_t holding)
{
    size_t i = 0;
    while (i < contributions->count && contributions->holdings[i] != holding)
        i++;
    return i;
}

static void add(kg_contributions *out, size_t place, const kg_plan_line *line)
{
    const int64_t amounts[FIGURES] = {line->quantity_min, line->quantity, line->quantity_max,
                                      line->value_cents, line->value_max_cents};
    for (int i = 0; i < FIGURES; i++)
        if (__builtin_add_overflow(out->amounts[i][place], amounts[i], &out->amounts[i][place]))
            out->amounts[i][place] = INT64_MAX;
}

static void contributions_init(kg_contributions *out, const kg_state *state, const kg_lot *lot)
{
    const kg_campaign *campaign = kg_state_campaign(state, lot->campaign);
    size_t most = lot->members_count ? lot->members_count : 1;
    out->count = 0;
    out->holdings = kg_alloc(most, sizeof *out->holdings);
    for (int i = 0; i < FIGURES; i++)
        out->amounts[i] = kg_alloc(most, sizeof *out->amounts[i]);
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_claim *claim = &campaign->claims[lot->members[i]];
        uint32_t member = kg_state_columns(state).member[claim->pool_line];
        uint32_t holding = kg_holding_of(state, member);
        size_t place = place_of(out, holding);
        out->count += place == out->count;
        out->holdings[place] = holding;
        add(out, place, &claim->line);
    }
}

static void contributions_fini(kg_contributions *contributions)
{
    free(contributions->holdings);
    for (int i = 0; i < FIGURES; i++)
        free(contributions->amounts[i]);
}

static bool safe_for_member(const kg_asking *asking, const kg_lot *lot)
{
    const kg_query_context *context = asking->context;
    const kg_disclosure_rules rules = {
        context->disclosure_organisations_min, context->disclosure_largest_percent,
        context->disclosure_two_percent, context->disclosure_p_percent};
    kg_contributions parts;
    contributions_init(&parts, asking->state, lot);
    size_t viewer = place_of(&parts, kg_holding_of(asking->state, asking->member));
    bool safe = true;
    for (int i = 0; safe && i < FIGURES; i++)
        safe = kg_disclosure_safe(&rules, parts.amounts[i], parts.count, viewer);
    contributions_fini(&parts);
    return safe;
}

static bool launched(const kg_lot *lot)
{
    return lot->state == KG_LOT_LAUNCHED || lot->state == KG_LOT_AWARDED ||
           lot->state == KG_LOT_EXHAUSTED;
}

/* Until a lot is confirmed its members come and go: of two sums that each tell nothing, the
 * difference is what one of them plans. */
static bool exact_for_member(const kg_asking *asking, const kg_lot *lot)
{
    return launched(lot) || (lot->state == KG_LOT_CONFIRMED && safe_for_member(asking, lot));
}

static json_t *quantity_text(int64_t quantity, bool exact)
{
    char band[48];
    if (exact)
        return json_integer(quantity);
    kg_disclosure_band(quantity, band);
    return json_string(band);
}

static json_t *value_text(int64_t cents, bool exact)
{
    char band[48];
    if (exact)
        return kg_json_money(cents);
    kg_disclosure_band(cents / 100, band);
    return json_string(band);
}

void kg_lot_totals_add(const kg_asking *asking, const kg_lot *lot, json_t *out)
{
    const kg_grouped_lot *shape = &lot->shape;
    bool exact =
        kg_asking_coordinates(asking, kg_state_campaign(asking->state, lot->campaign)) ||
        exact_for_member(asking, lot);
    json_object_set_new(out, "exact", json_boolean(exact));
    json_object_set_new(out, "quantity_min", quantity_text(shape->quantity_min, exact));
    json_object_set_new(out, "quantity", quantity_text(shape->quantity, exact));
    json_object_set_new(out, "quantity_max", quantity_text(shape->quantity_max, exact));
    json_object_set_new(out, "value", value_text(shape->value_cents, exact));
    json_object_set_new(out, "value_max", value_text(shape->value_max_cents, exact));
}
