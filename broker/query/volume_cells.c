/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_cells.h"

#include <stdlib.h>
#include <string.h>

#define NO_GROUP UINT32_MAX
#define KG_COUNTRY_ALL 0
/* What fetching a line by its number costs, in lines looked at in a row; and what reading one from
 * its code's entries costs. */
#define FETCH_COST 40
#define ENTRY_COST 1
#define AHEAD 4 /* codes whose entries are fetched meanwhile */

/* Does a filter let all lines of a cell through, none, or has each to be looked at? */
typedef enum kg_cell_fit { KG_CELL_OUT, KG_CELL_PART, KG_CELL_IN } kg_cell_fit;

typedef struct kg_by_cube {
    const kg_volume_set *set;
    const kg_volume_pool *pool;
    const kg_volume_filter *filter;
    kg_tally *tally;
    kg_volume_cells *cells;
    uint8_t fit[KG_CELLS];
    unsigned country_first, country_last;
    bool whole_countries; /* of the NUTS codes asked for */
    bool by_sums;         /* cells of month and track are what is asked for */
    bool part;            /* some of them only in part */
    bool groups;          /* the CPV codes asked for are whole groups */
    bool late;            /* lines wait: codes and nodes that are not wide lack them */
    uint8_t *taken;       /* owned; by node: its sums have been added */
} kg_by_cube;

static kg_cell_fit fit_of(const kg_volume_filter *filter, const uint16_t *months, uint16_t month,
                          unsigned track)
{
    kg_cell_fit fit = KG_CELL_IN;
    if (filter->by_track && track != filter->track)
        return KG_CELL_OUT;
    if (filter->by_to) {
        uint16_t last = months[filter->to];
        bool whole = filter->to == UINT16_MAX || months[filter->to + 1] != last;
        if (month > last)
            return KG_CELL_OUT;
        if (month == last && !whole)
            fit = KG_CELL_PART;
    }
    if (filter->by_from) {
        uint16_t first = months[filter->from];
        bool whole = filter->from == 0 || months[filter->from - 1] != first;
        if (month < first || (month == first && !whole))
            fit = KG_CELL_PART;
    }
    return fit;
}

static void look_at_cells(kg_by_cube *by)
{
    const kg_volume_pool *pool = by->pool;
    memset(by->fit, KG_CELL_OUT, sizeof by->fit);
    for (uint16_t month = pool->month_first; month <= pool->month_last; month++)
        for (unsigned track = 0; month < KG_CELL_MONTHS && track < 2; track++)
            by->fit[month * 2 + track] = (uint8_t)fit_of(by->filter, pool->month, month, track);
    by->part = memchr(by->fit, KG_CELL_PART, sizeof by->fit) != NULL;
}

static void look_at_countries(kg_by_cube *by)
{
    const kg_volume_filter *filter = by->filter;
    const uint8_t *countries = by->pool->countries;
    by->country_first = by->country_last = KG_COUNTRY_ALL;
    by->whole_countries = true;
    if (!filter->by_nuts)
        return;
    uint16_t first = filter->nuts_first, last = filter->nuts_last;
    by->country_first = countries[first];
    by->country_last = countries[last];
    by->whole_countries = (first == 0 || countries[first - 1] != countries[first]) &&
                          (last + 1 == kg_nuts_count() || countries[last + 1] != countries[last]);
}

/* --- sums and organisations of whole cells --- */

/* Organisations to be told to the tally. */
typedef struct kg_bodies {
    uint32_t groups[KG_VOLUME_BLOCK + 1], members[KG_VOLUME_BLOCK + 1]; /* one is for none */
    size_t count;
} kg_bodies;

static uint32_t group_of(kg_by_cube *by, unsigned cell)
{
    uint32_t *group = &by->cells->group[cell];
    if (*group == NO_GROUP)
        *group = kg_tally_cell_of(by->tally, (int)(cell / 2), cell % 2);
    return *group;
}

static bool has_whole_cells(const kg_by_cube *by, const kg_node *node)
{
    if (!by->by_sums || !node->sums)
        return false;
    for (unsigned i = 0; by->part && i < node->count; i++)
        if (by->fit[node->first + i] == KG_CELL_PART && node->sums[i].lines > 0)
            return false;
    return true;
}

