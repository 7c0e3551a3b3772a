/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume as readers see it: out of the published version, whatever the pool holds by now. */
#include "broker/query/disclosure_answer.h"
#include "broker/query/view.h"

static json_t *month_of(const kg_cell_place *place)
{
    char text[16];
    if (place->year == 0)
        return json_null();
    if (place->month)
        kg_text_format(text, sizeof text, "%04d-%02d", place->year, place->month);
    else if (place->quarter)
        kg_text_format(text, sizeof text, "%04d-Q%d", place->year, place->quarter);
    else
        kg_text_format(text, sizeof text, "%04d", place->year);
    return json_string(text);
}

static json_t *cpv_of(const kg_cell_place *place)
{
    char text[16];
    if (!place->has_cpv || place->cpv == 0)
        return json_null();
    kg_text_format(text, sizeof text, "%08u", place->cpv);
    return json_string(text);
}

static json_t *dimension_of(const kg_reader_row *row, kg_dimension dimension)
{
    switch (dimension) {
    case KG_BY_CATEGORY:
        return kg_json_text(row->category);
    case KG_BY_CPV:
        return cpv_of(&row->place);
    case KG_BY_NUTS:
        return kg_json_text(row->place.nuts);
    case KG_BY_MONTH:
        return month_of(&row->place);
    case KG_BY_TRACK:
        return row->place.track < 0 ? json_null() : json_string(kg_track_name(row->place.track));
    }
    return json_null();
}

static json_t *row_of(const kg_query *query, const kg_reader_row *row)
{
    json_t *out = json_object();
    for (size_t i = 0; i < query->by_count; i++)
        json_object_set_new(out, kg_dimension_name(query->by[i]),
                            dimension_of(row, query->by[i]));
    json_object_set_new(out, "quantity", json_integer(row->quantity));
    json_object_set_new(out, "value", kg_json_money(row->value_cents));
    json_object_set_new(out, "organisations_at_least", json_integer(row->organisations));
    json_object_set_new(out, "wider", json_boolean(row->wider));
    return out;
}

static json_t *rows_of(const kg_asking *asking, const kg_round *round)
{
    const kg_reader_question question = {asking->query, round, kg_state_catalogue(asking->state)};
    kg_reader_answer answer;
    json_t *rows = json_array();
    kg_reader_answer_make(asking->context->published, &question, &answer);
    for (size_t i = 0; i < answer.count; i++)
        json_array_append_new(rows, row_of(asking->query, &answer.rows[i]));
    kg_reader_answer_fini(&answer);
    return rows;
}

kg_status kg_view_published(const kg_asking *asking, const kg_round *round, json_t **out)
{
    const kg_version *version = asking->context->published;
    *out = json_pack("{s:I,s:o,s:o}", "version", (json_int_t)(version ? version->number : 0),
                     "date", version ? kg_json_date(version->date) : json_null(), "cells",
                     version ? rows_of(asking, round) : json_array());
    return KG_STATUS_OK;
}
