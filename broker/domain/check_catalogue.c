/* SPDX-License-Identifier: EUPL-1.2 */
/* May a new catalogue take the place of the present one? What lines that are not withdrawn, and
 * rounds and lots of any state use, must still be there, and in the same order: what was decided
 * must stay readable. */
#include <stdlib.h>

#include "broker/domain/check.h"
#include "broker/domain/remap.h"

/* Ranks in use, as bits, by place in the category's level vectors. */
typedef struct kg_used_category {
    bool used;
    uint64_t ranks[KG_CATEGORY_CRITERIA_MAX];
} kg_used_category;

_Static_assert(KG_SCALE_LEVELS_MAX <= 64, "a rank is a bit");

static void use_category(kg_used_category *used, kg_category category)
{
    if (category < KG_CATEGORY_CPV)
        used[category].used = true;
}

static void use_levels(kg_used_category *used, kg_category category, const kg_levels *levels,
                       uint8_t unstated)
{
    use_category(used, category);
    if (category >= KG_CATEGORY_CPV)
        return;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        if (levels->rank[i] != unstated && levels->rank[i] != KG_LEVEL_ANY)
            used[category].ranks[i] |= UINT64_C(1) << levels->rank[i];
}

static void use_line(kg_used_category *used, const kg_plan_line *line)
{
    use_levels(used, line->category, &line->lo, 0);
    use_levels(used, line->category, &line->hi, KG_LEVEL_ANY);
}

static kg_used_category *collect(const kg_state *state)
{
    kg_used_category *used = kg_alloc(state->catalogue->categories_count, sizeof *used);
    for (uint32_t i = 0; i < kg_state_lines(state); i++) {
        kg_plan_line line;
        kg_lines_get(&state->pool.lines, &state->pool.dictionary, i, &line);
        if (!kg_pool_is(state, i, KG_POOL_WITHDRAWN))
            use_line(used, &line);
    }
    for (size_t i = 0; i < state->campaigns_count; i++) {
        const kg_campaign *campaign = state->campaigns[i];
        for (size_t k = 0; k < campaign->claims_count; k++)
            use_line(used, &campaign->claims[k].line);
        for (size_t k = 0; k < campaign->rules.categories_count; k++)
            use_category(used, campaign->rules.categories[k]);
    }
    for (size_t i = 0; i < state->lots_count; i++) {
        const kg_lot *lot = state->lots[i];
        use_levels(used, lot->shape.category, &lot->shape.x, 0);
        use_levels(used, lot->shape.category, &lot->award.delivered, 0);
    }
    return used;
}

__attribute__((format(printf, 2, 3))) static bool say(char detail[static 300], const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(detail, 300, format, arguments);
    va_end(arguments);
    return false;
}

/* The levels in use of one criterion in one category: all there, in the same order. */
static bool levels_stay(const kg_remap *remap, const kg_category_entry *entry, int place,
                        uint64_t used, char detail[static 300])
{
    const kg_criterion *criterion = &remap->from->criteria[entry->criteria[place]];
    const int8_t *ranks = remap->ranks[entry->criteria[place]];
    int category = kg_catalogue_category(remap->from, entry->id), before = -1;
    if (used == 0)
        return true;
    if (remap->categories[category].place[place] < 0)
        return say(detail, KG_SAY("Category %s no longer has the criterion %s, which is in use."),
                   entry->id, criterion->id);
    for (int i = 0; i < criterion->levels_count; i++) {
        if (!(used >> i & 1))
            continue;
        if (ranks[i] < 0)
            return say(detail, KG_SAY("Criterion %s no longer has the level %s, which is in use."),
                       criterion->id, criterion->levels[i]);
        if (ranks[i] <= before)
            return say(detail, KG_SAY("Criterion %s has the level %s in another order."),
                       criterion->id, criterion->levels[i]);
        before = ranks[i];
    }
    return true;
}

static bool category_stays(const kg_remap *remap, size_t index, const kg_used_category *used,
                           char detail[static 300])
{
    const kg_category_entry *entry = &remap->from->categories[index];
    if (!used->used)
        return true;
    if (remap->categories[index].to == KG_CATEGORY_NONE)
        return say(detail, KG_SAY("Category %s is in use."), entry->id);
    for (int i = 0; i < entry->criteria_count; i++)
        if (!levels_stay(remap, entry, i, used->ranks[i], detail))
            return false;
    return true;
}

bool kg_catalogue_replaces(const kg_state *state, const kg_catalogue *next, char detail[static 300])
{
    bool stays = true;
    kg_remap remap;
    if (!state->catalogue)
        return true;
    kg_used_category *used = collect(state);
    kg_remap_init(&remap, state->catalogue, next);
    for (size_t i = 0; stays && i < state->catalogue->categories_count; i++)
        stays = category_stays(&remap, i, &used[i], detail);
    kg_remap_fini(&remap);
    free(used);
    return stays;
}
