/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>
#include <string.h>

#include "broker/query/view.h"
#include "broker/query/volume_live.h"
#include "broker/query/volume_text.h"

static bool is_reader(const kg_asking *asking)
{
    return (asking->asker->roles & KG_ROLE_COORDINATOR) == 0;
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

static kg_status write_published(const kg_asking *asking, uint32_t round, kg_buffer *out)
{
    json_t *json = NULL;
    kg_status status = kg_view_published(
        asking, round == KG_NONE ? NULL : &kg_state_campaign(asking->state, round)->rules, &json);
    if (status == KG_STATUS_OK)
        kg_json_write(json, out);
    return status;
}

/* Nothing is written when the answer is for later. */
static void write_live(const kg_asking *asking, const uint32_t *rounds, size_t count,
                       kg_buffer *out)
{
    const kg_query *query = asking->query;
    kg_volume_live *live = asking->context->volume;
    kg_volume volume;
    bool *later = asking->context->later;
    if (later && !kg_volume_live_ready(live, asking->state, rounds, count, query,
                                       KG_VOLUME_QUICK_LINES)) {
        *later = true;
        return;
    }
    kg_volume_live_count(live, asking->state, rounds, count, query, &volume);
    kg_volume_write(kg_state_catalogue(asking->state), &volume, query->by, query->by_count, out);
    kg_volume_fini(&volume);
}

kg_status kg_view_volume(const kg_asking *asking, kg_buffer *out)
{
    uint32_t round;
    kg_status status = check_filters(asking, &round);
    if (status != KG_STATUS_OK)
        return status;
    if (is_reader(asking))
        return write_published(asking, round, out);
    size_t count;
    uint32_t *rounds = own_rounds(asking, round, &count);
    write_live(asking, rounds, count, out);
    free(rounds);
    return KG_STATUS_OK;
}
