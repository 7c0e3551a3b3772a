/* SPDX-License-Identifier: EUPL-1.2 */
/* A greedy start, then rounds that tear a part of the lots down and rebuild it; a round's work is
 * kept when it is better, or hardly worse. Effort is counted in steps, never in time, and the
 * generator starts from a constant: the same bucket gives the same lots everywhere. */
#include "broker/grouping/search.h"

#include <stdlib.h>

#include "broker/grouping/draft.h"
#include "broker/grouping/resolve.h"
#include "broker/grouping/start.h"

#define EFFORT_TOTAL 60000000    /* steps shared by all lines of an input */
#define EFFORT_LINE_MAX 300000   /* steps of one line at most */
#define EFFORT_LINE_MIN 40
#define FILL_LINE_MAX 200 /* steps of one line that filling may take beyond its effort */
#define EFFORT_LINE_IMPROVES 150 /* below, the start stands */
#define SLACK 16
#define BODY_PATIENCE 8
#define CYCLES 3

typedef struct kg_search {
    kg_drafter drafter;
    const kg_instance *instance;
    kg_state now, trial, best;
} kg_search;

static uint32_t draw(kg_search *search, size_t below)
{
    return kg_drafter_random(&search->drafter, (uint32_t)below);
}

/* The lot that gains most from the item, or KG_NO_LOT. */
static uint32_t best_lot(kg_search *search, const kg_state *state, uint32_t item)
{
    const kg_instance *instance = search->instance;
    const kg_item *moved = &instance->items[item];
    uint32_t found = KG_NO_LOT;
    kg_int128 most = -1;
    for (uint32_t l = 0; l < state->lots_count; l++) {
        const kg_making *lot = &state->lots[l];
        if (!lot->open || !kg_span_fits(&lot->span, moved, instance))
            continue;
        int64_t steps = lot->steps;
        if (!lot->span.fixed && (moved->kopgroep || !lot->span.kopgroep)) {
            kg_ranks x = lot->span.kopgroep ? lot->span.x : moved->kopgroep ? moved->lo
                                                                           : lot->span.lo;
            kg_ranks_raise(&x, &moved->lo, instance->words);
            steps = kg_ranks_steps(&x, instance->words);
        }
        kg_int128 gain = (kg_int128)(lot->span.value + moved->value) * steps -
                         (kg_int128)lot->span.value * lot->steps;
        if (gain <= most)
            continue;
        most = gain;
        found = l;
    }
    search->drafter.effort -= state->lots_count;
    return found;
}

/* Puts items that are in no lot into lots that stand. */
static void fill(kg_search *search, kg_state *state)
{
    size_t count = search->instance->items_count, start = draw(search, count);
    int64_t floor = -FILL_LINE_MAX * (int64_t)count;
    for (size_t k = 0; k < count && search->drafter.effort > floor; k++) {
        uint32_t item = (uint32_t)(k + start < count ? k + start : k + start - count);
        if (state->lot_of[item] != KG_NO_LOT)
            continue;
        uint32_t lot = best_lot(search, state, item);
        if (lot != KG_NO_LOT)
            kg_state_add(state, item, lot);
    }
    search->drafter.effort -= (int64_t)count / 8;
}

static uint32_t draw_near(kg_search *search, uint32_t item)
{
    const kg_drafter *drafter = &search->drafter;
    size_t count = search->instance->items_count;
    for (int attempt = 0; attempt < 12; attempt++) {
        uint32_t other = draw(search, count);
        if (other != item && kg_drafter_near(drafter, item, other))
            return other;
    }
    return KG_NO_ITEM;
}

