/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/search.h"

#include <stdlib.h>

void kg_search_solve(const kg_instance *instance, size_t lines_total, uint32_t *lot_of)
{
    uint32_t next = (uint32_t)instance->bins_count;
    uint32_t *members = kg_alloc(instance->items_count + 1, sizeof *members);
    (void)lines_total;
    for (size_t i = 0; i < instance->items_count; i++)
        lot_of[i] = KG_NO_LOT;
    for (size_t i = 0; i < instance->items_count; i++) {
        if (lot_of[i] != KG_NO_LOT)
            continue;
        kg_span span;
        kg_span_init(&span);
        size_t count = 0;
        int64_t bodies = 0;
        for (size_t k = i; k < instance->items_count; k++) {
            const kg_item *item = &instance->items[k];
            if (lot_of[k] != KG_NO_LOT || !kg_span_fits(&span, item, instance))
                continue;
            kg_span_add(&span, item, instance->words);
            bodies += count == 0 || instance->items[members[count - 1]].body != item->body;
            members[count++] = (uint32_t)k;
        }
        if (bodies < instance->bodies_min || span.quantity < instance->quantity_min ||
            span.value < instance->value_min || count == 0)
            continue;
        for (size_t k = 0; k < count; k++)
            lot_of[members[k]] = next;
        next++;
    }
    free(members);
}
