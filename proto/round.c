/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/round.h"

#include <stdlib.h>
#include <string.h>

#define CPV_DIGITS 8

void kg_round_init(kg_round *round)
{
    *round = (kg_round){
        .delivery_from = KG_DATE_NONE,
        .delivery_to = KG_DATE_NONE,
        .opens = KG_DATE_NONE,
        .closes = KG_DATE_NONE,
        .confirm_by = KG_DATE_NONE,
        .reconfirm_by = KG_DATE_NONE,
        .award_by = KG_DATE_NONE,
        .bodies_min = 1,
        .window_days_min = 1,
    };
}

void kg_round_fini(kg_round *round)
{
    for (int i = 0; i < KG_NAMES; i++)
        free(round->titles[i]);
    free(round->categories);
    free(round->cpv);
    free(round->nuts);
    kg_round_init(round);
}

/* Owned; NULL of nothing. */
static void *copy(const void *list, size_t count, size_t size)
{
    if (count == 0)
        return NULL;
    void *out = kg_alloc(count, size);
    memcpy(out, list, count * size);
    return out;
}

void kg_round_copy(kg_round *to, const kg_round *from)
{
    *to = *from;
    for (int i = 0; i < KG_NAMES; i++)
        to->titles[i] = kg_strdup(from->titles[i]);
    to->categories = copy(from->categories, from->categories_count, sizeof *from->categories);
    to->cpv = copy(from->cpv, from->cpv_count, sizeof *from->cpv);
    to->nuts = copy(from->nuts, from->nuts_count, sizeof *from->nuts);
}

bool kg_cpv_prefix_parse(const char *text, kg_cpv_prefix *out)
{
    size_t digits = strspn(text, "0123456789");
    uint32_t whole;
    if (digits == CPV_DIGITS && kg_catalogue_cpv_parse(text, &whole)) {
        while (digits > 2 && text[digits - 1] == '0')
            digits--;
    } else if (text[digits] || digits < 2 || digits >= CPV_DIGITS) {
        return false;
    }
    memset(out, 0, sizeof *out);
    memcpy(out->digits, text, digits);
    return true;
}

static void wrong(kg_problems *problems, kg_status status, long row, const char *key,
                  const char *value, const char *allowed)
{
    kg_problems_add(problems, status, row, key, value, allowed ? "%s" : NULL, allowed);
}

static bool category_exists(const kg_catalogue *catalogue, kg_category category)
{
    return category < catalogue->categories_count;
}

static void check_scope(const kg_round *round, const kg_catalogue *catalogue, long row,
                        kg_problems *problems)
{
    kg_cpv_prefix again;
    if (round->categories_count > 0 && round->cpv_count > 0)
        wrong(problems, KG_STATUS_SCOPE, row, "categories", NULL, NULL);
    for (size_t i = 0; i < round->categories_count; i++) {
        if (!category_exists(catalogue, round->categories[i]))
            wrong(problems, KG_STATUS_UNKNOWN_CATEGORY, row, "categories", NULL, NULL);
    }
    for (size_t i = 0; i < round->cpv_count; i++) {
        if (!kg_cpv_prefix_parse(round->cpv[i].digits, &again))
            wrong(problems, KG_STATUS_CPV, row, "cpv", round->cpv[i].digits,
                  "A CPV code, or its first digits, at least two.");
    }
    for (size_t i = 0; i < round->nuts_count; i++) {
        if (!kg_nuts_listed(round->nuts[i].code))
            wrong(problems, KG_STATUS_NUTS, row, "nuts", round->nuts[i].code, NULL);
    }
    if (round->nuts_level < 0 || round->nuts_level > 3)
        wrong(problems, KG_STATUS_INVALID, row, "nuts_level", NULL, "0, 1, 2 or 3.");
    if (round->categories_count > KG_ROUND_SCOPE_MAX || round->cpv_count > KG_ROUND_SCOPE_MAX ||
        round->nuts_count > KG_ROUND_SCOPE_MAX)
        kg_problems_add(problems, KG_STATUS_INVALID, row, NULL, NULL,
                        "A scope names at most %d of a kind.", KG_ROUND_SCOPE_MAX);
}

static void check_period(const kg_round *round, long row, kg_problems *problems)
{
    if (round->delivery_from == KG_DATE_NONE)
        wrong(problems, KG_STATUS_MISSING, row, "delivery_from", NULL, NULL);
    if (round->delivery_to == KG_DATE_NONE)
        wrong(problems, KG_STATUS_MISSING, row, "delivery_to", NULL, NULL);
    if (round->delivery_to != KG_DATE_NONE && round->delivery_from > round->delivery_to)
        wrong(problems, KG_STATUS_DATE_ORDER, row, "delivery_from", NULL, NULL);
}

/* Each date that is there must not be before the one before it that is there. */
static void check_order(const kg_round *round, long row, kg_problems *problems)
{
    static const char *const keys[] = {"opens", "closes", "confirm_by", "reconfirm_by", "award_by"};
    const kg_date dates[] = {round->opens, round->closes, round->confirm_by, round->reconfirm_by,
                             round->award_by};
    kg_date before = KG_DATE_NONE;
    for (int i = 0; i < 5; i++) {
        char text[KG_DATE_BYTES];
        if (dates[i] == KG_DATE_NONE)
            continue;
        kg_date_write(dates[i], text);
        if (dates[i] < before)
            wrong(problems, KG_STATUS_ROUND_DATES, row, keys[i], text, NULL);
        before = dates[i];
    }
}

