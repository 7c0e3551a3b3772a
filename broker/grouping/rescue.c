/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/rescue.h"

#include <stdlib.h>

#define HELPERS_MAX 16

/* What the lot's component 3 gains from the item. */
static kg_int128 gain_of(const kg_making *lot, const kg_item *item, int words)
{
    int64_t steps = lot->steps;
    if (!lot->span.fixed && (item->kopgroep || !lot->span.kopgroep)) {
        kg_ranks x = lot->span.kopgroep ? lot->span.x : item->kopgroep ? item->lo : lot->span.lo;
        kg_ranks_raise(&x, &item->lo, words);
        steps = kg_ranks_steps(&x, words);
    }
    return (kg_int128)(lot->span.value + item->value) * steps -
           (kg_int128)lot->span.value * lot->steps;
}

int64_t kg_rescue_fill(kg_state *state, const uint32_t *items, size_t count, uint32_t first)
{
    const kg_instance *instance = state->instance;
    int64_t steps = 0;
    for (size_t k = 0; k < count; k++) {
        const kg_item *item = &instance->items[items[k]];
        uint32_t best = KG_NO_LOT;
        kg_int128 most = -1;
        if (state->lot_of[items[k]] != KG_NO_LOT)
            continue;
        for (uint32_t l = first; l < state->lots_count; l++) {
            const kg_making *lot = &state->lots[l];
            if (!lot->open || !kg_span_fits(&lot->span, item, instance))
                continue;
            kg_int128 gain = gain_of(lot, item, instance->words);
            if (gain <= most)
                continue;
            most = gain;
            best = l;
        }
        steps += state->lots_count - first;
        if (best != KG_NO_LOT)
            kg_state_add(state, items[k], best);
    }
    return steps;
}

/* Could its lot go on without it? Kopgroep items lead theirs. */
static bool can_help(const kg_state *state, uint32_t index)
{
    const kg_instance *instance = state->instance;
    const kg_item *item = &instance->items[index];
    uint32_t lot = state->lot_of[index];
    const kg_making *made = &state->lots[lot];
    return !item->kopgroep && lot >= instance->bins_count && made->bodies > instance->bodies_min &&
           made->span.quantity - item->quantity >= instance->quantity_min &&
           made->span.value - item->value >= instance->value_min;
}

/* Keeps of what was found who could be in a lot with the seed, and weighs them: bodies that are in
 * no lot, then items that are in none, then helpers. Returns how many. */
static size_t weigh(const kg_state *state, kg_slice *slice, int64_t *weights)
{
    size_t kept = 0;
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t place = slice->found[k], item = slice->item[place];
        bool is_free = state->lot_of[item] == KG_NO_LOT;
        if (!is_free && !can_help(state, item))
            continue;
        slice->found[kept] = place;
        weights[kept++] = !is_free ? 1
                          : state->placed[state->instance->items[item].body] ? 64
                                                                             : 4096;
    }
    slice->found_count = kept;
    return kept;
}

typedef struct kg_helper {
    uint32_t item, lot;
} kg_helper;

/* Members from what is in no lot. */
static void gather_free(kg_state *state, const kg_slice *slice, uint32_t lot)
{
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t item = slice->item[slice->found[k]];
        if (state->lot_of[item] == KG_NO_LOT &&
            kg_span_fits(&state->lots[lot].span, &state->instance->items[item], state->instance))
            kg_state_add(state, item, lot);
    }
}

/* Helpers until the minima are reached, from the lots of fewest steps. Returns how many. */
static size_t gather_helpers(kg_state *state, const kg_slice *slice, uint32_t lot,
                             kg_helper helpers[static HELPERS_MAX])
{
    size_t count = 0;
    while (count < HELPERS_MAX && !kg_state_reaches(state, lot)) {
        uint32_t best = KG_NO_ITEM;
        for (size_t k = 0; k < slice->found_count; k++) {
            uint32_t item = slice->item[slice->found[k]], from = state->lot_of[item];
            if (from == lot || from == KG_NO_LOT || !can_help(state, item) ||
                !kg_span_fits(&state->lots[lot].span, &state->instance->items[item],
                              state->instance) ||
                (best != KG_NO_ITEM &&
                 state->lots[from].steps >= state->lots[state->lot_of[best]].steps))
                continue;
            best = item;
        }
        if (best == KG_NO_ITEM)
            break;
        helpers[count++] = (kg_helper){best, state->lot_of[best]};
        kg_state_remove(state, best);
        kg_state_add(state, best, lot);
    }
    return count;
}

static void rescue(kg_state *state, kg_slice *slice, size_t seed)
{
    kg_helper helpers[HELPERS_MAX];
    kg_worth before = state->worth;
    uint32_t lot = kg_state_open(state);
    kg_state_add(state, slice->item[seed], lot);
    gather_free(state, slice, lot);
    size_t count = gather_helpers(state, slice, lot, helpers);
    if (kg_state_reaches(state, lot) && kg_worth_compare(&state->worth, &before) > 0)
        return;
    kg_state_dissolve(state, lot);
    while (count-- > 0)
        kg_state_add(state, helpers[count].item, helpers[count].lot);
}

int64_t kg_rescue_items(kg_state *state, kg_slice *slice)
{
    const kg_instance *instance = state->instance;
    int64_t *weights = kg_realloc(NULL, slice->count + 1, sizeof *weights);
    int64_t steps = 0;
    for (size_t seed = 0; seed < slice->count; seed++) {
        const kg_item *item = &instance->items[slice->item[seed]];
        if (state->lot_of[slice->item[seed]] != KG_NO_LOT ||
            slice->last[seed] < slice->from[seed] ||
            (instance->value_max && item->value_max > instance->value_max))
            continue;
        kg_slice_find(slice, seed);
        steps += (int64_t)slice->count;
        if ((int64_t)weigh(state, slice, weights) + 1 < instance->bodies_min)
            continue;
        kg_cell cell = kg_slice_choose(slice, seed, weights);
        kg_slice_cut(slice, &cell);
        rescue(state, slice, seed);
    }
    free(weights);
    return steps;
}
