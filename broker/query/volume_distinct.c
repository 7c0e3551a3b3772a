/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_distinct.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define BITS_BYTES_MAX ((size_t)32 << 20)
#define BITS_BYTES_FIRST ((size_t)8 << 20) /* before it is known how many pairs come */
#define PAIRS_MIN 64
#define PAIRS_MAX (1u << 16) /* slots of the set: 512 KiB */
/* Bytes that a pair takes, about; and so many of a row's are worth a pair that is in it: more where
 * all rows stay near the processor. */
#define PAIR_BYTES 16
#define PAIR_BYTES_NEAR 64
#define BITS_BYTES_NEAR ((size_t)512 << 10)

static void begin_bits(kg_distinct *distinct, size_t rows)
{
    distinct->bits = kg_alloc(rows * distinct->words, sizeof *distinct->bits);
    distinct->rows = (uint32_t)rows;
}

static void begin_pairs(kg_distinct *distinct, size_t pairs)
{
    size_t slots = PAIRS_MIN;
    while (slots < pairs * 2 && slots < PAIRS_MAX)
        slots *= 2;
    distinct->mask = slots - 1;
    distinct->used = 0;
    distinct->pairs = kg_alloc(slots, sizeof *distinct->pairs);
}

void kg_distinct_init(kg_distinct *distinct, size_t groups, size_t members, size_t pairs)
{
    *distinct = (kg_distinct){.words = members / 64 + 1};
    size_t row = distinct->words * sizeof *distinct->bits;
    size_t worth = pairs * (groups <= BITS_BYTES_NEAR / row ? PAIR_BYTES_NEAR : PAIR_BYTES);
    if (groups > 0 && groups <= BITS_BYTES_FIRST / row && groups * row <= worth)
        begin_bits(distinct, groups);
    else
        begin_pairs(distinct, pairs);
}

void kg_distinct_fini(kg_distinct *distinct)
{
    free(distinct->bits);
    free(distinct->pairs);
    kg_pairs_destroy(&distinct->list);
    *distinct = (kg_distinct){0};
}

static bool put(kg_distinct *distinct, uint64_t pair)
{
    size_t at = kg_distinct_place(distinct, pair);
    while (distinct->pairs[at] != 0 && distinct->pairs[at] != pair)
        at = (at + 1) & distinct->mask;
    if (distinct->pairs[at] == pair)
        return false;
    distinct->pairs[at] = pair;
    distinct->used++;
    return true;
}

static void begin_list(kg_distinct *distinct)
{
    distinct->late = true;
    distinct->list = kg_pairs_new();
}

/* A pair in what there is now. */
static void move(void *context, uint64_t pair)
{
    kg_distinct *distinct = context;
    if (distinct->bits)
        kg_distinct_add(distinct, (uint32_t)((pair - 1) >> 32), (uint32_t)(pair - 1));
    else if (distinct->list)
        kg_pairs_add(distinct->list, pair);
    else
        put(distinct, pair);
}

/* With room for a quarter more groups, have so many pairs as much room as bits would take? */
static bool are_worth_bits(const kg_distinct *distinct, size_t pairs)
{
    size_t bytes = distinct->groups * distinct->words * sizeof *distinct->bits;
    return !distinct->many && bytes + bytes / 4 <= BITS_BYTES_MAX && bytes <= pairs * PAIR_BYTES;
}

static void begin_bits_of_groups(kg_distinct *distinct)
{
    begin_bits(distinct, distinct->groups + distinct->groups / 4 + 1);
}

/* The set is full: to bits, a larger set, or the list. */
static void grow(kg_distinct *distinct)
{
    uint64_t *old = distinct->pairs;
    size_t slots = distinct->mask + 1;
    distinct->pairs = NULL;
    if (are_worth_bits(distinct, distinct->used))
        begin_bits_of_groups(distinct);
    else if (slots < PAIRS_MAX)
        begin_pairs(distinct, slots);
    else
        begin_list(distinct);
    for (size_t i = 0; i < slots; i++)
        if (old[i] != 0)
            move(distinct, old[i]);
    free(old);
}

static void list_to_bits(kg_distinct *distinct)
{
    kg_pairs *list = distinct->list;
    distinct->list = NULL;
    begin_bits_of_groups(distinct);
    kg_pairs_each(list, move, distinct);
    kg_pairs_destroy(&list);
}

static void list_pair(kg_distinct *distinct, uint64_t pair)
{
    if (distinct->list->count % PAIRS_MAX == 0 && are_worth_bits(distinct, distinct->list->count))
        list_to_bits(distinct);
    move(distinct, pair);
}

/* A group for which there is no row: too many groups after all. */
static void leave_bits(kg_distinct *distinct)
{
    uint64_t *bits = distinct->bits;
    size_t words = distinct->rows * distinct->words;
    distinct->bits = NULL;
    distinct->rows = 0;
    distinct->many = true;
    begin_list(distinct);
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = bits[i]; word; word &= word - 1) {
            uint32_t group = (uint32_t)(i / distinct->words);
            uint32_t bit = (uint32_t)__builtin_ctzll(word);
            list_pair(distinct,
                      kg_distinct_pair(group, (uint32_t)(i % distinct->words * 64) + bit));
        }
    free(bits);
}

bool kg_distinct_add_pair(kg_distinct *distinct, uint32_t group, uint32_t member)
{
    if (distinct->bits)
        leave_bits(distinct);
    if (group >= distinct->groups)
        distinct->groups = group + 1;
    if (distinct->list) {
        list_pair(distinct, kg_distinct_pair(group, member));
        return false;
    }
    bool fresh = put(distinct, kg_distinct_pair(group, member));
    if (distinct->used * 2 > distinct->mask)
        grow(distinct);
    return fresh;
}

/* ---- the end ---- */

static void count_bits(const kg_distinct *distinct, uint32_t *out, size_t groups)
{
    for (size_t group = 0; group < groups && group < distinct->rows; group++)
        for (size_t i = 0; i < distinct->words; i++)
            out[group] +=
                (uint32_t)__builtin_popcountll(distinct->bits[group * distinct->words + i]);
}

bool kg_distinct_settle(kg_distinct *distinct, uint32_t *out, size_t groups)
{
    if (!distinct->late)
        return false;
    memset(out, 0, groups * sizeof *out);
    if (distinct->list)
        kg_pairs_count(distinct->list, out);
    else
        count_bits(distinct, out, groups);
    return true;
}
