/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/remap.h"

#include <stdlib.h>

static void map_category(kg_remap *remap, size_t index)
{
    const kg_category_entry *entry = &remap->from->categories[index];
    kg_remap_category *map = &remap->categories[index];
    int found = kg_catalogue_category(remap->to, entry->id);
    map->to = found < 0 ? KG_CATEGORY_NONE : (kg_category)found;
    memset(map->place, -1, sizeof map->place);
    for (int i = 0; found >= 0 && i < entry->criteria_count; i++) {
        const char *id = remap->from->criteria[entry->criteria[i]].id;
        int criterion = kg_catalogue_criterion(remap->to, id);
        if (criterion >= 0)
            map->place[i] = (int8_t)kg_category_place(remap->to, map->to, criterion);
    }
}

static void map_ranks(kg_remap *remap, size_t index)
{
    const kg_criterion *from = &remap->from->criteria[index];
    int found = kg_catalogue_criterion(remap->to, from->id);
    for (int i = 0; i < from->levels_count; i++)
        remap->ranks[index][i] =
            (int8_t)(found < 0 ? -1
                               : kg_criterion_rank(&remap->to->criteria[found], from->levels[i]));
}

void kg_remap_init(kg_remap *remap, const kg_catalogue *from, const kg_catalogue *to)
{
    *remap = (kg_remap){.from = from, .to = to};
    remap->categories = kg_alloc(from->categories_count, sizeof *remap->categories);
    remap->ranks = kg_alloc(from->criteria_count, sizeof *remap->ranks);
    for (size_t i = 0; i < from->criteria_count; i++)
        map_ranks(remap, i);
    for (size_t i = 0; i < from->categories_count; i++)
        map_category(remap, i);
}

void kg_remap_fini(kg_remap *remap)
{
    free(remap->categories);
    free(remap->ranks);
}

static kg_category category_of(const kg_remap *remap, kg_category category)
{
    return category >= KG_CATEGORY_CPV ? category : remap->categories[category].to;
}

/* A vector of the category, the unstated rank staying what it is. The lowest rank of what is
 * demanded asks nothing, and goes on asking nothing below a new lowest level. A level that is gone
 * (nothing that lasts uses it) counts as the nearest one below. */
static kg_levels levels_of(const kg_remap *remap, kg_category category, const kg_levels *from,
                           uint8_t unstated)
{
    kg_levels to = kg_levels_fill(unstated);
    if (category >= KG_CATEGORY_CPV)
        return to;
    const kg_category_entry *entry = &remap->from->categories[category];
    for (int i = 0; i < entry->criteria_count; i++) {
        int place = remap->categories[category].place[i];
        int rank = from->rank[i];
        if (place < 0 || rank == unstated)
            continue;
        const int8_t *ranks = remap->ranks[entry->criteria[i]];
        while (rank > 0 && ranks[rank] < 0)
            rank--;
        to.rank[place] = (uint8_t)(ranks[rank] < 0 ? 0 : ranks[rank]);
    }
    return to;
}

static int place_of(const kg_remap *remap, kg_category category, int place)
{
    return place < 0 || category >= KG_CATEGORY_CPV ? -1 : remap->categories[category].place[place];
}

static void map_line(const kg_remap *remap, kg_plan_line *line)
{
    line->lo = levels_of(remap, line->category, &line->lo, 0);
    line->hi = levels_of(remap, line->category, &line->hi, KG_LEVEL_ANY);
    line->category = category_of(remap, line->category);
}

static void map_pool(const kg_remap *remap, kg_pool *pool)
{
    for (uint32_t i = 0; i < pool->lines.count; i++) {
        kg_plan_line line;
        kg_lines_get(&pool->lines, &pool->dictionary, i, &line);
        map_line(remap, &line);
        kg_lines_recategorise(&pool->lines, &pool->dictionary, remap->to, i, &line);
    }
}

