/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_asking.h"

#include <stdlib.h>
#include <string.h>

static const kg_query_context base = {.version = "test",
                                      .deployment = "00",
                                      .chain = "00",
                                      .disclosure_organisations_min = 5};

kg_query query_of(kg_view view, const char *round, const char *lot, const char *line)
{
    kg_query query;
    kg_query_init(&query, view);
    query.round = round;
    query.lot = lot;
    query.line = line;
    return query;
}

kg_query tender_query(const char *tender, const char *const *lots, size_t count)
{
    kg_query query;
    kg_query_init(&query, KG_VIEW_TENDER);
    query.tender = tender;
    query.lots = (kg_texts){(const char **)(uintptr_t)lots, count};
    return query;
}

kg_status answer_of(const world *w, const char *organisation, uint32_t roles,
                    const kg_query *query, kg_buffer *out)
{
    char detail[600] = "";
    const kg_asker asker = {organisation, roles};
    kg_query_context context = base;
    kg_buffer_init(out);
    context.volume = kg_volume_live_new();
    kg_status status = kg_query_answer(w->state, &asker, query, &context, out, detail);
    kg_volume_live_destroy(&context.volume);
    return status;
}

json_t *asked(const world *w, const char *organisation, uint32_t roles, const kg_query *query)
{
    kg_buffer out;
    json_error_t error;
    assert_status(KG_STATUS_OK, answer_of(w, organisation, roles, query, &out));
    json_t *json = json_loadb(out.bytes, out.count, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("the answer is no JSON: %s", error.text);
    kg_buffer_fini(&out);
    return json;
}

void refused(const world *w, const char *organisation, uint32_t roles, const kg_query *query,
             kg_status status)
{
    kg_buffer out;
    assert_status(status, answer_of(w, organisation, roles, query, &out));
    assert_int_equal(out.count, 0);
    kg_buffer_fini(&out);
}

json_t *entry(const json_t *object, const char *key)
{
    json_t *found = json_object_get(object, key);
    if (!found)
        fail_msg("there is no %s", key);
    return found;
}

const char *text(const json_t *object, const char *key)
{
    const char *found = json_string_value(entry(object, key));
    if (!found)
        fail_msg("%s is no text", key);
    return found;
}

bool is_null(const json_t *object, const char *key)
{
    return json_is_null(entry(object, key));
}

bool holds(const json_t *json, const char *word)
{
    char *all = json_dumps(json, JSON_COMPACT);
    bool found = strstr(all, word) != NULL;
    free(all);
    return found;
}
