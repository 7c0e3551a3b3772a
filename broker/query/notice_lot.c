/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/notice_lot.h"

#include <stdlib.h>
#include <string.h>

static const kg_plan_line *member_line(const kg_asking *asking, const kg_lot *lot, size_t i)
{
    return &kg_state_campaign(asking->state, lot->campaign)->claims[lot->members[i]].line;
}

static json_t *names_of(const char *const names[KG_NAMES])
{
    return kg_json_titles((char *const *)(uintptr_t)names);
}

static json_t *category_names(const kg_catalogue *catalogue, kg_category category)
{
    const kg_category_entry *entry = kg_category_entry_of(catalogue, category);
    return entry ? names_of(entry->names) : json_object();
}

static json_t *criterion_of(const kg_criterion *criterion, int rank)
{
    json_t *codes = json_array();
    for (int i = 0; i < criterion->notice_count; i++)
        json_array_append_new(codes, json_string(criterion->notice[i]));
    return json_pack("{s:s,s:s,s:s,s:o,s:o}", "criterion", criterion->id, "level",
                     criterion->levels[rank], "type", kg_criterion_type_name(criterion->type),
                     "names", names_of(criterion->names), "codes", codes);
}

static json_t *criteria_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_catalogue *catalogue = kg_state_catalogue(asking->state);
    json_t *out = json_array();
    int count = kg_category_criteria(catalogue, lot->shape.category);
    for (int i = 0; i < count; i++)
        if (lot->shape.x.rank[i] > 0)
            json_array_append_new(
                out, criterion_of(kg_category_criterion(catalogue, lot->shape.category, i),
                                  lot->shape.x.rank[i]));
    return out;
}

typedef struct kg_cpv_sum {
    uint32_t cpv;
    kg_int128 value;
} kg_cpv_sum;

static int by_cpv(const void *a, const void *b)
{
    const kg_cpv_sum *x = a, *y = b;
    return (x->cpv > y->cpv) - (x->cpv < y->cpv);
}

static int by_value(const void *a, const void *b)
{
    const kg_cpv_sum *x = a, *y = b;
    int order = (x->value < y->value) - (x->value > y->value);
    return order ? order : by_cpv(a, b);
}

/* The lines' codes, that of the most value first. */
static json_t *cpv_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_catalogue *catalogue = kg_state_catalogue(asking->state);
    kg_cpv_sum *sums = kg_alloc(lot->members_count, sizeof *sums);
    size_t count = 0;
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        const kg_plan_line *line = member_line(asking, lot, i);
        sums[i] = (kg_cpv_sum){kg_plan_line_cpv(line, catalogue), line->value_cents};
    }
    qsort(sums, lot->members_count, sizeof *sums, by_cpv);
    for (size_t i = 0; i < lot->members_count; i++)
        if (count > 0 && sums[count - 1].cpv == sums[i].cpv)
            sums[count - 1].value += sums[i].value;
        else
            sums[count++] = sums[i];
    qsort(sums, count, sizeof *sums, by_value);
    for (size_t i = 0; i < count; i++) {
        char code[16];
        kg_text_format(code, sizeof code, "%08u", sums[i].cpv);
        json_array_append_new(out, json_string(code));
    }
    free(sums);
    return out;
}

/* Where is delivered: each code once, in the list's order; the lot's area for a code that is no
 * longer listed. */
static json_t *places_of(const kg_asking *asking, const kg_lot *lot)
{
    int count = kg_nuts_count();
    bool *named = kg_alloc((size_t)count, sizeof *named);
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        int place = kg_nuts_number(member_line(asking, lot, i)->nuts.code);
        if (place < 0)
            place = kg_nuts_number(lot->shape.nuts.code);
        if (place >= 0)
            named[place] = true;
    }
    for (int i = 0; i < count; i++)
        if (named[i])
            json_array_append_new(out, json_string(kg_nuts_code(i)));
    free(named);
    return out;
}

static json_t *members_of(const kg_asking *asking, const kg_lot *lot)
{
    const char *last = "";
    json_t *out = json_array();
    for (size_t i = 0; i < lot->members_count; i++) {
        const char *id = member_line(asking, lot, i)->organisation;
        if (strcmp(id, last) != 0)
            json_array_append_new(out, json_string(id));
        last = id;
    }
    return out;
}

static json_t *tender_of(const kg_asking *asking, const kg_lot *lot)
{
    if (lot->tender == KG_NONE)
        return json_null();
    const kg_tender *tender = kg_state_tender(asking->state, lot->tender);
    return json_pack("{s:s,s:o,s:s,s:o}", "tender", tender->id, "title",
                     kg_json_text(tender->title), "lead", tender->lead, "launched",
                     kg_json_time(tender->launched_ms));
}

static json_t *award_of(const kg_asking *asking, const kg_lot *lot)
{
    const kg_lot_award *award = &lot->award;
    if (!lot->awarded)
        return json_null();
    return json_pack(
        "{s:s,s:o,s:o,s:o,s:o}", "supplier", award->supplier, "unit_price",
        award->unit_price_cents < 0 ? json_null() : kg_json_money(award->unit_price_cents),
        "delivered", kg_json_levels(asking->state, lot->shape.category, &award->delivered),
        "evidence", kg_json_text(award->evidence), "time", kg_json_time(award->time_ms));
}

static json_t *lead_of(const kg_asking *asking, const kg_lot *lot)
{
    if (lot->tender != KG_NONE)
        return json_string(kg_state_tender(asking->state, lot->tender)->lead);
    if (lot->shape.lead == KG_NO_ORGANISATION)
        return json_null();
    return json_string(kg_state_member(asking->state, lot->shape.lead)->record.id);
}

json_t *kg_notice_lot(const kg_asking *asking, const kg_lot *lot)
{
    const kg_grouped_lot *shape = &lot->shape;
    const kg_catalogue *catalogue = kg_state_catalogue(asking->state);
    json_t *out = json_pack(
        "{s:s,s:s,s:o,s:o,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:I}", "lot", lot->id, "state",
        kg_lot_state_name(lot->state), "category", kg_json_category(asking->state, shape->category),
        "names", category_names(catalogue, shape->category), "condition",
        kg_condition_name(shape->condition), "nuts", shape->nuts.code, "language",
        kg_language_code(shape->language), "track", kg_track_name(shape->track), "criteria",
        criteria_of(asking, lot), "cpv", cpv_of(asking, lot), "places", places_of(asking, lot),
        "window", kg_json_window(shape->from, shape->to), "bodies", (json_int_t)shape->bodies);
    json_t *sums = json_pack(
        "{s:b,s:I,s:I,s:I,s:o,s:o}", "counted", lot->counted, "quantity_min",
        (json_int_t)shape->quantity_min, "quantity", (json_int_t)shape->quantity, "quantity_max",
        (json_int_t)shape->quantity_max, "value", kg_json_money(shape->value_cents), "value_max",
        kg_json_money(shape->value_max_cents));
    json_object_update(out, sums);
    json_decref(sums);
    json_object_set_new(out, "members", members_of(asking, lot));
    json_object_set_new(out, "life_cycle",
                        kg_json_life_cycle(kg_catalogue_life_cycle(catalogue, shape->category)));
    json_object_set_new(out, "lead", lead_of(asking, lot));
    json_object_set_new(out, "tender", tender_of(asking, lot));
    json_object_set_new(out, "award", award_of(asking, lot));
    return out;
}
