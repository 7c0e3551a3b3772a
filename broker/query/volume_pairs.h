/* SPDX-License-Identifier: EUPL-1.2 */
/* Many pairs of a group and a member, in no order and more than once: gathered in parts by hash, so
 * that each part, when all have come, is counted in a set that fits the cache. In one large set
 * nearly every pair missed it. Memory is what the pairs take; it is not moved as they come. */
#ifndef KG_VOLUME_PAIRS_H
#define KG_VOLUME_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#define KG_PAIRS_PARTS 1024
#define KG_PAIRS_PIECE 511 /* pairs: with the pointer 4 KiB */

typedef struct kg_pairs_piece {
    struct kg_pairs_piece *before; /* full; NULL: none */
    uint64_t pairs[KG_PAIRS_PIECE];
} kg_pairs_piece;

typedef struct kg_pairs {
    struct {
        kg_pairs_piece *piece; /* the last one; NULL: none */
        uint32_t used;         /* of it */
        uint32_t pieces;       /* that there are */
    } parts[KG_PAIRS_PARTS];
    size_t count;
    kg_pairs_piece **slabs; /* owned */
    size_t slabs_count, slabs_capacity;
    size_t slab_used; /* pieces of the last one */
} kg_pairs;

kg_pairs *kg_pairs_new(void);
void kg_pairs_destroy(kg_pairs **pairs);
/* A new piece for a part that has no room. */
void kg_pairs_extend(kg_pairs *pairs, size_t part);
/* Calls `each` with every pair. */
void kg_pairs_each(const kg_pairs *pairs, void (*each)(void *context, uint64_t pair),
                   void *context);
/* Adds to `out`, by group, how many different pairs there are. A pair is the group in the upper and
 * the member in the lower half, and 1 more. */
void kg_pairs_count(const kg_pairs *pairs, uint32_t *out);

static inline uint64_t kg_pairs_hash(uint64_t pair)
{
    return pair * UINT64_C(0x9e3779b97f4a7c15);
}

static inline void kg_pairs_add(kg_pairs *pairs, uint64_t pair)
{
    size_t part = (size_t)(kg_pairs_hash(pair) >> 54);
    if (!pairs->parts[part].piece || pairs->parts[part].used == KG_PAIRS_PIECE)
        kg_pairs_extend(pairs, part);
    pairs->parts[part].piece->pairs[pairs->parts[part].used++] = pair;
    pairs->count++;
}

#endif
