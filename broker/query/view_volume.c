/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>
#include <string.h>

#include "broker/query/view.h"
#include "broker/query/volume_live.h"

static bool is_reader(const kg_asking *asking)
{
    return (asking->asker->roles & KG_ROLE_COORDINATOR) == 0;
}

static json_t *month_text(int month)
{
    char text[16];
    kg_text_format(text, sizeof text, "%04d-%02d", month / 12, month % 12 + 1);
    return json_string(text);
}

static json_t *cpv_text(uint32_t cpv)
{
    char text[16];
    if (cpv == 0)
        return json_null();
    kg_text_format(text, sizeof text, "%08u", cpv);
    return json_string(text);
}

static json_t *dimension_of(const kg_state *state, const kg_volume_cell *cell,
                            kg_dimension dimension)
{
    switch (dimension) {
    case KG_BY_CATEGORY:
        return kg_json_category(state, cell->category);
    case KG_BY_CPV:
        return cpv_text(cell->cpv);
    case KG_BY_NUTS:
        return json_string(cell->nuts.code);
    case KG_BY_MONTH:
        return month_text(cell->month);
    case KG_BY_TRACK:
        return json_string(kg_track_name(cell->track));
    }
    return json_null();
}

static json_t *cell_of(const kg_asking *asking, const kg_volume_cell *cell)
{
    json_t *out = json_object();
    for (size_t i = 0; i < asking->query->by_count; i++)
        json_object_set_new(out, kg_dimension_name(asking->query->by[i]),
                            dimension_of(asking->state, cell, asking->query->by[i]));
    json_object_set_new(out, "lines", json_integer((json_int_t)cell->lines));
    json_object_set_new(out, "quantity_min", json_integer(cell->quantity_min));
    json_object_set_new(out, "quantity", json_integer(cell->quantity));
    json_object_set_new(out, "quantity_max", json_integer(cell->quantity_max));
    json_object_set_new(out, "value", kg_json_money(cell->value_cents));
    json_object_set_new(out, "organisations", json_integer(cell->organisations));
    return out;
}

static json_t *cells_of(const kg_asking *asking, const kg_volume *volume)
{
    json_t *out = json_array();
    for (size_t i = 0; i < volume->count; i++)
        json_array_append_new(out, cell_of(asking, &volume->cells[i]));
    return out;
}

/* The rounds of the one who asks; with `only`, that one. Returns owned. */
static uint32_t *own_rounds(const kg_asking *asking, uint32_t only, size_t *count)
{
    size_t rounds = kg_state_campaigns(asking->state);
    uint32_t *out = kg_alloc(rounds ? rounds : 1, sizeof *out);
    *count = 0;
    for (uint32_t i = 0; i < rounds; i++)
        if ((only == KG_NONE || only == i) &&
            kg_asking_coordinates(asking, kg_state_campaign(asking->state, i)))
            out[(*count)++] = i;
    return out;
}

/* Filters that name what is not there are mistakes, not empty answers. */
static kg_status check_filters(const kg_asking *asking, uint32_t *round)
{
    const kg_query *query = asking->query;
    *round = query->round ? kg_state_find_campaign(asking->state, query->round) : KG_NONE;
    if (query->round && *round == KG_NONE)
        return KG_STATUS_UNKNOWN_ROUND;
    if (query->category && kg_category_find(kg_state_catalogue(asking->state),
                                            query->category) == KG_CATEGORY_NONE)
        return KG_STATUS_UNKNOWN_CATEGORY;
    if (query->nuts && !kg_nuts_listed(query->nuts))
        return KG_STATUS_NUTS;
    if (*round != KG_NONE && !is_reader(asking) &&
        !kg_asking_coordinates(asking, kg_state_campaign(asking->state, *round)))
        return KG_STATUS_NOT_YOUR_ROUND;
    return KG_STATUS_OK;
}

kg_status kg_view_volume(const kg_asking *asking, json_t **out)
{
    uint32_t round;
    kg_volume volume;
    kg_status status = check_filters(asking, &round);
    if (status != KG_STATUS_OK)
        return status;
    if (is_reader(asking))
        return kg_view_published(
            asking, round == KG_NONE ? NULL : &kg_state_campaign(asking->state, round)->rules, out);
    size_t count;
    uint32_t *rounds = own_rounds(asking, round, &count);
    bool *later = asking->context->later;
    if (later &&
        !kg_volume_live_ready(asking->context->volume, asking->state, rounds, count,
                              asking->query, KG_VOLUME_QUICK_LINES)) {
        *later = true;
        *out = json_array();
        free(rounds);
        return KG_STATUS_OK;
    }
    kg_volume_live_count(asking->context->volume, asking->state, rounds, count, asking->query,
                         &volume);
    *out = cells_of(asking, &volume);
    kg_volume_fini(&volume);
    free(rounds);
    return KG_STATUS_OK;
}
