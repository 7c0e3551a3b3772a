/* SPDX-License-Identifier: EUPL-1.2 */
/* What an own line would join if its round were grouped today. Others' plans are told of only as a
 * lot of enough contributors has them in common; and only of lines that were submitted, which are
 * journalled, so that nobody can try line after line unseen. */
#include <string.h>

#include "broker/query/view.h"
#include "broker/query/what_if.h"

/* Numbers of organisations are told in steps. */
#define ORGANISATIONS_STEP 5

/* The round that was asked for, or the first open one in whose scope the line is, or KG_NONE. */
static kg_status find_round(const kg_asking *asking, const kg_pool_line *line, uint32_t *out)
{
    const kg_state *state = asking->state;
    *out = KG_NONE;
    if (asking->query->round) {
        *out = kg_state_find_campaign(state, asking->query->round);
        if (*out == KG_NONE)
            return KG_STATUS_UNKNOWN_ROUND;
        if (kg_state_campaign(state, *out)->state == KG_ROUND_OPEN)
            return KG_STATUS_OK;
        kg_text_format(asking->detail, 600, KG_SAY("Round %s takes no lines now."),
                       asking->query->round);
        return KG_STATUS_ROUND_STATE;
    }
    for (uint32_t i = 0; i < kg_state_campaigns(state) && *out == KG_NONE; i++) {
        const kg_campaign *campaign = kg_state_campaign(state, i);
        if (campaign->state == KG_ROUND_OPEN &&
            kg_round_in_scope(&campaign->rules, kg_state_catalogue(state), &line->line))
            *out = i;
    }
    return KG_STATUS_OK;
}

static bool may_tell(const kg_asking *asking, const kg_what_if *what_if, const kg_grouped_lot *lot)
{
    return kg_what_if_holdings(what_if, asking->state, lot) >=
           (size_t)asking->context->disclosure_organisations_min;
}

static json_t *lot_of(const kg_asking *asking, const kg_what_if *what_if,
                      const kg_grouped_lot *lot)
{
    if (!may_tell(asking, what_if, lot))
        return json_null();
    uint32_t bodies = lot->bodies / ORGANISATIONS_STEP * ORGANISATIONS_STEP;
    return json_pack("{s:s,s:s,s:o,s:o,s:I}", "track", kg_track_name(lot->track), "condition",
                     kg_condition_name(lot->condition), "criteria",
                     kg_json_levels(asking->state, lot->category, &lot->x), "window",
                     kg_json_window(lot->from, lot->to), "organisations_at_least",
                     (json_int_t)bodies);
}

static void tell_unplaced(const kg_asking *asking, const kg_what_if *what_if, json_t *out)
{
    const kg_unplaced *why = what_if->unplaced;
    const kg_grouped_lot *nearest =
        why->nearest_lot == KG_NO_LOT ? NULL : &what_if->outcome->lots[why->nearest_lot];
    bool tell = nearest && may_tell(asking, what_if, nearest);
    json_object_set_new(out, "reason", json_string(kg_reason_name(why->reason)));
    json_object_set_new(out, "blocking", kg_json_reasons(why->blocking));
    json_object_set_new(out, "nearest", nearest ? lot_of(asking, what_if, nearest) : json_null());
    json_object_set_new(out, "change",
                        tell ? kg_json_change(asking->state, nearest->category, &why->change)
                             : json_null());
}

static json_t *answer(const kg_asking *asking, uint32_t round, uint32_t line)
{
    kg_what_if what_if;
    json_t *out = json_pack("{s:s,s:s}", "line", kg_pool_key(asking->state, line), "round",
                            kg_state_campaign(asking->state, round)->rules.id);
    kg_what_if_init(&what_if, asking->state, round, line);
    json_object_set_new(out, "outcome", json_string(what_if.lot ? "placed" : "left-out"));
    if (what_if.lot)
        json_object_set_new(out, "lot", lot_of(asking, &what_if, what_if.lot));
    else
        tell_unplaced(asking, &what_if, out);
    kg_what_if_fini(&what_if);
    return out;
}

kg_status kg_view_what_if(const kg_asking *asking, json_t **out)
{
    const kg_state *state = asking->state;
    const char *key = asking->query->line ? asking->query->line : "";
    uint32_t round, index = kg_state_find_line(state, asking->member, key);
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_LINE;
    const kg_pool_line line = kg_pool_get(state, index);
    kg_status status = find_round(asking, &line, &round);
    if (status != KG_STATUS_OK)
        return status;
    if (line.withdrawn)
        return KG_STATUS_LINE_WITHDRAWN;
    if (line.round != KG_NONE) {
        kg_text_format(asking->detail, 600,
                       KG_SAY("A round has claimed %s: explain tells where it is."), key);
        return KG_STATUS_LINE_CLAIMED;
    }
    *out = round == KG_NONE ? json_pack("{s:s,s:n,s:s}", "line", key, "round", "outcome",
                                        "no-open-round")
                            : answer(asking, round, index);
    return KG_STATUS_OK;
}
