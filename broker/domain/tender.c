/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/tender.h"

#include <stdlib.h>

#include "broker/domain/state_private.h"
#include "broker/grouping/support.h"

/* The two types that there are, each once. */
static void add_types(const kg_state *state, const kg_lot *lot, bool seen[2])
{
    for (size_t i = 0; i < lot->members_count; i++)
        seen[state->members[kg_lot_body(state, lot, i)]->record.central] = true;
}

kg_regime kg_tender_regime(const kg_state *state, const uint32_t *lots, size_t count, kg_date day)
{
    bool seen[2] = {false, false};
    int types[2];
    size_t types_count = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const kg_lot *lot = state->lots[lots[i]];
        if (__builtin_add_overflow(sum, lot->shape.value_max_cents, &sum))
            sum = INT64_MAX;
        add_types(state, lot, seen);
    }
    for (int central = 0; central < 2; central++)
        if (seen[central])
            types[types_count++] = central;
    return kg_support_regime(state->catalogue, day, types, types_count, sum);
}

void kg_tender_destroy(kg_tender **tender)
{
    kg_tender *t = *tender;
    free(t->title);
    free(t->lots);
    free(t);
    *tender = NULL;
}
