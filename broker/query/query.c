/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/query.h"

#include <string.h>

#include "broker/query/view.h"

typedef kg_status kg_view_function(const kg_asking *asking, json_t **out);

static kg_view_function *const views[] = {
    [KG_VIEW_STATUS] = kg_view_status,
    [KG_VIEW_LINES] = kg_view_lines,
    [KG_VIEW_EXPLAIN] = kg_view_explain,
    [KG_VIEW_ROUNDS] = kg_view_rounds,
    [KG_VIEW_ROUND] = kg_view_round,
    [KG_VIEW_LOTS] = kg_view_lots,
    [KG_VIEW_LOT] = kg_view_lot,
    [KG_VIEW_TENDERS] = kg_view_tenders,
    [KG_VIEW_TENDER] = kg_view_tender,
    [KG_VIEW_FEED] = kg_view_feed,
    [KG_VIEW_ORGANISATIONS] = kg_view_organisations,
    [KG_VIEW_WHAT_IF] = kg_view_what_if,
    [KG_VIEW_KEYS] = kg_view_keys,
    [KG_VIEW_OFFERS] = kg_view_offers,
    [KG_VIEW_NOTICE] = kg_view_notice,
    [KG_VIEW_PRACTICES] = kg_view_practices,
    [KG_VIEW_PRACTICE] = kg_view_practice,
};

static kg_status write_catalogue(const kg_state *state, kg_buffer *out)
{
    const char *text = kg_state_catalogue_text(state);
    kg_buffer_add(out, text, strlen(text));
    return KG_STATUS_OK;
}

kg_status kg_query_answer(const kg_state *state, const kg_asker *asker, const kg_query *query,
                          const kg_query_context *context, kg_buffer *out,
                          char detail[static 600])
{
    if (query->view == KG_VIEW_CATALOGUE)
        return write_catalogue(state, out);
    kg_asking asking = {state, asker, query, context,
                        kg_state_find_member(state, asker->organisation), detail};
    if (query->view == KG_VIEW_VOLUME)
        return kg_view_volume(&asking, out);
    size_t view = (size_t)query->view;
    if (view >= sizeof views / sizeof *views || !views[view])
        return KG_STATUS_UNKNOWN_KIND;
    json_t *json = NULL;
    kg_status status = views[view](&asking, &json);
    if (status == KG_STATUS_OK)
        kg_json_write(json, out);
    return status;
}

static bool coordinates(const kg_asker *asker, const kg_campaign *campaign)
{
    return (asker->roles & KG_ROLE_COORDINATOR) != 0 &&
           strcmp(campaign->coordinator, asker->organisation) == 0;
}

bool kg_query_reads_lines(const kg_state *state, const kg_asker *asker, const kg_query *query,
                          kg_command *out)
{
    bool whole = query->view == KG_VIEW_RESULT || query->view == KG_VIEW_LINES;
    uint32_t lot = query->view == KG_VIEW_LOT && query->lot ? kg_state_find_lot(state, query->lot)
                                                            : KG_NONE;
    uint32_t round = whole && query->round ? kg_state_find_campaign(state, query->round) : KG_NONE;
    if (lot != KG_NONE && kg_state_lot(state, lot)->members_count > 0)
        round = kg_state_lot(state, lot)->campaign;
    if (round == KG_NONE || !coordinates(asker, kg_state_campaign(state, round)))
        return false;
    kg_command_init(out, KG_KIND_LINES_READ);
    if (lot != KG_NONE)
        out->lot = kg_state_lot(state, lot)->id;
    else
        out->round = kg_state_campaign(state, round)->rules.id;
    return true;
}

bool kg_asking_coordinates(const kg_asking *asking, const kg_campaign *campaign)
{
    return coordinates(asking->asker, campaign);
}

bool kg_asking_only_reads(const kg_asking *asking)
{
    return asking->asker->roles == KG_ROLE_READER;
}

json_t *kg_asking_count(const kg_asking *asking, size_t count)
{
    return kg_asking_only_reads(asking) ? json_null() : json_integer((json_int_t)count);
}

bool kg_asking_in_lot(const kg_asking *asking, const kg_lot *lot)
{
    const kg_campaign *campaign = kg_state_campaign(asking->state, lot->campaign);
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_claim *claim = &campaign->claims[lot->members[i]];
        if (strcmp(claim->line.organisation, asking->asker->organisation) == 0)
            return true;
    }
    return false;
}
