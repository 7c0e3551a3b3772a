/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>
#include <string.h>

#include "broker/query/joint.h"
#include "broker/query/lot_totals.h"
#include "broker/query/market.h"
#include "broker/query/view.h"

static const kg_campaign *campaign_of(const kg_asking *asking, const kg_lot *lot)
{
    return kg_state_campaign(asking->state, lot->campaign);
}

static bool may_see(const kg_asking *asking, const kg_lot *lot)
{
    return kg_asking_coordinates(asking, campaign_of(asking, lot)) ||
           kg_asking_in_lot(asking, lot);
}

static json_t *own_lines(const kg_asking *asking, const kg_lot *lot)
{
    const kg_campaign *campaign = campaign_of(asking, lot);
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_claim *claim = &campaign->claims[lot->members[i]];
        if (strcmp(claim->line.organisation, asking->asker->organisation) == 0)
            json_array_append_new(out, json_string(claim->line.line));
    }
    return out;
}

static json_t *summary_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_grouped_lot *shape = &lot->shape;
    const kg_state *state = asking->state;
    json_t *out = json_pack(
        "{s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:s,s:o,s:i,s:o,s:I}", "lot", lot->id, "round",
        campaign_of(asking, lot)->rules.id, "state", kg_lot_state_name(lot->state), "category",
        kg_json_category(state, shape->category), "condition",
        kg_condition_name(shape->condition), "nuts", shape->nuts.code, "language",
        kg_language_code(shape->language), "track", kg_track_name(shape->track), "criteria",
        kg_json_levels(state, shape->category, &shape->x), "steps", shape->steps, "window",
        kg_json_window(shape->from, shape->to), "bodies", (json_int_t)shape->bodies);
    kg_lot_totals_add(asking, lot, out);
    json_object_set_new(out, "own_lines", own_lines(asking, lot));
    json_object_set_new(out, "tender",
                        lot->tender == KG_NONE
                            ? json_null()
                            : json_string(kg_state_tender(state, lot->tender)->id));
    return out;
}

kg_status kg_view_lots(const kg_asking *asking, json_t **out)
{
    const char *round = asking->query->round;
    if (round && kg_state_find_campaign(asking->state, round) == KG_NONE)
        return KG_STATUS_UNKNOWN_ROUND;
    *out = json_array();
    for (uint32_t i = 0; i < kg_state_lots(asking->state); i++) {
        const kg_lot *lot = kg_state_lot(asking->state, i);
        if ((!round || strcmp(campaign_of(asking, lot)->rules.id, round) == 0) &&
            may_see(asking, lot))
            json_array_append_new(*out, summary_of(asking, lot));
    }
    return KG_STATUS_OK;
}

static const char *answer_of(const kg_claim *claim)
{
    if (claim->answer == KG_ANSWER_NONE)
        return claim->line.commitment == KG_COMMITMENT_BINDING && !claim->moved
                   ? "binding"
                   : "open";
    return claim->answer == KG_ANSWER_YES ? "confirmed" : "declined";
}

/* For the coordinator: every line, without its price ceiling, or a value that was made with it. */
static json_t *lines_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_campaign *campaign = campaign_of(asking, lot);
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_claim *claim = &campaign->claims[lot->members[i]];
        const kg_plan_line *line = &claim->line;
        bool tells = !kg_plan_line_counts_ceiling(line);
        json_array_append_new(
            out, json_pack("{s:s,s:s,s:o,s:s,s:s,s:I,s:o,s:o,s:s,s:b}", "organisation",
                           line->organisation, "line", line->line, "title",
                           kg_json_text(line->title), "track", kg_track_name(line->track),
                           "commitment", kg_commitment_name(line->commitment), "quantity",
                           (json_int_t)line->quantity, "value",
                           tells ? kg_json_money(line->value_cents) : json_null(),
                           "criteria", kg_json_levels(asking->state, line->category, &line->lo),
                           "answer", answer_of(claim), "moved", claim->moved));
    }
    return out;
}

