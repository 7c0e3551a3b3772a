/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/query/joint.h"
#include "broker/query/market.h"

static const kg_campaign *campaign_of(const kg_asking *asking, const kg_tender *tender)
{
    return kg_state_campaign(asking->state, tender->campaign);
}

static bool may_see(const kg_asking *asking, const kg_tender *tender)
{
    if (kg_asking_coordinates(asking, campaign_of(asking, tender)))
        return true;
    for (size_t i = 0; i < tender->lots_count; i++)
        if (kg_asking_in_lot(asking, kg_state_lot(asking->state, tender->lots[i])))
            return true;
    return false;
}

static json_t *lot_ids(const kg_asking *asking, const kg_tender *tender)
{
    json_t *out = json_array();
    for (size_t i = 0; i < tender->lots_count; i++)
        json_array_append_new(out, kg_json_id(asking->state, tender->lots[i]));
    return out;
}

static kg_joint joint_of(const kg_tender *tender)
{
    return (kg_joint){tender->campaign, tender->lots, tender->lots_count, tender->launched};
}

static json_t *summary_of(const kg_asking *asking, const kg_tender *tender)
{
    json_t *out = json_pack("{s:s,s:o,s:s,s:s,s:o,s:o}", "tender", tender->id, "title",
                            kg_json_text(tender->title), "round",
                            campaign_of(asking, tender)->rules.id, "lead", tender->lead, "launched",
                            kg_json_time(tender->launched_ms), "lots", lot_ids(asking, tender));
    kg_joint joint = joint_of(tender);
    kg_joint_add_sums(asking, &joint, out);
    return out;
}

kg_status kg_view_tenders(const kg_asking *asking, json_t **out)
{
    *out = json_array();
    for (uint32_t i = 0; i < kg_state_tenders(asking->state); i++) {
        const kg_tender *tender = kg_state_tender(asking->state, i);
        if (may_see(asking, tender))
            json_array_append_new(*out, summary_of(asking, tender));
    }
    return KG_STATUS_OK;
}

/* Every lot must be there, named once, of one round of the asker's: a member would learn exact sums
 * that its lots tell in bands. */
static kg_status find_lots(const kg_asking *asking, uint32_t *lots)
{
    const kg_texts *ids = &asking->query->lots;
    for (size_t i = 0; i < ids->count; i++) {
        lots[i] = kg_state_find_lot(asking->state, ids->items[i]);
        if (lots[i] == KG_NONE)
            return KG_STATUS_UNKNOWN_LOT;
        const kg_lot *lot = kg_state_lot(asking->state, lots[i]);
        if (!kg_asking_coordinates(asking, kg_state_campaign(asking->state, lot->campaign)))
            return KG_STATUS_NOT_YOUR_ROUND;
        if (lot->campaign != kg_state_lot(asking->state, lots[0])->campaign)
            return KG_STATUS_LOTS_MIXED;
        for (size_t j = 0; j < i; j++)
            if (lots[j] == lots[i])
                return KG_STATUS_INVALID;
        if (lot->state == KG_LOT_FAILED || lot->state == KG_LOT_EXPIRED) {
            kg_text_format(asking->detail, 600, KG_SAY("%s is %s: it cannot be launched."), lot->id,
                           kg_lot_state_name(lot->state));
            return KG_STATUS_LOT_STATE;
        }
    }
    return KG_STATUS_OK;
}

static json_t *markets_of(const kg_asking *asking, const uint32_t *lots, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, lots[i]);
        json_t *market =
            kg_json_market(kg_state_catalogue(asking->state), lot->shape.category, &lot->shape.x);
        json_object_set_new(market, "lot", json_string(lot->id));
        json_array_append_new(out, market);
    }
    return out;
}

/* What lots would be as one tender: before it is launched, and before anyone confirms. */
static kg_status preview(const kg_asking *asking, json_t **out)
{
    size_t count = asking->query->lots.count;
    uint32_t *lots = kg_alloc(count, sizeof *lots);
    kg_status status = find_lots(asking, lots);
    if (status == KG_STATUS_OK) {
        const kg_joint joint = {kg_state_lot(asking->state, lots[0])->campaign, lots, count,
                                asking->context->today};
        json_t *ids = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(ids, kg_json_id(asking->state, lots[i]));
        *out = json_pack("{s:n,s:o}", "tender", "lots", ids);
        kg_joint_add_sums(asking, &joint, *out);
        kg_joint_add_regime(asking, &joint, *out);
        json_object_set_new(*out, "market", markets_of(asking, lots, count));
    }
    free(lots);
    return status;
}

kg_status kg_view_tender(const kg_asking *asking, json_t **out)
{
    if (asking->query->lots.count > 0)
        return preview(asking, out);
    const char *id = asking->query->tender ? asking->query->tender : "";
    uint32_t index = kg_state_find_tender(asking->state, id);
    const kg_tender *tender = index == KG_NONE ? NULL : kg_state_tender(asking->state, index);
    if (!tender || !may_see(asking, tender)) /* which tenders others have is not told */
        return KG_STATUS_UNKNOWN_TENDER;
    kg_joint joint = joint_of(tender);
    *out = summary_of(asking, tender);
    kg_joint_add_regime(asking, &joint, *out);
    return KG_STATUS_OK;
}