/* A draft around an item, its further seeds chosen by trying. */
static void draft_around(kg_search *search, const kg_state *state, uint32_t item, bool steal,
                         uint32_t tries, kg_draft *draft)
{
    kg_draft_init(draft);
    if (!kg_draft_seed(draft, &search->drafter, item))
        return;
    kg_draft_rate(draft, &search->drafter, state, steal);
    for (uint32_t i = 0; i < tries; i++) {
        kg_draft other = *draft;
        uint32_t seed = draw_near(search, item);
        if (draft->seeds_count > 1 && draw(search, 4) == 0) {
            kg_draft_init(&other);
            for (int s = 0; s < draft->seeds_count; s++)
                if (s == 0 || draw(search, 2))
                    kg_draft_seed(&other, &search->drafter, draft->seeds[s]);
        }
        if (seed == KG_NO_ITEM || (!steal && state->lot_of[seed] != KG_NO_LOT) ||
            !kg_draft_seed(&other, &search->drafter, seed))
            continue;
        kg_draft_rate(&other, &search->drafter, state, steal);
        if (other.gain >= draft->gain)
            *draft = other;
    }
}

/* Builds lots from items that are in none, until none can be added. */
static void build(kg_search *search, kg_state *state, uint32_t tries)
{
    size_t count = search->instance->items_count, start = draw(search, count);
    for (size_t k = 0; k < count && search->drafter.effort > 0; k++) {
        uint32_t item = (uint32_t)(k + start < count ? k + start : k + start - count);
        kg_draft draft;
        if (state->lot_of[item] != KG_NO_LOT)
            continue;
        draft_around(search, state, item, false, tries, &draft);
        if (draft.gain > 0)
            kg_draft_make(&draft, &search->drafter, state, false);
    }
}

static uint32_t draw_item(kg_search *search, const kg_state *state)
{
    size_t count = search->instance->items_count;
    uint32_t item = draw(search, count);
    if (draw(search, 2))
        for (size_t k = 0; k < count; k++) {
            uint32_t other = (uint32_t)(item + k < count ? item + k : item + k - count);
            if (state->lot_of[other] == KG_NO_LOT)
                return other;
        }
    return item;
}

/* Could the lot lose the item and still be one? */
static bool can_spare(const kg_state *state, uint32_t lot, const kg_item *item)
{
    const kg_instance *instance = state->instance;
    const kg_making *made = &state->lots[lot];
    return lot < instance->bins_count ||
           (made->bodies > instance->bodies_min &&
            made->span.quantity - item->quantity >= instance->quantity_min &&
            made->span.value - item->value >= instance->value_min);
}

/* The item that a lot under its minima gets most easily, or KG_NO_ITEM. */
static uint32_t find_helper(kg_search *search, const kg_state *state, uint32_t lot)
{
    const kg_instance *instance = search->instance;
    size_t count = instance->items_count, start = draw(search, count);
    const kg_making *made = &state->lots[lot];
    uint32_t found = KG_NO_ITEM;
    kg_int128 least = 0;
    for (size_t k = 0; k < count; k++) {
        uint32_t i = (uint32_t)(k + start < count ? k + start : k + start - count);
        const kg_item *item = &instance->items[i];
        uint32_t from = state->lot_of[i];
        if (from == lot || (from != KG_NO_LOT && !can_spare(state, from, item)) ||
            !kg_span_fits(&made->span, item, instance))
            continue;
        kg_int128 loss = from == KG_NO_LOT ? -1
                                           : (kg_int128)item->value *
                                                 (state->lots[from].steps - made->steps);
        if (found != KG_NO_ITEM && loss >= least)
            continue;
        found = i;
        least = loss;
    }
    search->drafter.effort -= (int64_t)count;
    return found;
}

/* Helps lots that fell under their minima, or dissolves them. */
static void mend(kg_search *search, kg_state *state, bool help)
{
    for (uint32_t l = 0; l < state->lots_count; l++) {
        for (int more = 0; help && more < 3 && state->lots[l].open && state->lots[l].count &&
                           !kg_state_reaches(state, l);
             more++) {
            uint32_t helper = find_helper(search, state, l);
            if (helper == KG_NO_ITEM)
                break;
            if (state->lot_of[helper] != KG_NO_LOT) {
                uint32_t from = state->lot_of[helper];
                kg_state_remove(state, helper);
                kg_state_settle(state, from);
            }
            if (!kg_span_fits(&state->lots[l].span, &search->instance->items[helper],
                              search->instance))
                break;
            kg_state_add(state, helper, l);
        }
        kg_state_settle(state, l);
    }
}

