/* SPDX-License-Identifier: EUPL-1.2 */
/* A bucket is cut into slices of items whose windows begin about the same time. In a slice lots
 * are begun with the items that could reach the most steps. Each is given the condition, language
 * and day on which most value of its like could meet, then the levels that those together
 * require, which all of them accept; then whoever stands between these levels and could not be
 * had for much higher ones. Kopgroep items keep to lots of their own unless the minima ask for
 * peloton items: a peloton lot rises with every member, a kopgroep lot only with those that lead.
 * Items that are left over try the slice's lots, then draw helpers from them (rescue.h). */
#include "broker/grouping/start.h"

#include <stdlib.h>

#include "broker/grouping/order.h"
#include "broker/grouping/rescue.h"

#define SLICE_ITEMS 1000
#define NEAR 6       /* steps of potential within which an item counts as the seed's like */
#define ABOVE_PARTS 3 /* of eight: how far an item's potential may lie above a lot it joins */
#define WEIGHT_BITS 55
#define STEPS_MAX (KG_CATEGORY_CRITERIA_MAX * KG_SCALE_LEVELS_MAX)

typedef struct kg_start {
    const kg_instance *instance;
    kg_state *state;
    kg_slice slice;
    kg_ranks top;       /* the highest level that any item requires */
    int above;          /* steps */
    int shift;          /* bits that values lose in sums */
    uint32_t *by_from;  /* all items */
    uint32_t *seeds, *keys, *scratch;
    int64_t *weights;   /* by what was found */
    uint32_t *members;  /* of the lot in the making: items */
    uint32_t *places;   /* the same as places in the slice */
    size_t members_count;
    uint32_t *seen;     /* by body: serial number of the last lot that had it */
    uint32_t serial;
    int64_t bodies, quantity, value, value_max; /* of the lot in the making */
    int64_t steps;      /* taken so far */
    size_t counted, gone; /* a lot costs half the slice's places as a step each, without those that
                             are in lots; they are left off when a quarter of it has gone */
} kg_start;

static void order_by_first_day(kg_start *start)
{
    const kg_instance *instance = start->instance;
    for (uint32_t i = 0; i < instance->items_count; i++) {
        start->by_from[i] = i;
        start->keys[i] = (uint32_t)instance->items[i].from ^ UINT32_C(0x80000000);
    }
    kg_order_by_key(start->by_from, start->keys, instance->items_count, start->scratch);
}

/* The top levels, and by how much values must shrink for sums of weights to stay in range. */
static void measure(kg_start *start)
{
    const kg_instance *instance = start->instance;
    kg_int128 sum = 0;
    for (size_t i = 0; i < instance->items_count; i++) {
        kg_ranks_raise(&start->top, &instance->items[i].lo, instance->words);
        sum += instance->items[i].value;
    }
    while (sum >> start->shift >> WEIGHT_BITS)
        start->shift++;
    start->above = (int)kg_ranks_steps(&start->top, instance->words) * ABOVE_PARTS / 8;
}

static size_t slice_items(size_t items)
{
    size_t slices = items / SLICE_ITEMS + 1;
    return (items + slices - 1) / slices;
}

static void start_init(kg_start *start, kg_state *state)
{
    const kg_instance *instance = state->instance;
    size_t count = instance->items_count + 1, in_slice = slice_items(instance->items_count) + 1;
    memset(start, 0, sizeof *start);
    start->instance = instance;
    start->state = state;
    start->by_from = kg_realloc(NULL, count * 3, sizeof *start->by_from);
    start->keys = start->by_from + count;
    start->scratch = start->keys + count;
    start->weights = kg_realloc(NULL, in_slice, sizeof *start->weights);
    start->seeds = kg_realloc(NULL, in_slice * 3, sizeof *start->seeds);
    start->members = start->seeds + in_slice;
    start->places = start->members + in_slice;
    start->seen = kg_alloc(instance->bodies_count + 1, sizeof *start->seen);
    measure(start);
    kg_slice_init(&start->slice, instance, in_slice, &start->top, start->shift);
    order_by_first_day(start);
}

static void start_fini(kg_start *start)
{
    kg_slice_fini(&start->slice);
    free(start->by_from);
    free(start->weights);
    free(start->seeds);
    free(start->seen);
}