/* Returns how many lines that were. */
static size_t add_node_sums(kg_by_cube *by, const kg_node *node)
{
    size_t lines = 0;
    for (unsigned i = node->first; i < (unsigned)node->first + node->count; i++) {
        const kg_sums *sums = by->fit[i] == KG_CELL_IN ? kg_node_sums(node, i) : NULL;
        if (!sums)
            continue;
        uint32_t group = group_of(by, i);
        kg_tally_cell *cell = &by->tally->cells[group];
        cell->lines += sums->lines;
        cell->quantity_min += sums->quantity_min;
        cell->quantity += sums->quantity;
        cell->quantity_max += sums->quantity_max;
        cell->value += sums->value;
        lines += sums->lines;
    }
    return lines;
}

static void add_bodies(kg_by_cube *by, kg_bodies *bodies)
{
    kg_tally_bodies(by->tally, bodies->groups, bodies->members, bodies->count);
    bodies->count = 0;
}

/* Entries that lie in whole cells, after those that are there; there must be room for all. Without
 * a branch on the cell, which would be a guess, and with nothing read again after a store. */
static size_t take_bodies(const kg_by_cube *by, const kg_entry *restrict entries, size_t count,
                          kg_bodies *bodies)
{
    const uint32_t *group = by->cells->group;
    uint32_t *restrict groups = bodies->groups, *restrict members = bodies->members;
    size_t taken = bodies->count;
    for (size_t i = 0; i < count; i++) {
        unsigned cell = kg_entry_cell(entries[i]);
        groups[taken] = group[cell];
        members[taken] = kg_entry_member(entries[i]);
        taken += by->fit[cell] == KG_CELL_IN;
    }
    return taken;
}

/* The organisations of a code's lines in whole cells. */
static void add_entry_bodies(kg_by_cube *by, const kg_bucket *bucket, kg_bodies *bodies)
{
    for (size_t first = 0; first < bucket->count;) {
        size_t left = bucket->count - first, room = KG_VOLUME_BLOCK - bodies->count;
        size_t count = left < room ? left : room;
        bodies->count = take_bodies(by, bucket->entries + first, count, bodies);
        first += count;
        if (bodies->count == KG_VOLUME_BLOCK)
            add_bodies(by, bodies);
    }
}

/* How many have a line in any of the cells of a group. */
static uint32_t count_any(const kg_by_cube *by, const kg_counters *counters, uint32_t group)
{
    uint32_t count = 0, pages = 0;
    uint8_t any[KG_COUNTERS_PAGE];
    for (unsigned cell = 0; cell < KG_CELLS; cell++)
        if (by->cells->group[cell] == group && counters->cells[cell].pages_count > pages)
            pages = counters->cells[cell].pages_count;
    for (uint32_t page = 0; page < pages; page++) {
        memset(any, 0, sizeof any);
        for (unsigned cell = 0; cell < KG_CELLS; cell++) {
            const kg_counters_cell *at = &counters->cells[cell];
            if (by->cells->group[cell] != group || page >= at->pages_count || !at->pages[page])
                continue;
            for (size_t i = 0; i < sizeof any; i++)
                any[i] |= at->pages[page][i];
        }
        for (size_t i = 0; i < sizeof any; i++)
            count += any[i] != 0;
    }
    return count;
}

static void take_counters(kg_by_cube *by, const kg_node *node)
{
    uint16_t only[KG_CELLS], cells[KG_CELLS] = {0}; /* by group: a cell of it, and how many */
    for (uint16_t i = 0; i < KG_CELLS; i++) {
        uint32_t group = by->cells->group[i];
        if (group != NO_GROUP) {
            only[group] = i;
            cells[group]++;
        }
    }
    by->cells->counted = node;
    for (uint32_t group = 0; group < by->tally->count; group++) {
        kg_tally_cell *cell = &by->tally->cells[group];
        bool one = cells[group] == 1;
        cell->organisations = one ? node->bodies->cells[only[group]].members
                                  : count_any(by, node->bodies, group);
    }
}

/* --- line by line --- */

typedef struct kg_fetch {
    uint32_t lines[KG_VOLUME_BLOCK];
    size_t count;
    kg_volume_filter filter; /* what the codes and cells leave to be asked */
} kg_fetch;

static void fetch_some(kg_by_cube *by, kg_fetch *fetch)
{
    size_t count =
        kg_volume_filter_list(&fetch->filter, &by->pool->columns, fetch->lines, fetch->count);
    kg_tally_lines(by->tally, fetch->lines, count, true);
    fetch->count = 0;
}

