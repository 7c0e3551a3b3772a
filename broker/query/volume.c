/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume.h"

#include <stdlib.h>

#include "broker/query/volume_cells.h"

uint32_t kg_holding_of(const kg_state *state, uint32_t member)
{
    const char *parent = kg_state_member(state, member)->record.parent;
    uint32_t above = parent[0] ? kg_state_find_member(state, parent) : KG_NONE;
    return above == KG_NONE ? member : kg_holding_of(state, above);
}

static void look_at_all(const kg_volume_set *set, const kg_volume_pool *pool,
                        const kg_volume_filter *filter, kg_tally *tally)
{
    uint32_t lines[KG_VOLUME_BLOCK];
    kg_tally_expect(tally, set->count);
    size_t end = set->words * 64 < pool->columns.count ? set->words * 64 : pool->columns.count;
    for (size_t first = 0; first < end; first += KG_VOLUME_BLOCK) {
        size_t count =
            kg_volume_filter_block(filter, &pool->columns, set->bits, first, lines);
        kg_tally_lines(tally, lines, count, true);
    }
}

static void look_at_odd(const kg_volume_set *set, const kg_volume_pool *pool,
                        const kg_query *query, const kg_volume_cells *cells, kg_tally *tally)
{
    for (uint32_t i = 0; i < set->odd.count; i++) {
        if (kg_entry_gone(set->odd.entries[i]))
            continue;
        kg_pool_line line = kg_pool_get(pool->state, kg_entry_line(set->odd.entries[i]));
        if (kg_volume_filter_line(query, pool->catalogue, &line.line))
            kg_volume_odd_body(cells, tally, kg_tally_odd(tally, pool->catalogue, &line.line),
                               line.member);
    }
}

void kg_volume_count(const kg_volume_set *set, const kg_volume_pool *pool, const kg_query *query,
                     kg_volume *out)
{
    kg_volume_filter filter;
    kg_volume_cells cells;
    kg_tally tally;
    kg_volume_filter_init(&filter, pool->catalogue, query);
    kg_tally_init(&tally, pool, query, &filter);
    if (!kg_volume_by_cube(set, pool, query, &filter, &tally, &cells))
        look_at_all(set, pool, &filter, &tally);
    look_at_odd(set, pool, query, &cells, &tally);
    kg_tally_finish(&tally, pool->catalogue, out);
    kg_tally_fini(&tally);
}

void kg_volume_fini(kg_volume *volume)
{
    free(volume->cells);
    *volume = (kg_volume){0};
}