/* Seeds, as places: from the most potential; the like from the most that they require. */
static void order_seeds(kg_start *start)
{
    const kg_slice *slice = &start->slice;
    const kg_instance *instance = start->instance;
    for (uint32_t i = 0; i < slice->count; i++) {
        uint32_t lo = (uint32_t)kg_ranks_steps(&instance->items[slice->item[i]].lo,
                                               instance->words);
        start->seeds[i] = i;
        start->keys[i] = (uint32_t)(STEPS_MAX - slice->potential[i]) << 16 |
                         (slice->kopgroep[i] ? 0u : 1u << 12) | (STEPS_MAX - lo);
    }
    kg_order_by_key(start->seeds, start->keys, slice->count, start->scratch);
}

/* What it is worth to meet an item: those of like potential count most, and those that could
 * lift the lot; peloton items hardly for a kopgroep lot. A peloton lot has no kopgroep items. */
static inline __attribute__((always_inline)) void weigh(kg_start *start, size_t seed,
                                                        const kg_ranks *target, size_t words)
{
    /* By how far off its potential is; then a third, and a third of that. */
    static const int64_t parts[3][NEAR + 1] = {
        {57, 48, 39, 30, 21, 12, 3}, {19, 16, 13, 10, 7, 4, 1}, {6, 5, 4, 3, 2, 1, 0}};
    const kg_slice *slice = &start->slice;
    const uint32_t *found = slice->found;
    int64_t *weights = start->weights;
    int32_t potential = slice->potential[seed];
    uint8_t kopgroep = slice->kopgroep[seed];
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t place = found[k];
        int far = abs(slice->potential[place] - potential);
        int thirds = !kg_slice_accepts(slice, place, target, words);
        thirds += slice->kopgroep[place] != kopgroep;
        weights[k] = slice->value[place] * parts[thirds][far < NEAR ? far : NEAR];
    }
}

/* The levels that the items of the seed's track and like that accept `target` require. What does
 * not count is taken as requiring nothing: whether it does could not be foreseen. */
static inline __attribute__((always_inline)) kg_ranks levels_of(const kg_start *start, size_t seed,
                                                                const kg_ranks *target,
                                                                size_t words)
{
    const kg_slice *slice = &start->slice;
    int32_t most = slice->potential[seed] + start->above;
    uint8_t kopgroep = slice->kopgroep[seed];
    kg_ranks x = kg_slice_lo(slice, seed), lo;
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t place = slice->found[k];
        bool counts = slice->kopgroep[place] == kopgroep;
        counts &= slice->potential[place] <= most;
        counts &= kg_slice_accepts(slice, place, target, words);
        for (size_t w = 0; w < words; w++)
            lo.word[w] = slice->lo[place * words + w] & -(uint64_t)counts;
        kg_ranks_raise(&x, &lo, (int)words);
    }
    return x;
}

/* Keeps of what was found those that can meet; returns the levels of a lot of theirs. `words` is a
 * constant where it is inlined: nearly every category's levels fill one. */
static inline __attribute__((always_inline)) kg_ranks choose(kg_start *start, size_t seed,
                                                             const kg_ranks *target, size_t words)
{
    weigh(start, seed, target, words);
    kg_cell cell = kg_slice_choose(&start->slice, seed, start->weights);
    kg_slice_cut(&start->slice, &cell);
    return levels_of(start, seed, target, words);
}

static bool reached(const kg_start *start)
{
    const kg_instance *instance = start->instance;
    return start->bodies >= instance->bodies_min &&
           start->quantity >= instance->quantity_min && start->value >= instance->value_min;
}

static void take(kg_start *start, uint32_t place)
{
    uint32_t item = start->slice.item[place];
    const kg_item *added = &start->instance->items[item];
    uint32_t body = added->body;
    start->bodies += start->seen[body] != start->serial;
    start->seen[body] = start->serial;
    start->places[start->members_count] = place;
    start->members[start->members_count++] = item;
    start->quantity = kg_add_capped(start->quantity, added->quantity);
    start->value = kg_add_capped(start->value, added->value);
    start->value_max = kg_add_capped(start->value_max, added->value_max);
}