static void fetch_bucket(kg_by_cube *by, const kg_bucket *bucket, kg_fetch *fetch)
{
    for (uint32_t i = 0; i < bucket->count; i++) {
        kg_entry entry = bucket->entries[i];
        fetch->lines[fetch->count] = kg_entry_line(entry);
        fetch->count += by->fit[kg_entry_cell(entry)] != KG_CELL_OUT;
        if (fetch->count == KG_VOLUME_BLOCK)
            fetch_some(by, fetch);
    }
}

/* --- which way --- */

/* A node with whole cells whose lines are all asked for, this code's among them; or NULL. */
static const kg_node *node_over(const kg_by_cube *by, const kg_code *code)
{
    const kg_node *nodes = by->set->cube->nodes;
    if (!by->whole_countries)
        return NULL;
    if (by->groups && has_whole_cells(by, &nodes[code->group]))
        return &nodes[code->group];
    if (code->own != KG_CODE_NO_NODE && has_whole_cells(by, &nodes[code->own]))
        return &nodes[code->own];
    return NULL;
}

/* About what it costs to go through the codes, in lines looked at in a row. */
static size_t cost_of(const kg_by_cube *by, const uint32_t *codes, size_t count, size_t *lines)
{
    size_t cost = count;
    *lines = 0;
    for (size_t i = 0; i < count; i++) {
        const kg_code *code = &by->set->cube->codes.items[codes[i]];
        cost += code->bucket.count * (size_t)(node_over(by, code) ? ENTRY_COST : FETCH_COST);
        *lines += code->bucket.count;
    }
    return cost;
}

static void go_through(kg_by_cube *by, const uint32_t *codes, size_t count)
{
    const kg_cube *cube = by->set->cube;
    kg_fetch fetch = {.filter = *by->filter};
    kg_bodies bodies = {.count = 0};
    fetch.filter.by_cpv = fetch.filter.by_track = false;
    fetch.filter.by_nuts &= !by->whole_countries;
    fetch.filter.by_from &= by->part;
    fetch.filter.by_to &= by->part;
    for (size_t i = 0; i < count; i++) {
        const kg_code *code = &cube->codes.items[codes[i]];
        const kg_node *node = node_over(by, code);
        if (!node) {
            fetch_bucket(by, &code->bucket, &fetch);
            continue;
        }
        if (!by->taken[node - cube->nodes])
            add_node_sums(by, node);
        by->taken[node - cube->nodes] = 1;
        add_entry_bodies(by, &code->bucket, &bodies);
    }
    fetch_some(by, &fetch);
    add_bodies(by, &bodies);
}

static uint32_t *codes_of(const kg_by_cube *by, size_t *count)
{
    bool all = by->country_first == KG_COUNTRY_ALL;
    return kg_codes_range(&by->set->cube->codes, by->filter->cpv_first, by->filter->cpv_last,
                          by->country_first, all ? KG_COUNTRIES_MAX : by->country_last, count);
}

static bool is_range(const kg_volume_filter *filter, uint32_t codes)
{
    return filter->cpv_first % codes == 0 && filter->cpv_last - filter->cpv_first == codes - 1;
}

/* The one node whose lines are what is asked for, or NULL. */
static const kg_node *only_node(const kg_by_cube *by)
{
    const kg_node *nodes = by->set->cube->nodes;
    const kg_volume_filter *filter = by->filter;
    bool one = by->whole_countries && by->country_first == by->country_last;
    if (one && is_range(filter, KG_CPV_LAST + 1))
        return &nodes[KG_NODE_COUNTRY + by->country_first];
    if (one && by->country_first == KG_COUNTRY_ALL && is_range(filter, KG_DIVISION_CODES))
        return &nodes[KG_NODE_DIVISION + filter->cpv_first / KG_DIVISION_CODES];
    uint32_t group = by->set->cube->groups[filter->cpv_first / KG_GROUP_CODES *
                                               (KG_COUNTRIES_MAX + 1) + by->country_first];
    if (one && by->country_first != KG_COUNTRY_ALL && is_range(filter, KG_GROUP_CODES) && group > 0)
        return &nodes[group - 1];
    return NULL;
}

/* Has it all lines, and are its organisations told without their codes? */
static bool tells_alone(const kg_node *node)
{
    return node->wide && node->bodies;
}

