/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_fit.h"

#include <string.h>

static kg_cell_fit both(kg_cell_fit a, kg_cell_fit b)
{
    return a < b ? a : b;
}

static kg_cell_fit either(kg_cell_fit a, kg_cell_fit b)
{
    return a > b ? a : b;
}

/* Is what goes from `from` to `to` in the limits, both inclusive? */
static kg_cell_fit fit_span(int64_t from, int64_t to, int64_t least, int64_t most)
{
    if (to < least || from > most)
        return KG_CELL_OUTSIDE;
    return from >= least && to <= most ? KG_CELL_INSIDE : KG_CELL_WIDER;
}

static kg_cell_fit fit_category(const char *category, const char *asked)
{
    if (!category)
        return KG_CELL_WIDER;
    return strcmp(category, asked) == 0 ? KG_CELL_INSIDE : KG_CELL_OUTSIDE;
}

/* The codes of a category, of which the catalogue has one or more spans. */
static kg_cell_fit fit_codes(const kg_catalogue *catalogue, const char *category, int64_t least,
                             int64_t most)
{
    kg_category index = kg_category_find(catalogue, category);
    bool some = false, all = true;
    if (index == KG_CATEGORY_NONE)
        return KG_CELL_WIDER;
    if (index >= KG_CATEGORY_CPV) {
        int64_t first = (int64_t)(index - KG_CATEGORY_CPV) * 10000;
        return fit_span(first, first + 9999, least, most);
    }
    for (size_t i = 0; i < catalogue->cpv_ranges_count; i++) {
        const kg_cpv_range *range = &catalogue->cpv_ranges[i];
        int64_t last = i + 1 < catalogue->cpv_ranges_count ? range[1].from - 1 : 99999999;
        if (range->category != index)
            continue;
        kg_cell_fit fit = fit_span(range->from, last, least, most);
        some |= fit != KG_CELL_OUTSIDE;
        all &= fit == KG_CELL_INSIDE;
    }
    return !some ? KG_CELL_OUTSIDE : all ? KG_CELL_INSIDE : KG_CELL_WIDER;
}

static kg_cell_fit fit_cpv(const kg_cell_place *place, const char *category,
                           const kg_catalogue *catalogue, const char *prefix)
{
    int64_t least = 0, width = 100000000;
    for (const char *digit = prefix; *digit; digit++) {
        width /= 10;
        least += (*digit - '0') * width;
    }
    if (place->has_cpv)
        return fit_span(place->cpv, place->cpv, least, least + width - 1);
    return category ? fit_codes(catalogue, category, least, least + width - 1) : KG_CELL_WIDER;
}

static kg_cell_fit fit_nuts(const kg_cell_place *place, const char *prefix)
{
    size_t told = strlen(place->nuts);
    if (place->nuts_chars == 0)
        return KG_CELL_WIDER;
    if (kg_nuts_within(place->nuts, prefix))
        return KG_CELL_INSIDE;
    bool open = told == (size_t)place->nuts_chars && told < KG_NUTS_CHARS_MAX;
    return open && kg_nuts_within(prefix, place->nuts) ? KG_CELL_WIDER : KG_CELL_OUTSIDE;
}

static kg_date first_of(int year, int month)
{
    char text[KG_DATE_BYTES];
    kg_date date = KG_DATE_NONE;
    kg_text_format(text, sizeof text, "%04d-%02d-01", year + (month - 1) / 12,
                   (month - 1) % 12 + 1);
    kg_date_parse(text, &date);
    return date;
}

static kg_cell_fit fit_begin(const kg_cell_place *place, kg_date least, kg_date most)
{
    int first = place->month ? place->month : place->quarter ? place->quarter * 3 - 2 : 1;
    int months = place->month ? 1 : place->quarter ? 3 : 12;
    if (least == KG_DATE_NONE && most == KG_DATE_NONE)
        return KG_CELL_INSIDE;
    if (place->year == 0)
        return KG_CELL_WIDER;
    return fit_span(first_of(place->year, first), first_of(place->year, first + months) - 1,
                    least == KG_DATE_NONE ? INT32_MIN : least,
                    most == KG_DATE_NONE ? INT32_MAX : most);
}

static kg_cell_fit fit_track(const kg_cell_place *place, int track)
{
    if (place->track < 0)
        return KG_CELL_WIDER;
    return place->track == track ? KG_CELL_INSIDE : KG_CELL_OUTSIDE;
}

/* A round's scope, as far as a cell tells; a window that begins before the period may reach into
 * it. */
static kg_cell_fit fit_round(const kg_cell_place *place, const char *category,
                             const kg_reader_question *question)
{
    const kg_round *round = question->round;
    bool all = round->categories_count == 0 && round->cpv_count == 0;
    kg_cell_fit kind = all ? KG_CELL_INSIDE : KG_CELL_OUTSIDE;
    kg_cell_fit where = round->nuts_count == 0 ? KG_CELL_INSIDE : KG_CELL_OUTSIDE;
    for (size_t i = 0; i < round->categories_count; i++) {
        char name[KG_CATEGORY_NAME_BYTES];
        kg_category_name(question->catalogue, round->categories[i], name);
        kind = either(kind, fit_category(category, name));
    }
    for (size_t i = 0; i < round->cpv_count; i++)
        kind = either(kind, fit_cpv(place, category, question->catalogue, round->cpv[i].digits));
    for (size_t i = 0; i < round->nuts_count; i++)
        where = either(where, fit_nuts(place, round->nuts[i].code));
    kg_cell_fit when = fit_begin(place, KG_DATE_NONE, round->delivery_to);
    if (when == KG_CELL_INSIDE && fit_begin(place, round->delivery_from, KG_DATE_NONE) !=
                                      KG_CELL_INSIDE)
        when = KG_CELL_WIDER;
    return both(kind, both(where, when));
}

kg_cell_fit kg_cell_fit_of(const kg_cell_place *place, const char *category,
                           const kg_reader_question *question)
{
    const kg_query *query = question->query;
    kg_cell_fit fit = fit_begin(place, query->from, query->to);
    if (query->category)
        fit = both(fit, fit_category(category, query->category));
    if (query->cpv)
        fit = both(fit, fit_cpv(place, category, question->catalogue, query->cpv));
    if (query->nuts)
        fit = both(fit, fit_nuts(place, query->nuts));
    if (query->track >= 0)
        fit = both(fit, fit_track(place, query->track));
    return question->round ? both(fit, fit_round(place, category, question)) : fit;
}
