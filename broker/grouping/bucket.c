/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/bucket.h"

#include <stdlib.h>

#include "broker/grouping/explanation.h"

#define NO_BUCKET UINT32_MAX

/* Open addressing from (category, area) to the bucket's number in the order of appearance. */
typedef struct kg_bucket_table {
    uint64_t *keys; /* 0: free */
    uint32_t *numbers;
    size_t capacity; /* a power of two */
    kg_bucket *items;
    size_t count, items_capacity;
} kg_bucket_table;

static uint64_t key_of(kg_category category, const kg_nuts *nuts)
{
    uint64_t area = 0; /* only ever compared: the order of its bytes does not matter */
    memcpy(&area, nuts->code, KG_NUTS_CHARS_MAX);
    return (uint64_t)category << 40 | area;
}

static size_t slot_of(const kg_bucket_table *table, uint64_t key)
{
    uint64_t mixed = key * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(mixed ^ mixed >> 32) & (table->capacity - 1);
    while (table->keys[slot] && table->keys[slot] != key)
        slot = (slot + 1) & (table->capacity - 1);
    return slot;
}

static void table_resize(kg_bucket_table *table, size_t capacity)
{
    uint64_t *keys = table->keys;
    uint32_t *numbers = table->numbers;
    size_t old = table->capacity;
    table->capacity = capacity;
    table->keys = kg_alloc(capacity, sizeof *table->keys);
    table->numbers = kg_alloc(capacity, sizeof *table->numbers);
    for (size_t i = 0; i < old; i++) {
        if (!keys[i])
            continue;
        size_t slot = slot_of(table, keys[i]);
        table->keys[slot] = keys[i];
        table->numbers[slot] = numbers[i];
    }
    free(keys);
    free(numbers);
}

static uint32_t number_of(kg_bucket_table *table, kg_category category, const kg_nuts *nuts)
{
    uint64_t key = key_of(category, nuts);
    size_t slot = slot_of(table, key);
    if (table->keys[slot])
        return table->numbers[slot];
    if (table->count * 2 >= table->capacity) {
        table_resize(table, table->capacity * 2);
        slot = slot_of(table, key);
    }
    table->items =
        kg_grow(table->items, table->count, &table->items_capacity, sizeof *table->items);
    table->items[table->count] = (kg_bucket){.category = category, .nuts = *nuts};
    table->keys[slot] = key;
    table->numbers[slot] = (uint32_t)table->count;
    return (uint32_t)table->count++;
}

static kg_nuts area_of(const kg_nuts *nuts, int level)
{
    kg_nuts area = {0};
    for (int i = 0; i < level + 2 && i < KG_NUTS_CHARS_MAX && nuts->code[i]; i++)
        area.code[i] = nuts->code[i];
    return area;
}

/* Gives each line its bucket's number, or NO_BUCKET and an entry among the filtered. */
static uint32_t *number_lines(kg_buckets *buckets, const kg_grouping_input *input,
                              kg_bucket_table *table)
{
    uint32_t *numbers = kg_realloc(NULL, input->lines_count + 1, sizeof *numbers);
    size_t capacity = 0;
    for (size_t i = 0; i < input->lines_count; i++) {
        const kg_demand *line = &input->lines[i];
        numbers[i] = NO_BUCKET;
        if (buckets->locked && buckets->locked[i])
            continue;
        uint32_t blocking = kg_explain_filters(input, line);
        if (!blocking) {
            kg_nuts area = area_of(&line->nuts, input->round->nuts_level);
            numbers[i] = number_of(table, line->category, &area);
            continue;
        }
        buckets->filtered = kg_grow(buckets->filtered, buckets->filtered_count, &capacity,
                                    sizeof *buckets->filtered);
        buckets->filtered[buckets->filtered_count++] =
            (kg_unplaced){.line = (uint32_t)i,
                          .reason = (kg_reason)__builtin_ctz(blocking),
                          .blocking = blocking,
                          .nearest_lot = KG_NO_LOT,
                          .change = {.place = -1, .date = KG_DATE_NONE}};
    }
    return numbers;
}

static void lock_members(kg_buckets *buckets, const kg_grouping_input *input)
{
    if (!input->fixed_count)
        return;
    buckets->locked = kg_alloc(input->lines_count + 1, 1);
    for (size_t i = 0; i < input->fixed_count; i++)
        for (size_t m = 0; m < input->fixed[i].members_count; m++)
            buckets->locked[input->fixed[i].members[m]] = 1;
}

