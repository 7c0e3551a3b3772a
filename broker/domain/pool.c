/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

void kg_pool_fini(kg_pool *pool)
{
    for (size_t i = 0; i < pool->chunks_count; i++)
        free(pool->chunks[i]);
    free(pool->chunks);
}

kg_pool_line *kg_pool_at(const kg_state *state, uint32_t index)
{
    return &state->pool.chunks[index / KG_POOL_CHUNK][index % KG_POOL_CHUNK];
}

uint32_t kg_state_find_line(const kg_state *state, uint32_t member, const char *key)
{
    size_t at;
    if (member == KG_NONE)
        return KG_NONE;
    const kg_slots *keys = &state->members[member]->line_index;
    uint32_t hash = kg_slots_hash(key);
    uint32_t index = kg_slots_first(keys, hash, &at);
    while (index != KG_NONE && strcmp(kg_pool_at(state, index)->line.line, key) != 0)
        index = kg_slots_next(keys, hash, &at);
    return index;
}

kg_taking kg_pool_taking(const kg_state *state, uint32_t member, const kg_plan_line *line,
                         uint32_t *index)
{
    *index = kg_state_find_line(state, member, line->line);
    if (*index == KG_NONE)
        return KG_TAKE_NEW;
    const kg_pool_line *present = kg_pool_at(state, *index);
    if (present->withdrawn)
        return KG_TAKE_NEW;
    return kg_plan_line_equal(&present->line, line) ? KG_TAKE_NOTHING : KG_TAKE_AMEND;
}

static kg_pool_line *add_line(kg_state *state, uint32_t member, const char *key)
{
    kg_pool *pool = &state->pool;
    kg_member *owner = state->members[member];
    uint32_t index = (uint32_t)pool->count++;
    if (index / KG_POOL_CHUNK == pool->chunks_count) {
        pool->chunks =
            kg_grow(pool->chunks, pool->chunks_count, &pool->chunks_capacity, sizeof *pool->chunks);
        pool->chunks[pool->chunks_count++] = kg_alloc(KG_POOL_CHUNK, sizeof **pool->chunks);
    }
    kg_pool_line *line = kg_pool_at(state, index);
    *line = (kg_pool_line){.member = member,
                           .round = KG_NONE,
                           .last_round = KG_NONE,
                           .last_claim = KG_NONE,
                           .next = KG_NONE};
    line->line.line = kg_arena_text(&state->texts, key, strlen(key));
    line->line.title = "";
    kg_slots_add(&owner->line_index, kg_slots_hash(key), index);
    if (owner->last_line == KG_NONE)
        owner->first_line = index;
    else
        kg_pool_at(state, owner->last_line)->next = index;
    owner->last_line = index;
    owner->lines_count++;
    return line;
}

/* Its own key and, where it stays the same, title are kept: they are in the state's texts. */
static void set_line(kg_state *state, kg_pool_line *line, const kg_plan_line *from)
{
    const char *key = line->line.line, *title = line->line.title;
    if (strcmp(title, from->title) != 0)
        title =
            from->title[0] ? kg_arena_text(&state->texts, from->title, strlen(from->title)) : "";
    line->line = *from;
    line->line.organisation = state->members[line->member]->id;
    line->line.line = key;
    line->line.title = title;
}

kg_taking kg_pool_take(kg_state *state, uint32_t member, const kg_plan_line *line,
                       uint64_t sequence)
{
    uint32_t index;
    kg_taking taking = kg_pool_taking(state, member, line, &index);
    if (taking == KG_TAKE_NOTHING)
        return taking;
    kg_pool_line *place =
        index == KG_NONE ? add_line(state, member, line->line) : kg_pool_at(state, index);
    set_line(state, place, line);
    place->withdrawn = false;
    place->sequence = sequence;
    return taking;
}