/* A lot of higher levels, or for items left out, that draws its members from others. */
static bool draw_together(kg_search *search, kg_state *state)
{
    kg_draft draft;
    uint32_t raise = draw(search, 5); /* first: the order of arguments is the compiler's */
    draft_around(search, state, draw_item(search, state), true, raise, &draft);
    if (draft.gain <= 0 || !kg_draft_make(&draft, &search->drafter, state, true))
        return false;
    mend(search, state, draw(search, 2));
    fill(search, state);
    return true;
}

/* Dissolves a few lots around an item and builds anew from what is free. */
static bool tear_down(kg_search *search, kg_state *state)
{
    uint32_t item = draw_item(search, state), lots = 1 + draw(search, 3);
    for (uint32_t i = 0; i < lots; i++) {
        uint32_t near = i ? draw_near(search, item) : item;
        if (near != KG_NO_ITEM && state->lot_of[near] != KG_NO_LOT)
            kg_state_dissolve(state, state->lot_of[near]);
    }
    if (draw(search, 2))
        fill(search, state);
    build(search, state, draw(search, 4));
    fill(search, state);
    return true;
}

/* The lot, other than its own, that gains most from the item when it moves there. */
static void move(kg_search *search, kg_state *state, uint32_t item)
{
    uint32_t own = state->lot_of[item], count = 0, other = KG_NO_LOT;
    for (uint32_t l = 0; l < state->lots_count; l++)
        if (l != own && state->lots[l].open &&
            kg_span_fits(&state->lots[l].span, &search->instance->items[item],
                         search->instance) &&
            draw(search, ++count) == 0)
            other = l;
    search->drafter.effort -= state->lots_count;
    if (other == KG_NO_LOT)
        return;
    if (own != KG_NO_LOT)
        kg_state_remove(state, item);
    kg_state_add(state, item, other);
}

/* Moves single items elsewhere, then helps what fell short. */
static bool shift(kg_search *search, kg_state *state)
{
    uint32_t item = draw_item(search, state), items = 1 + draw(search, 3);
    for (uint32_t i = 0; i < items && item != KG_NO_ITEM; i++) {
        move(search, state, item);
        item = draw_near(search, item);
    }
    mend(search, state, true);
    fill(search, state);
    return true;
}

/* Two items change places. */
static bool swap(kg_search *search, kg_state *state)
{
    uint32_t a = draw(search, search->instance->items_count), b = draw_near(search, a);
    if (b == KG_NO_ITEM || state->lot_of[a] == state->lot_of[b])
        return false;
    uint32_t lots[2] = {state->lot_of[b], state->lot_of[a]}, items[2] = {a, b};
    for (int i = 0; i < 2; i++)
        if (state->lot_of[items[i]] != KG_NO_LOT)
            kg_state_remove(state, items[i]);
    for (int i = 0; i < 2; i++)
        if (lots[i] != KG_NO_LOT &&
            kg_span_fits(&state->lots[lots[i]].span, &search->instance->items[items[i]],
                         search->instance))
            kg_state_add(state, items[i], lots[i]);
    mend(search, state, true);
    fill(search, state);
    return true;
}

/* Solves a few small lots and some items left out exactly. */
static bool solve_part(kg_search *search, kg_state *state)
{
    uint32_t items[KG_RESOLVE_ITEMS_MAX], item = draw_item(search, state), near = item;
    size_t most = 6 + draw(search, 6), count = 0;
    for (int attempt = 0; attempt < 10 && count < most; attempt++) {
        uint32_t lot = near == KG_NO_ITEM ? KG_NO_LOT : state->lot_of[near];
        bool taken = near == KG_NO_ITEM || (lot != KG_NO_LOT && lot < search->instance->bins_count);
        for (size_t i = 0; i < count; i++)
            taken |= items[i] == near;
        if (!taken && lot == KG_NO_LOT)
            items[count++] = near;
        else if (!taken && count + state->lots[lot].count <= most)
            for (uint32_t i = state->lots[lot].first; i != KG_NO_ITEM; i = state->next[i])
                items[count++] = i;
        near = draw_near(search, item);
    }
    if (count < 4)
        return false;
    search->drafter.effort -= kg_resolve(state, items, count);
    return true;
}