/* Each member's name, once. */
static json_t *names_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_campaign *campaign = campaign_of(asking, lot);
    const char *last = "";
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        const char *id = campaign->claims[lot->members[i]].line.organisation;
        uint32_t member = kg_state_find_member(asking->state, id);
        if (strcmp(id, last) != 0 && member != KG_NONE)
            json_array_append_new(
                out, json_pack("{s:s,s:o}", "organisation", id, "name",
                               kg_json_text(kg_state_member(asking->state, member)->record.name)));
        last = id;
    }
    return out;
}

static json_t *curve_of(const kg_state *state, const kg_lot *lot)
{
    const kg_catalogue *catalogue = kg_state_catalogue(state);
    json_t *out = json_array();
    for (size_t i = 0; i < lot->curve_count; i++) {
        const kg_curve_point *point = &lot->curve[i];
        const kg_criterion *criterion =
            point->place < 0 ? NULL
                             : kg_category_criterion(catalogue, lot->shape.category, point->place);
        json_t *level =
            criterion ? json_string(criterion->levels[lot->shape.x.rank[point->place] - 1])
                      : json_null();
        json_array_append_new(
            out, json_pack("{s:o,s:o,s:I,s:o}", "criterion",
                           criterion ? json_string(criterion->id) : json_null(), "to", level,
                           "bodies", (json_int_t)point->bodies, "value",
                           kg_json_money(point->value_cents)));
    }
    return out;
}

static json_t *award_of(const kg_state *state, const kg_lot *lot)
{
    const kg_lot_award *award = &lot->award;
    if (!lot->awarded)
        return json_null();
    return json_pack("{s:s,s:o,s:o,s:o,s:o}", "supplier", award->supplier, "unit_price",
                     award->unit_price_cents < 0 ? json_null()
                                                 : kg_json_money(award->unit_price_cents),
                     "delivered",
                     kg_json_levels(state, lot->shape.category, &award->delivered), "evidence",
                     kg_json_text(award->evidence), "time", kg_json_time(award->time_ms));
}

static json_t *remaining_of(const kg_lot *lot)
{
    int64_t quantity, value;
    kg_lot_remaining(lot, &quantity, &value);
    return json_pack("{s:o,s:o}", "quantity", quantity < 0 ? json_null() : json_integer(quantity),
                     "value", kg_json_money(value));
}

static void add_support(const kg_asking *asking, const kg_lot *lot, json_t *out)
{
    const kg_grouped_lot *shape = &lot->shape;
    json_object_set_new(
        out, "headroom",
        kg_json_levels_above(asking->state, shape->category, &shape->headroom, &shape->x));
    json_object_set_new(out, "lead",
                        shape->lead == KG_NO_ORGANISATION
                            ? json_null()
                            : json_string(kg_state_member(asking->state, shape->lead)->record.id));
    json_object_set_new(out, "ambition_curve", curve_of(asking->state, lot));
}

kg_status kg_view_lot(const kg_asking *asking, json_t **out)
{
    const char *id = asking->query->lot ? asking->query->lot : "";
    uint32_t index = kg_state_find_lot(asking->state, id);
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_LOT;
    const kg_lot *lot = kg_state_lot(asking->state, index);
    if (!may_see(asking, lot))
        return KG_STATUS_NOT_A_MEMBER;
    *out = summary_of(asking, lot);
    json_object_set_new(*out, "reason", kg_json_text(lot->reason));
    kg_joint joint = {lot->campaign, &index, 1, campaign_of(asking, lot)->rules.award_by};
    kg_joint_add_regime(asking, &joint, *out);
    bool coordinates = kg_asking_coordinates(asking, campaign_of(asking, lot));
    if (coordinates || lot->state != KG_LOT_PROPOSED)
        json_object_set_new(*out, "members", names_of(asking, lot));
    if (coordinates) {
        json_object_set_new(*out, "lines", lines_of(asking, lot));
        if (lot->state != KG_LOT_FAILED)
            add_support(asking, lot, *out);
    }
    json_object_set_new(
        *out, "market",
        kg_json_market(kg_state_catalogue(asking->state), lot->shape.category, &lot->shape.x));
    json_object_set_new(*out, "clauses", kg_json_clauses(asking->state, &lot->shape));
    json_object_set_new(*out, "award", award_of(asking->state, lot));
    json_object_set_new(*out, "remaining",
                        lot->awarded ? remaining_of(lot) : json_null());
    return KG_STATUS_OK;
}
