/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/figures.h"

#include <stdlib.h>
#include <string.h>

static bool stands(const kg_lot *lot)
{
    return lot->state != KG_LOT_FAILED && lot->members_count > 0;
}

/* Was this level vector seen in an earlier lot of the same category? */
static bool seen_before(const kg_state *state, const kg_campaign *campaign, size_t place)
{
    const kg_grouped_lot *shape = &kg_state_lot(state, campaign->lots[place])->shape;
    for (size_t i = 0; i < place; i++) {
        const kg_lot *other = kg_state_lot(state, campaign->lots[i]);
        if (stands(other) && other->shape.category == shape->category &&
            kg_levels_equal(&other->shape.x, &shape->x))
            return true;
    }
    return false;
}

static kg_category_figures *figures_of(kg_round_figures *figures, kg_category category)
{
    for (size_t i = 0; i < figures->categories_count; i++)
        if (figures->categories[i].category == category)
            return &figures->categories[i];
    kg_category_figures *place = &figures->categories[figures->categories_count++];
    place->category = category;
    return place;
}

static void count_lots(const kg_state *state, const kg_campaign *campaign,
                       kg_round_figures *figures)
{
    for (size_t i = 0; i < campaign->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(state, campaign->lots[i]);
        if (!stands(lot))
            continue;
        figures_of(figures, lot->shape.category)->vectors += !seen_before(state, campaign, i);
        figures->placed += lot->members_count;
        figures->value += lot->shape.value_cents;
        if (lot->shape.track == KG_TRACK_KOPGROEP)
            figures->value_kopgroep += lot->shape.value_cents;
    }
}

static bool waits_for_answer(const kg_state *state, const kg_claim *claim)
{
    return claim->lot != KG_NONE && claim->answer == KG_ANSWER_NONE &&
           kg_state_lot(state, claim->lot)->state == KG_LOT_CONFIRMING &&
           (claim->moved || claim->line.commitment != KG_COMMITMENT_BINDING);
}

/* Claims are sorted by organisation: one run of them is one body. */
static size_t count_body(const kg_state *state, const kg_campaign *campaign, size_t first,
                         kg_round_figures *figures)
{
    const char *id = campaign->claims[first].line.organisation;
    uint32_t member = kg_state_find_member(state, id);
    kg_int128 value_max = 0;
    bool placed = false;
    size_t i = first;
    for (; i < campaign->claims_count; i++) {
        const kg_claim *claim = &campaign->claims[i];
        if (strcmp(claim->line.organisation, id) != 0)
            break;
        value_max += claim->line.value_max_cents;
        placed |= claim->lot != KG_NONE;
        figures->answers_open += waits_for_answer(state, claim);
    }
    int central = member != KG_NONE && kg_state_member(state, member)->record.central;
    int64_t threshold = kg_catalogue_threshold(kg_state_catalogue(state), central,
                                               campaign->rules.award_by);
    bool small = threshold >= 0 && value_max < threshold;
    figures->small_bodies += small;
    figures->small_bodies_placed += small && placed;
    return i;
}

void kg_round_figures_count(const kg_state *state, const kg_campaign *campaign,
                            kg_round_figures *out)
{
    *out = (kg_round_figures){0};
    out->categories = kg_alloc(campaign->lots_count ? campaign->lots_count : 1,
                               sizeof *out->categories);
    count_lots(state, campaign, out);
    for (size_t i = 0; i < campaign->claims_count;)
        i = count_body(state, campaign, i, out);
}

void kg_round_figures_fini(kg_round_figures *figures)
{
    free(figures->categories);
    *figures = (kg_round_figures){0};
}
