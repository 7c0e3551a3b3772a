/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_tally.h"

#include <stdlib.h>
#include <string.h>

#define DENSE_MAX ((size_t)1 << 20)
#define HASH_MIN 64
#define CATEGORIES (KG_CATALOGUE_CATEGORIES_MAX + 10000u)
/* NUTS numbers of codes that are not on the list. */
#define STRANGE 0x8000u
/* Months are counted from 1900-01 in a cell's place, so that there is no negative one. */
#define MONTH_BASE 1200
#define MONTH_ZERO (2000 * 12)

enum { PLACE_MONTH = 1, PLACE_NUTS = 17, PLACE_CPV = 33 };

static bool has(const kg_tally *tally, kg_dimension dimension)
{
    return tally->by >> dimension & 1;
}

/* How many numbers the dimensions have together; 0: they have none. */
static size_t dense_size(const kg_tally *tally)
{
    size_t count = (size_t)tally->regions * tally->months * (has(tally, KG_BY_TRACK) ? 2 : 1);
    if (has(tally, KG_BY_CATEGORY))
        count *= CATEGORIES;
    return count <= DENSE_MAX && !has(tally, KG_BY_CPV) ? count : 0;
}

void kg_tally_init(kg_tally *tally, const kg_volume_pool *pool, const kg_query *query,
                   const kg_volume_filter *filter)
{
    *tally = (kg_tally){.pool = pool, .regions = 1, .months = 1};
    for (size_t i = 0; i < query->by_count; i++)
        tally->by |= 1u << query->by[i];
    if (has(tally, KG_BY_NUTS)) {
        uint16_t last = filter->by_nuts ? filter->nuts_last : (uint16_t)(kg_nuts_count() - 1);
        tally->nuts_first = filter->nuts_first;
        tally->regions = filter->nothing ? 1 : last - filter->nuts_first + 1u;
    }
    if (has(tally, KG_BY_MONTH))
        tally->months = pool->month_last - pool->month_first + 1u;
}

void kg_tally_expect(kg_tally *tally, size_t lines)
{
    size_t dense = dense_size(tally);
    if (dense > 0 && dense / 16 <= lines + 64)
        tally->dense = kg_alloc(dense, sizeof *tally->dense);
    tally->hash_mask = HASH_MIN - 1;
    tally->hash = kg_alloc(HASH_MIN, sizeof *tally->hash);
    size_t groups = tally->dense ? dense : 0, members = tally->pool->members;
    kg_distinct_init(&tally->bodies, groups, members, lines);
}

void kg_tally_expect_bodies(kg_tally *tally, size_t lines)
{
    kg_distinct_fini(&tally->bodies);
    const size_t spare = 2; /* cells of lines that the columns do not tell right */
    kg_distinct_init(&tally->bodies, tally->count + spare, tally->pool->members, lines);
}

void kg_tally_fini(kg_tally *tally)
{
    free(tally->cells);
    free(tally->dense);
    free(tally->hash);
    free(tally->strange);
    kg_distinct_fini(&tally->bodies);
    *tally = (kg_tally){0};
}

static uint32_t add_cell(kg_tally *tally, uint64_t place, uint16_t category)
{
    tally->cells = kg_grow(tally->cells, tally->count, &tally->capacity, sizeof *tally->cells);
    tally->cells[tally->count] = (kg_tally_cell){.place = place, .category = category};
    return (uint32_t)tally->count++;
}

