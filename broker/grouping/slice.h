/* SPDX-License-Identifier: EUPL-1.2 */
/* Some of a bucket's items whose windows begin about the same time, in columns, so that one pass
 * asks all of them the same: could you be in a lot with this one? A slice is small enough to stay
 * near the processor, and a bucket of any size is so many slices: work grows with its lines.
 * Internal to grouping. */
#ifndef KG_SLICE_H
#define KG_SLICE_H

#include "broker/grouping/state.h"

typedef struct kg_slice {
    const kg_instance *instance; /* borrowed */
    size_t count, capacity;
    size_t gone; /* places that were dropped and are still there: they have no language */
    uint32_t *item;     /* by place: index into the instance's items; places go by first day */
    kg_date *from;      /* first day */
    kg_date *last;      /* the last day on which a lot's days may begin */
    uint64_t *lo, *hi;  /* instance->words of each place */
    kg_languages *languages;
    uint8_t *conditions;
    uint8_t *kopgroep;
    int64_t *value;      /* in units that keep any sum in range */
    int32_t *potential;  /* steps that a lot of its could come to at most */
    kg_date longest;     /* most of last - from */
    uint32_t *found;     /* what kg_slice_find() found: places, ascending */
    size_t found_count;
    int64_t *sums;       /* scratch of kg_slice_choose() */
    void *memory;        /* of all the above; owned */
} kg_slice;

/* A condition, a language and a first day, on which the places that allow them could meet. */
typedef struct kg_cell {
    uint8_t condition;
    int language;
    kg_date day;
} kg_cell;

/* Room for slices of up to `capacity` items. */
void kg_slice_init(kg_slice *slice, const kg_instance *instance, size_t capacity);
void kg_slice_fini(kg_slice *slice);
/* Fills the slice with `count` items, which go by first day; `top`: the levels that no lot can
 * exceed; `shift`: how many bits values lose. */
void kg_slice_fill(kg_slice *slice, const uint32_t *items, size_t count, const kg_ranks *top,
                   int shift);
/* Its item is in a lot: it will not be found again. */
void kg_slice_drop(kg_slice *slice, size_t place);
/* Moves places together when many have gone. */
void kg_slice_pack(kg_slice *slice);
/* Of an item that was not dropped. */
size_t kg_slice_place(const kg_slice *slice, uint32_t item);

/* x <= hi; `words` is the instance's, or known where it is inlined. */
static inline bool kg_slice_accepts(const kg_slice *slice, size_t place, const kg_ranks *x,
                                    size_t words)
{
    uint64_t below = 0;
    for (size_t w = 0; w < words; w++)
        below |= ~((slice->hi[place * words + w] | KG_RANK_TOPS) - x->word[w]);
    return (below & KG_RANK_TOPS) == 0;
}

/* lo <= x <= hi */
static inline bool kg_slice_fits(const kg_slice *slice, size_t place, const kg_ranks *x)
{
    size_t words = (size_t)slice->instance->words;
    uint64_t below = 0;
    for (size_t w = 0; w < words; w++) {
        below |= ~((slice->hi[place * words + w] | KG_RANK_TOPS) - x->word[w]);
        below |= ~((x->word[w] | KG_RANK_TOPS) - slice->lo[place * words + w]);
    }
    return (below & KG_RANK_TOPS) == 0;
}

/* What the place requires. */
static inline kg_ranks kg_slice_lo(const kg_slice *slice, size_t place)
{
    size_t words = (size_t)slice->instance->words;
    kg_ranks out = {{0}};
    for (size_t w = 0; w < words; w++)
        out.word[w] = slice->lo[place * words + w];
    return out;
}

/* The highest levels of a lot with this place: as high as it and `top` allow. */
kg_ranks kg_slice_target(const kg_slice *slice, size_t place, const kg_ranks *top);
/* Finds the places, apart from `seed`, that share a condition, a language and enough days with it,
 * require no more than `target` and accept what the seed requires. The seed's own last day is not
 * before its first. */
void kg_slice_find(kg_slice *slice, size_t seed, const kg_ranks *target);
/* The cell of the seed in which `weights` of what was found (by their order) sum to the most; the
 * first such. */
kg_cell kg_slice_choose(kg_slice *slice, size_t seed, const int64_t *weights);
/* Keeps of what was found those that allow the cell. */
void kg_slice_cut(kg_slice *slice, const kg_cell *cell);

#endif
