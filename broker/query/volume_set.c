/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_set.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define AT_ONCE 256

void kg_volume_set_init(kg_volume_set *set)
{
    *set = (kg_volume_set){0};
}

void kg_volume_set_fini(kg_volume_set *set)
{
    if (set->cube)
        kg_cube_fini(set->cube);
    free(set->cube);
    free(set->bits);
    kg_bucket_fini(&set->odd);
    *set = (kg_volume_set){0};
}

void kg_volume_set_grow(kg_volume_set *set, size_t lines)
{
    size_t words = lines / 64 + 1;
    if (words <= set->words)
        return;
    words = words > set->words * 2 ? words : set->words * 2;
    set->bits = kg_realloc(set->bits, words, sizeof *set->bits);
    memset(set->bits + set->words, 0, (words - set->words) * sizeof *set->bits);
    set->words = words;
}

static bool bit(const kg_volume_set *set, uint32_t line)
{
    return set->bits[line / 64] >> (line % 64) & 1;
}

bool kg_volume_set_has(const kg_volume_set *set, uint32_t line)
{
    return line / 64 < set->words && (bit(set, line) || kg_bucket_has(&set->odd, line));
}

/* Lines that a cube cannot hold are odd whether there is one or not. */
static bool is_odd(const kg_volume_pool *pool, const kg_pool_row *row)
{
    return (row->flags & KG_POOL_ODD) || !kg_cube_fits(pool, row);
}

/* Is it in the cube, and only in its wide nodes? */
static bool is_late(const kg_volume_set *set, uint32_t line)
{
    return set->cubed == SIZE_MAX && line >= set->coded;
}

/* Takes the lines that are for the cube by now into `even`, and from the other end on those that
 * are for its wide nodes only. Returns how many each. */
static size_t mark(kg_volume_set *set, const kg_volume_pool *pool, const uint32_t *lines,
                   size_t count, uint32_t even[static AT_ONCE], size_t *late)
{
    size_t kept = 0;
    *late = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t line = lines[i];
        kg_pool_row row = kg_pool_row_of(&pool->columns, line);
        if (is_odd(pool, &row)) {
            kg_bucket_add(&set->odd, kg_entry_of(line, 0, 0));
            continue;
        }
        set->bits[line / 64] |= UINT64_C(1) << (line % 64);
        if (is_late(set, line))
            even[AT_ONCE - ++*late] = line;
        else if (line < set->cubed)
            even[kept++] = line;
    }
    set->count += count;
    return kept;
}

void kg_volume_set_add(kg_volume_set *set, const kg_volume_pool *pool, const uint32_t *lines,
                       size_t count)
{
    uint32_t even[AT_ONCE];
    for (size_t first = 0; first < count; first += AT_ONCE) {
        size_t some = count - first < AT_ONCE ? count - first : AT_ONCE, late;
        size_t kept = mark(set, pool, lines + first, some, even, &late);
        if (kept > 0)
            kg_cube_add(set->cube, pool, even, kept);
        if (late > 0)
            kg_cube_add_wide(set->cube, pool, even + AT_ONCE - late, late);
    }
}

void kg_volume_set_remove(kg_volume_set *set, const kg_volume_pool *pool,
                          const kg_pool_row *row)
{
    set->count--;
    if (!bit(set, row->line)) {
        kg_bucket_remove(&set->odd, row->line);
        return;
    }
    set->bits[row->line / 64] &= ~(UINT64_C(1) << (row->line % 64));
    if (is_late(set, row->line))
        kg_cube_remove_wide(set->cube, pool, row);
    else if (row->line < set->cubed)
        kg_cube_remove(set->cube, pool, row);
}

/* The next lines that are not odd, from *at on, which is moved on; SIZE_MAX after the last. */
static size_t next_lines(const kg_volume_set *set, size_t *at, size_t max, uint32_t *lines)
{
    size_t count = 0, word = *at / 64;
    for (; word < set->words && count + 64 <= max; word++)
        for (uint64_t bits = set->bits[word]; bits; bits &= bits - 1)
            lines[count++] = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
    *at = word < set->words ? word * 64 : SIZE_MAX;
    return count;
}

static void announce_some(kg_volume_set *set, const kg_volume_pool *pool)
{
    uint32_t lines[AT_ONCE];
    size_t count = next_lines(set, &set->announced, AT_ONCE, lines);
    kg_cube_announce(set->cube, pool, lines, count);
    if (set->announced == SIZE_MAX)
        kg_cube_make_room(set->cube, pool);
}

static void add_some(kg_volume_set *set, const kg_volume_pool *pool)
{
    uint32_t lines[AT_ONCE];
    size_t count = next_lines(set, &set->cubed, AT_ONCE, lines);
    kg_cube_add(set->cube, pool, lines, count);
    if (set->cubed != SIZE_MAX)
        return;
    set->coded = pool->columns.count;
    kg_cube_settle(set->cube, pool);
}

bool kg_volume_set_cube(kg_volume_set *set, const kg_volume_pool *pool, size_t *lines)
{
    if (!set->cube) {
        set->cube = kg_alloc(1, sizeof *set->cube);
        kg_cube_init(set->cube);
    }
    for (; *lines > 0 && set->cubed != SIZE_MAX; *lines -= *lines < AT_ONCE ? *lines : AT_ONCE) {
        if (set->announced != SIZE_MAX)
            announce_some(set, pool);
        else
            add_some(set, pool);
    }
    return set->cubed == SIZE_MAX;
}

bool kg_volume_set_late(const kg_volume_set *set, const kg_volume_pool *pool)
{
    return set->cubed == SIZE_MAX && set->coded < pool->columns.count;
}

/* The next lines that wait; their numbers may lie far apart. */
static void code_some(kg_volume_set *set, const kg_volume_pool *pool)
{
    uint32_t lines[AT_ONCE];
    size_t count = 0, end = pool->columns.count;
    for (; set->coded < end && count < AT_ONCE; set->coded++)
        if (bit(set, (uint32_t)set->coded))
            lines[count++] = (uint32_t)set->coded;
    kg_cube_add_rest(set->cube, pool, lines, count);
    if (set->coded == end)
        kg_cube_settle(set->cube, pool);
}

bool kg_volume_set_code(kg_volume_set *set, const kg_volume_pool *pool, size_t *lines)
{
    for (; *lines > 0 && kg_volume_set_late(set, pool);
         *lines -= *lines < AT_ONCE ? *lines : AT_ONCE)
        code_some(set, pool);
    return !kg_volume_set_late(set, pool);
}

size_t kg_volume_set_bytes(const kg_volume_set *set)
{
    return set->words * sizeof *set->bits + set->odd.capacity * sizeof(kg_entry) +
           (set->cube ? kg_cube_bytes(set->cube) : 0);
}