static size_t hash_of(const kg_tally *tally, uint64_t place, uint16_t category)
{
    uint64_t mixed = (place ^ (uint64_t)category << 43) * UINT64_C(0x9e3779b97f4a7c15);
    return (mixed ^ mixed >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 24 & tally->hash_mask;
}

static void grow_hash(kg_tally *tally)
{
    free(tally->hash);
    tally->hash_mask = tally->hash_mask * 4 + 3;
    tally->hash = kg_alloc(tally->hash_mask + 1, sizeof *tally->hash);
    for (size_t i = 0; i < tally->count; i++) {
        size_t at = hash_of(tally, tally->cells[i].place, tally->cells[i].category);
        while (tally->hash[at])
            at = (at + 1) & tally->hash_mask;
        tally->hash[at] = (uint32_t)i + 1;
    }
}

static uint32_t by_hash(kg_tally *tally, uint64_t place, uint16_t category)
{
    size_t at = hash_of(tally, place, category);
    for (; tally->hash[at]; at = (at + 1) & tally->hash_mask) {
        const kg_tally_cell *cell = &tally->cells[tally->hash[at] - 1];
        if (cell->place == place && cell->category == category)
            return tally->hash[at] - 1;
    }
    uint32_t cell = add_cell(tally, place, category);
    tally->hash[at] = cell + 1;
    if (tally->count * 2 > tally->hash_mask)
        grow_hash(tally);
    return cell;
}

static uint64_t place_of(const kg_tally *tally, uint32_t cpv, uint32_t nuts, int month,
                         unsigned track)
{
    uint64_t place = has(tally, KG_BY_CPV) ? (uint64_t)cpv << PLACE_CPV : 0;
    if (has(tally, KG_BY_NUTS))
        place |= (uint64_t)nuts << PLACE_NUTS;
    if (has(tally, KG_BY_MONTH))
        place |= (uint64_t)(month + MONTH_BASE) << PLACE_MONTH;
    return has(tally, KG_BY_TRACK) ? place | track : place;
}

static uint32_t category_number(uint16_t category)
{
    return category < KG_CATEGORY_CPV
               ? category
               : KG_CATALOGUE_CATEGORIES_MAX + (uint32_t)(category - KG_CATEGORY_CPV);
}

static void number_lines(const kg_tally *tally, const uint32_t *lines, size_t count, uint32_t *out)
{
    const kg_volume_pool *pool = tally->pool;
    const kg_pool_columns *columns = &pool->columns;
    memset(out, 0, count * sizeof *out);
    if (has(tally, KG_BY_CATEGORY))
        for (size_t i = 0; i < count; i++)
            out[i] = category_number(columns->category[lines[i]]) * tally->regions;
    if (has(tally, KG_BY_NUTS))
        for (size_t i = 0; i < count; i++)
            out[i] += (uint32_t)(columns->nuts[lines[i]] - tally->nuts_first);
    for (size_t i = 0; i < count; i++)
        out[i] *= tally->months;
    if (has(tally, KG_BY_MONTH))
        for (size_t i = 0; i < count; i++)
            out[i] += (uint32_t)(pool->month[columns->from[lines[i]]] - pool->month_first);
    if (has(tally, KG_BY_TRACK))
        for (size_t i = 0; i < count; i++)
            out[i] = out[i] * 2 + (columns->flags[lines[i]] & KG_POOL_KOPGROEP);
}

static uint16_t category_of(const kg_tally *tally, uint16_t category)
{
    return has(tally, KG_BY_CATEGORY) ? category : KG_CATEGORY_NONE;
}

static uint64_t place_of_line(const kg_tally *tally, uint32_t line)
{
    const kg_pool_columns *columns = &tally->pool->columns;
    return place_of(tally, columns->cpv[line], columns->nuts[line],
                    tally->pool->month[columns->from[line]],
                    columns->flags[line] & KG_POOL_KOPGROEP);
}

static void cells_of(kg_tally *tally, const uint32_t *lines, size_t count, uint32_t *out)
{
    const uint16_t *categories = tally->pool->columns.category;
    if (tally->dense) {
        number_lines(tally, lines, count, out);
        for (size_t i = 0; i < count; i++) {
            uint32_t *dense = &tally->dense[out[i]];
            if (*dense == 0)
                *dense = add_cell(tally, place_of_line(tally, lines[i]),
                                  category_of(tally, categories[lines[i]])) + 1;
            out[i] = *dense - 1;
        }
        return;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = by_hash(tally, place_of_line(tally, lines[i]),
                         category_of(tally, categories[lines[i]]));
}

void kg_tally_body(kg_tally *tally, uint32_t cell, uint32_t member)
{
    tally->cells[cell].organisations += kg_distinct_add(&tally->bodies, cell, member);
}

void kg_tally_bodies(kg_tally *tally, const uint32_t *cells, const uint32_t *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kg_distinct_prefetch(&tally->bodies, cells[i], members[i]);
    for (size_t i = 0; i < count; i++)
        tally->cells[cells[i]].organisations +=
            kg_distinct_add(&tally->bodies, cells[i], members[i]);
}

static void add_bodies(kg_tally *tally, const uint32_t *lines, const uint32_t *cells, size_t count)
{
    uint32_t members[KG_VOLUME_BLOCK];
    for (size_t i = 0; i < count; i++)
        members[i] = tally->pool->columns.member[lines[i]];
    kg_tally_bodies(tally, cells, members, count);
}

void kg_tally_lines(kg_tally *tally, const uint32_t *lines, size_t count, bool bodies)
{
    const kg_pool_columns *columns = &tally->pool->columns;
    uint32_t cells[KG_VOLUME_BLOCK];
    cells_of(tally, lines, count, cells);
    for (size_t i = 0; i < count; i++) {
        kg_tally_cell *cell = &tally->cells[cells[i]];
        cell->lines++;
        cell->quantity_min += columns->quantity_min[lines[i]];
        cell->quantity += columns->quantity[lines[i]];
        cell->quantity_max += columns->quantity_max[lines[i]];
        cell->value += kg_pool_value(columns, lines[i]);
    }
    if (bodies)
        add_bodies(tally, lines, cells, count);
}

static uint32_t nuts_number(kg_tally *tally, const kg_nuts *nuts)
{
    int number = kg_nuts_number(nuts->code);
    if (number >= 0)
        return (uint32_t)number;
    for (size_t i = 0; i < tally->strange_count; i++)
        if (strcmp(tally->strange[i].code, nuts->code) == 0)
            return STRANGE + (uint32_t)i;
    tally->strange = kg_grow(tally->strange, tally->strange_count, &tally->strange_capacity,
                             sizeof *tally->strange);
    tally->strange[tally->strange_count] = *nuts;
    return STRANGE + (uint32_t)tally->strange_count++;
}

/* The cell by number where it has one, so that both kinds of lines meet in it. */
static uint32_t cell_at(kg_tally *tally, uint32_t nuts, int month, unsigned track, uint64_t place,
                        uint16_t category)
{
    uint32_t region = has(tally, KG_BY_NUTS) ? nuts - tally->nuts_first : 0;
    uint32_t since = has(tally, KG_BY_MONTH) ? (uint32_t)(month - tally->pool->month_first) : 0;
    if (!tally->dense || region >= tally->regions || since >= tally->months)
        return by_hash(tally, place, category);
    uint32_t number = has(tally, KG_BY_CATEGORY) ? category_number(category) : 0;
    number = (number * tally->regions + region) * tally->months + since;
    uint32_t *dense = &tally->dense[has(tally, KG_BY_TRACK) ? number * 2 + track : number];
    if (*dense == 0)
        *dense = add_cell(tally, place, category) + 1;
    return *dense - 1;
}

uint32_t kg_tally_odd(kg_tally *tally, const kg_catalogue *catalogue, const kg_plan_line *plan)
{
    int year, month;
    uint32_t nuts = nuts_number(tally, &plan->nuts);
    uint16_t category = category_of(tally, plan->category);
    kg_date_month(plan->delivery_from, &year, &month);
    month += year * 12 - 1 - MONTH_ZERO;
    uint64_t place = place_of(tally, kg_plan_line_cpv(plan, catalogue), nuts, month, plan->track);
    uint32_t at = cell_at(tally, nuts, month, plan->track, place, category);
    kg_tally_cell *cell = &tally->cells[at];
    cell->lines++;
    cell->quantity_min += (uint64_t)plan->quantity_min;
    cell->quantity += (uint64_t)plan->quantity;
    cell->quantity_max += (uint64_t)plan->quantity_max;
    cell->value += plan->value_cents;
    return at;
}

uint32_t kg_tally_cell_of(kg_tally *tally, int month, unsigned track)
{
    return cell_at(tally, 0, month, track, place_of(tally, 0, 0, month, track), KG_CATEGORY_NONE);
}

/* The order of categories by name, where they are a dimension. */
typedef struct kg_named {
    char name[KG_CATEGORY_NAME_BYTES];
    uint16_t category;
} kg_named;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const kg_named *)a)->name, ((const kg_named *)b)->name);
}