static void check_minima(const kg_round *round, long row, kg_problems *problems)
{
    if (round->bodies_min < 0 || round->bodies_min > KG_ROUND_BODIES_MAX)
        wrong(problems, KG_STATUS_INVALID, row, "bodies_min", NULL, NULL);
    if (round->quantity_min < 0 || round->quantity_min > KG_ROUND_QUANTITY_MAX)
        wrong(problems, KG_STATUS_QUANTITY, row, "quantity_min", NULL, NULL);
    if (round->value_min_cents < 0 || round->value_max_cents < 0)
        wrong(problems, KG_STATUS_VALUE, row, "value_min", NULL, NULL);
    if (round->value_max_cents > 0 && round->value_min_cents > round->value_max_cents)
        wrong(problems, KG_STATUS_INVALID, row, "value_min", NULL,
              KG_SAY("value_min must not be above value_max: no lot could be made."));
    if (round->window_days_min < 1 || round->window_days_min > KG_ROUND_WINDOW_DAYS_MAX)
        wrong(problems, KG_STATUS_INVALID, row, "window_days_min", NULL, KG_SAY("At least 1 day."));
}

bool kg_round_check(const kg_round *round, const kg_catalogue *catalogue, long row,
                    kg_problems *problems)
{
    size_t before = problems->count;
    if (!kg_id_valid(round->id))
        wrong(problems, KG_STATUS_INVALID, row, "round", round->id,
              "An id is 1 to 64 of A-Z a-z 0-9 : . _ -");
    check_scope(round, catalogue, row, problems);
    check_period(round, row, problems);
    check_order(round, row, problems);
    check_minima(round, row, problems);
    return problems->count == before;
}

static bool covers_category(const kg_round *round, kg_category category)
{
    for (size_t i = 0; i < round->categories_count; i++) {
        if (round->categories[i] == category)
            return true;
    }
    return false;
}

static bool covers_cpv(const kg_round *round, uint32_t cpv)
{
    char digits[CPV_DIGITS];
    for (int i = CPV_DIGITS - 1; i >= 0; i--) {
        digits[i] = (char)('0' + cpv % 10);
        cpv /= 10;
    }
    for (size_t i = 0; i < round->cpv_count; i++) {
        const char *prefix = round->cpv[i].digits;
        int n = 0;
        while (prefix[n] && prefix[n] == digits[n])
            n++;
        if (!prefix[n])
            return true;
    }
    return false;
}

static bool covers_nuts(const kg_round *round, const char *nuts)
{
    for (size_t i = 0; i < round->nuts_count; i++) {
        if (kg_nuts_within(nuts, round->nuts[i].code))
            return true;
    }
    return round->nuts_count == 0;
}

bool kg_round_covers(const kg_round *round, kg_category category, uint32_t cpv, const char *nuts,
                     kg_date from, kg_date to)
{
    if (from > round->delivery_to || to < round->delivery_from)
        return false;
    if (round->categories_count > 0 && !covers_category(round, category))
        return false;
    if (round->cpv_count > 0 && !covers_cpv(round, cpv))
        return false;
    return covers_nuts(round, nuts);
}

bool kg_round_in_scope(const kg_round *round, const kg_catalogue *catalogue,
                       const kg_plan_line *line)
{
    return kg_round_covers(round, line->category, kg_plan_line_cpv(line, catalogue),
                           line->nuts.code, line->delivery_from, line->delivery_to);
}

static void scope_write(const kg_round *round, const kg_catalogue *catalogue, kg_sink sink)
{
    char name[KG_CATEGORY_NAME_BYTES];
    kg_sink_u32(sink, (uint32_t)round->categories_count);
    for (size_t i = 0; i < round->categories_count; i++) {
        kg_category_name(catalogue, round->categories[i], name);
        kg_sink_text(sink, name);
    }
    kg_sink_u32(sink, (uint32_t)round->cpv_count);
    for (size_t i = 0; i < round->cpv_count; i++)
        kg_sink_text(sink, round->cpv[i].digits);
    kg_sink_u32(sink, (uint32_t)round->nuts_count);
    for (size_t i = 0; i < round->nuts_count; i++)
        kg_sink_text(sink, round->nuts[i].code);
    kg_sink_u8(sink, (uint8_t)round->nuts_level);
}

void kg_round_write(const kg_round *round, const kg_catalogue *catalogue, kg_sink sink)
{
    kg_sink_text(sink, "kopgroep round 1");
    kg_sink_text(sink, round->id);
    scope_write(round, catalogue, sink);
    kg_sink_i64(sink, round->delivery_from);
    kg_sink_i64(sink, round->delivery_to);
    kg_sink_i64(sink, round->award_by);
    kg_sink_i64(sink, round->bodies_min);
    kg_sink_i64(sink, round->quantity_min);
    kg_sink_i64(sink, round->value_min_cents);
    kg_sink_i64(sink, round->value_max_cents);
    kg_sink_i64(sink, round->window_days_min);
}
