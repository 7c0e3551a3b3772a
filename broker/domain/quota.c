/* SPDX-License-Identifier: EUPL-1.2 */
/* How many lines an organisation may have open. It is no rule of the state, which replays what was
 * decided under any quota: the broker asks before it decides. */
#include <stdlib.h>

#include "broker/domain/state_private.h"

/* Neither withdrawn nor bought: what was placed in a round that is concluded goes its way. */
static bool is_open(const kg_state *state, uint32_t line)
{
    const kg_claimed claimed = kg_pool_claimed(state, line);
    if (kg_pool_is(state, line, KG_POOL_WITHDRAWN))
        return false;
    if (claimed.round == KG_NONE)
        return true;
    const kg_campaign *campaign = state->campaigns[claimed.round];
    return campaign->state != KG_ROUND_CONCLUDED || campaign->claims[claimed.claim].lot == KG_NONE;
}

static size_t count_open(const kg_state *state, uint32_t member)
{
    const kg_line_index *index = &state->members[member]->line_index;
    uint32_t *lines = kg_alloc(index->count ? index->count : 1, sizeof *lines);
    size_t open = 0;
    kg_line_index_list(index, lines);
    for (uint32_t i = 0; i < index->count; i++)
        open += is_open(state, lines[i]);
    free(lines);
    return open;
}

static bool adds(const kg_state *state, uint32_t member, const char *key)
{
    uint32_t line = key ? kg_state_find_line(state, member, key) : KG_NONE;
    return line == KG_NONE || !is_open(state, line);
}

bool kg_state_lines_fit(const kg_state *state, uint32_t member, const kg_submit *submit,
                        size_t most, size_t *open)
{
    const kg_member *m = state->members[member];
    const kg_pending_plan *held = submit->part > 1 ? m->pending : NULL;
    size_t added = submit->count + (held ? held->count : 0);
    *open = 0;
    if (m->line_index.count + added <= most) /* in all but a few cases there is nothing to count */
        return true;
    *open = count_open(state, member);
    added = 0;
    for (size_t i = 0; i < submit->count; i++)
        added += adds(state, member, submit->drafts[i].text[KG_COLUMN_LINE]);
    for (size_t i = 0; held && i < held->count; i++)
        added += adds(state, member, held->lines[i].line);
    return added == 0 || *open + added <= most;
}