/* Better, or hardly worse; the less effort is left of the cycle the less worse. `heat`: 256 at the
 * start of a cycle, falling to 0. */
static bool acceptable(kg_search *search, const kg_worth *trial, const kg_worth *now, uint32_t heat)
{
    if (kg_worth_compare(trial, now) >= 0)
        return true;
    int64_t binding = now->binding - trial->binding, bodies = now->bodies - trial->bodies;
    if (binding > 0 || bodies > 0)
        return binding <= 1 && bodies <= 2 &&
               draw(search, 256 * BODY_PATIENCE) < (binding > 0 || bodies > 1 ? heat / 4 : heat);
    kg_int128 slack = now->ambition * heat / (256 * SLACK);
    return trial->ambition >= now->ambition - slack * draw(search, 256) / 256;
}

static bool change(kg_search *search, kg_state *state)
{
    uint32_t kind = draw(search, 16);
    search->drafter.effort -= 8 + (int64_t)search->instance->items_count / 4;
    return kind < 5    ? draw_together(search, state)
           : kind < 7  ? tear_down(search, state)
           : kind < 10 ? shift(search, state)
           : kind < 13 ? swap(search, state)
                       : solve_part(search, state);
}

/* Cycles that begin hot and end cold, each from the best so far. */
static void improve(kg_search *search)
{
    int64_t cycle = search->drafter.effort / CYCLES + 1;
    while (search->drafter.effort > 0) {
        int64_t left = search->drafter.effort % cycle;
        uint32_t heat = (uint32_t)(left * 256 / cycle);
        kg_state_copy(&search->trial, &search->now);
        bool made = change(search, &search->trial);
        if (search->drafter.effort > 0 && search->drafter.effort % cycle > left)
            kg_state_copy(&search->now, &search->best);
        else if (made && acceptable(search, &search->trial.worth, &search->now.worth, heat))
            kg_state_copy(&search->now, &search->trial);
        if (kg_worth_compare(&search->now.worth, &search->best.worth) > 0)
            kg_state_copy(&search->best, &search->now);
    }
}

static int64_t effort_of(size_t items, size_t lines_total)
{
    int64_t line = EFFORT_TOTAL / (int64_t)(lines_total + 1);
    line = line > EFFORT_LINE_MAX ? EFFORT_LINE_MAX : line;
    line = line < EFFORT_LINE_MIN ? EFFORT_LINE_MIN : line;
    return line * (int64_t)items;
}

void kg_search_solve(const kg_instance *instance, size_t lines_total, uint32_t *lot_of)
{
    kg_search search = {.instance = instance};
    int64_t effort = effort_of(instance->items_count, lines_total);
    int64_t line = effort / (int64_t)instance->items_count;
    kg_drafter_init(&search.drafter, instance, effort);
    kg_state_init(&search.now, instance);
    fill(&search, &search.now);
    search.drafter.effort -= kg_start_make(&search.now);
    fill(&search, &search.now);
    if (line >= EFFORT_LINE_IMPROVES) {
        kg_drafter_prepare(&search.drafter, line > (int64_t)instance->items_count);
        kg_state_init(&search.trial, instance);
        kg_state_init(&search.best, instance);
        kg_state_copy(&search.best, &search.now);
        build(&search, &search.now, 3);
        fill(&search, &search.now);
        if (kg_worth_compare(&search.now.worth, &search.best.worth) > 0)
            kg_state_copy(&search.best, &search.now);
        improve(&search);
        memcpy(lot_of, search.best.lot_of, instance->items_count * sizeof *lot_of);
        kg_state_fini(&search.trial);
        kg_state_fini(&search.best);
    } else {
        memcpy(lot_of, search.now.lot_of, instance->items_count * sizeof *lot_of);
    }
    kg_state_fini(&search.now);
    kg_drafter_fini(&search.drafter);
}
