/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume.h"

#include <stdlib.h>
#include <string.h>

/* A line, with its cell's key. */
typedef struct kg_volume_row {
    kg_volume_cell key;
    uint32_t line, member, holding;
} kg_volume_row;

static bool has(const kg_query *query, kg_dimension dimension)
{
    for (size_t i = 0; i < query->by_count; i++)
        if (query->by[i] == dimension)
            return true;
    return false;
}

static bool cpv_begins(uint32_t cpv, const char *prefix)
{
    char digits[16];
    kg_text_format(digits, sizeof digits, "%08u", cpv);
    return strncmp(digits, prefix, strlen(prefix)) == 0;
}

static bool wanted(const kg_state *state, const kg_query *query, const kg_plan_line *line)
{
    const kg_catalogue *catalogue = kg_state_catalogue(state);
    if (query->category && kg_category_find(catalogue, query->category) != line->category)
        return false;
    if (query->cpv && !cpv_begins(kg_plan_line_cpv(line, catalogue), query->cpv))
        return false;
    if (query->nuts && !kg_nuts_within(line->nuts.code, query->nuts))
        return false;
    if (query->from != KG_DATE_NONE && line->delivery_to < query->from)
        return false;
    if (query->to != KG_DATE_NONE && line->delivery_from > query->to)
        return false;
    return query->track < 0 || query->track == line->track;
}

static int month_of(kg_date date)
{
    int year, month;
    kg_date_month(date, &year, &month);
    return year * 12 + month - 1;
}

static kg_volume_cell key_of(const kg_state *state, const kg_query *query,
                             const kg_plan_line *line)
{
    kg_volume_cell key = {.category = KG_CATEGORY_NONE, .track = -1};
    if (has(query, KG_BY_CATEGORY))
        key.category = line->category;
    if (has(query, KG_BY_CPV))
        key.cpv = kg_plan_line_cpv(line, kg_state_catalogue(state));
    if (has(query, KG_BY_NUTS))
        key.nuts = line->nuts;
    if (has(query, KG_BY_MONTH))
        key.month = month_of(line->delivery_from);
    if (has(query, KG_BY_TRACK))
        key.track = line->track;
    return key;
}

uint32_t kg_holding_of(const kg_state *state, uint32_t member)
{
    const char *parent = kg_state_member(state, member)->record.parent;
    uint32_t above = parent[0] ? kg_state_find_member(state, parent) : KG_NONE;
    return above == KG_NONE ? member : kg_holding_of(state, above);
}

static int compare_categories(const kg_catalogue *catalogue, kg_category a, kg_category b)
{
    char a_name[KG_CATEGORY_NAME_BYTES] = "", b_name[KG_CATEGORY_NAME_BYTES] = "";
    if (a == b)
        return 0;
    kg_category_name(catalogue, a, a_name);
    kg_category_name(catalogue, b, b_name);
    return strcmp(a_name, b_name);
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_keys(const kg_catalogue *catalogue, const kg_volume_cell *a,
                        const kg_volume_cell *b)
{
    int order = compare_categories(catalogue, a->category, b->category);
    if (order == 0)
        order = ORDER(a->cpv, b->cpv);
    if (order == 0)
        order = strcmp(a->nuts.code, b->nuts.code);
    if (order == 0)
        order = ORDER(a->month, b->month);
    return order ? order : ORDER(a->track, b->track);
}

static int compare_by_member(const void *a, const void *b, void *context)
{
    const kg_volume_row *x = a, *y = b;
    int order = compare_keys(kg_state_catalogue(context), &x->key, &y->key);
    if (order == 0)
        order = ORDER(x->holding, y->holding);
    if (order == 0)
        order = ORDER(x->member, y->member);
    return order ? order : ORDER(x->line, y->line);
}

static void add_row(const kg_state *state, const kg_volume_row *row, const kg_volume_row *before,
                    kg_volume_cell *cell)
{
    kg_plan_line line = kg_pool_get(state, row->line).line;
    cell->lines++;
    cell->quantity_min += line.quantity_min;
    cell->quantity += line.quantity;
    cell->quantity_max += line.quantity_max;
    cell->value_cents += line.value_cents;
    cell->organisations += !before || before->member != row->member;
    cell->holdings += !before || before->holding != row->holding;
}

static void add_up(const kg_state *state, const kg_volume_row *rows, size_t count,
                   kg_volume *out)
{
    size_t capacity = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && compare_keys(kg_state_catalogue(state), &rows[i - 1].key,
                                          &rows[i].key) == 0;
        if (!same) {
            out->cells = kg_grow(out->cells, out->count, &capacity, sizeof *out->cells);
            out->cells[out->count++] = rows[i].key;
        }
        add_row(state, &rows[i], same ? &rows[i - 1] : NULL, &out->cells[out->count - 1]);
    }
}

void kg_volume_count(const kg_state *state, const kg_query *query, const uint32_t *lines,
                     size_t lines_count, kg_volume *out)
{
    kg_volume_row *rows = kg_alloc(lines_count ? lines_count : 1, sizeof *rows);
    size_t count = 0;
    *out = (kg_volume){0};
    for (size_t i = 0; i < lines_count; i++) {
        kg_pool_line line = kg_pool_get(state, lines[i]);
        if (!wanted(state, query, &line.line))
            continue;
        rows[count++] = (kg_volume_row){key_of(state, query, &line.line), lines[i], line.member,
                                        kg_holding_of(state, line.member)};
    }
    qsort_r(rows, count, sizeof *rows, compare_by_member, (void *)(uintptr_t)state);
    add_up(state, rows, count, out);
    free(rows);
}

void kg_volume_fini(kg_volume *volume)
{
    free(volume->cells);
    *volume = (kg_volume){0};
}
