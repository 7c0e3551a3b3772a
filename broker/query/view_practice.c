/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches and clauses. Whoever published one meant it for everybody. */
#include <string.h>

#include "broker/query/view.h"

static const char *type_of(const kg_good_practice *practice)
{
    return kg_criterion_type_name((kg_criterion_type)practice->type);
}

static json_t *criteria_of(const kg_good_practice *practice)
{
    json_t *out = json_array();
    for (const char *at = practice->criteria; *at;) {
        size_t length = strcspn(at, " ");
        json_array_append_new(out, json_stringn(at, length));
        at += length + (at[length] == ' ');
    }
    return out;
}

static json_t *summary_of(const kg_asking *asking, const kg_good_practice *practice)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:s,s:o,s:o,s:o,s:o}", "organisation",
                     kg_state_member(asking->state, practice->member)->id, "key", practice->key,
                     "kind", practice->clause ? "clause" : "fiche", "type",
                     practice->clause ? json_string(type_of(practice)) : json_null(), "category",
                     practice->category, "criteria", criteria_of(practice), "lot",
                     practice->lot ? json_string(practice->lot) : json_null(), "title",
                     kg_json_titles(practice->titles), "time", kg_json_time(practice->time_ms));
}

static bool is_same(const char *wanted, const char *text)
{
    return !wanted || (text && strcmp(wanted, text) == 0);
}

static bool is_asked_for(const kg_asking *asking, const kg_good_practice *practice)
{
    const kg_query *query = asking->query;
    const kg_member *member = kg_state_member(asking->state, practice->member);
    return !practice->retired && is_same(query->category, practice->category) &&
           is_same(query->lot, practice->lot) && is_same(query->organisation, member->id) &&
           (!query->criterion || kg_good_practice_for(practice, query->criterion));
}

kg_status kg_view_practices(const kg_asking *asking, json_t **out)
{
    *out = json_array();
    for (uint32_t i = 0; i < kg_state_practices(asking->state); i++) {
        const kg_good_practice *practice = kg_state_practice(asking->state, i);
        if (is_asked_for(asking, practice))
            json_array_append_new(*out, summary_of(asking, practice));
    }
    return KG_STATUS_OK;
}

/* {"nl":{"title":..,"approach":..,"result":..,"lesson":..}}, or "words" of a clause. */
static json_t *texts_of(const kg_good_practice *practice)
{
    static const char *const fiche[] = {"approach", "result", "lesson"};
    json_t *out = json_object();
    for (int i = 0; i < KG_NAMES; i++) {
        if (!practice->titles[i])
            continue;
        json_t *text = json_pack("{s:s}", "title", practice->titles[i]);
        for (int k = 0; k < (practice->clause ? KG_CLAUSE_PARTS : KG_FICHE_PARTS); k++)
            json_object_set_new(text, practice->clause ? "words" : fiche[k],
                                json_string(practice->parts[i][k]));
        json_object_set_new(out, kg_name_language(i), text);
    }
    return out;
}

kg_status kg_view_practice(const kg_asking *asking, json_t **out)
{
    const char *organisation = asking->query->organisation, *key = asking->query->practice;
    uint32_t member =
        organisation ? kg_state_find_member(asking->state, organisation) : asking->member;
    uint32_t index =
        member == KG_NONE || !key ? KG_NONE : kg_state_find_practice(asking->state, member, key);
    if (index == KG_NONE || kg_state_practice(asking->state, index)->retired)
        return KG_STATUS_UNKNOWN_PRACTICE;
    const kg_good_practice *practice = kg_state_practice(asking->state, index);
    *out = summary_of(asking, practice);
    json_object_set_new(*out, "texts", texts_of(practice));
    return KG_STATUS_OK;
}

/* ---- of a lot ---- */

static json_t *clauses_for(const kg_state *state, const char *category, const char *criterion)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < kg_state_practices(state); i++) {
        const kg_good_practice *practice = kg_state_practice(state, i);
        if (practice->retired || !practice->clause || !is_same(category, practice->category) ||
            !kg_good_practice_for(practice, criterion))
            continue;
        json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:o}", "organisation",
                                             kg_state_member(state, practice->member)->id, "key",
                                             practice->key, "type", type_of(practice), "title",
                                             kg_json_titles(practice->titles)));
    }
    return out;
}

json_t *kg_json_clauses(const kg_state *state, const kg_grouped_lot *shape)
{
    const kg_catalogue *catalogue = kg_state_catalogue(state);
    char category[KG_CATEGORY_NAME_BYTES];
    json_t *out = json_array();
    kg_category_name(catalogue, shape->category, category);
    for (int place = 0; place < kg_category_criteria(catalogue, shape->category); place++) {
        const kg_criterion *criterion = kg_category_criterion(catalogue, shape->category, place);
        if (shape->x.rank[place] > 0)
            json_array_append_new(out,
                                  json_pack("{s:s,s:s,s:o}", "criterion", criterion->id, "level",
                                            criterion->levels[shape->x.rank[place]], "clauses",
                                            clauses_for(state, category, criterion->id)));
    }
    return out;
}
