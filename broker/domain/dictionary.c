/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/dictionary.h"

#include <endian.h>
#include <stdlib.h>

#include "proto/memory.h"

#define BLOCK_BYTES 4096 /* the first one; a text never spans two */
#define UNIT 2           /* bytes: a number counts these */
#define SETS_IN_BLOCK 256
#define SLOTS_MIN 64
#define FREE 0

/* In the text of a pair of level vectors: each stated level as place and rank, never 0. */
#define PLACE 1
#define RANK 1
#define PLACE_HI (PLACE + KG_CATEGORY_CRITERIA_MAX)

_Static_assert(PLACE_HI + KG_CATEGORY_CRITERIA_MAX <= 256 && RANK + KG_LEVEL_ANY <= 255,
               "places and ranks are bytes");

static int block_of(uint64_t at)
{
    return 63 - __builtin_clzll(at / BLOCK_BYTES + 1);
}

static uint64_t block_begin(int block)
{
    return ((UINT64_C(1) << block) - 1) * BLOCK_BYTES;
}

static uint64_t block_bytes(int block)
{
    return (uint64_t)BLOCK_BYTES << block;
}

void kg_dictionary_init(kg_dictionary *dictionary)
{
    *dictionary = (kg_dictionary){.used = UNIT}; /* number 0 */
    dictionary->blocks[0] = kg_alloc(1, BLOCK_BYTES);
}

void kg_dictionary_fini(kg_dictionary *dictionary)
{
    for (int i = 0; i < KG_DICTIONARY_BLOCKS; i++)
        free(dictionary->blocks[i]);
    for (int i = 0; i < KG_DICTIONARY_SETS_BLOCKS; i++)
        free(dictionary->sets[i]);
    free(dictionary->slots);
    kg_slots_fini(&dictionary->sets_index);
}

const char *kg_dictionary_text(const kg_dictionary *dictionary, uint32_t number)
{
    uint64_t at = (uint64_t)number * UNIT;
    int block = block_of(at);
    return dictionary->blocks[block] + (at - block_begin(block));
}

/* Numbers end at 8 GiB of texts: 800 bytes a line of ten million. */
static char *room(kg_dictionary *dictionary, size_t bytes, uint32_t *number)
{
    uint64_t at = (dictionary->used + UNIT - 1) / UNIT * UNIT;
    int block = block_of(at);
    if (at + bytes > block_begin(block) + block_bytes(block))
        at = block_begin(++block);
    if (at / UNIT > UINT32_MAX || bytes > BLOCK_BYTES)
        kg_memory_end();
    if (!dictionary->blocks[block])
        dictionary->blocks[block] = kg_alloc(1, block_bytes(block));
    dictionary->used = at + bytes;
    *number = (uint32_t)(at / UNIT);
    return dictionary->blocks[block] + (at - block_begin(block));
}

uint32_t kg_dictionary_add(kg_dictionary *dictionary, const char *text)
{
    uint32_t number;
    size_t bytes = strlen(text) + 1;
    if (bytes == 1)
        return 0;
    memcpy(room(dictionary, bytes, &number), text, bytes);
    return number;
}

static size_t slots_bytes(size_t capacity)
{
    return capacity * (sizeof(uint32_t) + 1);
}

size_t kg_dictionary_bytes(const kg_dictionary *dictionary)
{
    return dictionary->used + slots_bytes(dictionary->slots_capacity) +
           dictionary->sets_count * sizeof **dictionary->sets;
}

static uint8_t *tags_of(const kg_dictionary *dictionary)
{
    return (uint8_t *)(dictionary->slots + dictionary->slots_capacity);
}

/* The hash's lower bits tell the place. */
static uint8_t tag_of(uint32_t hash)
{
    return (uint8_t)(hash >> 24);
}

static size_t find_slot(const kg_dictionary *dictionary, uint32_t hash, const char *text)
{
    const uint8_t *tags = tags_of(dictionary);
    const size_t mask = dictionary->slots_capacity - 1;
    size_t at = hash & mask;
    for (; dictionary->slots[at] != FREE; at = (at + 1) & mask)
        if (tags[at] == tag_of(hash) &&
            strcmp(kg_dictionary_text(dictionary, dictionary->slots[at]), text) == 0)
            break;
    return at;
}

static void put_slot(kg_dictionary *dictionary, size_t at, uint32_t hash, uint32_t number)
{
    dictionary->slots[at] = number;
    tags_of(dictionary)[at] = tag_of(hash);
}

static void grow(kg_dictionary *dictionary)
{
    uint32_t *slots = dictionary->slots;
    size_t capacity = dictionary->slots_capacity;
    dictionary->slots_capacity = capacity ? capacity * 2 : SLOTS_MIN;
    dictionary->slots = kg_alloc(slots_bytes(dictionary->slots_capacity), 1);
    for (size_t i = 0; i < capacity; i++) {
        if (slots[i] == FREE)
            continue;
        const char *text = kg_dictionary_text(dictionary, slots[i]);
        uint32_t hash = kg_slots_hash(text);
        put_slot(dictionary, find_slot(dictionary, hash, text), hash, slots[i]);
    }
    free(slots);
}

uint32_t kg_dictionary_share(kg_dictionary *dictionary, const char *text)
{
    if (!*text)
        return 0;
    if (dictionary->shared + 1 > dictionary->slots_capacity / 4 * 3)
        grow(dictionary);
    uint32_t hash = kg_slots_hash(text);
    size_t at = find_slot(dictionary, hash, text);
    if (dictionary->slots[at] == FREE) {
        put_slot(dictionary, at, hash, kg_dictionary_add(dictionary, text));
        dictionary->shared++;
    }
    return dictionary->slots[at];
}

