/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/state.h"

#include <stdlib.h>

static size_t lay(size_t *at, size_t count, size_t size)
{
    size_t place = *at;
    *at += (count * size + 15) & ~(size_t)15;
    return place;
}

static void share_memory(kg_state *state)
{
    const kg_instance *instance = state->instance;
    size_t items = instance->items_count, bodies = instance->bodies_count, at = 0;
    size_t lots = lay(&at, state->lots_capacity, sizeof *state->lots);
    size_t lot_of = lay(&at, items, sizeof *state->lot_of);
    size_t next = lay(&at, items, sizeof *state->next);
    size_t before = lay(&at, items, sizeof *state->before);
    size_t placed = lay(&at, bodies, sizeof *state->placed);
    size_t binding = lay(&at, bodies, sizeof *state->binding);
    state->memory_bytes = at;
    char *memory = state->memory = kg_alloc(at + 1, 1);
    state->lots = (kg_making *)(memory + lots);
    state->lot_of = (uint32_t *)(memory + lot_of);
    state->next = (uint32_t *)(memory + next);
    state->before = (uint32_t *)(memory + before);
    state->placed = (uint32_t *)(memory + placed);
    state->binding = (uint32_t *)(memory + binding);
}

/* What a lot adds to component 3. */
static kg_int128 ambition_of(const kg_making *lot)
{
    return (kg_int128)lot->span.value * lot->steps;
}

void kg_state_init(kg_state *state, const kg_instance *instance)
{
    memset(state, 0, sizeof *state);
    state->instance = instance;
    /* One lot may be in the making beside lots that have reached the minima. */
    size_t least = instance->bodies_min > 1 ? (size_t)instance->bodies_min : 1;
    state->lots_capacity = (uint32_t)(instance->bins_count + instance->items_count / least + 2);
    share_memory(state);
    memset(state->lot_of, 0xff, instance->items_count * sizeof *state->lot_of);
    for (size_t b = 0; b < instance->bodies_count; b++) {
        state->placed[b] = (instance->standing[b] & KG_STANDS_PLACED) != 0;
        state->binding[b] = (instance->standing[b] & KG_STANDS_BINDING) != 0;
        state->worth.bodies += state->placed[b];
        state->worth.binding += state->binding[b];
    }
    for (size_t b = 0; b < instance->bins_count; b++) {
        kg_making *lot = &state->lots[state->lots_count++];
        lot->span = instance->bins[b].span;
        lot->steps = kg_ranks_steps(&lot->span.x, instance->words);
        lot->first = KG_NO_ITEM;
        lot->open = true;
        state->worth.ambition += ambition_of(lot);
        state->worth.value += lot->span.value;
        state->worth.lots++;
    }
    state->lots_open = state->lots_count;
}

void kg_state_fini(kg_state *state)
{
    free(state->memory);
    memset(state, 0, sizeof *state);
}

void kg_state_copy(kg_state *to, const kg_state *from)
{
    size_t items = from->instance->items_count, bodies = from->instance->bodies_count;
    memcpy(to->lots, from->lots, from->lots_count * sizeof *to->lots);
    memcpy(to->lot_of, from->lot_of, items * sizeof *to->lot_of);
    memcpy(to->next, from->next, items * sizeof *to->next);
    memcpy(to->before, from->before, items * sizeof *to->before);
    memcpy(to->placed, from->placed, bodies * sizeof *to->placed);
    memcpy(to->binding, from->binding, bodies * sizeof *to->binding);
    to->lots_count = from->lots_count;
    to->lots_open = from->lots_open;
    to->worth = from->worth;
}

uint32_t kg_state_open(kg_state *state)
{
    uint32_t lot = state->lots_open;
    while (lot < state->lots_count && state->lots[lot].open)
        lot++;
    if (lot == state->lots_count)
        state->lots_count++;
    state->lots_open = lot + 1;
    kg_making *made = &state->lots[lot];
    memset(made, 0, sizeof *made);
    kg_span_init(&made->span);
    made->first = KG_NO_ITEM;
    made->open = true;
    state->worth.lots++;
    return lot;
}

/* Is another line of the item's body in the lot? Lines of a body are neighbours. */
static bool body_in_lot(const kg_state *state, uint32_t item, uint32_t lot)
{
    const kg_item *items = state->instance->items;
    for (uint32_t i = item; i-- > 0 && items[i].body == items[item].body;)
        if (state->lot_of[i] == lot)
            return true;
    for (uint32_t i = item + 1;
         i < state->instance->items_count && items[i].body == items[item].body; i++)
        if (state->lot_of[i] == lot)
            return true;
    return false;
}

static void put_in(kg_state *state, uint32_t item, uint32_t lot)
{
    const kg_item *added = &state->instance->items[item];
    kg_making *made = &state->lots[lot];
    state->lot_of[item] = lot;
    state->before[item] = KG_NO_ITEM;
    state->next[item] = made->first;
    if (made->first != KG_NO_ITEM)
        state->before[made->first] = item;
    made->first = item;
    made->count++;
    kg_span_add(&made->span, added, state->instance->words);
    state->worth.value += added->value;
    state->worth.bodies += state->placed[added->body]++ == 0;
    if (added->binding)
        state->worth.binding += state->binding[added->body]++ == 0;
}