/* A change that names a level that is gone is no longer said. */
static void map_change(const kg_remap *remap, kg_category category, kg_change *change)
{
    int place = place_of(remap, category, change->place);
    if (change->field != KG_CHANGE_ACCEPTS && change->field != KG_CHANGE_CRITERIA)
        return;
    int rank = -1;
    if (place >= 0) {
        int criterion = remap->from->categories[category].criteria[change->place];
        rank = remap->ranks[criterion][change->rank];
    }
    if (rank < 0)
        *change = (kg_change){.place = -1, .date = KG_DATE_NONE};
    else
        *change = (kg_change){
            .field = change->field, .place = place, .rank = (uint8_t)rank, .date = KG_DATE_NONE};
}

static void map_shape(const kg_remap *remap, kg_grouped_lot *shape, kg_curve_point *curve,
                      size_t curve_count)
{
    for (size_t i = 0; i < curve_count; i++)
        curve[i].place = place_of(remap, shape->category, curve[i].place);
    shape->x = levels_of(remap, shape->category, &shape->x, 0);
    shape->headroom = levels_of(remap, shape->category, &shape->headroom, 0);
    kg_levels_raise(&shape->headroom, &shape->x);
    shape->category = category_of(remap, shape->category);
}

static int by_number(const void *a, const void *b)
{
    return *(const kg_category *)a - *(const kg_category *)b;
}

static void map_rules(const kg_remap *remap, kg_round *rules)
{
    for (size_t i = 0; i < rules->categories_count; i++)
        rules->categories[i] = category_of(remap, rules->categories[i]);
    if (rules->categories_count > 1)
        qsort(rules->categories, rules->categories_count, sizeof *rules->categories, by_number);
}

static void map_campaign(const kg_remap *remap, kg_campaign *campaign)
{
    kg_outcome *proposed = campaign->proposed;
    for (size_t i = 0; proposed && i < proposed->unplaced_count; i++)
        map_change(remap, campaign->claims[proposed->unplaced[i].line].line.category,
                   &proposed->unplaced[i].change);
    for (size_t i = 0; proposed && i < proposed->lots_count; i++) {
        kg_grouped_lot *lot = &proposed->lots[i];
        map_shape(remap, lot, proposed->curve + lot->curve_first, lot->curve_count);
    }
    for (size_t i = 0; i < campaign->claims_count; i++) {
        map_change(remap, campaign->claims[i].line.category, &campaign->claims[i].why.change);
        map_line(remap, &campaign->claims[i].line);
    }
    map_rules(remap, &campaign->rules);
}

static void map_lot(const kg_remap *remap, kg_lot *lot)
{
    lot->award.delivered = levels_of(remap, lot->shape.category, &lot->award.delivered, 0);
    map_shape(remap, &lot->shape, lot->curve, lot->curve_count);
    lot->shape.steps = kg_levels_steps(&lot->shape.x);
}

/* A round that waits for a grouping: a job may read its claims, so they stay as they are. */
static void retire_claims(kg_state *state, kg_campaign *campaign)
{
    bool may_be_read = campaign->state == KG_ROUND_CLOSED ||
                       (campaign->state == KG_ROUND_CONFIRMING && !campaign->reconfirming);
    if (!may_be_read || campaign->claims_count == 0)
        return;
    kg_claim *claims = kg_realloc(NULL, campaign->claims_count, sizeof *claims);
    memcpy(claims, campaign->claims, campaign->claims_count * sizeof *claims);
    state->retired_claims = kg_grow(state->retired_claims, state->retired_claims_count,
                                    &state->retired_claims_capacity, sizeof *state->retired_claims);
    state->retired_claims[state->retired_claims_count++] = campaign->claims;
    campaign->claims = claims;
}

void kg_remap_state(const kg_remap *remap, kg_state *state)
{
    map_pool(remap, &state->pool);
    for (size_t i = 0; i < state->campaigns_count; i++) {
        retire_claims(state, state->campaigns[i]);
        map_campaign(remap, state->campaigns[i]);
    }
    for (size_t i = 0; i < state->lots_count; i++)
        map_lot(remap, state->lots[i]);
}
