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

static void grow(kg_slots *slots)
{
    kg_slot *items = slots->items;
    size_t capacity = slots->capacity;
    slots->capacity = capacity ? capacity * 2 : CAPACITY_MIN;
    slots->items = kg_realloc(NULL, slots->capacity, sizeof *slots->items);
    memset(slots->items, 0xff, slots->capacity * sizeof *slots->items);
    for (size_t i = 0; i < capacity; i++)
        if (items[i].value != FREE)
            put(slots, items[i].hash, items[i].value);
    free(items);
}

void kg_slots_add(kg_slots *slots, uint32_t hash, uint32_t value)
{
    if (slots->count + 1 > slots->capacity / 4 * 3)
        grow(slots);
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

/* FNV-1a over 64 bits, then the finaliser of MurmurHash3, folded. */
uint32_t kg_slots_hash(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
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
