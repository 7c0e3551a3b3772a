/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_cube.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define GROUPS 1000
/* Lines whose memory is fetched ahead together. */
#define AHEAD 32
/* Every so many lines a node looks whether counters are worth it. */
#define LOOK_EVERY 4096

bool kg_cube_fits(const kg_volume_pool *pool, const kg_pool_row *row)
{
    return pool->month[row->from] < KG_CELL_MONTHS && row->member < KG_ENTRY_MEMBERS_MAX - 1 &&
           row->nuts != KG_POOL_NUTS_NONE;
}

void kg_cube_init(kg_cube *cube)
{
    kg_codes_init(&cube->codes);
    cube->nodes_count = KG_NODE_FIRST_GROUP;
    cube->nodes_capacity = 2 * KG_NODE_FIRST_GROUP;
    cube->nodes = kg_alloc(cube->nodes_capacity, sizeof *cube->nodes);
    for (size_t i = 0; i < KG_NODE_FIRST_GROUP; i++) {
        cube->nodes[i].wide = true;
        kg_node_begin_sums(&cube->nodes[i]);
    }
    cube->groups = kg_alloc(GROUPS * (KG_COUNTRIES_MAX + 1), sizeof *cube->groups);
}

void kg_cube_fini(kg_cube *cube)
{
    for (size_t i = 0; i < cube->nodes_count; i++)
        kg_node_fini(&cube->nodes[i]);
    kg_codes_fini(&cube->codes);
    free(cube->nodes);
    free(cube->groups);
    *cube = (kg_cube){0};
}

static uint32_t new_node(kg_cube *cube)
{
    cube->nodes = kg_grow(cube->nodes, cube->nodes_count, &cube->nodes_capacity,
                          sizeof *cube->nodes);
    cube->nodes[cube->nodes_count] = (kg_node){0};
    return (uint32_t)cube->nodes_count++;
}

static uint32_t code_at(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row)
{
    bool fresh;
    unsigned country = pool->countries[row->nuts];
    uint32_t number = kg_codes_at(&cube->codes, row->cpv, country, &fresh);
    if (fresh) {
        uint32_t *group =
            &cube->groups[row->cpv / KG_GROUP_CODES * (KG_COUNTRIES_MAX + 1) + country];
        if (*group == 0)
            *group = new_node(cube) + 1;
        cube->codes.items[number].group = *group - 1;
    }
    return number;
}

/* --- a node begins what it has lines enough for --- */

/* The codes of a node, by its number; `code` is one of them, or NULL for a wide one. Returns
 * owned. */
static uint32_t *codes_of_node(const kg_cube *cube, uint32_t node, const kg_code *code,
                               size_t *count)
{
    uint32_t first = 0, last = KG_CPV_DIVISIONS * KG_DIVISION_CODES - 1;
    bool own_country = node != KG_NODE_ALL && node < KG_NODE_DIVISION;
    unsigned country = own_country ? node - KG_NODE_COUNTRY : 0;
    if (node >= KG_NODE_FIRST_GROUP) {
        own_country = true;
        country = code->country;
    }
    if (node < KG_NODE_DIVISION) {
        /* every code */
    } else if (node < KG_NODE_FIRST_GROUP) {
        first = (node - KG_NODE_DIVISION) * KG_DIVISION_CODES;
        last = first + KG_DIVISION_CODES - 1;
    } else if (node == code->group) {
        first = code->cpv / KG_GROUP_CODES * KG_GROUP_CODES;
        last = first + KG_GROUP_CODES - 1;
    } else if (node == code->own) {
        first = last = code->cpv;
    }
    return kg_codes_range(&cube->codes, first, last, country,
                          own_country ? country : KG_COUNTRIES_MAX, count);
}

static void take_sums(const kg_volume_pool *pool, const kg_bucket *bucket, kg_node *node)
{
    for (uint32_t i = 0; i < bucket->count; i++) {
        kg_entry entry = bucket->entries[i];
        if (kg_entry_gone(entry))
            continue;
        kg_pool_row row = kg_pool_row_of(&pool->columns, kg_entry_line(entry));
        kg_node_add_sums(node, kg_entry_cell(entry), &row);
    }
}

static void take_bodies(const kg_bucket *bucket, kg_node *node)
{
    for (uint32_t i = 0; i < bucket->count; i++)
        if (!kg_entry_gone(bucket->entries[i]))
            kg_counters_add(node->bodies, kg_entry_cell(bucket->entries[i]),
                            kg_entry_member(bucket->entries[i]));
}

