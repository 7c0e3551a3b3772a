/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_questions.h"

#include <stdio.h>
#include <string.h>

#include "broker/access.h"
#include "sim.h"

static const char *keep_text(kg_query *query, const char *text)
{
    return kg_arena_text(&query->arena, text, strlen(text));
}

static void name_line(const kg_state *state, kg_query *query)
{
    char key[8];
    (void)state;
    snprintf(key, sizeof key, "k%d", (int)sim_between(0, 11));
    query->line = keep_text(query, key);
}

static void name_round(const kg_state *state, kg_query *query)
{
    size_t count = kg_state_campaigns(state);
    if (count > 0)
        query->round = keep_text(
            query,
            kg_state_campaign(state, (uint32_t)sim_between(0, (int64_t)count - 1))->rules.id);
}

static void name_lot(const kg_state *state, kg_query *query)
{
    size_t count = kg_state_lots(state);
    if (count > 0)
        query->lot =
            keep_text(query, kg_state_lot(state, (uint32_t)sim_between(0, (int64_t)count - 1))->id);
}

static void name_tender(const kg_state *state, kg_query *query)
{
    size_t count = kg_state_tenders(state);
    if (count > 0)
        query->tender = keep_text(
            query, kg_state_tender(state, (uint32_t)sim_between(0, (int64_t)count - 1))->id);
}

static void name_volume(const kg_state *state, kg_query *query)
{
    (void)state;
    query->track = (int)sim_between(-1, 1);
    if (sim_chance(300))
        query->category = "laptop";
    if (sim_chance(300))
        query->nuts = "BE";
    if (sim_chance(200))
        query->cpv = "30";
    for (int by = KG_BY_CATEGORY; by <= KG_BY_TRACK; by++)
        if (sim_chance(300))
            query->by[query->by_count++] = (kg_dimension)by;
}

static void name_feed(const kg_state *state, kg_query *query)
{
    (void)state;
    query->since = sim_chance(500) ? 0 : (uint64_t)sim_between(0, 40);
    query->limit = sim_chance(700) ? 0 : (uint32_t)sim_between(1, 10);
}

static void name_nothing(const kg_state *state, kg_query *query)
{
    (void)state;
    (void)query;
}

void sim_question(const kg_state *state, uint32_t roles, kg_query *out)
{
    static const struct {
        kg_view view;
        void (*name)(const kg_state *state, kg_query *query);
    } views[] = {
        {KG_VIEW_LINES, name_nothing},     {KG_VIEW_LINES, name_round},
        {KG_VIEW_EXPLAIN, name_line},      {KG_VIEW_VOLUME, name_volume},
        {KG_VIEW_ROUNDS, name_nothing},    {KG_VIEW_ROUND, name_round},
        {KG_VIEW_LOTS, name_nothing},      {KG_VIEW_LOT, name_lot},
        {KG_VIEW_TENDERS, name_nothing},   {KG_VIEW_TENDER, name_tender},
        {KG_VIEW_FEED, name_feed},         {KG_VIEW_STATUS, name_nothing},
        {KG_VIEW_RESULT, name_round},      {KG_VIEW_WHAT_IF, name_line},
        {KG_VIEW_KEYS, name_nothing},      {KG_VIEW_ORGANISATIONS, name_nothing},
        {KG_VIEW_TREE_HEAD, name_nothing},
    };
    const int64_t last = (int64_t)(sizeof views / sizeof *views) - 1;
    int64_t at = sim_between(0, last);
    for (int i = 0; i < 5 && !kg_access_view(roles, views[at].view); i++)
        at = sim_between(0, last);
    kg_query_init(out, views[at].view);
    views[at].name(state, out);
    if (out->view == KG_VIEW_RESULT)
        out->proposed = sim_chance(500);
}

bool sim_question_compares(kg_view view)
{
    return view != KG_VIEW_STATUS && view != KG_VIEW_TREE_HEAD;
}
