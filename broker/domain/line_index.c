/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/line_index.h"

#include <stdlib.h>

#define CAPACITY_MIN 12
#define FREE 0 /* as a tag */

static uint8_t *tags_of(const kg_line_index *index)
{
    return index->lines ? (uint8_t *)(index->lines + index->capacity) : NULL;
}

/* The hash's upper bits tell the place, its lower ones the tag. */
static uint32_t place_of(uint32_t hash, uint32_t capacity)
{
    return (uint32_t)((uint64_t)hash * capacity >> 32);
}

static uint8_t tag_of(uint32_t hash)
{
    return hash & 0xff ? (uint8_t)hash : 1;
}

static size_t bytes_of(uint32_t capacity)
{
    return (size_t)capacity * (sizeof(uint32_t) + 1);
}

void kg_line_index_fini(kg_line_index *index)
{
    free(index->lines);
    *index = (kg_line_index){0};
}

size_t kg_line_index_bytes(const kg_line_index *index)
{
    return bytes_of(index->capacity);
}

static const char *key_of(const kg_lines *lines, const kg_dictionary *dictionary, uint32_t line)
{
    return kg_dictionary_text(dictionary, lines->key[line]);
}

static void put(kg_line_index *index, uint32_t hash, uint32_t line)
{
    uint8_t *tags = tags_of(index);
    uint32_t at = place_of(hash, index->capacity);
    while (tags[at] != FREE)
        at = at + 1 < index->capacity ? at + 1 : 0;
    tags[at] = tag_of(hash);
    index->lines[at] = line;
}

/* By half: what is added once a year need not have as much room again. */
static void grow(kg_line_index *index, const kg_lines *lines, const kg_dictionary *dictionary)
{
    const kg_line_index old = *index;
    const uint8_t *tags = tags_of(&old);
    index->capacity = old.capacity ? old.capacity + old.capacity / 2 : CAPACITY_MIN;
    index->lines = kg_alloc(bytes_of(index->capacity), 1);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (tags[i] != FREE)
            put(index, kg_slots_hash(key_of(lines, dictionary, old.lines[i])), old.lines[i]);
    free(old.lines);
}

/* Five of seven places are taken then: at five of six, searches are three times as long. */
void kg_line_index_reserve(kg_line_index *index, size_t count)
{
    const size_t capacity = (count / 5 + 1) * 7;
    if (index->count > 0 || count == 0 || capacity <= index->capacity || capacity > UINT32_MAX)
        return;
    free(index->lines);
    index->capacity = capacity < CAPACITY_MIN ? CAPACITY_MIN : (uint32_t)capacity;
    index->lines = kg_alloc(bytes_of(index->capacity), 1);
}

void kg_line_index_add(kg_line_index *index, const kg_lines *lines,
                       const kg_dictionary *dictionary, uint32_t line, uint32_t hash)
{
    if (index->count >= index->capacity / 6 * 5)
        grow(index, lines, dictionary);
    put(index, hash, line);
    index->count++;
}

uint32_t kg_line_index_find(const kg_line_index *index, const kg_lines *lines,
                            const kg_dictionary *dictionary, const char *key, uint32_t hash)
{
    if (index->capacity == 0)
        return KG_NONE;
    const uint8_t *tags = tags_of(index);
    const uint8_t tag = tag_of(hash);
    for (uint32_t at = place_of(hash, index->capacity); tags[at] != FREE;
         at = at + 1 < index->capacity ? at + 1 : 0)
        if (tags[at] == tag && strcmp(key_of(lines, dictionary, index->lines[at]), key) == 0)
            return index->lines[at];
    return KG_NONE;
}

void kg_line_index_prefetch(const kg_line_index *index, uint32_t hash)
{
    if (index->capacity == 0)
        return;
    const uint32_t at = place_of(hash, index->capacity);
    __builtin_prefetch(&tags_of(index)[at]);
    __builtin_prefetch(&index->lines[at], 1);
}

void kg_line_index_list(const kg_line_index *index, uint32_t *out)
{
    const uint8_t *tags = tags_of(index);
    for (uint32_t i = 0; i < index->capacity; i++)
        if (tags[i] != FREE)
            *out++ = index->lines[i];
}

void kg_line_index_archive(kg_line_index *index, const kg_archive *archive)
{
    KG_ARCHIVE(archive, index->count);
    KG_ARCHIVE(archive, index->capacity);
    const size_t bytes = bytes_of(index->capacity);
    index->lines = kg_archive_array(archive, index->lines, bytes, bytes, 1);
}
