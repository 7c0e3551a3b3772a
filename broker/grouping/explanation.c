/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/explanation.h"

#include <stdlib.h>

#include "broker/grouping/alike.h"
#include "broker/grouping/lotless.h"
#include "broker/grouping/nearest.h"

uint32_t kg_explain_filters(const kg_grouping_input *input, const kg_demand *line)
{
    const kg_round *round = input->round;
    uint32_t filters = 0;
    if (!kg_round_covers(round, line->category, line->cpv, line->nuts.code, line->from, line->to))
        filters |= 1u << KG_REASON_NOT_IN_SCOPE;
    if (line->order_by != KG_DATE_NONE && round->award_by != KG_DATE_NONE &&
        line->order_by < round->award_by)
        filters |= 1u << KG_REASON_PROCEDURE_DATE;
    if (kg_nuts_level(line->nuts.code) < round->nuts_level)
        filters |= 1u << KG_REASON_AREA;
    return filters;
}

/* Lines go by organisation, so the first and the last tell. */
static bool alone(const kg_solved_bucket *bucket)
{
    const kg_demand *lines = bucket->input->lines;
    return bucket->input->round->bodies_min > 1 &&
           lines[bucket->lines[0]].organisation ==
               lines[bucket->lines[bucket->lines_count - 1]].organisation;
}

static void explain_alone(const kg_solved_bucket *bucket, kg_unplaced *out)
{
    for (size_t i = 0; i < bucket->unplaced_count; i++)
        out[i] = (kg_unplaced){.line = bucket->unplaced[i],
                               .reason = KG_REASON_ALONE,
                               .blocking = 1u << KG_REASON_ALONE,
                               .nearest_lot = KG_NO_LOT,
                               .change = {.field = KG_CHANGE_NONE, .place = -1}};
}

static void explain_nearest(const kg_solved_bucket *bucket, const uint32_t *first,
                            kg_unplaced *out)
{
    for (size_t i = 0; i < bucket->unplaced_count; i++)
        if (first[i] == i)
            kg_nearest_explain(bucket, &bucket->input->lines[bucket->unplaced[i]], &out[i]);
}

static void explain_lotless(const kg_solved_bucket *bucket, const uint32_t *first,
                            kg_unplaced *out)
{
    kg_lotless *lotless = kg_lotless_new(bucket);
    for (size_t i = 0; i < bucket->unplaced_count; i++)
        if (first[i] == i)
            kg_lotless_explain(lotless, &bucket->input->lines[bucket->unplaced[i]], &out[i]);
    kg_lotless_destroy(&lotless);
}

void kg_explain_bucket(const kg_solved_bucket *bucket, kg_unplaced *out)
{
    size_t count = bucket->unplaced_count;
    if (count == 0)
        return;
    if (alone(bucket)) {
        explain_alone(bucket, out);
        return;
    }
    uint32_t *first = kg_alloc(count, sizeof *first);
    kg_alike(bucket->input, bucket->unplaced, count, first);
    if (bucket->lots_count > 0)
        explain_nearest(bucket, first, out);
    else
        explain_lotless(bucket, first, out);
    for (size_t i = 0; i < count; i++) {
        out[i] = out[first[i]];
        out[i].line = bucket->unplaced[i];
    }
    free(first);
}
