/* SPDX-License-Identifier: EUPL-1.2 */
/* A bucket made ready for search: its free lines as items, the lots that stand already as bins,
 * level vectors as words. Internal to grouping. Borrows the input; owns its arrays. */
#ifndef KG_INSTANCE_H
#define KG_INSTANCE_H

#include "broker/grouping/grouping.h"

/* A level vector, eight ranks a word; ranks stay below 128, so that the top bit of each byte is
 * free for comparing eight at once. Only the instance's first `words` words are in use. */
#define KG_RANK_WORDS (KG_CATEGORY_CRITERIA_MAX / 8)
#define KG_RANK_TOPS UINT64_C(0x8080808080808080)

typedef struct kg_ranks {
    uint64_t word[KG_RANK_WORDS];
} kg_ranks;

/* A line that may be placed. */
typedef struct kg_item {
    kg_ranks lo, hi;
    kg_languages languages;
    int64_t value, value_max, quantity;
    kg_date from, to; /* cut to the delivery period */
    uint32_t line;    /* index into the input's lines */
    uint32_t body;    /* the organisation's number within the bucket, ascending */
    uint8_t conditions;
    bool kopgroep, binding;
} kg_item;

/* What a set of items has in common: a frame, packed for search. */
typedef struct kg_span {
    kg_ranks lo; /* maximum over all */
    kg_ranks x;  /* fixed, or maximum over kopgroep items */
    kg_ranks hi; /* minimum over all */
    kg_languages languages;
    int64_t value, value_max, quantity;
    kg_date from, to;
    uint8_t conditions;
    bool kopgroep, fixed;
} kg_span;

/* A lot that stands. Its members are locked and no items. */
typedef struct kg_bin {
    kg_span span;
    uint32_t fixed; /* index into the input's fixed lots */
    uint32_t first; /* its first member's line */
} kg_bin;

typedef struct kg_instance {
    const kg_grouping_input *input;
    kg_item *items; /* ascending by line */
    size_t items_count;
    kg_bin *bins; /* ascending by first member */
    size_t bins_count;
    size_t bodies_count;
    uint8_t *standing; /* by body: KG_STANDS_* through the bins */
    int words;         /* of level vectors in use */
    int64_t bodies_min, quantity_min, value_min, value_max; /* 0 = no limit */
    int64_t days_min;
} kg_instance;

enum { KG_STANDS_PLACED = 1, KG_STANDS_BINDING = 2 };

/* `lines`: the bucket's lines, ascending, members of fixed lots included. `fixed`: the fixed lots
 * of this bucket, ascending indices. `locked`: by line, whether it is a member of a fixed lot;
 * NULL when there are none. */
void kg_instance_init(kg_instance *instance, const kg_grouping_input *input, const uint32_t *lines,
                      size_t lines_count, const uint32_t *fixed, size_t fixed_count,
                      const uint8_t *locked);
void kg_instance_fini(kg_instance *instance);

void kg_span_init(kg_span *span);
void kg_span_add(kg_span *span, const kg_item *item, int words);
/* Do levels and cap allow the item in the set? The rest of kg_span_fits(). */
bool kg_span_bears(const kg_span *span, const kg_item *item, const kg_instance *instance);
/* The level vector of the set. */
const kg_ranks *kg_span_x(const kg_span *span);

/* Would the set, with the item, still be a lot but for the minima? The set without it is one. Most
 * often the days tell that not. */
static inline bool kg_span_fits(const kg_span *span, const kg_item *item,
                                const kg_instance *instance)
{
    int64_t from = item->from > span->from ? item->from : span->from;
    int64_t to = item->to < span->to ? item->to : span->to;
    return to - from + 1 >= instance->days_min && (span->conditions & item->conditions) &&
           (span->languages & item->languages) && kg_span_bears(span, item, instance);
}

/* Has an item brought near that will be read soon. */
static inline void kg_item_prefetch(const kg_item *item)
{
    __builtin_prefetch(item);
    __builtin_prefetch((const char *)item + 64);
}

/* Of what is not below 0: a sum that is out of range is the most there is. */
static inline int64_t kg_add_capped(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* a <= b on every criterion. */
static inline bool kg_ranks_within(const kg_ranks *a, const kg_ranks *b, int words)
{
    uint64_t below = 0;
    for (int i = 0; i < words; i++)
        below |= ~((b->word[i] | KG_RANK_TOPS) - a->word[i]);
    return (below & KG_RANK_TOPS) == 0;
}

/* All bits of the bytes in which a >= b. */
static inline uint64_t kg_ranks_above(uint64_t a, uint64_t b)
{
    uint64_t tops = ((a | KG_RANK_TOPS) - b) & KG_RANK_TOPS;
    return (tops << 1) - (tops >> 7);
}

static inline void kg_ranks_raise(kg_ranks *a, const kg_ranks *b, int words)
{
    for (int i = 0; i < words; i++) {
        uint64_t keep = kg_ranks_above(a->word[i], b->word[i]);
        a->word[i] = (a->word[i] & keep) | (b->word[i] & ~keep);
    }
}

static inline void kg_ranks_lower(kg_ranks *a, const kg_ranks *b, int words)
{
    for (int i = 0; i < words; i++) {
        uint64_t keep = kg_ranks_above(b->word[i], a->word[i]);
        a->word[i] = (a->word[i] & keep) | (b->word[i] & ~keep);
    }
}

static inline bool kg_ranks_equal(const kg_ranks *a, const kg_ranks *b, int words)
{
    uint64_t differ = 0;
    for (int i = 0; i < words; i++)
        differ |= a->word[i] ^ b->word[i];
    return differ == 0;
}

/* steps(x) */
static inline int64_t kg_ranks_steps(const kg_ranks *x, int words)
{
    uint64_t sum = 0;
    for (int i = 0; i < words; i++) {
        uint64_t pairs = (x->word[i] & UINT64_C(0x00ff00ff00ff00ff)) +
                         ((x->word[i] >> 8) & UINT64_C(0x00ff00ff00ff00ff));
        sum += (pairs * UINT64_C(0x0001000100010001)) >> 48;
    }
    return (int64_t)sum;
}

#endif
