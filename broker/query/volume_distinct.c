/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_distinct.h"

#include <stdlib.h>

#include "proto/memory.h"

#define BITS_BYTES_MAX ((size_t)64 << 20)
#define PAIRS_MIN 64
#define PAIRS_FIRST_MAX (1u << 16) /* most of many pairs are often the same */
/* Bytes that a pair takes, about; and so many of a row's are worth a pair that is in it. */
#define PAIR_BYTES 16

static void begin_bits(kg_distinct *distinct, size_t rows)
{
    distinct->bits = kg_alloc(rows * distinct->words, sizeof *distinct->bits);
    distinct->rows = (uint32_t)rows;
}

static void begin_pairs(kg_distinct *distinct, size_t pairs)
{
    size_t slots = PAIRS_MIN;
    while (slots < pairs * 2)
        slots *= 2;
    distinct->mask = slots - 1;
    distinct->used = 0;
    distinct->pairs = kg_alloc(slots, sizeof *distinct->pairs);
}

void kg_distinct_init(kg_distinct *distinct, size_t groups, size_t members, size_t pairs)
{
    *distinct = (kg_distinct){.words = members / 64 + 1};
    size_t row = distinct->words * sizeof *distinct->bits;
    if (groups > 0 && groups <= BITS_BYTES_MAX / row && groups * row <= pairs * PAIR_BYTES)
        begin_bits(distinct, groups);
    else
        begin_pairs(distinct, pairs < PAIRS_FIRST_MAX ? pairs : PAIRS_FIRST_MAX);
}

void kg_distinct_fini(kg_distinct *distinct)
{
    free(distinct->bits);
    free(distinct->pairs);
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

/* Pairs to bits where that is smaller, with room for as many groups again, else to more pairs. */
static void grow(kg_distinct *distinct)
{
    uint64_t *old = distinct->pairs;
    size_t slots = distinct->mask + 1, row = distinct->words * sizeof *distinct->bits;
    size_t groups = distinct->groups;
    distinct->pairs = NULL;
    if (!distinct->many && groups * 2 * row <= BITS_BYTES_MAX &&
        groups * row <= distinct->used * PAIR_BYTES)
        begin_bits(distinct, BITS_BYTES_MAX / row);
    else
        begin_pairs(distinct, slots * 2);
    for (size_t i = 0; i < slots; i++) {
        if (old[i] == 0)
            continue;
        if (distinct->bits)
            kg_distinct_add(distinct, (uint32_t)((old[i] - 1) >> 32), (uint32_t)(old[i] - 1));
        else
            put(distinct, old[i]);
    }
    free(old);
}

/* A group for which there is no row: too many groups after all. */
static void leave_bits(kg_distinct *distinct)
{
    uint64_t *bits = distinct->bits;
    size_t words = distinct->rows * distinct->words;
    distinct->bits = NULL;
    distinct->groups = distinct->rows;
    distinct->rows = 0;
    distinct->many = true;
    begin_pairs(distinct, PAIRS_FIRST_MAX);
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = bits[i]; word; word &= word - 1) {
            uint32_t group = (uint32_t)(i / distinct->words);
            uint32_t bit = (uint32_t)__builtin_ctzll(word);
            kg_distinct_add(distinct, group, (uint32_t)(i % distinct->words * 64) + bit);
        }
    free(bits);
}

bool kg_distinct_add_pair(kg_distinct *distinct, uint32_t group, uint32_t member)
{
    if (distinct->bits)
        leave_bits(distinct);
    if (group >= distinct->groups)
        distinct->groups = group + 1;
    bool fresh = put(distinct, kg_distinct_pair(group, member));
    if (distinct->used * 2 > distinct->mask)
        grow(distinct);
    return fresh;
}
