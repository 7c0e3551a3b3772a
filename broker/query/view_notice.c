/* SPDX-License-Identifier: EUPL-1.2 */
/* What a notice tells of lots: sums, codes and the members' records, never a line. For the
 * coordinator of the round, and once a lot is launched for the lead buyer of its tender. */
#include <stdlib.h>
#include <string.h>

#include "broker/query/notice_lot.h"
#include "broker/query/view.h"

static const kg_campaign *campaign_of(const kg_asking *asking, const kg_lot *lot)
{
    return kg_state_campaign(asking->state, lot->campaign);
}

static bool leads(const kg_asking *asking, const kg_lot *lot)
{
    return lot->tender != KG_NONE && strcmp(kg_state_tender(asking->state, lot->tender)->lead,
                                            asking->asker->organisation) == 0;
}

static bool may_see(const kg_asking *asking, const kg_lot *lot)
{
    return kg_asking_coordinates(asking, campaign_of(asking, lot)) ||
           ((asking->asker->roles & KG_ROLE_ORGANISATION) != 0 && leads(asking, lot));
}

/* A lot without members has nothing to tell. */
static bool stands(const kg_lot *lot)
{
    return lot->state != KG_LOT_FAILED && lot->members_count > 0;
}

static json_t *record_of(const kg_organisation *record)
{
    return json_pack(
        "{s:s,s:o,s:o,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "organisation", record->id, "name",
        kg_json_text(record->name), "legal_type", kg_json_text(record->legal_type), "central",
        record->central, "nuts", kg_json_text(record->nuts.code), "languages",
        kg_json_languages(record->languages), "contact_name", kg_json_text(record->contact_name),
        "contact_email", kg_json_text(record->contact_email), "contact_telephone",
        kg_json_text(record->contact_telephone), "street", kg_json_text(record->street), "city",
        kg_json_text(record->city), "postcode", kg_json_text(record->postcode), "country",
        kg_json_text(record->country));
}

static void mark(const kg_asking *asking, const char *organisation, bool *named)
{
    uint32_t member = kg_state_find_member(asking->state, organisation);
    if (member != KG_NONE)
        named[member] = true;
}

static int by_id(const void *a, const void *b, void *context)
{
    const kg_state *state = context;
    return strcmp(kg_state_member(state, *(const uint32_t *)a)->record.id,
                  kg_state_member(state, *(const uint32_t *)b)->record.id);
}

/* The records of all that the lots name, by id. */
static json_t *records_of(const kg_asking *asking, const uint32_t *lots, size_t count)
{
    size_t members = kg_state_members(asking->state), found = 0;
    bool *named = kg_alloc(members ? members : 1, sizeof *named);
    uint32_t *order = kg_alloc(members ? members : 1, sizeof *order);
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, lots[i]);
        const kg_campaign *campaign = campaign_of(asking, lot);
        for (size_t j = 0; j < lot->members_count; j++)
            mark(asking, campaign->claims[lot->members[j]].line.organisation, named);
        if (lot->tender != KG_NONE)
            mark(asking, kg_state_tender(asking->state, lot->tender)->lead, named);
    }
    for (size_t i = 0; i < members; i++)
        if (named[i])
            order[found++] = (uint32_t)i;
    qsort_r(order, found, sizeof *order, by_id, (void *)(uintptr_t)asking->state);
    for (size_t i = 0; i < found; i++)
        json_array_append_new(out, record_of(&kg_state_member(asking->state, order[i])->record));
    free(named);
    free(order);
    return out;
}

static json_t *write(const kg_asking *asking, const kg_campaign *campaign, const uint32_t *lots,
                     size_t count)
{
    const kg_round *rules = &campaign->rules;
    json_t *told = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(told, kg_notice_lot(asking, kg_state_lot(asking->state, lots[i])));
    return json_pack("{s:s,s:o,s:s,s:s,s:o,s:o,s:o,s:o}", "round", rules->id, "titles",
                     kg_json_titles(rules->titles), "coordinator", campaign->coordinator, "state",
                     kg_round_state_name(campaign->state), "delivery",
                     kg_json_window(rules->delivery_from, rules->delivery_to), "award_by",
                     kg_json_date(rules->award_by), "organisations",
                     records_of(asking, lots, count), "lots", told);
}

static kg_status refuse(const kg_asking *asking, kg_status status, const char *why)
{
    kg_text_format(asking->detail, 600, "%s", why);
    return status;
}

static const char not_yours[] =
    KG_SAY("What a notice tells is for the coordinator of the round and, once "
           "it is launched, the lead buyer.");

static kg_status view_lot(const kg_asking *asking, json_t **out)
{
    uint32_t index = kg_state_find_lot(asking->state, asking->query->lot);
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_LOT;
    const kg_lot *lot = kg_state_lot(asking->state, index);
    if (!may_see(asking, lot))
        return refuse(asking, KG_STATUS_NOT_YOUR_ROUND, not_yours);
    if (!stands(lot))
        return refuse(asking, KG_STATUS_LOT_STATE, "The lot has failed: nobody is in it.");
    *out = write(asking, campaign_of(asking, lot), &index, 1);
    return KG_STATUS_OK;
}

kg_status kg_view_notice(const kg_asking *asking, json_t **out)
{
    const char *round = asking->query->round;
    if (asking->query->lot)
        return view_lot(asking, out);
    uint32_t index = round ? kg_state_find_campaign(asking->state, round) : KG_NONE;
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_ROUND;
    const kg_campaign *campaign = kg_state_campaign(asking->state, index);
    uint32_t *lots = kg_alloc(campaign->lots_count ? campaign->lots_count : 1, sizeof *lots);
    size_t count = 0;
    for (size_t i = 0; i < campaign->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, campaign->lots[i]);
        if (stands(lot) && may_see(asking, lot))
            lots[count++] = campaign->lots[i];
    }
    kg_status status = KG_STATUS_OK;
    if (count > 0)
        *out = write(asking, campaign, lots, count);
    else if (kg_asking_coordinates(asking, campaign))
        status = refuse(asking, KG_STATUS_ROUND_STATE, "No lot stands in this round.");
    else
        status = refuse(asking, KG_STATUS_NOT_YOUR_ROUND, not_yours);
    free(lots);
    return status;
}
