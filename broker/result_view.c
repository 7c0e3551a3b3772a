/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/result_view.h"

#include <stdlib.h>
#include <string.h>

#include "broker/export/result.h"

/* The names behind the places of a round's claims. Owned arrays of borrowed texts. */
typedef struct kg_claim_names {
    const char **organisations, **lines, **bodies;
    uint8_t *tracks;
    int64_t *quantities;
} kg_claim_names;

static void names_init(kg_claim_names *names, const kg_campaign *campaign, const kg_state *state)
{
    size_t count = campaign->claims_count ? campaign->claims_count : 1;
    size_t members = kg_state_members(state);
    names->organisations = kg_alloc(count, sizeof *names->organisations);
    names->lines = kg_alloc(count, sizeof *names->lines);
    names->tracks = kg_alloc(count, sizeof *names->tracks);
    names->quantities = kg_alloc(count, sizeof *names->quantities);
    names->bodies = kg_alloc(members ? members : 1, sizeof *names->bodies);
    for (size_t i = 0; i < campaign->claims_count; i++) {
        const kg_plan_line *line = &campaign->claims[i].line;
        names->organisations[i] = line->organisation;
        names->lines[i] = line->line;
        names->tracks[i] = line->track;
        names->quantities[i] = line->quantity;
    }
    for (size_t i = 0; i < members; i++)
        names->bodies[i] = kg_state_member(state, (uint32_t)i)->record.id;
}

static void names_fini(kg_claim_names *names)
{
    free(names->organisations);
    free(names->lines);
    free(names->bodies);
    free(names->tracks);
    free(names->quantities);
}

/* Lots that still stand; the others' lines are among the unplaced. */
static bool stands(const kg_lot *lot)
{
    return lot->state != KG_LOT_FAILED && lot->members_count > 0;
}

static void score_bodies(const kg_campaign *campaign, const kg_outcome *outcome, kg_score *score);

static void add_lot(kg_outcome *outcome, const kg_lot *lot)
{
    kg_grouped_lot *place = &outcome->lots[outcome->lots_count++];
    *place = lot->shape;
    place->members_first = (uint32_t)outcome->members_count;
    place->members_count = (uint32_t)lot->members_count;
    memcpy(&outcome->members[outcome->members_count], lot->members,
           lot->members_count * sizeof *lot->members);
    outcome->members_count += lot->members_count;
    place->curve_first = place->curve_count = 0;
    outcome->score.ambition_value += (kg_int128)place->value_cents * place->steps;
    outcome->score.value += place->value_cents;
    outcome->score.placed += lot->members_count;
    outcome->score.lots++;
}

static int compare_lots(const void *a, const void *b, void *context)
{
    const kg_state *state = context;
    const kg_lot *x = kg_state_lot(state, *(const uint32_t *)a);
    const kg_lot *y = kg_state_lot(state, *(const uint32_t *)b);
    char x_name[KG_CATEGORY_NAME_BYTES], y_name[KG_CATEGORY_NAME_BYTES];
    kg_category_name(kg_state_catalogue(state), x->shape.category, x_name);
    kg_category_name(kg_state_catalogue(state), y->shape.category, y_name);
    int order = strcmp(x_name, y_name);
    if (order == 0)
        order = strcmp(x->shape.nuts.code, y->shape.nuts.code);
    if (order != 0)
        return order;
    return (x->shape.number > y->shape.number) - (x->shape.number < y->shape.number);
}

static void add_unplaced(kg_outcome *outcome, const kg_campaign *campaign,
                         const uint32_t *place_of_lot)
{
    for (size_t i = 0; i < campaign->claims_count; i++) {
        const kg_claim *claim = &campaign->claims[i];
        if (claim->lot != KG_NONE)
            continue;
        kg_unplaced *unplaced = &outcome->unplaced[outcome->unplaced_count++];
        *unplaced = claim->why;
        unplaced->line = (uint32_t)i;
        if (unplaced->nearest_lot != KG_NO_LOT)
            unplaced->nearest_lot = place_of_lot[unplaced->nearest_lot];
        if (unplaced->nearest_lot == KG_NO_LOT)
            unplaced->change.field = KG_CHANGE_NONE;
    }
}

