/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/resolve.h"

#include <stdlib.h>

#include "broker/grouping/exact.h"

static void sort(uint32_t *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t moved = items[i];
        size_t k = i;
        for (; k > 0 && items[k - 1] > moved; k--)
            items[k] = items[k - 1];
        items[k] = moved;
    }
}

static void dissolve_all(kg_state *state, const uint32_t *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (state->lot_of[items[i]] != KG_NO_LOT)
            kg_state_dissolve(state, state->lot_of[items[i]]);
}

/* The items alone as an instance; bodies that are placed elsewhere count as standing. */
static void take_part(kg_instance *part, kg_item *items_of, uint8_t *standing,
                      const kg_state *state, const uint32_t *items, size_t count)
{
    *part = *state->instance;
    part->items = items_of;
    part->items_count = count;
    part->bins_count = 0;
    part->standing = standing;
    part->bodies_count = 0;
    for (size_t i = 0; i < count; i++) {
        const kg_item *item = &state->instance->items[items[i]];
        if (i == 0 || state->instance->items[items[i - 1]].body != item->body) {
            standing[part->bodies_count] =
                (uint8_t)((state->placed[item->body] ? KG_STANDS_PLACED : 0) |
                          (state->binding[item->body] ? KG_STANDS_BINDING : 0));
            part->bodies_count++;
        }
        items_of[i] = *item;
        items_of[i].body = (uint32_t)(part->bodies_count - 1);
    }
}

int64_t kg_resolve(kg_state *state, uint32_t *items, size_t count)
{
    kg_instance part;
    kg_item items_of[KG_RESOLVE_ITEMS_MAX];
    uint8_t standing[KG_RESOLVE_ITEMS_MAX];
    uint32_t lot_of[KG_RESOLVE_ITEMS_MAX], lots[KG_RESOLVE_ITEMS_MAX];
    sort(items, count);
    dissolve_all(state, items, count);
    take_part(&part, items_of, standing, state, items, count);
    int64_t steps = kg_exact_solve(&part, lot_of);
    memset(lots, 0xff, sizeof lots);
    for (size_t i = 0; i < count; i++) {
        if (lot_of[i] == KG_NO_LOT)
            continue;
        if (lots[lot_of[i]] == KG_NO_LOT)
            lots[lot_of[i]] = kg_state_open(state);
        kg_state_add(state, items[i], lots[lot_of[i]]);
    }
    return steps;
}
