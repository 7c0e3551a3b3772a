/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define SLAB_PIECES 256
#define SLOTS_MIN 64

kg_pairs *kg_pairs_new(void)
{
    return kg_alloc(1, sizeof(kg_pairs));
}

void kg_pairs_destroy(kg_pairs **pairs)
{
    kg_pairs *p = *pairs;
    if (!p)
        return;
    for (size_t i = 0; i < p->slabs_count; i++)
        free(p->slabs[i]);
    free(p->slabs);
    free(p);
    *pairs = NULL;
}

void kg_pairs_extend(kg_pairs *pairs, size_t part)
{
    if (pairs->slabs_count == 0 || pairs->slab_used == SLAB_PIECES) {
        pairs->slabs = kg_grow(pairs->slabs, pairs->slabs_count, &pairs->slabs_capacity,
                               sizeof *pairs->slabs);
        pairs->slabs[pairs->slabs_count++] =
            kg_realloc(NULL, SLAB_PIECES, sizeof(kg_pairs_piece));
        pairs->slab_used = 0;
    }
    kg_pairs_piece *piece = &pairs->slabs[pairs->slabs_count - 1][pairs->slab_used++];
    piece->before = pairs->parts[part].piece;
    pairs->parts[part].piece = piece;
    pairs->parts[part].used = 0;
    pairs->parts[part].pieces++;
}

void kg_pairs_each(const kg_pairs *pairs, void (*each)(void *context, uint64_t pair),
                   void *context)
{
    for (size_t part = 0; part < KG_PAIRS_PARTS; part++) {
        size_t count = pairs->parts[part].used;
        for (const kg_pairs_piece *piece = pairs->parts[part].piece; piece; piece = piece->before) {
            for (size_t i = 0; i < count; i++)
                each(context, piece->pairs[i]);
            count = KG_PAIRS_PIECE;
        }
    }
}

/* ---- counting ---- */

/* A set of pairs, used for one part after the other. */
typedef struct kg_part_set {
    uint64_t *slots; /* owned; 0: empty */
    size_t mask, capacity;
} kg_part_set;

static void begin_part(kg_part_set *set, size_t count)
{
    size_t slots = SLOTS_MIN;
    while (slots < count * 2)
        slots *= 2;
    if (slots > set->capacity) {
        free(set->slots);
        set->slots = kg_alloc(slots, sizeof *set->slots);
        set->capacity = slots;
    } else {
        memset(set->slots, 0, slots * sizeof *set->slots);
    }
    set->mask = slots - 1;
}

/* 1 the first time. The part was chosen by the upper bits of the hash: here are others. */
static uint32_t put(kg_part_set *set, uint64_t pair)
{
    size_t at = (size_t)(kg_pairs_hash(pair) >> 20) & set->mask;
    while (set->slots[at] != 0 && set->slots[at] != pair)
        at = (at + 1) & set->mask;
    uint32_t fresh = set->slots[at] == 0;
    set->slots[at] = pair;
    return fresh;
}

void kg_pairs_count(const kg_pairs *pairs, uint32_t *out)
{
    kg_part_set set = {0};
    for (size_t part = 0; part < KG_PAIRS_PARTS; part++) {
        size_t count = pairs->parts[part].used;
        begin_part(&set, (size_t)pairs->parts[part].pieces * KG_PAIRS_PIECE);
        for (const kg_pairs_piece *piece = pairs->parts[part].piece; piece; piece = piece->before) {
            for (size_t i = 0; i < count; i++)
                out[(piece->pairs[i] - 1) >> 32] += put(&set, piece->pairs[i]);
            count = KG_PAIRS_PIECE;
        }
    }
    free(set.slots);
}