/* Under a cap there is no room for a body twice before the minimum is reached. */
static bool has_room(const kg_start *start, uint32_t index)
{
    const kg_instance *instance = start->instance;
    const kg_item *item = &instance->items[index];
    if (!instance->value_max)
        return true;
    return item->value_max <= instance->value_max - start->value_max &&
           (start->seen[item->body] != start->serial || start->bodies >= instance->bodies_min);
}

/* Keeps of what was found those that stand between the levels. */
static inline __attribute__((always_inline)) void keep_fitting(kg_slice *slice, const kg_ranks *x,
                                                               size_t words)
{
    size_t kept = 0;
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t place = slice->found[k];
        slice->found[kept] = place;
        kept += kg_slice_fits(slice, place, x, words);
    }
    slice->found_count = kept;
}

/* Takes items between the levels: those of the seed's track that could not be had for much more;
 * then, while the minima are not reached, any. What is taken leaves `found`. */
static void gather(kg_start *start, size_t seed, const kg_ranks *x)
{
    kg_slice *slice = &start->slice;
    size_t words = (size_t)start->instance->words;
    int limit = (int)kg_ranks_steps(x, start->instance->words) + start->above;
    take(start, (uint32_t)seed);
    if (words == 1)
        keep_fitting(slice, x, 1);
    else
        keep_fitting(slice, x, words);
    for (int pass = 0; pass < 2 && (pass == 0 || !reached(start)); pass++) {
        size_t kept = 0;
        for (size_t k = 0; k < slice->found_count; k++) {
            uint32_t place = slice->found[k];
            bool wanted = pass ? !reached(start)
                               : slice->potential[place] <= limit &&
                                     slice->kopgroep[place] == slice->kopgroep[seed];
            if (wanted && has_room(start, slice->item[place]))
                take(start, place);
            else
                slice->found[kept++] = place;
        }
        slice->found_count = kept;
    }
}

static void make_lot(kg_start *start, size_t seed)
{
    kg_slice *slice = &start->slice;
    kg_ranks target = kg_slice_target(slice, seed);
    start->members_count = 0;
    start->bodies = start->quantity = start->value = start->value_max = 0;
    start->serial++;
    kg_slice_find(slice, seed);
    start->steps += (int64_t)start->counted / 2;
    kg_ranks x = start->instance->words == 1
                     ? choose(start, seed, &target, 1)
                     : choose(start, seed, &target, (size_t)start->instance->words);
    gather(start, seed, &x);
    if (!reached(start) ||
        (start->instance->value_max && start->value_max > start->instance->value_max))
        return;
    kg_state_add_all(start->state, start->members, start->members_count, (uint32_t)start->bodies,
                     kg_state_open(start->state));
    for (size_t i = 0; i < start->members_count; i++)
        kg_slice_drop(slice, start->places[i]);
    start->gone += start->members_count;
    if (start->gone * 4 >= start->counted) {
        start->counted -= start->gone;
        start->gone = 0;
    }
}

static void make_lots(kg_start *start)
{
    order_seeds(start);
    start->counted = start->slice.count;
    start->gone = 0;
    for (size_t i = 0; i < start->slice.count; i++)
        if (kg_slice_is_open(&start->slice, start->seeds[i]))
            make_lot(start, start->seeds[i]);
}

int64_t kg_start_make(kg_state *state)
{
    kg_start start;
    start_init(&start, state);
    size_t count = start.instance->items_count, most = slice_items(count), free_items = 0;
    for (size_t i = 0; i < count; i++)
        if (state->lot_of[start.by_from[i]] == KG_NO_LOT)
            start.by_from[free_items++] = start.by_from[i];
    for (size_t first = 0; first < free_items; first += most) {
        size_t items = free_items - first < most ? free_items - first : most;
        const uint32_t *of = start.by_from + first;
        uint32_t lots = state->lots_count;
        kg_slice_fill(&start.slice, of, items);
        make_lots(&start);
        start.steps += kg_rescue_fill(state, of, items, lots);
        kg_slice_open(&start.slice);
        start.steps += kg_rescue_items(state, &start.slice);
    }
    start_fini(&start);
    return start.steps;
}