static void begin(kg_cube *cube, const kg_volume_pool *pool, uint32_t number, const kg_code *code,
                  bool counters)
{
    size_t count;
    kg_node *node = &cube->nodes[number];
    uint32_t *codes = codes_of_node(cube, number, code, &count);
    if (counters)
        node->bodies = kg_counters_new();
    else
        kg_node_begin_sums(node);
    for (size_t i = 0; i < count; i++) {
        const kg_bucket *bucket = &cube->codes.items[codes[i]].bucket;
        if (counters)
            take_bodies(bucket, node);
        else
            take_sums(pool, bucket, node);
    }
    free(codes);
}

/* --- lines come and go --- */

static void add_to_node(kg_cube *cube, const kg_volume_pool *pool, uint32_t number,
                        const kg_code *code, unsigned cell, const kg_pool_row *row)
{
    kg_node *node = &cube->nodes[number];
    node->lines++;
    if (node->sums)
        kg_node_add_sums(node, cell, row);
    else if (node->lines >= KG_NODE_SUMS_LINES)
        begin(cube, pool, number, code, false);
    if (node->bodies)
        kg_counters_add(node->bodies, cell, row->member);
    else if (node->lines % LOOK_EVERY == 0 && kg_node_worth_counters(node, pool))
        begin(cube, pool, number, code, true);
}

static void add_to_wide(kg_node *node, unsigned cell, const kg_pool_row *row)
{
    node->lines++;
    kg_node_add_sums(node, cell, row);
    if (node->bodies)
        kg_counters_add(node->bodies, cell, row->member);
}

static void begin_own(kg_cube *cube, const kg_volume_pool *pool, kg_code *code)
{
    code->own = new_node(cube);
    cube->nodes[code->own].lines = kg_bucket_lines(&code->bucket);
    begin(cube, pool, code->own, code, false);
}

static void add_wide(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row)
{
    unsigned cell = kg_volume_cell_of(pool, row), country = pool->countries[row->nuts];
    add_to_wide(&cube->nodes[KG_NODE_ALL], cell, row);
    add_to_wide(&cube->nodes[KG_NODE_COUNTRY + country], cell, row);
    add_to_wide(&cube->nodes[KG_NODE_DIVISION + row->cpv / KG_DIVISION_CODES], cell, row);
}

static void add_rest(kg_cube *cube, const kg_volume_pool *pool, uint32_t number,
                     const kg_pool_row *row)
{
    unsigned cell = kg_volume_cell_of(pool, row);
    kg_code *code = &cube->codes.items[number];
    kg_bucket_add(&code->bucket, kg_entry_of(row->line, row->member, cell));
    add_to_node(cube, pool, code->group, code, cell, row);
    if (code->own != KG_CODE_NO_NODE)
        add_to_node(cube, pool, code->own, code, cell, row);
    else if (kg_bucket_lines(&code->bucket) >= KG_NODE_SUMS_LINES)
        begin_own(cube, pool, code);
}

static void fetch_ahead(const kg_cube *cube, const kg_volume_pool *pool, const uint32_t *numbers,
                        const kg_pool_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(&cube->codes.items[numbers[i]], 1);
        __builtin_prefetch(&cube->codes.items[numbers[i]].own, 1);
    }
    for (size_t i = 0; i < count; i++) {
        const kg_code *code = &cube->codes.items[numbers[i]];
        __builtin_prefetch(&code->bucket.entries[code->bucket.count], 1);
        __builtin_prefetch(&cube->nodes[code->group], 1);
    }
    for (size_t i = 0; i < count; i++) {
        const kg_code *code = &cube->codes.items[numbers[i]];
        unsigned cell = kg_volume_cell_of(pool, &rows[i]);
        kg_node_prefetch(&cube->nodes[code->group], cell, rows[i].member);
    }
}

void kg_cube_add_wide(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count)
{
    kg_pool_row rows[AHEAD];
    for (size_t first = 0; first < count; first += AHEAD) {
        size_t some = count - first < AHEAD ? count - first : AHEAD;
        for (size_t i = 0; i < some; i++) {
            rows[i] = kg_pool_row_of(&pool->columns, lines[first + i]);
            unsigned cell = kg_volume_cell_of(pool, &rows[i]);
            kg_node_prefetch(&cube->nodes[KG_NODE_ALL], cell, rows[i].member);
            kg_node_prefetch(&cube->nodes[KG_NODE_DIVISION + rows[i].cpv / KG_DIVISION_CODES],
                             cell, rows[i].member);
        }
        for (size_t i = 0; i < some; i++)
            add_wide(cube, pool, &rows[i]);
    }
}

