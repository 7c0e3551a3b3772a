/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/state_private.h"

/* What a round asks of the broker on this day; KG_KIND_NONE: nothing. */
static kg_kind due_of(const kg_campaign *campaign, kg_date today)
{
    const kg_round *rules = &campaign->rules;
    switch (campaign->state) {
    case KG_ROUND_DRAFT:
        return rules->opens <= today ? KG_KIND_ROUND_START : KG_KIND_NONE;
    case KG_ROUND_OPEN:
        return rules->closes < today ? KG_KIND_ROUND_CLOSE : KG_KIND_NONE;
    case KG_ROUND_CLOSED:
    case KG_ROUND_PROPOSED:
        return rules->award_by < today ? KG_KIND_ROUND_CANCEL : KG_KIND_NONE;
    case KG_ROUND_CONFIRMING:
        return kg_answer_until(campaign) < today ? KG_KIND_ROUND_CONCLUDE : KG_KIND_NONE;
    case KG_ROUND_CONCLUDED:
        return rules->award_by < today && campaign->lots_live > 0 ? KG_KIND_LOTS_EXPIRE
                                                                  : KG_KIND_NONE;
    case KG_ROUND_CANCELLED:
        return KG_KIND_NONE;
    }
    return KG_KIND_NONE;
}

bool kg_state_due(const kg_state *state, kg_moment now, size_t *walk, kg_command *out)
{
    static const char reason[] = "award_by passed before the round was confirmed";
    while (*walk < state->campaigns_count) {
        const kg_campaign *campaign = state->campaigns[(*walk)++];
        kg_kind kind = due_of(campaign, now.today);
        if (kind == KG_KIND_NONE)
            continue;
        kg_command_init(out, kind);
        out->round = kg_arena_text(&out->arena, campaign->rules.id, strlen(campaign->rules.id));
        if (kind == KG_KIND_ROUND_CANCEL)
            out->reason = kg_arena_text(&out->arena, reason, sizeof reason - 1);
        return true;
    }
    return false;
}
