/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_pool.h"

#include <stdlib.h>

#include "broker/query/volume.h"

#define CATEGORY_UNKNOWN UINT32_MAX

typedef struct kg_pool_source {
    kg_disclosure_history *history;
    const kg_state *state;
    kg_pool_columns columns;
    uint32_t *holdings;   /* owned; by member */
    uint32_t *categories; /* owned; the history's number by the catalogue's, once it is known */
} kg_pool_source;

static uint32_t category_of(kg_pool_source *source, kg_category category)
{
    uint32_t *number = &source->categories[category];
    if (*number == CATEGORY_UNKNOWN) {
        char name[KG_CATEGORY_NAME_BYTES];
        kg_category_name(kg_state_catalogue(source->state), category, name);
        *number = kg_disclosure_history_category(source->history, name);
    }
    return *number;
}

static uint32_t holding_of(void *context, size_t line)
{
    const kg_pool_source *source = context;
    return source->holdings[source->columns.member[line]];
}

/* Place, date and quantity of a line that its columns cannot hold. */
static void read_odd(const kg_pool_source *source, uint32_t index, kg_cell_line *cell,
                     kg_counted_line *out)
{
    const kg_pool_line line = kg_pool_get(source->state, index);
    cell->nuts = line.line.nuts;
    cell->delivery_from = line.line.delivery_from;
    out->quantity = line.line.quantity;
}

static void read_line(void *context, size_t index, kg_counted_line *out)
{
    kg_pool_source *source = context;
    const kg_pool_columns *columns = &source->columns;
    uint32_t line = (uint32_t)index;
    *out = (kg_counted_line){.live = !(columns->flags[line] & KG_POOL_WITHDRAWN),
                             .member = columns->member[line],
                             .holding = source->holdings[columns->member[line]]};
    if (!out->live)
        return;
    kg_cell_line cell = {.category = category_of(source, columns->category[line]),
                         .cpv = columns->cpv[line],
                         .delivery_from = kg_pool_from(columns, line),
                         .track = columns->flags[line] & KG_POOL_KOPGROEP ? KG_TRACK_KOPGROEP
                                                                          : KG_TRACK_PELOTON};
    out->value_cents = kg_pool_value(columns, line);
    out->quantity = columns->quantity[line];
    if (columns->flags[line] & KG_POOL_ODD)
        read_odd(source, line, &cell, out);
    else
        kg_text_format(cell.nuts.code, sizeof cell.nuts.code, "%s",
                       kg_nuts_code(columns->nuts[line]));
    out->key = kg_cell_key_of(&cell);
}

kg_version *kg_disclosure_pool_next(kg_disclosure_history *history, const kg_state *state,
                                    const kg_disclosure_rules *rules, kg_date today)
{
    size_t members = kg_state_members(state), numbers = (size_t)KG_CATEGORY_NONE + 1;
    kg_pool_source pool = {history, state, kg_state_columns(state),
                           kg_alloc(members ? members : 1, sizeof *pool.holdings),
                           kg_alloc(numbers, sizeof *pool.categories)};
    const kg_line_source source = {&pool, pool.columns.count, members, read_line, holding_of};
    for (uint32_t i = 0; i < members; i++)
        pool.holdings[i] = kg_holding_of(state, i);
    for (size_t i = 0; i < numbers; i++)
        pool.categories[i] = CATEGORY_UNKNOWN;
    kg_version *version = kg_disclosure_history_next(history, &source, rules, today);
    free(pool.holdings);
    free(pool.categories);
    return version;
}
