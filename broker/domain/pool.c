/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

void kg_pool_init(kg_pool *pool)
{
    kg_lines_init(&pool->lines);
    kg_dictionary_init(&pool->dictionary);
}

void kg_pool_fini(kg_pool *pool)
{
    kg_lines_fini(&pool->lines);
    kg_dictionary_fini(&pool->dictionary);
    free(pool->sequence);
    free(pool->last_round);
    free(pool->last_claim);
}

size_t kg_state_lines(const kg_state *state)
{
    return state->pool.lines.count;
}

kg_pool_columns kg_state_columns(const kg_state *state)
{
    const kg_lines *lines = &state->pool.lines;
    return (kg_pool_columns){
        .count = lines->count,
        .member = lines->member,
        .cpv = lines->cpv,
        .nuts = lines->nuts,
        .from = lines->from,
        .to = lines->to,
        .category = lines->category,
        .flags = lines->flags,
        .quantity_min = lines->quantity_min,
        .quantity = lines->quantity,
        .quantity_max = lines->quantity_max,
        .money = lines->money,
    };
}

const char *kg_pool_key(const kg_state *state, uint32_t index)
{
    return kg_dictionary_text(&state->pool.dictionary, state->pool.lines.key[index]);
}

bool kg_pool_is(const kg_state *state, uint32_t index, unsigned flag)
{
    return (state->pool.lines.flags[index] & flag) != 0;
}

uint32_t kg_pool_holder(const kg_state *state, uint32_t index)
{
    return kg_pool_is(state, index, KG_POOL_HELD) ? state->pool.last_round[index] : KG_NONE;
}

kg_pool_line kg_pool_get(const kg_state *state, uint32_t index)
{
    const kg_pool *pool = &state->pool;
    kg_pool_line out = {
        .member = pool->lines.member[index],
        .withdrawn = kg_pool_is(state, index, KG_POOL_WITHDRAWN),
        .round = kg_pool_holder(state, index),
        .last_round = pool->last_round[index],
        .last_claim = pool->last_claim[index],
        .sequence = pool->sequence[index],
    };
    kg_lines_get(&pool->lines, &pool->dictionary, index, &out.line);
    out.line.organisation = state->members[out.member]->id;
    return out;
}

uint32_t kg_state_find_line(const kg_state *state, uint32_t member, const char *key)
{
    size_t at;
    if (member == KG_NONE)
        return KG_NONE;
    const kg_slots *keys = &state->members[member]->line_index;
    uint32_t hash = kg_slots_hash(key);
    uint32_t index = kg_slots_first(keys, hash, &at);
    while (index != KG_NONE && strcmp(kg_pool_key(state, index), key) != 0)
        index = kg_slots_next(keys, hash, &at);
    return index;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t *kg_state_lines_of(const kg_state *state, uint32_t member, size_t *count)
{
    const kg_slots *keys = &state->members[member]->line_index;
    uint32_t *out = kg_alloc(keys->count, sizeof *out);
    *count = kg_slots_values(keys, out);
    qsort(out, *count, sizeof *out, by_number);
    return out;
}

kg_taking kg_pool_taking(const kg_state *state, uint32_t member, const kg_plan_line *line,
                         uint32_t *index)
{
    *index = kg_state_find_line(state, member, line->line);
    if (*index == KG_NONE)
        return KG_TAKE_NEW;
    if (kg_pool_is(state, *index, KG_POOL_WITHDRAWN))
        return KG_TAKE_AGAIN;
    kg_plan_line present;
    kg_lines_get(&state->pool.lines, &state->pool.dictionary, *index, &present);
    return kg_plan_line_equal(&present, line) ? KG_TAKE_NOTHING : KG_TAKE_AMEND;
}

static uint32_t add_line(kg_state *state, uint32_t member, const char *key)
{
    kg_pool *pool = &state->pool;
    uint32_t index = kg_lines_add(&pool->lines);
    if (pool->capacity < pool->lines.capacity) {
        pool->capacity = pool->lines.capacity;
        pool->sequence = kg_realloc(pool->sequence, pool->capacity, sizeof *pool->sequence);
        pool->last_round = kg_realloc(pool->last_round, pool->capacity, sizeof *pool->last_round);
        pool->last_claim = kg_realloc(pool->last_claim, pool->capacity, sizeof *pool->last_claim);
    }
    pool->last_round[index] = pool->last_claim[index] = KG_NONE;
    pool->lines.key[index] = kg_dictionary_add(&pool->dictionary, key);
    kg_slots_add(&state->members[member]->line_index, kg_slots_hash(key), index);
    return index;
}

kg_taking kg_pool_take(kg_state *state, uint32_t member, const kg_plan_line *line,
                       uint64_t sequence, uint32_t *index, kg_pool_row *before)
{
    kg_pool *pool = &state->pool;
    kg_taking taking = kg_pool_taking(state, member, line, index);
    if (taking == KG_TAKE_NOTHING)
        return taking;
    const kg_pool_columns columns = kg_state_columns(state);
    *before = *index == KG_NONE ? (kg_pool_row){.line = KG_NONE} : kg_pool_row_of(&columns, *index);
    if (*index == KG_NONE)
        *index = add_line(state, member, line->line);
    kg_lines_put(&pool->lines, &pool->dictionary, state->catalogue, *index, member,
                 pool->lines.key[*index], line);
    pool->sequence[*index] = sequence;
    return taking;
}

void kg_pool_withdraw(kg_state *state, uint32_t index, uint64_t sequence)
{
    state->pool.lines.flags[index] |= KG_POOL_WITHDRAWN;
    state->pool.sequence[index] = sequence;
}

void kg_pool_claim(kg_state *state, uint32_t index, uint32_t campaign, uint32_t place)
{
    state->pool.lines.flags[index] |= KG_POOL_HELD;
    state->pool.last_round[index] = campaign;
    state->pool.last_claim[index] = place;
}

void kg_pool_release(kg_state *state, uint32_t index, uint32_t campaign)
{
    if (kg_pool_holder(state, index) == campaign)
        state->pool.lines.flags[index] &= (uint16_t)~KG_POOL_HELD;
}
