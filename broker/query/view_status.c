/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/view.h"

kg_status kg_view_status(const kg_asking *asking, json_t **out)
{
    const kg_query_context *context = asking->context;
    const kg_state *state = asking->state;
    *out = json_pack("{s:s,s:s,s:I,s:s,s:o,s:o,s:s,s:I,s:o,s:I,s:o,s:o}", "version",
                     context->version, "deployment", context->deployment, "head",
                     (json_int_t)context->head, "chain", context->chain, "started",
                     kg_json_time(context->started_ms), "today", kg_json_date(context->today),
                     "organisation", asking->asker->organisation, "organisations",
                     (json_int_t)kg_state_members(state), "lines",
                     kg_asking_count(asking, kg_state_lines(state)), "rounds",
                     (json_int_t)kg_state_campaigns(state), "lots",
                     kg_asking_count(asking, kg_state_lots(state)), "tenders",
                     kg_asking_count(asking, kg_state_tenders(state)));
    json_object_set_new(*out, "role", json_string(context->leads ? "leader" : "follower"));
    json_object_set_new(*out, "epoch", json_integer((json_int_t)context->epoch));
    json_object_set_new(*out, "durability", json_string(context->durability));
    json_object_set_new(*out, "takes", json_string(context->takes));
    json_object_set_new(*out, "short_of", kg_json_text(context->short_of));
    if (asking->asker->roles & KG_ROLE_ADMINISTRATOR) {
        json_object_set_new(*out, "machine", json_string(context->machine));
        json_object_set_new(*out, "doors_lost", json_integer((json_int_t)context->doors_lost));
    }
    return KG_STATUS_OK;
}

kg_status kg_view_organisations(const kg_asking *asking, json_t **out)
{
    *out = json_array();
    for (size_t i = 0; i < kg_state_members(asking->state); i++) {
        const kg_member *member = kg_state_member(asking->state, (uint32_t)i);
        const kg_organisation *record = &member->record;
        json_array_append_new(
            *out, json_pack("{s:s,s:o,s:o,s:b,s:o,s:o,s:b,s:o,s:o,s:I}", "organisation",
                            record->id, "name", kg_json_text(record->name), "legal_type",
                            kg_json_text(record->legal_type), "central", record->central, "nuts",
                            kg_json_text(record->nuts.code), "languages",
                            kg_json_languages(record->languages), "can_lead", record->can_lead,
                            "parent", kg_json_text(record->parent), "keys", kg_json_keys(member),
                            "feed", (json_int_t)member->feed.count));
    }
    return KG_STATUS_OK;
}
