/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/what_if.h"

#include <stdlib.h>
#include <string.h>

#include "broker/grouping/grouping.h"
#include "broker/query/volume.h"

/* The search of a bucket gets so small a part of the effort that a grouping of a round has: the
 * core answers nobody else meanwhile. */
#define EFFORT_SHARE 400

/* ---- the bucket's lines ---- */

typedef struct kg_ordered_line {
    const char *organisation, *key;
    uint32_t line;
} kg_ordered_line;

static int by_name(const void *a, const void *b)
{
    const kg_ordered_line *x = a, *y = b;
    int order = x->organisation == y->organisation ? 0 : strcmp(x->organisation, y->organisation);
    return order ? order : strcmp(x->key, y->key);
}

static bool is_odd_member(const kg_state *state, uint32_t line, const char *area)
{
    const kg_pool_line whole = kg_pool_get(state, line);
    return kg_nuts_within(whole.line.nuts.code, area);
}

/* The next line at or after a place that has the number in the sieve; the number of lines: none. */
static size_t next_sieved(const kg_pool_columns *columns, size_t at, uint8_t sieve)
{
    const uint8_t *found =
        at < columns->count ? memchr(columns->sieve + at, sieve, columns->count - at) : NULL;
    return found ? (size_t)(found - columns->sieve) : columns->count;
}

/* Free lines of the category whose region lies in the area; the line itself is one. */
static size_t gather(const kg_state *state, uint32_t line, const char *area, uint32_t **out)
{
    const kg_pool_columns columns = kg_state_columns(state);
    const uint16_t category = columns.category[line];
    const uint8_t sieve = kg_pool_sieve(category, area);
    const unsigned not_free = KG_POOL_WITHDRAWN | KG_POOL_HELD;
    size_t count = 0, capacity = 0;
    int first, end;
    kg_nuts_range(area, &first, &end);
    *out = NULL;
    for (size_t i = next_sieved(&columns, 0, sieve); i < columns.count;
         i = next_sieved(&columns, i + 1, sieve)) {
        if (columns.category[i] != category || (columns.flags[i] & not_free))
            continue;
        bool inside = columns.flags[i] & KG_POOL_ODD
                          ? is_odd_member(state, (uint32_t)i, area)
                          : columns.nuts[i] >= first && columns.nuts[i] < end;
        if (!inside)
            continue;
        *out = kg_grow(*out, count, &capacity, sizeof **out);
        (*out)[count++] = (uint32_t)i;
    }
    return count;
}

static void order(const kg_state *state, uint32_t *lines, size_t count)
{
    const kg_pool_columns columns = kg_state_columns(state);
    kg_ordered_line *ordered = kg_alloc(count ? count : 1, sizeof *ordered);
    for (size_t i = 0; i < count; i++)
        ordered[i] = (kg_ordered_line){kg_state_member(state, columns.member[lines[i]])->id,
                                       kg_pool_key(state, lines[i]), lines[i]};
    if (count > 0)
        qsort(ordered, count, sizeof *ordered, by_name);
    for (size_t i = 0; i < count; i++)
        lines[i] = ordered[i].line;
    free(ordered);
}

/* Every line counts the same. Else who amends a line of its own again and again, and asks each
 * time, would find to the cent what the others' lines are missing of a minimum, or outweigh. */
static void forget_amounts(kg_demand *demand)
{
    demand->quantity_min = demand->quantity = demand->quantity_max = 1;
    demand->value_cents = demand->value_max_cents = 1;
}

/* Returns owned. */
static kg_demand *demands_of(const kg_state *state, const uint32_t *lines, size_t count)
{
    const kg_pool_columns columns = kg_state_columns(state);
    kg_demand *demands = kg_alloc(count ? count : 1, sizeof *demands);
    uint32_t organisation = 0;
    for (size_t i = 0; i < count; i++) {
        const kg_pool_line line = kg_pool_get(state, lines[i]);
        if (i > 0 && columns.member[lines[i]] != columns.member[lines[i - 1]])
            organisation++;
        demands[i] = kg_demand_of(&line.line, kg_state_catalogue(state), organisation);
        forget_amounts(&demands[i]);
    }
    return demands;
}

/* ---- the answer ---- */

static void find_place(kg_what_if *what_if, uint32_t line)
{
    const kg_outcome *outcome = what_if->outcome;
    while (what_if->lines[what_if->place] != line)
        what_if->place++;
    for (size_t i = 0; i < outcome->unplaced_count; i++)
        if (outcome->unplaced[i].line == what_if->place)
            what_if->unplaced = &outcome->unplaced[i];
    for (size_t i = 0; i < outcome->lots_count && !what_if->lot; i++)
        for (size_t j = 0; j < outcome->lots[i].members_count && !what_if->lot; j++)
            if (outcome->members[outcome->lots[i].members_first + j] == what_if->place)
                what_if->lot = &outcome->lots[i];
}

void kg_what_if_init(kg_what_if *what_if, const kg_state *state, uint32_t campaign, uint32_t line)
{
    kg_round rules = kg_state_campaign(state, campaign)->rules; /* borrows what that owns */
    const kg_pool_line whole = kg_pool_get(state, line);
    kg_nuts area = whole.line.nuts;
    area.code[2 + rules.nuts_level] = '\0';
    rules.quantity_min = rules.value_min_cents = rules.value_max_cents = 0;
    *what_if = (kg_what_if){0};
    what_if->lines_count = gather(state, line, area.code, &what_if->lines);
    order(state, what_if->lines, what_if->lines_count);
    kg_demand *demands = demands_of(state, what_if->lines, what_if->lines_count);
    const kg_grouping_input input = {.catalogue = kg_state_catalogue(state),
                                     .round = &rules,
                                     .lines = demands,
                                     .lines_count = what_if->lines_count,
                                     .effort_lines = what_if->lines_count * EFFORT_SHARE};
    what_if->outcome = kg_grouping_run(&input);
    free(demands);
    find_place(what_if, line);
}

void kg_what_if_fini(kg_what_if *what_if)
{
    kg_outcome_destroy(&what_if->outcome);
    free(what_if->lines);
    *what_if = (kg_what_if){0};
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

size_t kg_what_if_holdings(const kg_what_if *what_if, const kg_state *state,
                           const kg_grouped_lot *lot)
{
    const kg_pool_columns columns = kg_state_columns(state);
    const uint32_t *members = what_if->outcome->members + lot->members_first;
    uint32_t *holdings = kg_alloc(lot->members_count, sizeof *holdings);
    size_t count = 0;
    for (size_t i = 0; i < lot->members_count; i++)
        holdings[i] = kg_holding_of(state, columns.member[what_if->lines[members[i]]]);
    qsort(holdings, lot->members_count, sizeof *holdings, by_number);
    for (size_t i = 0; i < lot->members_count; i++)
        count += i == 0 || holdings[i] != holdings[i - 1];
    free(holdings);
    return count;
}
