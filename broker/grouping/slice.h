/* SPDX-License-Identifier: EUPL-1.2 */
/* Some of a bucket's items whose windows begin about the same time, in columns and in sets of
 * places, so that a few words at a time are asked the same: could you be in a lot with this one?
 * A slice is small enough to stay near the processor, and a bucket of any size is so many slices:
 * work grows with its lines.
 * Internal to grouping. */
#ifndef KG_SLICE_H
#define KG_SLICE_H

#include "broker/grouping/state.h"

typedef struct kg_slice {
    const kg_instance *instance; /* borrowed */
    kg_ranks top; /* the levels that no lot can exceed */
    int shift;    /* how many bits values lose */
    size_t count, capacity;
    uint32_t *item;     /* by place: index into the instance's items; places go by first day */
    kg_date *from;      /* first day */
    kg_date *last;      /* the last day on which a lot's days may begin */
    uint64_t *lo, *hi;  /* instance->words of each place */
    uint64_t *target;   /* the same: the highest levels of a lot with it */
    kg_languages *languages;
    uint8_t *conditions;
    uint8_t *kopgroep;
    int64_t *value;      /* in units that keep any sum in range */
    int32_t *potential;  /* steps that a lot of its could come to at most */
    size_t set_words;    /* of a set of places, a bit each */
    uint64_t *open;      /* may be found */
    uint64_t *leading;   /* kopgroep */
    uint64_t *condition; /* set by conditions: exactly these */
    uint64_t *language;  /* set by language: this and perhaps others */
    uint64_t *above;     /* set by step: requires more */
    uint64_t *below;     /* set by step: accepts this much at most */
    uint32_t step_first[KG_CATEGORY_CRITERIA_MAX]; /* of each criterion: the step from rank 0 */
    size_t steps;
    uint64_t *set;       /* scratch of kg_slice_find() */
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

/* Room for slices of up to `capacity` items. `top`: the levels that no lot can exceed, at least
 * what each item requires; `shift`: how many bits values lose. */
void kg_slice_init(kg_slice *slice, const kg_instance *instance, size_t capacity,
                   const kg_ranks *top, int shift);
void kg_slice_fini(kg_slice *slice);
/* Fills the slice with `count` items, which go by first day, and opens it. */
void kg_slice_fill(kg_slice *slice, const uint32_t *items, size_t count);
/* All places may be found, save those whose window has no room for a lot. */
void kg_slice_open(kg_slice *slice);

/* The place will not be found again. */
static inline void kg_slice_drop(kg_slice *slice, size_t place)
{
    slice->open[place / 64] &= ~(UINT64_C(1) << place % 64);
}

static inline bool kg_slice_is_open(const kg_slice *slice, size_t place)
{
    return slice->open[place / 64] >> place % 64 & 1;
}

/* x <= hi; `words` is the instance's, or known where it is inlined. */
static inline bool kg_slice_accepts(const kg_slice *slice, size_t place, const kg_ranks *x,
                                    size_t words)
{
    uint64_t below = 0;
    for (size_t w = 0; w < words; w++)
        below |= ~((slice->hi[place * words + w] | KG_RANK_TOPS) - x->word[w]);
    return (below & KG_RANK_TOPS) == 0;
}

/* lo <= x <= hi; `words` likewise. */
static inline bool kg_slice_fits(const kg_slice *slice, size_t place, const kg_ranks *x,
                                 size_t words)
{
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

/* The highest levels of a lot with this place: as high as it and the top allow. */
static inline kg_ranks kg_slice_target(const kg_slice *slice, size_t place)
{
    size_t words = (size_t)slice->instance->words;
    kg_ranks out = {{0}};
    for (size_t w = 0; w < words; w++)
        out.word[w] = slice->target[place * words + w];
    return out;
}

/* Finds the open places, apart from `seed`, that share a condition, a language and enough days
 * with it, require no more than its target and accept what it requires; kopgroep places only for
 * one. */
void kg_slice_find(kg_slice *slice, size_t seed);
/* The cell of the seed in which `weights` of what was found (by their order) sum to the most; the
 * first such. */
kg_cell kg_slice_choose(kg_slice *slice, size_t seed, const int64_t *weights);
/* Keeps of what was found those that allow the cell. */
void kg_slice_cut(kg_slice *slice, const kg_cell *cell);

#endif
