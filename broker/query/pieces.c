/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

json_t *kg_json_text(const char *text)
{
    return text && text[0] ? json_string(text) : json_null();
}

json_t *kg_json_life_cycle(const kg_life_cycle *by)
{
    if (!by)
        return json_null();
    return json_pack("{s:I,s:o,s:o,s:I,s:o,s:o,s:b}", "years_max", (json_int_t)by->years_max,
                     "discount_percent", kg_json_money(by->discount_hundredths),
                     "electricity_cents_kwh", kg_json_money(by->electricity_hundredths),
                     "emission_grams_kwh", (json_int_t)by->emission_grams, "carbon_price",
                     kg_json_money(by->carbon_cents), "source", kg_json_text(by->source),
                     "verified", by->verified);
}

json_t *kg_json_money(kg_int128 cents)
{
    char text[KG_MONEY_BYTES];
    kg_money_write(cents, text);
    return json_string(text);
}

json_t *kg_json_date(kg_date date)
{
    char text[KG_DATE_BYTES];
    if (date == KG_DATE_NONE)
        return json_null();
    kg_date_write(date, text);
    return json_string(text);
}

json_t *kg_json_time(int64_t time_ms)
{
    char text[KG_TIME_BYTES];
    kg_time_write(time_ms, text);
    return json_string(text);
}

json_t *kg_json_languages(kg_languages languages)
{
    char text[KG_LANGUAGES_BYTES];
    kg_languages_write(languages, text);
    return json_string(text);
}

json_t *kg_json_category(const kg_state *state, kg_category category)
{
    char name[KG_CATEGORY_NAME_BYTES];
    kg_category_name(kg_state_catalogue(state), category, name);
    return json_string(name);
}

json_t *kg_json_levels_above(const kg_state *state, kg_category category,
                             const kg_levels *levels, const kg_levels *base)
{
    const kg_catalogue *catalogue = kg_state_catalogue(state);
    json_t *out = json_object();
    for (int i = 0; i < kg_category_criteria(catalogue, category); i++) {
        const kg_criterion *criterion = kg_category_criterion(catalogue, category, i);
        uint8_t rank = levels->rank[i];
        if (rank > base->rank[i] && rank < criterion->levels_count)
            json_object_set_new(out, criterion->id, json_string(criterion->levels[rank]));
    }
    return out;
}

json_t *kg_json_levels(const kg_state *state, kg_category category, const kg_levels *levels)
{
    const kg_levels lowest = {{0}};
    return kg_json_levels_above(state, category, levels, &lowest);
}

json_t *kg_json_window(kg_date from, kg_date to)
{
    return json_pack("{s:o,s:o}", "from", kg_json_date(from), "to", kg_json_date(to));
}

json_t *kg_json_titles(char *const titles[KG_NAMES])
{
    json_t *out = json_object();
    for (int i = 0; i < KG_NAMES; i++)
        if (titles[i])
            json_object_set_new(out, kg_name_language(i), json_string(titles[i]));
    return out;
}

json_t *kg_json_reasons(uint32_t blocking)
{
    json_t *out = json_array();
    for (int reason = 0; reason < KG_REASONS; reason++)
        if (blocking & (1u << reason))
            json_array_append_new(out, json_string(kg_reason_name((kg_reason)reason)));
    return out;
}

static json_t *change_of_level(const kg_state *state, kg_category category, const char *field,
                               const kg_change *change)
{
    const kg_criterion *criterion =
        kg_category_criterion(kg_state_catalogue(state), category, change->place);
    return json_pack("{s:s,s:s,s:s}", "field", field, "criterion", criterion->id, "to",
                     criterion->levels[change->rank]);
}

static json_t *change_of_column(const char *field, json_t *to)
{
    return json_pack("{s:s,s:n,s:o}", "field", field, "criterion", "to", to);
}

json_t *kg_json_change(const kg_state *state, kg_category category, const kg_change *change)
{
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
        return change_of_level(state, category, "accepts", change);
    case KG_CHANGE_CRITERIA:
        return change_of_level(state, category, "criteria", change);
    case KG_CHANGE_DELIVERY_FROM:
        return change_of_column("delivery_from", kg_json_date(change->date));
    case KG_CHANGE_DELIVERY_TO:
        return change_of_column("delivery_to", kg_json_date(change->date));
    case KG_CHANGE_LANGUAGES:
        return change_of_column("languages", kg_json_languages(change->languages));
    case KG_CHANGE_CONDITION:
        return change_of_column("condition", json_string(kg_condition_name(change->conditions)));
    case KG_CHANGE_NONE:
        break;
    }
    return json_null();
}

json_t *kg_json_regime(kg_regime regime)
{
    if (regime == KG_REGIME_UNKNOWN)
        return json_null();
    return json_string(regime == KG_REGIME_EU ? "eu" : "national");
}

json_t *kg_json_id(const kg_state *state, uint32_t lot)
{
    return lot == KG_NO_LOT ? json_null() : json_string(kg_state_lot(state, lot)->id);
}

void kg_json_write(json_t *json, kg_buffer *out)
{
    char *text = json_dumps(json, JSON_COMPACT);
    if (!text)
        kg_memory_end(); /* memory, or text that is not UTF-8, which no checked value holds */
    kg_buffer_add(out, text, strlen(text));
    free(text);
    json_decref(json);
}
