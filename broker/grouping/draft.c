/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/draft.h"

#include <stdlib.h>

/* Gains as one number: binding bodies, bodies, steps x value, value. */
#define GAIN_BODY ((kg_int128)1 << 84)
#define GAIN_BINDING ((kg_int128)1 << 104)
#define GAIN_STEP 4096

uint32_t kg_drafter_random(kg_drafter *drafter, uint32_t below)
{
    uint64_t z = drafter->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (uint32_t)(((z >> 32) * below) >> 32);
}

bool kg_drafter_near(const kg_drafter *drafter, uint32_t a, uint32_t b)
{
    if (!drafter->near)
        return true;
    return drafter->near[a * drafter->near_words + b / 64] >> b % 64 & 1;
}

/* May two lines ever share a lot? */
static bool may_share(const kg_instance *instance, const kg_item *a, const kg_item *b)
{
    if (!(a->conditions & b->conditions) || !(a->languages & b->languages))
        return false;
    int64_t from = a->from > b->from ? a->from : b->from;
    int64_t to = a->to < b->to ? a->to : b->to;
    if (to - from + 1 < instance->days_min)
        return false;
    if (instance->value_max && a->value_max > instance->value_max - b->value_max)
        return false;
    return kg_ranks_within(&a->lo, &b->hi, instance->words) &&
           kg_ranks_within(&b->lo, &a->hi, instance->words);
}

static void find_near(kg_drafter *drafter)
{
    const kg_instance *instance = drafter->instance;
    size_t count = instance->items_count;
    drafter->near_words = (count + 63) / 64;
    drafter->near = kg_alloc(count * drafter->near_words + 1, sizeof *drafter->near);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++) {
            if (!may_share(instance, &instance->items[a], &instance->items[b]))
                continue;
            drafter->near[a * drafter->near_words + b / 64] |= UINT64_C(1) << b % 64;
            drafter->near[b * drafter->near_words + a / 64] |= UINT64_C(1) << a % 64;
        }
}

typedef struct kg_day_of_item {
    kg_date day;
    uint32_t item;
} kg_day_of_item;

static int by_day(const void *a, const void *b)
{
    const kg_day_of_item *left = a, *right = b;
    if (left->day != right->day)
        return left->day < right->day ? -1 : 1;
    return left->item < right->item ? -1 : 1;
}

static kg_date last_day(const kg_instance *instance, const kg_item *item)
{
    return (kg_date)(item->to - instance->days_min + 1);
}

static void sort_days(kg_drafter *drafter)
{
    const kg_instance *instance = drafter->instance;
    size_t count = instance->items_count;
    kg_day_of_item *days = kg_realloc(NULL, count + 1, sizeof *days);
    for (int last = 0; last < 2; last++) {
        uint32_t *order = last ? drafter->by_last : drafter->by_from;
        for (size_t i = 0; i < count; i++) {
            const kg_item *item = &instance->items[i];
            days[i].item = (uint32_t)i;
            days[i].day = last ? last_day(instance, item) : item->from;
        }
        qsort(days, count, sizeof *days, by_day);
        for (size_t i = 0; i < count; i++)
            order[i] = days[i].item;
    }
    free(days);
}

void kg_drafter_init(kg_drafter *drafter, const kg_instance *instance, int64_t effort)
{
    memset(drafter, 0, sizeof *drafter);
    drafter->instance = instance;
    drafter->effort = effort;
    drafter->random = UINT64_C(0x6b6f7067726f6570);
}

void kg_drafter_prepare(kg_drafter *drafter, bool pairs)
{
    size_t count = drafter->instance->items_count + 1;
    drafter->by_from = kg_realloc(NULL, count * 5, sizeof *drafter->by_from);
    drafter->by_last = drafter->by_from + count;
    drafter->starts = drafter->by_last + count;
    drafter->ends = drafter->starts + count;
    drafter->chosen = drafter->ends + count;
    drafter->gains = kg_alloc(count, sizeof *drafter->gains);
    sort_days(drafter);
    if (pairs)
        find_near(drafter);
}

void kg_drafter_fini(kg_drafter *drafter)
{
    free(drafter->by_from);
    free(drafter->near);
    free(drafter->gains);
    memset(drafter, 0, sizeof *drafter);
}

void kg_draft_init(kg_draft *draft)
{
    memset(draft, 0, sizeof *draft);
    kg_span_init(&draft->span);
    draft->gain = -1;
}

