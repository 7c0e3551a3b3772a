/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/view.h"

#include <stdlib.h>
#include <string.h>

const kg_claim *kg_line_claim(const kg_state *state, const kg_pool_line *line)
{
    if (line->last_round == KG_NONE)
        return NULL;
    return &kg_state_campaign(state, line->last_round)->claims[line->last_claim];
}

/* Was the line changed after its last round left it out? Then that round's reason is about a line
 * that no longer is. */
static bool changed_since(const kg_pool_line *line, const kg_claim *claim)
{
    return line->round == KG_NONE && !kg_plan_line_equal(&line->line, &claim->line);
}

const char *kg_line_standing(const kg_state *state, const kg_pool_line *line)
{
    const kg_claim *claim = kg_line_claim(state, line);
    if (line->withdrawn)
        return "withdrawn";
    if (claim && claim->lot != KG_NONE && line->round != KG_NONE)
        return "placed";
    if (line->round != KG_NONE)
        return "claimed";
    if (claim && !changed_since(line, claim) && claim->why.blocking != 0)
        return "unplaced";
    return "free";
}

static json_t *cpv_of(uint32_t cpv)
{
    char text[16];
    if (cpv == 0)
        return json_null();
    kg_text_format(text, sizeof text, "%08u", cpv);
    return json_string(text);
}

/* Without its price ceiling, which never leaves the broker; so neither does a value that was made
 * with it leave the organisation. */
static json_t *content_of(const kg_state *state, const kg_plan_line *line, bool own)
{
    bool tells = own || !kg_plan_line_counts_ceiling(line);
    return json_pack(
        "{s:s,s:o,s:o,s:o,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:s,s:o,s:s,s:s,s:o,s:o}", "line",
        line->line, "title", kg_json_text(line->title), "category",
        kg_json_category(state, line->category), "cpv", cpv_of(line->cpv), "condition",
        kg_condition_name(line->conditions), "quantity_min", (json_int_t)line->quantity_min,
        "quantity", (json_int_t)line->quantity, "quantity_max", (json_int_t)line->quantity_max,
        "value", tells ? kg_json_money(line->value_cents) : json_null(), "delivery_from",
        kg_json_date(line->delivery_from), "delivery_to", kg_json_date(line->delivery_to),
        "order_by", kg_json_date(line->order_by), "nuts", line->nuts.code, "languages",
        kg_json_languages(line->languages), "track", kg_track_name(line->track), "commitment",
        kg_commitment_name(line->commitment), "criteria",
        kg_json_levels(state, line->category, &line->lo), "accepts",
        kg_json_levels(state, line->category, &line->hi));
}

/* How often the coordinator of the line's last round was shown lines of its organisation there. */
static void add_reads(const kg_state *state, const kg_pool_line *line, json_t *out)
{
    const kg_claimed_body *body =
        line->last_round == KG_NONE
            ? NULL
            : kg_campaign_body(state, kg_state_campaign(state, line->last_round), line->member);
    bool read = body && body->reads > 0;
    json_object_set_new(out, "reads", json_integer(read ? body->reads : 0));
    json_object_set_new(out, "last_read", read ? kg_json_time(body->read_ms) : json_null());
}

static json_t *line_of(const kg_state *state, const kg_pool_line *pool_line)
{
    const kg_claim *claim = kg_line_claim(state, pool_line);
    const char *standing = kg_line_standing(state, pool_line);
    bool placed = strcmp(standing, "placed") == 0, unplaced = strcmp(standing, "unplaced") == 0;
    json_t *out = content_of(state, &pool_line->line, true);
    json_object_set_new(out, "standing", json_string(standing));
    json_object_set_new(
        out, "round",
        claim && pool_line->last_round != KG_NONE && (placed || unplaced ||
                                                      pool_line->round != KG_NONE)
            ? json_string(kg_state_campaign(state, pool_line->last_round)->rules.id)
            : json_null());
    json_object_set_new(out, "lot", placed ? kg_json_id(state, claim->lot) : json_null());
    json_object_set_new(out, "reason", unplaced
                                           ? json_string(kg_reason_name(claim->why.reason))
                                           : json_null());
    add_reads(state, pool_line, out);
    return out;
}

/* What a round claimed, as it was then, for its coordinator. */
static json_t *claim_of(const kg_state *state, const kg_campaign *campaign, const kg_claim *claim)
{
    const char *standing = claim->lot != KG_NONE          ? "placed"
                           : claim->why.blocking != 0     ? "unplaced"
                           : campaign->proposed           ? "free"
                                                          : "claimed";
    json_t *out = json_pack("{s:s}", "organisation", claim->line.organisation);
    json_t *content = content_of(state, &claim->line, false);
    json_object_update(out, content);
    json_decref(content);
    json_object_set_new(out, "standing", json_string(standing));
    json_object_set_new(out, "round", json_string(campaign->rules.id));
    json_object_set_new(out, "lot", claim->lot == KG_NONE ? json_null()
                                                          : kg_json_id(state, claim->lot));
    json_object_set_new(out, "reason",
                        claim->lot == KG_NONE && claim->why.blocking != 0
                            ? json_string(kg_reason_name(claim->why.reason))
                            : json_null());
    return out;
}

