/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/start.h"

#include <stdlib.h>

#define FAILURES_STEPS_MAX 32 /* steps a line on items that found no lot, before it ends */
#define STEPS_MAX (KG_CATEGORY_CRITERIA_MAX * KG_SCALE_LEVELS_MAX)

typedef struct kg_start {
    const kg_instance *instance;
    const kg_state *state;
    uint32_t *left; /* items, ascending; of those that a lot took, `gone` are still here */
    size_t left_count, gone;
    int64_t least; /* smallest value at maximum of an item */
    uint32_t *members; /* of the lot in the making */
} kg_start;

/* Seeds in the order in which lots are begun: kopgroep items first, each from the most steps. */
static uint32_t *order_seeds(const kg_instance *instance)
{
    size_t count = instance->items_count, keys = 2 * STEPS_MAX + 2;
    uint32_t *order = kg_realloc(NULL, count + 1, sizeof *order);
    uint32_t *first = kg_alloc(keys + 1, sizeof *first);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            const kg_item *item = &instance->items[i];
            size_t steps = (size_t)kg_ranks_steps(&item->lo, instance->words);
            size_t key = STEPS_MAX - steps + (item->kopgroep ? 0 : STEPS_MAX + 1);
            if (pass)
                order[first[key]++] = (uint32_t)i;
            else
                first[key + 1]++;
        }
        for (size_t k = 0; !pass && k < keys; k++)
            first[k + 1] += first[k];
    }
    free(first);
    return order;
}

static void start_init(kg_start *start, const kg_state *state)
{
    const kg_instance *instance = state->instance;
    size_t count = instance->items_count;
    start->instance = instance;
    start->state = state;
    start->gone = 0;
    start->least = INT64_MAX;
    start->left = kg_realloc(NULL, 2 * (count + 1), sizeof *start->left);
    start->members = start->left + count + 1;
    start->left_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = instance->items[i].value_max;
        start->least = value < start->least ? value : start->least;
        if (state->lot_of[i] == KG_NO_LOT)
            start->left[start->left_count++] = i;
    }
}

static bool is_full(const kg_start *start, const kg_span *span)
{
    int64_t cap = start->instance->value_max;
    return cap && span->value_max > cap - start->least;
}

/* Takes into a lot whatever fits of the items left, in their order. Returns how many. */
static size_t gather(const kg_start *start, uint32_t seed, kg_span *span, int64_t *bodies,
                     int64_t *steps)
{
    const kg_instance *instance = start->instance;
    uint32_t own = instance->items[seed].body, last = own;
    size_t taken = 0;
    kg_span_init(span);
    *bodies = 0;
    if (!kg_span_fits(span, &instance->items[seed], instance))
        return 0;
    kg_span_add(span, &instance->items[seed], instance->words);
    start->members[taken++] = seed;
    *bodies = 1;
    size_t i = 0;
    for (; i < start->left_count && !is_full(start, span); i++) {
        const kg_item *item = &instance->items[start->left[i]];
        /* under a cap there is no room for a body twice before the minimum is reached */
        bool again = item->body == last || item->body == own;
        if (start->state->lot_of[start->left[i]] != KG_NO_LOT || start->left[i] == seed ||
            (again && instance->value_max && *bodies < instance->bodies_min) ||
            !kg_span_fits(span, item, instance))
            continue;
        kg_span_add(span, item, instance->words);
        start->members[taken++] = start->left[i];
        *bodies += !again;
        last = item->body;
    }
    *steps += (int64_t)i;
    return taken;
}

static void make_lot(kg_start *start, kg_state *state, size_t count)
{
    uint32_t lot = kg_state_open(state);
    for (size_t i = 0; i < count; i++)
        kg_state_add(state, start->members[i], lot);
    start->gone += count;
    if (start->gone * 8 < start->left_count)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < start->left_count; i++)
        if (state->lot_of[start->left[i]] == KG_NO_LOT)
            start->left[kept++] = start->left[i];
    start->left_count = kept;
    start->gone = 0;
}

int64_t kg_start_make(kg_state *state)
{
    const kg_instance *instance = state->instance;
    int64_t steps = 0, failed = 0;
    uint32_t *order = order_seeds(instance);
    int64_t most = FAILURES_STEPS_MAX * (int64_t)instance->items_count;
    kg_start start;
    start_init(&start, state);
    for (size_t k = 0; k < instance->items_count && failed < most; k++) {
        kg_span span;
        int64_t bodies, before = steps;
        if (state->lot_of[order[k]] != KG_NO_LOT)
            continue;
        size_t count = gather(&start, order[k], &span, &bodies, &steps);
        if (count && bodies >= instance->bodies_min && span.quantity >= instance->quantity_min &&
            span.value >= instance->value_min)
            make_lot(&start, state, count);
        else
            failed += steps - before;
    }
    free(start.left);
    free(order);
    return steps;
}