/* A code that comes in a moment: codes and their entries lie far apart. */
static void prefetch(const kg_code *items, const uint32_t *codes, size_t count, size_t at)
{
    if (at + 2 * AHEAD < count)
        __builtin_prefetch(&items[codes[at + 2 * AHEAD]]);
    if (at + AHEAD < count)
        __builtin_prefetch(items[codes[at + AHEAD]].bucket.entries);
}

static void take_entries(kg_by_cube *by, size_t lines)
{
    size_t count;
    kg_bodies bodies = {.count = 0};
    const kg_code *items = by->set->cube->codes.items;
    uint32_t *codes = codes_of(by, &count);
    kg_tally_expect_bodies(by->tally, lines);
    for (size_t i = 0; i < count; i++) {
        prefetch(items, codes, count, i);
        add_entry_bodies(by, &items[codes[i]].bucket, &bodies);
    }
    add_bodies(by, &bodies);
    free(codes);
}

/* Sums and organisations of one node are what is asked for. */
static bool take_node(kg_by_cube *by)
{
    const kg_node *node = only_node(by);
    if (!node || !has_whole_cells(by, node) || (by->late && !tells_alone(node)))
        return false;
    kg_tally_expect(by->tally, 0);
    size_t lines = add_node_sums(by, node);
    if (node->bodies)
        take_counters(by, node);
    else
        take_entries(by, lines);
    return true;
}

static bool go_by_codes(kg_by_cube *by)
{
    size_t count, lines;
    uint32_t *codes = codes_of(by, &count);
    bool quicker = cost_of(by, codes, count, &lines) < by->pool->columns.count;
    if (quicker) {
        by->taken = kg_alloc(by->set->cube->nodes_count, 1);
        kg_tally_expect(by->tally, lines);
        go_through(by, codes, count);
        free(by->taken);
    }
    free(codes);
    return quicker;
}

static void look_at_question(kg_by_cube *by, const kg_query *query)
{
    const kg_volume_filter *filter = by->filter;
    look_at_cells(by);
    look_at_countries(by);
    by->late = kg_volume_set_late(by->set, by->pool);
    by->by_sums = !filter->by_category;
    for (size_t i = 0; i < query->by_count; i++)
        by->by_sums &= query->by[i] == KG_BY_MONTH || query->by[i] == KG_BY_TRACK;
    by->groups = filter->cpv_first % KG_GROUP_CODES == 0 &&
                 (filter->cpv_last + 1) % KG_GROUP_CODES == 0;
}

static bool all_are_looked_at(const kg_by_cube *by)
{
    return !by->filter->by_cpv && !by->filter->by_nuts && !by->by_sums;
}

bool kg_volume_wants_codes(const kg_volume_set *set, const kg_volume_pool *pool,
                           const kg_query *query)
{
    kg_volume_filter filter;
    kg_by_cube by = {.set = set, .pool = pool, .filter = &filter};
    kg_volume_filter_init(&filter, pool->catalogue, query);
    if (filter.nothing || !kg_volume_set_late(set, pool))
        return false;
    look_at_question(&by, query);
    const kg_node *node = only_node(&by);
    bool alone = node && has_whole_cells(&by, node) && tells_alone(node);
    return !alone && !all_are_looked_at(&by);
}

bool kg_volume_by_cube(const kg_volume_set *set, const kg_volume_pool *pool,
                       const kg_query *query, const kg_volume_filter *filter, kg_tally *tally,
                       kg_volume_cells *cells)
{
    kg_by_cube by = {.set = set, .pool = pool, .filter = filter, .tally = tally, .cells = cells};
    memset(cells->group, 0xff, sizeof cells->group);
    cells->counted = NULL;
    if (set->cubed != SIZE_MAX || filter->nothing)
        return false;
    look_at_question(&by, query);
    if (take_node(&by))
        return true;
    if (by.late || all_are_looked_at(&by))
        return false;
    return go_by_codes(&by);
}

static bool counted_in(const kg_volume_cells *cells, const kg_counters *counters, uint32_t group,
                       uint32_t member)
{
    for (unsigned cell = 0; cell < KG_CELLS; cell++)
        if (cells->group[cell] == group && kg_counters_has(counters, cell, member))
            return true;
    return false;
}

void kg_volume_odd_body(const kg_volume_cells *cells, kg_tally *tally, uint32_t cell,
                        uint32_t member)
{
    const kg_node *node = cells->counted;
    if (!node || !counted_in(cells, node->bodies, cell, member))
        kg_tally_body(tally, cell, member);
}