bool kg_draft_seed(kg_draft *draft, const kg_drafter *drafter, uint32_t item)
{
    const kg_item *seed = &drafter->instance->items[item];
    for (int i = 0; i < draft->seeds_count; i++)
        if (draft->seeds[i] == item || !kg_drafter_near(drafter, draft->seeds[i], item))
            return false;
    if (draft->seeds_count == KG_DRAFT_SEEDS_MAX ||
        !kg_span_fits(&draft->span, seed, drafter->instance))
        return false;
    kg_span_add(&draft->span, seed, drafter->instance->words);
    draft->seeds[draft->seeds_count++] = item;
    return true;
}

static kg_int128 gain_of(const kg_state *state, uint32_t i, int64_t steps, bool steal)
{
    const kg_item *item = &state->instance->items[i];
    uint32_t lot = state->lot_of[i];
    kg_int128 gain = 0;
    if (lot != KG_NO_LOT) {
        int64_t more = steps - state->lots[lot].steps;
        return steal && more > 0 ? (kg_int128)item->value * more * GAIN_STEP : 0;
    }
    if (!state->placed[item->body])
        gain += GAIN_BODY;
    if (item->binding && !state->binding[item->body])
        gain += GAIN_BINDING;
    return gain + (kg_int128)item->value * (steps * GAIN_STEP + 1);
}

/* May the item join on these levels without raising them? */
static bool joins(const kg_draft *draft, const kg_ranks *x, const kg_item *item, int words)
{
    return (draft->span.kopgroep || !item->kopgroep) && kg_ranks_within(&item->lo, x, words) &&
           kg_ranks_within(x, &item->hi, words);
}

static bool near_seeds(const kg_draft *draft, const kg_drafter *drafter, uint32_t item)
{
    bool near = true;
    for (int i = 0; i < draft->seeds_count; i++)
        near &= draft->seeds[i] != item && kg_drafter_near(drafter, draft->seeds[i], item);
    return near;
}

/* The items that could join: `gains` of each (0: cannot), `starts` by first day. Returns how
 * many. */
static size_t find_joiners(const kg_draft *draft, kg_drafter *drafter, const kg_state *state,
                           bool steal)
{
    const kg_instance *instance = drafter->instance;
    const kg_ranks *x = kg_span_x(&draft->span);
    int64_t steps = kg_ranks_steps(x, instance->words);
    size_t count = 0;
    for (size_t k = 0; k < instance->items_count; k++) {
        uint32_t i = drafter->by_from[k];
        const kg_item *item = &instance->items[i];
        drafter->gains[i] = 0;
        if (!near_seeds(draft, drafter, i) || (!steal && state->lot_of[i] != KG_NO_LOT) ||
            item->from > last_day(instance, &(kg_item){.to = draft->span.to}) ||
            last_day(instance, item) < draft->span.from ||
            !joins(draft, x, item, instance->words))
            continue;
        drafter->gains[i] = gain_of(state, i, steps, steal) + 1;
        drafter->starts[count++] = i;
    }
    drafter->effort -= (int64_t)instance->items_count + (int64_t)count;
    return count;
}

static size_t sort_ends(kg_drafter *drafter)
{
    size_t count = 0;
    for (size_t k = 0; k < drafter->instance->items_count; k++) {
        drafter->ends[count] = drafter->by_last[k];
        count += drafter->gains[drafter->by_last[k]] != 0;
    }
    return count;
}

/* Sweeps the days for one condition and language; keeps the best. */
static void sweep(kg_draft *draft, const kg_drafter *drafter, size_t count, uint8_t condition,
                  int language)
{
    const kg_instance *instance = drafter->instance;
    const kg_item *items = instance->items;
    kg_int128 sum = 0, best = -1;
    kg_date day = draft->span.from, best_day = day;
    for (size_t s = 0, e = 0; s < count;) {
        if (items[drafter->starts[s]].from > day)
            day = items[drafter->starts[s]].from;
        for (; s < count && items[drafter->starts[s]].from <= day; s++) {
            const kg_item *item = &items[drafter->starts[s]];
            if (item->conditions & condition && item->languages >> language & 1)
                sum += drafter->gains[drafter->starts[s]];
        }
        for (; e < count && last_day(instance, &items[drafter->ends[e]]) < day; e++) {
            const kg_item *item = &items[drafter->ends[e]];
            if (item->conditions & condition && item->languages >> language & 1)
                sum -= drafter->gains[drafter->ends[e]];
        }
        if (sum > best) {
            best = sum;
            best_day = day;
        }
    }
    if (best <= draft->gain)
        return;
    draft->gain = best;
    draft->condition = condition;
    draft->language = language;
    draft->day = best_day;
}