void kg_cube_add_rest(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count)
{
    kg_pool_row rows[AHEAD];
    uint32_t numbers[AHEAD];
    for (size_t first = 0; first < count; first += AHEAD) {
        size_t some = count - first < AHEAD ? count - first : AHEAD;
        for (size_t i = 0; i < some; i++) {
            rows[i] = kg_pool_row_of(&pool->columns, lines[first + i]);
            kg_codes_prefetch(&cube->codes, rows[i].cpv, pool->countries[rows[i].nuts]);
        }
        for (size_t i = 0; i < some; i++)
            numbers[i] = code_at(cube, pool, &rows[i]);
        fetch_ahead(cube, pool, numbers, rows, some);
        for (size_t i = 0; i < some; i++)
            add_rest(cube, pool, numbers[i], &rows[i]);
    }
}

void kg_cube_add(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines, size_t count)
{
    kg_cube_add_wide(cube, pool, lines, count);
    kg_cube_add_rest(cube, pool, lines, count);
}

void kg_cube_settle(kg_cube *cube, const kg_volume_pool *pool)
{
    for (uint32_t i = 0; i < KG_NODE_FIRST_GROUP; i++)
        if (!cube->nodes[i].bodies && kg_node_worth_counters(&cube->nodes[i], pool))
            begin(cube, pool, i, NULL, true);
}

void kg_cube_remove_wide(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row)
{
    unsigned cell = kg_volume_cell_of(pool, row), country = pool->countries[row->nuts];
    kg_node_remove(&cube->nodes[KG_NODE_ALL], cell, row);
    kg_node_remove(&cube->nodes[KG_NODE_COUNTRY + country], cell, row);
    kg_node_remove(&cube->nodes[KG_NODE_DIVISION + row->cpv / KG_DIVISION_CODES], cell, row);
}

void kg_cube_remove(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row)
{
    unsigned cell = kg_volume_cell_of(pool, row);
    uint32_t number = code_at(cube, pool, row);
    kg_code *code = &cube->codes.items[number];
    kg_bucket_remove(&code->bucket, row->line);
    kg_cube_remove_wide(cube, pool, row);
    kg_node_remove(&cube->nodes[code->group], cell, row);
    if (code->own != KG_CODE_NO_NODE)
        kg_node_remove(&cube->nodes[code->own], cell, row);
}

/* --- many at once --- */

static void count_line(kg_cube *cube, kg_code *code)
{
    code->bucket.capacity++;
    cube->nodes[KG_NODE_ALL].lines++;
    cube->nodes[KG_NODE_COUNTRY + code->country].lines++;
    cube->nodes[KG_NODE_DIVISION + code->cpv / KG_DIVISION_CODES].lines++;
    cube->nodes[code->group].lines++;
}

static void expect_node(kg_node *node, const kg_volume_pool *pool)
{
    if (node->lines >= KG_NODE_SUMS_LINES) {
        if (!node->wide)
            kg_node_begin_sums(node);
        kg_node_widen(node, pool->month_first * 2u);
        kg_node_widen(node, pool->month_last * 2u);
    }
    if (kg_node_worth_counters(node, pool))
        node->bodies = kg_counters_new();
    node->lines = 0;
}

void kg_cube_announce(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count)
{
    kg_pool_row rows[AHEAD];
    for (size_t first = 0; first < count; first += AHEAD) {
        size_t some = count - first < AHEAD ? count - first : AHEAD;
        for (size_t i = 0; i < some; i++) {
            rows[i] = kg_pool_row_of(&pool->columns, lines[first + i]);
            kg_codes_prefetch(&cube->codes, rows[i].cpv, pool->countries[rows[i].nuts]);
        }
        for (size_t i = 0; i < some; i++) {
            uint32_t number = code_at(cube, pool, &rows[i]);
            count_line(cube, &cube->codes.items[number]);
        }
    }
}

void kg_cube_make_room(kg_cube *cube, const kg_volume_pool *pool)
{
    for (size_t i = 0; i < cube->codes.count; i++) {
        kg_code *code = &cube->codes.items[i];
        if (code->bucket.capacity >= KG_NODE_SUMS_LINES) {
            code->own = new_node(cube);
            cube->nodes[code->own].lines = code->bucket.capacity;
        }
        kg_bucket_reserve(&code->bucket, code->bucket.capacity);
    }
    for (size_t i = 0; i < cube->nodes_count; i++)
        expect_node(&cube->nodes[i], pool);
}

size_t kg_cube_bytes(const kg_cube *cube)
{
    size_t bytes = sizeof *cube + kg_codes_bytes(&cube->codes) +
                   cube->nodes_capacity * sizeof *cube->nodes +
                   GROUPS * (KG_COUNTRIES_MAX + 1) * sizeof *cube->groups;
    for (size_t i = 0; i < cube->nodes_count; i++)
        bytes += kg_node_bytes(&cube->nodes[i]);
    return bytes;
}
