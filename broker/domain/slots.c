/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/slots.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define FREE UINT32_MAX
#define CAPACITY_MIN 16

void kg_slots_init(kg_slots *slots)
{
    *slots = (kg_slots){0};
}

void kg_slots_fini(kg_slots *slots)
{
    free(slots->items);
    *slots = (kg_slots){0};
}

static void put(kg_slots *slots, uint32_t hash, uint32_t value)
{
    size_t at = hash & (slots->capacity - 1);
    while (slots->items[at].value != FREE)
        at = (at + 1) & (slots->capacity - 1);
    slots->items[at] = (kg_slot){hash, value};
}

static void grow(kg_slots *slots, size_t to)
{
    kg_slot *items = slots->items;
    size_t capacity = slots->capacity;
    slots->capacity = to;
    slots->items = kg_realloc(NULL, slots->capacity, sizeof *slots->items);
    memset(slots->items, 0xff, slots->capacity * sizeof *slots->items);
    for (size_t i = 0; i < capacity; i++)
        if (items[i].value != FREE)
            put(slots, items[i].hash, items[i].value);
    free(items);
}

void kg_slots_reserve(kg_slots *slots, size_t count)
{
    size_t capacity = slots->capacity ? slots->capacity : CAPACITY_MIN;
    while (slots->count + count > capacity / 4 * 3)
        capacity *= 2;
    if (capacity > slots->capacity)
        grow(slots, capacity);
}

void kg_slots_add(kg_slots *slots, uint32_t hash, uint32_t value)
{
    kg_slots_reserve(slots, 1);
    put(slots, hash, value);
    slots->count++;
}

static uint32_t walk(const kg_slots *slots, uint32_t hash, size_t *at)
{
    for (;; *at = (*at + 1) & (slots->capacity - 1)) {
        const kg_slot *slot = &slots->items[*at];
        if (slot->value == FREE || slot->hash == hash)
            return slot->value;
    }
}

uint32_t kg_slots_first(const kg_slots *slots, uint32_t hash, size_t *at)
{
    if (slots->capacity == 0)
        return FREE;
    *at = hash & (slots->capacity - 1);
    return walk(slots, hash, at);
}

uint32_t kg_slots_next(const kg_slots *slots, uint32_t hash, size_t *at)
{
    *at = (*at + 1) & (slots->capacity - 1);
    return walk(slots, hash, at);
}

void kg_slots_prefetch(const kg_slots *slots, uint32_t hash)
{
    if (slots->capacity > 0)
        __builtin_prefetch(&slots->items[hash & (slots->capacity - 1)]);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Eight bytes at a time, then the finaliser of MurmurHash3, folded. */
uint32_t kg_slots_hash(const char *name)
{
    size_t bytes = strlen(name);
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ bytes, word;
    for (; bytes >= sizeof word; bytes -= sizeof word, name += sizeof word) {
        memcpy(&word, name, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    for (; bytes > 0; bytes--, name++)
        word = word << 8 | (uint8_t)*name;
    hash = mix(hash, word);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    return (uint32_t)hash;
}

void kg_slots_archive(kg_slots *slots, const kg_archive *archive)
{
    KG_ARCHIVE(archive, slots->count);
    KG_ARCHIVE(archive, slots->capacity);
    slots->items = kg_archive_array(archive, slots->items, slots->capacity, slots->capacity,
                                    sizeof *slots->items);
}
