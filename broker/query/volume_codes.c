/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_codes.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define INDEX_MIN 1024
#define DIVISION 1000000 /* codes in it */
/* A place, in the index and in a division: CPV, country, number. */
#define NUMBER_BITS 30
#define NUMBER_MASK ((UINT64_C(1) << NUMBER_BITS) - 1)
#define CPV_SHIFT (NUMBER_BITS + 6)

static uint64_t place_of(uint32_t cpv, unsigned country)
{
    return (uint64_t)cpv << CPV_SHIFT | (uint64_t)country << NUMBER_BITS;
}

void kg_codes_init(kg_codes *codes)
{
    memset(codes, 0, sizeof *codes);
    codes->index_mask = INDEX_MIN - 1;
    codes->index = kg_alloc(INDEX_MIN, sizeof *codes->index);
}

void kg_codes_fini(kg_codes *codes)
{
    for (size_t i = 0; i < codes->count; i++)
        kg_bucket_fini(&codes->items[i].bucket);
    for (size_t i = 0; i < KG_CPV_DIVISIONS; i++)
        free(codes->divisions[i]);
    free(codes->items);
    free(codes->index);
    memset(codes, 0, sizeof *codes);
}

static size_t slot_of(const kg_codes *codes, uint64_t place)
{
    uint64_t mixed = (place >> NUMBER_BITS) * UINT64_C(0x9e3779b97f4a7c15);
    return (mixed ^ mixed >> 32) & codes->index_mask;
}

/* Countries begin with 1, so that 0 is an empty slot. */
static uint64_t *find_slot(const kg_codes *codes, uint64_t place)
{
    size_t at = slot_of(codes, place);
    while (codes->index[at] != 0 && (codes->index[at] & ~NUMBER_MASK) != place)
        at = (at + 1) & codes->index_mask;
    return &codes->index[at];
}

static void grow_index(kg_codes *codes)
{
    uint64_t *old = codes->index;
    size_t slots = codes->index_mask + 1;
    codes->index_mask = slots * 2 - 1;
    codes->index = kg_alloc(slots * 2, sizeof *codes->index);
    for (size_t i = 0; i < slots; i++)
        if (old[i])
            *find_slot(codes, old[i] & ~NUMBER_MASK) = old[i];
    free(old);
}

/* The first place in a division that is not before this one. */
static size_t lower_bound(const kg_codes *codes, size_t division, uint64_t place)
{
    const uint64_t *places = codes->divisions[division];
    size_t low = 0, high = codes->divisions_count[division];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void enter_division(kg_codes *codes, size_t division, uint64_t place)
{
    size_t at = lower_bound(codes, division, place), count = codes->divisions_count[division]++;
    codes->divisions[division] = kg_grow(codes->divisions[division], count,
                                         &codes->divisions_capacity[division], sizeof place);
    uint64_t *places = codes->divisions[division];
    memmove(places + at + 1, places + at, (count - at) * sizeof *places);
    places[at] = place;
}

uint32_t kg_codes_at(kg_codes *codes, uint32_t cpv, unsigned country, bool *fresh)
{
    uint64_t place = place_of(cpv, country), *slot = find_slot(codes, place);
    *fresh = *slot == 0;
    if (*slot)
        return (uint32_t)(*slot & NUMBER_MASK);
    codes->items = kg_grow(codes->items, codes->count, &codes->capacity, sizeof *codes->items);
    uint32_t number = (uint32_t)codes->count++;
    codes->items[number] =
        (kg_code){.cpv = cpv, .country = country, .own = KG_CODE_NO_NODE};
    *slot = place | number;
    if (codes->count * 2 > codes->index_mask)
        grow_index(codes);
    enter_division(codes, cpv / DIVISION, place | number);
    return number;
}

void kg_codes_prefetch(const kg_codes *codes, uint32_t cpv, unsigned country)
{
    __builtin_prefetch(&codes->index[slot_of(codes, place_of(cpv, country))]);
}

uint32_t *kg_codes_range(const kg_codes *codes, uint32_t cpv_first, uint32_t cpv_last,
                         unsigned country_first, unsigned country_last, size_t *count)
{
    uint32_t *out = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t division = cpv_first / DIVISION; division <= cpv_last / DIVISION; division++) {
        size_t at = lower_bound(codes, division, place_of(cpv_first, 0));
        for (; at < codes->divisions_count[division]; at++) {
            uint64_t place = codes->divisions[division][at];
            unsigned country = (place >> NUMBER_BITS) & 63;
            if (place >> CPV_SHIFT > cpv_last)
                break;
            if (country < country_first || country > country_last)
                continue;
            out = kg_grow(out, *count, &capacity, sizeof *out);
            out[(*count)++] = (uint32_t)(place & NUMBER_MASK);
        }
    }
    return out;
}

size_t kg_codes_bytes(const kg_codes *codes)
{
    size_t bytes = codes->capacity * sizeof *codes->items +
                   (codes->index_mask + 1) * sizeof *codes->index;
    for (size_t i = 0; i < codes->count; i++)
        bytes += codes->items[i].bucket.capacity * sizeof(kg_entry);
    for (size_t i = 0; i < KG_CPV_DIVISIONS; i++)
        bytes += codes->divisions_capacity[i] * sizeof *codes->divisions[i];
    return bytes;
}