/* Returns owned, by category. */
static uint16_t *rank_categories(const kg_tally *tally, const kg_catalogue *catalogue)
{
    uint16_t *ranks = kg_alloc(UINT16_MAX + 1, sizeof *ranks);
    kg_named *names = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < tally->count; i++) {
        uint16_t category = tally->cells[i].category;
        if (ranks[category])
            continue;
        ranks[category] = 1;
        names = kg_grow(names, count, &capacity, sizeof *names);
        names[count].category = category;
        kg_category_name(catalogue, category, names[count++].name);
    }
    if (count > 0)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        ranks[names[i].category] = (uint16_t)i;
    free(names);
    return ranks;
}

typedef struct kg_ordering {
    const kg_tally *tally;
    const uint16_t *ranks;
} kg_ordering;

#define NUMBER(place, shift, bits) ((uint32_t)((place) >> (shift)) & ((1u << (bits)) - 1))

static const char *code_of(const kg_tally *tally, uint64_t place)
{
    uint32_t number = NUMBER(place, PLACE_NUTS, 16);
    return number >= STRANGE ? tally->strange[number - STRANGE].code : kg_nuts_code((int)number);
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_cells(const void *a, const void *b, void *context)
{
    const kg_ordering *ordering = context;
    const kg_tally_cell *x = a, *y = b;
    if (x->category != y->category) /* so there are ranks */
        return ORDER(ordering->ranks[x->category], ordering->ranks[y->category]);
    if (ordering->tally->strange_count == 0 || x->place >> PLACE_CPV != y->place >> PLACE_CPV)
        return ORDER(x->place, y->place);
    int order = strcmp(code_of(ordering->tally, x->place), code_of(ordering->tally, y->place));
    return order ? order : ORDER(x->place, y->place);
}

static kg_volume_cell cell_of(const kg_tally *tally, const kg_tally_cell *from)
{
    kg_volume_cell cell = {.category = from->category, .track = -1};
    if (has(tally, KG_BY_CPV))
        cell.cpv = (uint32_t)(from->place >> PLACE_CPV);
    if (has(tally, KG_BY_NUTS))
        kg_text_format(cell.nuts.code, sizeof cell.nuts.code, "%s", code_of(tally, from->place));
    if (has(tally, KG_BY_MONTH))
        cell.month = (int)NUMBER(from->place, PLACE_MONTH, 16) - MONTH_BASE + MONTH_ZERO;
    if (has(tally, KG_BY_TRACK))
        cell.track = (int)(from->place & 1);
    cell.lines = from->lines;
    cell.quantity_min = (int64_t)from->quantity_min;
    cell.quantity = (int64_t)from->quantity;
    cell.quantity_max = (int64_t)from->quantity_max;
    cell.value_cents = from->value;
    cell.organisations = from->organisations;
    return cell;
}

/* Before the cells are sorted: what was listed knows them by their numbers. */
static void settle_bodies(kg_tally *tally)
{
    uint32_t *counts = kg_alloc(tally->count + 1, sizeof *counts);
    if (kg_distinct_settle(&tally->bodies, counts, tally->count))
        for (size_t i = 0; i < tally->count; i++)
            tally->cells[i].organisations = counts[i];
    free(counts);
}

void kg_tally_finish(kg_tally *tally, const kg_catalogue *catalogue, kg_volume *out)
{
    settle_bodies(tally);
    uint16_t *ranks = has(tally, KG_BY_CATEGORY) ? rank_categories(tally, catalogue) : NULL;
    kg_ordering ordering = {tally, ranks};
    if (tally->count > 0)
        qsort_r(tally->cells, tally->count, sizeof *tally->cells, compare_cells, &ordering);
    *out = (kg_volume){kg_alloc(tally->count ? tally->count : 1, sizeof *out->cells),
                       tally->count};
    for (size_t i = 0; i < tally->count; i++)
        out->cells[i] = cell_of(tally, &tally->cells[i]);
    free(ranks);
}
