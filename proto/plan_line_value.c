/* SPDX-License-Identifier: EUPL-1.2 */
/* How much: quantities, prices, and the values that follow from them. */
#include "proto/plan_line_check.h"

#include <string.h>

/* A column of pieces; returns whether it was given and can be used. */
static bool check_pieces(kg_line_check *check, kg_column column, int64_t min, int64_t *out)
{
    const char *text = kg_line_given(check, column);
    if (!text)
        return false;
    if (kg_integer_parse(text, min, KG_QUANTITY_MAX, out))
        return true;
    kg_line_refuse(check, KG_STATUS_QUANTITY, column, text,
                   "%s is a whole number from %d to %d, in digits only.", kg_column_name(column),
                   (int)min, KG_QUANTITY_MAX);
    return false;
}

static void check_quantities(kg_line_check *check)
{
    kg_plan_line *out = check->out;
    const char *min_text = kg_line_given(check, KG_COLUMN_QUANTITY_MIN);
    const char *max_text = kg_line_given(check, KG_COLUMN_QUANTITY_MAX);
    out->has_quantity = check_pieces(check, KG_COLUMN_QUANTITY, 1, &out->quantity);
    bool has_min = check_pieces(check, KG_COLUMN_QUANTITY_MIN, 0, &out->quantity_min);
    bool has_max = check_pieces(check, KG_COLUMN_QUANTITY_MAX, 1, &out->quantity_max);
    if (kg_line_wrong(check, KG_COLUMN_QUANTITY))
        return;
    if (!out->has_quantity) {
        static const char needs_quantity[] = KG_SAY("%s needs a quantity beside it.");
        if (has_min)
            kg_line_refuse(check, KG_STATUS_QUANTITY, KG_COLUMN_QUANTITY_MIN, min_text,
                           needs_quantity, "quantity_min");
        if (has_max)
            kg_line_refuse(check, KG_STATUS_QUANTITY, KG_COLUMN_QUANTITY_MAX, max_text,
                           needs_quantity, "quantity_max");
        return;
    }
    if (!max_text)
        out->quantity_max = out->quantity;
    if (has_min && out->quantity_min > out->quantity)
        kg_line_refuse(check, KG_STATUS_QUANTITY, KG_COLUMN_QUANTITY_MIN, min_text,
                       "quantity_min must not be above quantity (%lld).", (long long)out->quantity);
    if (has_max && out->quantity_max < out->quantity)
        kg_line_refuse(check, KG_STATUS_QUANTITY, KG_COLUMN_QUANTITY_MAX, max_text,
                       "quantity_max must not be below quantity (%lld).", (long long)out->quantity);
}

static int64_t check_money(kg_line_check *check, kg_column column)
{
    const char *text = kg_line_given(check, column);
    int64_t cents = -1;
    char most[KG_MONEY_BYTES];
    if (!text || kg_money_parse(text, &cents))
        return cents;
    kg_money_write(KG_VALUE_CENTS_MAX, most);
    kg_line_refuse(check, KG_STATUS_VALUE, column, text,
                   "%s Not above %s, and without a sign or thousands separator.",
                   kg_status_text(KG_STATUS_VALUE), most);
    return -1;
}

static void check_prices(kg_line_check *check)
{
    const char *currency = kg_line_given(check, KG_COLUMN_CURRENCY);
    check->out->unit_price_max_cents = check_money(check, KG_COLUMN_UNIT_PRICE_MAX);
    check->out->value_given_cents = check_money(check, KG_COLUMN_VALUE);
    if (currency && strcmp(currency, "EUR") != 0)
        kg_line_refuse(check, KG_STATUS_CURRENCY, KG_COLUMN_CURRENCY, currency, NULL);
}

/* A derived value, refused under the column that makes it too large. */
static int64_t bounded(kg_line_check *check, kg_int128 cents, kg_column column)
{
    char text[KG_MONEY_BYTES], most[KG_MONEY_BYTES];
    if (cents <= KG_VALUE_CENTS_MAX)
        return (int64_t)cents;
    kg_money_write(cents, text);
    kg_money_write(KG_VALUE_CENTS_MAX, most);
    kg_line_refuse(check, KG_STATUS_VALUE, column, kg_line_given(check, column),
                   "The line's value comes to %s EUR; a line has at most %s.", text, most);
    return 0;
}

/* The price of a piece where the line gives no value; -1 when there is none. */
static int64_t price_of(const kg_line_check *check)
{
    if (check->out->unit_price_max_cents >= 0)
        return check->out->unit_price_max_cents;
    if (check->out->category == KG_CATEGORY_NONE)
        return -1;
    const kg_category_entry *entry = kg_category_entry_of(check->catalogue, check->out->category);
    return entry ? entry->reference_price_cents : -1;
}

static void derive_from_price(kg_line_check *check)
{
    kg_plan_line *out = check->out;
    int64_t price = price_of(check);
    bool own_price = out->unit_price_max_cents >= 0;
    if (price < 0) {
        if (out->category != KG_CATEGORY_NONE)
            kg_line_refuse(check, KG_STATUS_NO_VALUE, KG_COLUMN_VALUE, NULL, NULL);
        return;
    }
    out->value_cents = bounded(check, (kg_int128)out->quantity * price,
                               own_price ? KG_COLUMN_UNIT_PRICE_MAX : KG_COLUMN_QUANTITY);
    if (!kg_line_wrong(check, KG_COLUMN_UNIT_PRICE_MAX) &&
        !kg_line_wrong(check, KG_COLUMN_QUANTITY))
        out->value_max_cents =
            bounded(check, (kg_int128)out->quantity_max * price, KG_COLUMN_QUANTITY_MAX);
}

static void derive_from_value(kg_line_check *check)
{
    kg_plan_line *out = check->out;
    out->value_cents = out->value_given_cents;
    out->value_max_cents = out->value_given_cents;
    if (!out->has_quantity)
        return;
    kg_int128 product = (kg_int128)out->value_given_cents * out->quantity_max;
    out->value_max_cents = bounded(check, (product + out->quantity - 1) / out->quantity,
                                   KG_COLUMN_QUANTITY_MAX);
}

void kg_line_check_values(kg_line_check *check)
{
    static const kg_column needed[] = {KG_COLUMN_QUANTITY, KG_COLUMN_QUANTITY_MAX, KG_COLUMN_VALUE,
                                       KG_COLUMN_UNIT_PRICE_MAX};
    kg_plan_line *out = check->out;
    check_quantities(check);
    check_prices(check);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (kg_line_wrong(check, needed[i]))
            return;
    }
    if (out->value_given_cents >= 0)
        derive_from_value(check);
    else if (out->has_quantity)
        derive_from_price(check);
    else
        kg_line_refuse(check, KG_STATUS_MISSING, KG_COLUMN_QUANTITY, NULL,
                       "Give a quantity, or a value.");
}