#define LOW_BITS UINT64_C(0x7f7f7f7f7f7f7f7f)

/* Of eight ranks those that are not `plain`, by the highest bit of each one's byte, the first one
 * lowest. */
static uint64_t stated(const uint8_t *ranks, uint8_t plain)
{
    uint64_t word;
    memcpy(&word, ranks, sizeof word);
    word = le64toh(word) ^ plain * UINT64_C(0x0101010101010101);
    return (((word & LOW_BITS) + LOW_BITS) | word) & ~LOW_BITS;
}

/* Few ranks are stated, in places that no branch could guess. */
static uint8_t *write_levels(const kg_levels *levels, uint8_t plain, int place, uint8_t *at)
{
    for (int first = 0; first < KG_CATEGORY_CRITERIA_MAX; first += 8)
        for (uint64_t left = stated(levels->rank + first, plain); left; left &= left - 1) {
            int i = first + __builtin_ctzll(left) / 8;
            *at++ = (uint8_t)(place + i);
            *at++ = (uint8_t)(RANK + levels->rank[i]);
        }
    return at;
}

uint32_t kg_dictionary_levels(kg_dictionary *dictionary, const kg_levels *lo, const kg_levels *hi)
{
    uint8_t text[4 * KG_CATEGORY_CRITERIA_MAX + 1], *at = text;
    at = write_levels(lo, 0, PLACE, at);
    at = write_levels(hi, KG_LEVEL_ANY, PLACE_HI, at);
    *at = '\0';
    return kg_dictionary_share(dictionary, (const char *)text);
}

void kg_dictionary_levels_of(const kg_dictionary *dictionary, uint32_t number, kg_levels *lo,
                             kg_levels *hi)
{
    const uint8_t *at = (const uint8_t *)kg_dictionary_text(dictionary, number);
    *lo = kg_levels_fill(0);
    *hi = kg_levels_fill(KG_LEVEL_ANY);
    for (; *at; at += 2) {
        uint8_t rank = (uint8_t)(at[1] - RANK);
        if (at[0] < PLACE_HI)
            lo->rank[at[0] - PLACE] = rank;
        else
            hi->rank[at[0] - PLACE_HI] = rank;
    }
}

kg_languages kg_dictionary_languages_of(const kg_dictionary *dictionary, uint16_t number)
{
    return dictionary->sets[number / SETS_IN_BLOCK][number % SETS_IN_BLOCK];
}

static uint32_t hash_of(kg_languages languages)
{
    return (uint32_t)((languages ^ languages >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

uint16_t kg_dictionary_languages(kg_dictionary *dictionary, kg_languages languages)
{
    size_t walk, count = dictionary->sets_count;
    uint32_t hash = hash_of(languages);
    uint32_t found = kg_slots_first(&dictionary->sets_index, hash, &walk);
    while (found != UINT32_MAX &&
           kg_dictionary_languages_of(dictionary, (uint16_t)found) != languages)
        found = kg_slots_next(&dictionary->sets_index, hash, &walk);
    if (found != UINT32_MAX)
        return (uint16_t)found;
    if (count == KG_DICTIONARY_SETS_FULL)
        return KG_DICTIONARY_SETS_FULL;
    kg_languages **block = &dictionary->sets[count / SETS_IN_BLOCK];
    if (!*block)
        *block = kg_alloc(SETS_IN_BLOCK, sizeof **block);
    (*block)[count % SETS_IN_BLOCK] = languages;
    kg_slots_add(&dictionary->sets_index, hash, (uint32_t)count);
    return (uint16_t)dictionary->sets_count++;
}

static void archive_blocks(kg_dictionary *dictionary, const kg_archive *archive)
{
    for (int i = 0; i < KG_DICTIONARY_BLOCKS && block_begin(i) < dictionary->used; i++) {
        uint64_t used = dictionary->used - block_begin(i), bytes = block_bytes(i);
        dictionary->blocks[i] = kg_archive_array(archive, dictionary->blocks[i],
                                                 used < bytes ? used : bytes, bytes, 1);
    }
}

static void archive_sets(kg_dictionary *dictionary, const kg_archive *archive)
{
    KG_ARCHIVE(archive, dictionary->sets_count);
    for (size_t i = 0; i * SETS_IN_BLOCK < dictionary->sets_count; i++)
        dictionary->sets[i] = kg_archive_array(archive, dictionary->sets[i], SETS_IN_BLOCK,
                                               SETS_IN_BLOCK, sizeof **dictionary->sets);
    kg_slots_archive(&dictionary->sets_index, archive);
}

void kg_dictionary_archive(kg_dictionary *dictionary, const kg_archive *archive)
{
    if (archive->reading)
        kg_dictionary_fini(dictionary);
    KG_ARCHIVE(archive, dictionary->used);
    archive_blocks(dictionary, archive);
    KG_ARCHIVE(archive, dictionary->shared);
    KG_ARCHIVE(archive, dictionary->slots_capacity);
    const size_t bytes = slots_bytes(dictionary->slots_capacity);
    dictionary->slots = kg_archive_array(archive, dictionary->slots, bytes, bytes, 1);
    archive_sets(dictionary, archive);
}
