/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/apply.h"
#include "broker/domain/remap.h"

/* Parts of plans were checked against the old catalogue: they are to be sent again. */
static void drop_pending(kg_state *state)
{
    for (size_t i = 0; i < state->members_count; i++)
        kg_pending_plan_destroy(&state->members[i]->pending);
}

static void retire(kg_state *state, const kg_catalogue *next)
{
    kg_remap remap;
    kg_remap_init(&remap, state->catalogue, next);
    kg_remap_state(&remap, state);
    kg_remap_fini(&remap);
    drop_pending(state);
    state->retired = kg_grow(state->retired, state->retired_count, &state->retired_capacity,
                             sizeof *state->retired);
    state->retired[state->retired_count++] = state->catalogue;
}

void kg_apply_catalogue(kg_apply *apply)
{
    kg_state *state = apply->state;
    if (state->catalogue)
        retire(state, apply->event->catalogue);
    state->catalogue = apply->event->catalogue;
    apply->event->catalogue = NULL;
    apply->effects->catalogue_changed = true;
    char *text = kg_strdup(apply->event->command.catalogue); /* may be the state's own */
    free(state->catalogue_text);
    state->catalogue_text = text;
    kg_apply_result(apply, "The catalogue has %zu categories and %zu criteria.",
                    state->catalogue->categories_count, state->catalogue->criteria_count);
}
