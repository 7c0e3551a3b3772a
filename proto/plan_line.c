/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_line.h"

#include <string.h>

static const char *const columns[KG_COLUMNS] = {
    [KG_COLUMN_LINE] = "line",
    [KG_COLUMN_TITLE] = "title",
    [KG_COLUMN_CPV] = "cpv",
    [KG_COLUMN_CATEGORY] = "category",
    [KG_COLUMN_CONDITION] = "condition",
    [KG_COLUMN_QUANTITY] = "quantity",
    [KG_COLUMN_QUANTITY_MIN] = "quantity_min",
    [KG_COLUMN_QUANTITY_MAX] = "quantity_max",
    [KG_COLUMN_UNIT_PRICE_MAX] = "unit_price_max",
    [KG_COLUMN_VALUE] = "value",
    [KG_COLUMN_CURRENCY] = "currency",
    [KG_COLUMN_DELIVERY_FROM] = "delivery_from",
    [KG_COLUMN_DELIVERY_TO] = "delivery_to",
    [KG_COLUMN_ORDER_BY] = "order_by",
    [KG_COLUMN_NUTS] = "nuts",
    [KG_COLUMN_LANGUAGES] = "languages",
    [KG_COLUMN_TRACK] = "track",
    [KG_COLUMN_COMMITMENT] = "commitment",
    [KG_COLUMN_CRITERIA] = "criteria",
    [KG_COLUMN_ACCEPTS] = "accepts",
    [KG_COLUMN_PROFILE] = "profile",
    [KG_COLUMN_LIFETIME_YEARS] = "lifetime_years",
    [KG_COLUMN_ORGANISATION] = "organisation",
};

const char *kg_column_name(kg_column column)
{
    return columns[column];
}

int kg_column_find(const char *name)
{
    for (int i = 0; i < KG_COLUMNS; i++) {
        if (strcmp(columns[i], name) == 0)
            return i;
    }
    return -1;
}

uint32_t kg_plan_line_cpv(const kg_plan_line *line, const kg_catalogue *catalogue)
{
    const kg_category_entry *entry = kg_category_entry_of(catalogue, line->category);
    if (line->cpv != 0)
        return line->cpv;
    return entry && entry->cpv_count > 0 ? entry->cpv[0] : 0;
}

static bool same_purchase(const kg_plan_line *a, const kg_plan_line *b)
{
    return a->cpv == b->cpv && a->category == b->category && a->conditions == b->conditions &&
           a->track == b->track && a->commitment == b->commitment &&
           a->lifetime_years == b->lifetime_years && strcmp(a->title, b->title) == 0;
}

static bool same_volume(const kg_plan_line *a, const kg_plan_line *b)
{
    return a->has_quantity == b->has_quantity && a->quantity == b->quantity &&
           a->quantity_min == b->quantity_min && a->quantity_max == b->quantity_max &&
           a->unit_price_max_cents == b->unit_price_max_cents &&
           a->value_given_cents == b->value_given_cents && a->value_cents == b->value_cents &&
           a->value_max_cents == b->value_max_cents;
}

static bool same_terms(const kg_plan_line *a, const kg_plan_line *b)
{
    return a->delivery_from == b->delivery_from && a->delivery_to == b->delivery_to &&
           a->order_by == b->order_by && strcmp(a->nuts.code, b->nuts.code) == 0 &&
           a->languages == b->languages && kg_levels_equal(&a->lo, &b->lo) &&
           kg_levels_equal(&a->hi, &b->hi);
}

bool kg_plan_line_equal(const kg_plan_line *a, const kg_plan_line *b)
{
    return same_purchase(a, b) && same_volume(a, b) && same_terms(a, b);
}

/* In the category's order, which is the order of the ids. */
static void write_levels(const kg_catalogue *catalogue, kg_category category,
                         const kg_levels *levels, uint8_t unstated, kg_sink sink)
{
    int places = kg_category_criteria(catalogue, category);
    uint32_t stated = 0;
    for (int i = 0; i < places; i++)
        stated += levels->rank[i] != unstated;
    kg_sink_u32(sink, stated);
    for (int i = 0; i < places; i++) {
        const kg_criterion *criterion = kg_category_criterion(catalogue, category, i);
        if (levels->rank[i] == unstated)
            continue;
        kg_sink_text(sink, criterion->id);
        kg_sink_text(sink, criterion->levels[levels->rank[i]]);
    }
}

void kg_plan_line_write(const kg_plan_line *line, const kg_catalogue *catalogue, kg_sink sink)
{
    char category[KG_CATEGORY_NAME_BYTES], languages[KG_LANGUAGES_BYTES];
    const int64_t numbers[] = {
        line->quantity,          line->quantity_min, line->quantity_max,
        line->unit_price_max_cents, line->value_given_cents, line->value_cents,
        line->value_max_cents,   line->delivery_from, line->delivery_to,
        line->order_by,
    };
    kg_category_name(catalogue, line->category, category);
    kg_languages_write(line->languages, languages);
    kg_sink_text(sink, line->organisation);
    kg_sink_text(sink, line->line);
    kg_sink_text(sink, line->title);
    kg_sink_u32(sink, line->cpv);
    kg_sink_text(sink, category);
    kg_sink_u8(sink, line->conditions);
    kg_sink_u8(sink, line->track);
    kg_sink_u8(sink, line->commitment);
    kg_sink_u8(sink, line->lifetime_years);
    kg_sink_u8(sink, line->has_quantity);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kg_sink_i64(sink, numbers[i]);
    kg_sink_text(sink, line->nuts.code);
    kg_sink_text(sink, languages);
    write_levels(catalogue, line->category, &line->lo, 0, sink);
    write_levels(catalogue, line->category, &line->hi, KG_LEVEL_ANY, sink);
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

int kg_plan_line_compare(const kg_plan_line *a, const kg_plan_line *b)
{
    int order = compare_texts(a->organisation, b->organisation);
    return order ? order : compare_texts(a->line, b->line);
}

const char *kg_track_name(int track)
{
    return track == KG_TRACK_KOPGROEP ? "kopgroep" : "peloton";
}

const char *kg_commitment_name(int commitment)
{
    static const char *const names[] = {"indicative", "intended", "binding"};
    return names[commitment];
}

const char *kg_condition_name(int conditions)
{
    static const char *const names[] = {[KG_CONDITION_NEW] = "new",
                                        [KG_CONDITION_REFURBISHED] = "refurbished",
                                        [KG_CONDITION_EITHER] = "either"};
    return names[conditions];
}

char *kg_levels_text(const kg_catalogue *catalogue, kg_category category, const kg_levels *levels,
                     uint8_t unstated)
{
    kg_buffer out;
    kg_buffer_init(&out);
    for (int i = 0; i < kg_category_criteria(catalogue, category); i++) {
        const kg_criterion *criterion = kg_category_criterion(catalogue, category, i);
        if (levels->rank[i] != unstated)
            kg_buffer_format(&out, "%s%s=%s", out.count ? " " : "", criterion->id,
                             criterion->levels[levels->rank[i]]);
    }
    return out.bytes;
}

bool kg_plan_line_counts_ceiling(const kg_plan_line *line)
{
    return line->value_given_cents < 0 && line->unit_price_max_cents >= 0;
}