/* Gives fixed lots and their members the number of their bucket. */
static uint32_t *number_fixed(const kg_grouping_input *input, kg_bucket_table *table,
                              uint32_t *line_numbers)
{
    uint32_t *numbers = kg_alloc(input->fixed_count + 1, sizeof *numbers);
    for (size_t i = 0; i < input->fixed_count; i++) {
        const kg_fixed_lot *lot = &input->fixed[i];
        kg_nuts area = area_of(&lot->nuts, input->round->nuts_level);
        numbers[i] = number_of(table, lot->category, &area);
        for (size_t m = 0; m < lot->members_count; m++)
            line_numbers[lot->members[m]] = numbers[i];
    }
    return numbers;
}

typedef struct kg_bucket_name {
    char category[KG_CATEGORY_NAME_BYTES];
    kg_nuts nuts;
    uint32_t number;
} kg_bucket_name;

static int by_name(const void *a, const void *b)
{
    const kg_bucket_name *left = a, *right = b;
    int order = strcmp(left->category, right->category);
    return order ? order : strcmp(left->nuts.code, right->nuts.code);
}

/* Sorts the table's buckets into `buckets`; returns place by number. */
static uint32_t *sort_buckets(kg_buckets *buckets, const kg_grouping_input *input,
                              const kg_bucket_table *table)
{
    kg_bucket_name *names = kg_alloc(table->count + 1, sizeof *names);
    uint32_t *places = kg_alloc(table->count + 1, sizeof *places);
    for (size_t i = 0; i < table->count; i++) {
        kg_category_name(input->catalogue, table->items[i].category, names[i].category);
        names[i].nuts = table->items[i].nuts;
        names[i].number = (uint32_t)i;
    }
    qsort(names, table->count, sizeof *names, by_name);
    buckets->items = kg_alloc(table->count + 1, sizeof *buckets->items);
    buckets->count = table->count;
    for (size_t i = 0; i < table->count; i++) {
        buckets->items[i] = table->items[names[i].number];
        places[names[i].number] = (uint32_t)i;
    }
    free(names);
    return places;
}

static void spread_lines(kg_buckets *buckets, size_t count, const uint32_t *numbers,
                         const uint32_t *places)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] != NO_BUCKET)
            buckets->items[places[numbers[i]]].lines_count++;
    uint32_t first = 0;
    for (size_t i = 0; i < buckets->count; i++) {
        buckets->items[i].lines_first = first;
        first += buckets->items[i].lines_count;
        buckets->items[i].lines_count = 0;
    }
    buckets->lines = kg_realloc(NULL, (size_t)first + 1, sizeof *buckets->lines);
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == NO_BUCKET)
            continue;
        kg_bucket *bucket = &buckets->items[places[numbers[i]]];
        buckets->lines[bucket->lines_first + bucket->lines_count++] = (uint32_t)i;
    }
}

static void spread_fixed(kg_buckets *buckets, size_t count, const uint32_t *numbers,
                         const uint32_t *places)
{
    for (size_t i = 0; i < count; i++)
        buckets->items[places[numbers[i]]].fixed_count++;
    uint32_t first = 0;
    for (size_t i = 0; i < buckets->count; i++) {
        buckets->items[i].fixed_first = first;
        first += buckets->items[i].fixed_count;
        buckets->items[i].fixed_count = 0;
    }
    buckets->fixed = kg_alloc(count + 1, sizeof *buckets->fixed);
    for (size_t i = 0; i < count; i++) {
        kg_bucket *bucket = &buckets->items[places[numbers[i]]];
        buckets->fixed[bucket->fixed_first + bucket->fixed_count++] = (uint32_t)i;
    }
}

void kg_buckets_init(kg_buckets *buckets, const kg_grouping_input *input)
{
    kg_bucket_table table = {0};
    memset(buckets, 0, sizeof *buckets);
    table_resize(&table, 4096);
    lock_members(buckets, input);
    uint32_t *line_numbers = number_lines(buckets, input, &table);
    uint32_t *fixed_numbers = number_fixed(input, &table, line_numbers);
    uint32_t *places = sort_buckets(buckets, input, &table);
    spread_lines(buckets, input->lines_count, line_numbers, places);
    spread_fixed(buckets, input->fixed_count, fixed_numbers, places);
    free(line_numbers);
    free(fixed_numbers);
    free(places);
    free(table.keys);
    free(table.numbers);
    free(table.items);
}

void kg_buckets_fini(kg_buckets *buckets)
{
    free(buckets->items);
    free(buckets->lines);
    free(buckets->fixed);
    free(buckets->locked);
    free(buckets->filtered);
    memset(buckets, 0, sizeof *buckets);
}