void kg_draft_rate(kg_draft *draft, kg_drafter *drafter, const kg_state *state, bool steal)
{
    const kg_instance *instance = drafter->instance;
    int64_t steps = kg_ranks_steps(kg_span_x(&draft->span), instance->words);
    size_t count = find_joiners(draft, drafter, state, steal);
    sort_ends(drafter);
    draft->gain = -1;
    for (kg_languages rest = draft->span.languages; rest; rest &= rest - 1)
        for (uint8_t c = KG_CONDITION_NEW; c <= KG_CONDITION_REFURBISHED; c++)
            if (draft->span.conditions & c)
                sweep(draft, drafter, count, c, kg_languages_first(rest));
    if (draft->gain < 0) {
        draft->gain = 0;
        draft->condition = draft->span.conditions & KG_CONDITION_NEW ? KG_CONDITION_NEW
                                                                     : KG_CONDITION_REFURBISHED;
        draft->language = kg_languages_first(draft->span.languages);
        draft->day = draft->span.from;
    }
    for (int i = 0; i < draft->seeds_count; i++)
        draft->gain += gain_of(state, draft->seeds[i], steps, steal);
}

/* Collects who could be in the lot, seeds apart, into `chosen`; gains tell what they bring. */
static void collect(const kg_draft *draft, kg_drafter *drafter, const kg_state *state, bool steal)
{
    const kg_instance *instance = drafter->instance;
    size_t count = find_joiners(draft, drafter, state, steal);
    drafter->chosen_count = 0;
    for (size_t k = 0; k < count; k++) {
        const kg_item *item = &instance->items[drafter->starts[k]];
        if (item->conditions & draft->condition && item->languages >> draft->language & 1 &&
            item->from <= draft->day && last_day(instance, item) >= draft->day)
            drafter->chosen[drafter->chosen_count++] = drafter->starts[k];
    }
}

/* Moves the item into the lot if it fits. Lots that lose items are settled at the end. */
static bool move_in(kg_state *state, uint32_t item, uint32_t lot)
{
    if (!kg_span_fits(&state->lots[lot].span, &state->instance->items[item], state->instance))
        return false;
    if (state->lot_of[item] != KG_NO_LOT)
        kg_state_remove(state, item);
    kg_state_add(state, item, lot);
    return true;
}

/* Under a cap a new body comes with its smallest line, and the rest from the largest gain. */
static void order_chosen(kg_drafter *drafter)
{
    const kg_item *items = drafter->instance->items;
    for (size_t i = drafter->chosen_count; i > 1; i--) {
        size_t k = kg_drafter_random(drafter, (uint32_t)i);
        uint32_t moved = drafter->chosen[k];
        drafter->chosen[k] = drafter->chosen[i - 1];
        drafter->chosen[i - 1] = moved;
    }
    for (size_t i = 1; i < drafter->chosen_count; i++) {
        uint32_t moved = drafter->chosen[i];
        bool fresh = drafter->gains[moved] >= GAIN_BODY;
        size_t k = i;
        for (; k > 0; k--) {
            uint32_t other = drafter->chosen[k - 1];
            bool other_fresh = drafter->gains[other] >= GAIN_BODY;
            bool before = fresh != other_fresh ? fresh
                          : fresh ? items[moved].value_max < items[other].value_max
                                  : false;
            if (!before)
                break;
            drafter->chosen[k] = other;
        }
        drafter->chosen[k] = moved;
    }
}

/* Takes items that gain nothing until the minima are reached: those of lots that can spare them
 * first. */
static void take_helpers(kg_drafter *drafter, kg_state *state, uint32_t lot)
{
    const kg_instance *instance = drafter->instance;
    for (int spare = 1; spare >= 0; spare--)
        for (size_t k = 0; k < drafter->chosen_count && !kg_state_reaches(state, lot); k++) {
            uint32_t i = drafter->chosen[k], from = state->lot_of[i];
            if (from == lot)
                continue;
            if (spare && from != KG_NO_LOT && from >= instance->bins_count &&
                (state->lots[from].bodies <= instance->bodies_min ||
                 state->lots[from].span.value - instance->items[i].value < instance->value_min))
                continue;
            move_in(state, i, lot);
        }
}

bool kg_draft_make(const kg_draft *draft, kg_drafter *drafter, kg_state *state, bool steal)
{
    collect(draft, drafter, state, steal);
    if (drafter->instance->value_max)
        order_chosen(drafter);
    uint32_t lot = kg_state_open(state);
    for (int i = 0; i < draft->seeds_count; i++)
        move_in(state, draft->seeds[i], lot);
    for (size_t k = 0; k < drafter->chosen_count; k++)
        if (drafter->gains[drafter->chosen[k]] > 1)
            move_in(state, drafter->chosen[k], lot);
    take_helpers(drafter, state, lot);
    if (!kg_state_reaches(state, lot)) {
        kg_state_dissolve(state, lot);
        return false;
    }
    return true;
}