void kg_state_add(kg_state *state, uint32_t item, uint32_t lot)
{
    kg_making *made = &state->lots[lot];
    made->bodies += !body_in_lot(state, item, lot);
    state->worth.ambition -= ambition_of(made);
    put_in(state, item, lot);
    made->steps = kg_ranks_steps(kg_span_x(&made->span), state->instance->words);
    state->worth.ambition += ambition_of(made);
}

void kg_state_add_all(kg_state *state, const uint32_t *items, size_t count, uint32_t bodies,
                      uint32_t lot)
{
    kg_making *made = &state->lots[lot];
    for (size_t i = 0; i < count; i++)
        put_in(state, items[i], lot);
    made->bodies = bodies;
    made->steps = kg_ranks_steps(kg_span_x(&made->span), state->instance->words);
    state->worth.ambition += ambition_of(made);
}

static void take_out(kg_state *state, uint32_t item)
{
    const kg_item *removed = &state->instance->items[item];
    uint32_t next = state->next[item], before = state->before[item], lot = state->lot_of[item];
    if (before == KG_NO_ITEM)
        state->lots[lot].first = next;
    else
        state->next[before] = next;
    if (next != KG_NO_ITEM)
        state->before[next] = before;
    state->lot_of[item] = KG_NO_LOT;
    state->lots[lot].count--;
    state->worth.value -= removed->value;
    state->worth.bodies -= --state->placed[removed->body] == 0;
    if (removed->binding)
        state->worth.binding -= --state->binding[removed->body] == 0;
}

void kg_state_remove(kg_state *state, uint32_t item)
{
    const kg_instance *instance = state->instance;
    uint32_t lot = state->lot_of[item];
    kg_making *made = &state->lots[lot];
    take_out(state, item);
    made->bodies -= !body_in_lot(state, item, lot);
    state->worth.ambition -= ambition_of(made);
    if (lot < instance->bins_count)
        made->span = instance->bins[lot].span;
    else
        kg_span_init(&made->span);
    for (uint32_t i = made->first; i != KG_NO_ITEM; i = state->next[i])
        kg_span_add(&made->span, &instance->items[i], instance->words);
    made->steps = kg_ranks_steps(kg_span_x(&made->span), instance->words);
    state->worth.ambition += ambition_of(made);
}

void kg_state_dissolve(kg_state *state, uint32_t lot)
{
    const kg_instance *instance = state->instance;
    kg_making *made = &state->lots[lot];
    state->worth.ambition -= ambition_of(made);
    while (made->first != KG_NO_ITEM)
        take_out(state, made->first);
    made->bodies = 0;
    if (lot < instance->bins_count) {
        made->span = instance->bins[lot].span;
        state->worth.ambition += ambition_of(made);
        return;
    }
    made->open = false;
    made->span.value = 0;
    made->steps = 0;
    state->worth.lots--;
    state->lots_open = lot < state->lots_open ? lot : state->lots_open;
    while (state->lots_count > instance->bins_count && !state->lots[state->lots_count - 1].open)
        state->lots_count--;
}

/* Does every member stand between its levels? Leaving changes nothing else for the worse. */
static bool levels_hold(const kg_state *state, const kg_making *made)
{
    const kg_ranks *x = kg_span_x(&made->span);
    return kg_ranks_within(&made->span.lo, x, state->instance->words) &&
           kg_ranks_within(x, &made->span.hi, state->instance->words);
}

void kg_state_settle(kg_state *state, uint32_t lot)
{
    kg_making *made = &state->lots[lot];
    if (!made->open || lot < state->instance->bins_count)
        return;
    if (made->span.kopgroep && !levels_hold(state, made)) {
        kg_ranks x = made->span.x;
        for (uint32_t i = made->first, next; i != KG_NO_ITEM; i = next) {
            next = state->next[i];
            if (!kg_ranks_within(&state->instance->items[i].lo, &x, state->instance->words))
                kg_state_remove(state, i);
        }
    }
    if (!levels_hold(state, made) || !kg_state_reaches(state, lot))
        kg_state_dissolve(state, lot);
}

bool kg_state_reaches(const kg_state *state, uint32_t lot)
{
    const kg_making *made = &state->lots[lot];
    const kg_instance *instance = state->instance;
    return lot < instance->bins_count ||
           (made->count && made->bodies >= instance->bodies_min &&
            made->span.quantity >= instance->quantity_min &&
            made->span.value >= instance->value_min);
}

int kg_worth_compare(const kg_worth *a, const kg_worth *b)
{
    if (a->binding != b->binding)
        return a->binding > b->binding ? 1 : -1;
    if (a->bodies != b->bodies)
        return a->bodies > b->bodies ? 1 : -1;
    if (a->ambition != b->ambition)
        return a->ambition > b->ambition ? 1 : -1;
    if (a->value != b->value)
        return a->value > b->value ? 1 : -1;
    return a->lots == b->lots ? 0 : a->lots < b->lots ? 1 : -1;
}
