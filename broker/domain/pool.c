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
    free(pool->sequence_low);
    free(pool->sequence_high);
    for (size_t i = 0; i < pool->claimed_count; i++)
        free(pool->claimed[i]);
    free(pool->claimed);
}

size_t kg_pool_bytes(const kg_pool *pool)
{
    size_t bytes = kg_lines_bytes(&pool->lines) +
                   pool->lines.count * sizeof *pool->sequence_low +
                   (pool->sequence_high ? pool->lines.count : 0) +
                   pool->claimed_count * sizeof *pool->claimed;
    for (size_t i = 0; i < pool->claimed_count; i++)
        bytes += pool->claimed[i] ? KG_CLAIMED_LINES * sizeof **pool->claimed : 0;
    return bytes;
}

size_t kg_state_lines(const kg_state *state)
{
    return state->pool.lines.count;
}

size_t kg_state_live_lines(const kg_state *state)
{
    return state->pool.lines.count - state->pool.withdrawn;
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
        .sieve = lines->sieve,
        .quantity_min = lines->quantity_min,
        .quantity = lines->quantity,
        .quantity_max = lines->quantity_max,
        .money = lines->money,
        .large = lines->large,
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

kg_claimed kg_pool_claimed(const kg_state *state, uint32_t index)
{
    const kg_pool *pool = &state->pool;
    const size_t at = index / KG_CLAIMED_LINES;
    if (at >= pool->claimed_count || !pool->claimed[at])
        return (kg_claimed){KG_NONE, KG_NONE};
    return pool->claimed[at][index % KG_CLAIMED_LINES];
}

uint32_t kg_pool_holder(const kg_state *state, uint32_t index)
{
    return kg_pool_is(state, index, KG_POOL_HELD) ? kg_pool_claimed(state, index).round : KG_NONE;
}

static uint64_t sequence_of(const kg_pool *pool, uint32_t index)
{
    const uint64_t high = pool->sequence_high ? pool->sequence_high[index] : 0;
    return high << 32 | pool->sequence_low[index];
}

/* A journal of 2^40 records is longer than any disk. */
static void set_sequence(kg_pool *pool, uint32_t index, uint64_t sequence)
{
    if (sequence >> 40)
        kg_memory_end();
    pool->sequence_low[index] = (uint32_t)sequence;
    if (!pool->sequence_high && sequence > UINT32_MAX)
        pool->sequence_high = kg_alloc(pool->capacity, sizeof *pool->sequence_high);
    if (pool->sequence_high)
        pool->sequence_high[index] = (uint8_t)(sequence >> 32);
}

kg_pool_line kg_pool_get(const kg_state *state, uint32_t index)
{
    const kg_pool *pool = &state->pool;
    const kg_claimed claimed = kg_pool_claimed(state, index);
    kg_pool_line out = {
        .member = pool->lines.member[index],
        .withdrawn = kg_pool_is(state, index, KG_POOL_WITHDRAWN),
        .round = kg_pool_holder(state, index),
        .last_round = claimed.round,
        .last_claim = claimed.claim,
        .sequence = sequence_of(pool, index),
    };
    kg_lines_get(&pool->lines, &pool->dictionary, index, &out.line);
    out.line.organisation = state->members[out.member]->id;
    return out;
}

static uint32_t find_line(const kg_state *state, uint32_t member, const char *key, uint32_t hash)
{
    const kg_pool *pool = &state->pool;
    return kg_line_index_find(&state->members[member]->line_index, &pool->lines,
                              &pool->dictionary, key, hash);
}

uint32_t kg_state_find_line(const kg_state *state, uint32_t member, const char *key)
{
    return member == KG_NONE ? KG_NONE : find_line(state, member, key, kg_slots_hash(key));
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t *kg_state_lines_of(const kg_state *state, uint32_t member, size_t *count)
{
    const kg_line_index *keys = &state->members[member]->line_index;
    uint32_t *out = kg_alloc(keys->count, sizeof *out);
    kg_line_index_list(keys, out);
    *count = keys->count;
    qsort(out, *count, sizeof *out, by_number);
    return out;
}

kg_taking kg_pool_taking(const kg_state *state, uint32_t member, const kg_plan_line *line,
                         uint32_t hash, uint32_t *index)
{
    *index = find_line(state, member, line->line, hash);
    if (*index == KG_NONE)
        return KG_TAKE_NEW;
    if (kg_pool_is(state, *index, KG_POOL_WITHDRAWN))
        return KG_TAKE_AGAIN;
    kg_plan_line present;
    kg_lines_get(&state->pool.lines, &state->pool.dictionary, *index, &present);
    return kg_plan_line_equal(&present, line) ? KG_TAKE_NOTHING : KG_TAKE_AMEND;
}

static uint32_t add_line(kg_state *state, uint32_t member, const char *key, uint32_t hash)
{
    kg_pool *pool = &state->pool;
    uint32_t index = kg_lines_add(&pool->lines);
    if (pool->capacity < pool->lines.capacity) {
        pool->capacity = pool->lines.capacity;
        pool->sequence_low =
            kg_realloc(pool->sequence_low, pool->capacity, sizeof *pool->sequence_low);
        if (pool->sequence_high)
            pool->sequence_high =
                kg_realloc(pool->sequence_high, pool->capacity, sizeof *pool->sequence_high);
    }
    pool->lines.key[index] = kg_dictionary_add(&pool->dictionary, key);
    kg_line_index_add(&state->members[member]->line_index, &pool->lines, &pool->dictionary, index,
                      hash);
    return index;
}

static kg_pool_row row_at(const kg_state *state, uint32_t index)
{
    const kg_pool_columns columns = kg_state_columns(state);
    return kg_pool_row_of(&columns, index);
}

kg_taking kg_pool_take(kg_state *state, uint32_t member, const kg_plan_line *line, uint32_t hash,
                       uint64_t sequence, uint32_t *index, kg_pool_row *before)
{
    kg_pool *pool = &state->pool;
    kg_taking taking = kg_pool_taking(state, member, line, hash, index);
    if (taking == KG_TAKE_NOTHING)
        return taking;
    *before = *index == KG_NONE ? (kg_pool_row){.line = KG_NONE} : row_at(state, *index);
    if (*index == KG_NONE)
        *index = add_line(state, member, line->line, hash);
    pool->withdrawn -= taking == KG_TAKE_AGAIN;
    kg_lines_put(&pool->lines, &pool->dictionary, state->catalogue, *index, member,
                 pool->lines.key[*index], line);
    set_sequence(pool, *index, sequence);
    return taking;
}

void kg_pool_withdraw(kg_state *state, uint32_t index, uint64_t sequence)
{
    state->pool.withdrawn += !kg_pool_is(state, index, KG_POOL_WITHDRAWN);
    state->pool.lines.flags[index] |= KG_POOL_WITHDRAWN;
    set_sequence(&state->pool, index, sequence);
}

/* Room for the line among those that were claimed. */
static kg_claimed *claimed_place(kg_pool *pool, uint32_t index)
{
    const size_t at = index / KG_CLAIMED_LINES;
    if (at >= pool->claimed_count) {
        const size_t count = pool->lines.capacity / KG_CLAIMED_LINES + 1;
        pool->claimed = kg_realloc(pool->claimed, count, sizeof *pool->claimed);
        memset(pool->claimed + pool->claimed_count, 0,
               (count - pool->claimed_count) * sizeof *pool->claimed);
        pool->claimed_count = count;
    }
    if (!pool->claimed[at]) {
        pool->claimed[at] = kg_alloc(KG_CLAIMED_LINES, sizeof **pool->claimed);
        memset(pool->claimed[at], 0xff, KG_CLAIMED_LINES * sizeof **pool->claimed);
    }
    return &pool->claimed[at][index % KG_CLAIMED_LINES];
}

void kg_pool_claim(kg_state *state, uint32_t index, uint32_t campaign, uint32_t place)
{
    state->pool.lines.flags[index] |= KG_POOL_HELD;
    *claimed_place(&state->pool, index) = (kg_claimed){campaign, place};
}

void kg_pool_release(kg_state *state, uint32_t index, uint32_t campaign)
{
    if (kg_pool_holder(state, index) == campaign)
        state->pool.lines.flags[index] &= (uint16_t)~KG_POOL_HELD;
}

/* Most blocks of claimed lines are not there. */
static void archive_claimed(kg_pool *pool, const kg_archive *archive)
{
    KG_ARCHIVE(archive, pool->claimed_count);
    if (archive->reading)
        pool->claimed = kg_alloc(pool->claimed_count, sizeof *pool->claimed);
    for (size_t i = 0; i < pool->claimed_count; i++) {
        size_t count = pool->claimed[i] ? KG_CLAIMED_LINES : 0;
        KG_ARCHIVE(archive, count);
        pool->claimed[i] =
            kg_archive_array(archive, pool->claimed[i], count, count, sizeof **pool->claimed);
    }
}

void kg_pool_archive(kg_pool *pool, const kg_archive *archive)
{
    kg_lines_archive(&pool->lines, archive);
    kg_dictionary_archive(&pool->dictionary, archive);
    KG_ARCHIVE(archive, pool->capacity);
    KG_ARCHIVE(archive, pool->withdrawn);
    pool->sequence_low = kg_archive_array(archive, pool->sequence_low, pool->lines.count,
                                          pool->capacity, sizeof *pool->sequence_low);
    size_t high = pool->sequence_high ? pool->capacity : 0;
    KG_ARCHIVE(archive, high);
    pool->sequence_high =
        kg_archive_array(archive, pool->sequence_high, high ? pool->lines.count : 0, high,
                         sizeof *pool->sequence_high);
    archive_claimed(pool, archive);
}