static kg_status lines_of_round(const kg_asking *asking, const kg_campaign *campaign, json_t **out)
{
    if (campaign->state < KG_ROUND_CLOSED || campaign->state == KG_ROUND_CANCELLED) {
        kg_text_format(asking->detail, 600,
                       KG_SAY("The round is %s; its lines are shown from closed on."),
                       kg_round_state_name(campaign->state));
        return KG_STATUS_ROUND_STATE;
    }
    *out = json_array();
    for (size_t i = 0; i < campaign->claims_count; i++)
        json_array_append_new(*out, claim_of(asking->state, campaign, &campaign->claims[i]));
    return KG_STATUS_OK;
}

static void add_own_lines(const kg_asking *asking, uint32_t round, json_t *out)
{
    size_t count;
    uint32_t *lines = kg_state_lines_of(asking->state, asking->member, &count);
    for (size_t i = 0; i < count; i++) {
        kg_pool_line line = kg_pool_get(asking->state, lines[i]);
        if (round == KG_NONE || line.last_round == round)
            json_array_append_new(out, line_of(asking->state, &line));
    }
    free(lines);
}

/* Own lines; with a round, those that it claimed: all of them for its coordinator, its own for an
 * organisation. */
kg_status kg_view_lines(const kg_asking *asking, json_t **out)
{
    const char *id = asking->query->round;
    uint32_t round = id ? kg_state_find_campaign(asking->state, id) : KG_NONE;
    const kg_campaign *campaign =
        round == KG_NONE ? NULL : kg_state_campaign(asking->state, round);
    if (id && !campaign)
        return KG_STATUS_UNKNOWN_ROUND;
    if (campaign && kg_asking_coordinates(asking, campaign))
        return lines_of_round(asking, campaign, out);
    if (!(asking->asker->roles & KG_ROLE_ORGANISATION)) {
        if (campaign)
            return KG_STATUS_NOT_YOUR_ROUND;
        kg_text_format(asking->detail, 600, KG_SAY("Name one of your rounds."));
        return KG_STATUS_MISSING;
    }
    *out = json_array();
    add_own_lines(asking, round, *out);
    return KG_STATUS_OK;
}

/* What keeps a placed line where it is: the criteria on which the lot is at the line's own limit
 * or requirement, and the ends of the lot's window that are the line's. */
static json_t *binds(const kg_state *state, const kg_claim *claim, const kg_lot *lot)
{
    const kg_catalogue *catalogue = kg_state_catalogue(state);
    const kg_plan_line *line = &claim->line;
    json_t *limits = json_array(), *sets = json_array();
    for (int i = 0; i < kg_category_criteria(catalogue, line->category); i++) {
        json_t *id = json_string(kg_category_criterion(catalogue, line->category, i)->id);
        uint8_t x = lot->shape.x.rank[i];
        if (line->hi.rank[i] == x)
            json_array_append(limits, id);
        if (x > 0 && line->lo.rank[i] == x)
            json_array_append(sets, id);
        json_decref(id);
    }
    return json_pack("{s:o,s:o,s:b,s:b}", "accepts_no_more", limits, "requires_this", sets,
                     "delivery_from", line->delivery_from == lot->shape.from, "delivery_to",
                     line->delivery_to == lot->shape.to);
}

static void explain_placed(const kg_state *state, const kg_claim *claim, json_t *out)
{
    const kg_lot *lot = kg_state_lot(state, claim->lot);
    json_object_set_new(out, "lot_state", json_string(kg_lot_state_name(lot->state)));
    json_object_set_new(out, "lot_criteria",
                        kg_json_levels(state, lot->shape.category, &lot->shape.x));
    json_object_set_new(out, "lot_window", kg_json_window(lot->shape.from, lot->shape.to));
    json_object_set_new(out, "binds", binds(state, claim, lot));
}

static void explain_unplaced(const kg_state *state, const kg_claim *claim, json_t *out)
{
    json_object_set_new(out, "blocking", kg_json_reasons(claim->why.blocking));
    json_object_set_new(out, "nearest_lot", kg_json_id(state, claim->why.nearest_lot));
    json_object_set_new(out, "change",
                        kg_json_change(state, claim->line.category, &claim->why.change));
    if (claim->why.nearest_lot != KG_NO_LOT) {
        const kg_lot *lot = kg_state_lot(state, claim->why.nearest_lot);
        json_object_set_new(out, "lot_criteria",
                            kg_json_levels(state, lot->shape.category, &lot->shape.x));
        json_object_set_new(out, "lot_window", kg_json_window(lot->shape.from, lot->shape.to));
    }
}

kg_status kg_view_explain(const kg_asking *asking, json_t **out)
{
    const kg_state *state = asking->state;
    const char *key = asking->query->line ? asking->query->line : "";
    uint32_t index = kg_state_find_line(state, asking->member, key);
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_LINE;
    kg_pool_line line = kg_pool_get(state, index);
    const kg_claim *claim = kg_line_claim(state, &line);
    const char *standing = kg_line_standing(state, &line);
    *out = line_of(state, &line);
    if (strcmp(standing, "placed") == 0)
        explain_placed(state, claim, *out);
    else if (strcmp(standing, "unplaced") == 0)
        explain_unplaced(state, claim, *out);
    else if (line.withdrawn)
        json_object_set_new(*out, "reason",
                            json_string(kg_reason_name(KG_REASON_WITHDRAWN)));
    return KG_STATUS_OK;
}