/* The present standing in the form of an outcome. */
static kg_outcome *present(const kg_state *state, const kg_campaign *campaign)
{
    kg_outcome *outcome = kg_alloc(1, sizeof *outcome);
    size_t lots = kg_state_lots(state), claims = campaign->claims_count;
    uint32_t *order = kg_alloc(campaign->lots_count ? campaign->lots_count : 1, sizeof *order);
    uint32_t *place_of_lot = kg_alloc(lots ? lots : 1, sizeof *place_of_lot);
    outcome->lots = kg_alloc(campaign->lots_count ? campaign->lots_count : 1,
                             sizeof *outcome->lots);
    outcome->members = kg_alloc(claims ? claims : 1, sizeof *outcome->members);
    outcome->unplaced = kg_alloc(claims ? claims : 1, sizeof *outcome->unplaced);
    for (size_t i = 0; i < lots; i++)
        place_of_lot[i] = KG_NO_LOT;
    if (campaign->lots_count > 0) {
        memcpy(order, campaign->lots, campaign->lots_count * sizeof *order);
        qsort_r(order, campaign->lots_count, sizeof *order, compare_lots,
                (void *)(uintptr_t)state);
    }
    for (size_t i = 0; i < campaign->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(state, order[i]);
        if (!stands(lot))
            continue;
        place_of_lot[order[i]] = (uint32_t)outcome->lots_count;
        add_lot(outcome, lot);
    }
    add_unplaced(outcome, campaign, place_of_lot);
    outcome->score.lines = claims;
    score_bodies(campaign, outcome, &outcome->score);
    free(order);
    free(place_of_lot);
    return outcome;
}

/* Components 1 and 2: distinct organisations a bucket. Lots are sorted by bucket; claims are
 * sorted by organisation, so a mark per claim that begins an organisation serves. */
static void score_bodies(const kg_campaign *campaign, const kg_outcome *outcome, kg_score *score)
{
    size_t count = campaign->claims_count ? campaign->claims_count : 1;
    uint32_t *first = kg_alloc(count, sizeof *first);
    uint32_t *seen = kg_alloc(count, sizeof *seen), *bound = kg_alloc(count, sizeof *bound);
    uint32_t bucket = 0;
    for (size_t i = 1; i < campaign->claims_count; i++)
        first[i] = strcmp(campaign->claims[i].line.organisation,
                          campaign->claims[i - 1].line.organisation) == 0
                       ? first[i - 1]
                       : (uint32_t)i;
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        bool same = i > 0 && lot[-1].category == lot->category &&
                    strcmp(lot[-1].nuts.code, lot->nuts.code) == 0;
        bucket += !same;
        for (uint32_t j = 0; j < lot->members_count; j++) {
            uint32_t claim = outcome->members[lot->members_first + j], body = first[claim];
            bool binding = campaign->claims[claim].line.commitment == KG_COMMITMENT_BINDING;
            score->bodies += seen[body] != bucket;
            seen[body] = bucket;
            score->binding += binding && bound[body] != bucket;
            if (binding)
                bound[body] = bucket;
        }
    }
    free(first);
    free(seen);
    free(bound);
}

static kg_status find_round(const kg_state *state, const kg_asker *asker, const kg_query *query,
                            const kg_campaign **out)
{
    uint32_t index = query->round ? kg_state_find_campaign(state, query->round) : KG_NONE;
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_ROUND;
    *out = kg_state_campaign(state, index);
    if (strcmp((*out)->coordinator, asker->organisation) != 0)
        return KG_STATUS_NOT_YOUR_ROUND;
    return (*out)->proposed ? KG_STATUS_OK : KG_STATUS_ROUND_STATE;
}

kg_status kg_result_view(const kg_state *state, const kg_asker *asker, const kg_query *query,
                         kg_buffer *out, char *detail)
{
    const kg_campaign *campaign;
    kg_status status = find_round(state, asker, query, &campaign);
    if (status == KG_STATUS_ROUND_STATE)
        kg_text_format(detail, 600, KG_SAY("No lots were proposed in this round yet."));
    if (status != KG_STATUS_OK)
        return status;
    kg_claim_names names;
    names_init(&names, campaign, state);
    kg_outcome *now = query->proposed ? NULL : present(state, campaign);
    kg_result result = {
        .round = campaign->rules.id,
        .ruleset = campaign->ruleset,
        .input_digest = campaign->input_digest,
        .catalogue = kg_state_catalogue(state),
        .outcome = now ? now : campaign->proposed,
        .organisations = names.organisations,
        .lines = names.lines,
        .bodies = names.bodies,
        .tracks = names.tracks,
        .quantities = names.quantities,
    };
    kg_result_write_digested(&result, kg_buffer_sink(out));
    kg_outcome_destroy(&now);
    names_fini(&names);
    return KG_STATUS_OK;
}
