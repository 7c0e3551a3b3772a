/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/market.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

typedef struct kg_demand {
    const kg_criterion *criterion;
    int number; /* of the criterion, in the catalogue */
    uint8_t rank;
    bool by_law;
} kg_demand;

typedef struct kg_demands {
    const kg_catalogue *catalogue;
    kg_category category;
    kg_demand items[KG_CATEGORY_CRITERIA_MAX];
    int count;
} kg_demands;

static kg_demands demands_of(const kg_catalogue *catalogue, kg_category category,
                             const kg_levels *levels)
{
    kg_demands out = {.catalogue = catalogue, .category = category};
    const kg_category_entry *entry = kg_category_entry_of(catalogue, category);
    for (int i = 0; i < kg_category_criteria(catalogue, category); i++) {
        const uint8_t rank = levels->rank[i];
        if (rank > 0)
            out.items[out.count++] =
                (kg_demand){kg_category_criterion(catalogue, category, i), entry->criteria[i], rank,
                            rank <= entry->law.rank[i]};
    }
    return out;
}

static bool proves(const kg_demands *demands, const kg_label *label, const kg_demand *demand)
{
    return kg_label_proves(label, demands->category, demand->number, demand->rank);
}

static int count_proved(const kg_demands *demands, const kg_label *label)
{
    int count = 0;
    for (int i = 0; i < demands->count; i++)
        count += proves(demands, label, &demands->items[i]);
    return count;
}

/* ---- demands ---- */

static json_t *labels_for(const kg_demands *demands, const kg_demand *demand)
{
    const kg_catalogue *catalogue = demands->catalogue;
    json_t *out = json_array();
    for (size_t i = 0; i < catalogue->labels_count; i++)
        if (proves(demands, &catalogue->labels[i], demand))
            json_array_append_new(out, json_string(catalogue->labels[i].id));
    return out;
}

static json_t *write_demands(const kg_demands *demands, json_t *unproved)
{
    json_t *out = json_array();
    for (int i = 0; i < demands->count; i++) {
        const kg_demand *demand = &demands->items[i];
        json_t *labels = labels_for(demands, demand);
        if (json_array_size(labels) == 0)
            json_array_append_new(unproved, json_string(demand->criterion->id));
        json_array_append_new(out,
                              json_pack("{s:s,s:s,s:b,s:o}", "criterion", demand->criterion->id,
                                        "level", demand->criterion->levels[demand->rank], "by_law",
                                        demand->by_law, "proved_by", labels));
    }
    return out;
}

/* ---- labels ---- */

typedef struct kg_ranked {
    const kg_label *label;
    int proved;
    size_t place; /* in the catalogue: equal ones stay as they stand there */
} kg_ranked;

static int compare(const void *a, const void *b)
{
    const kg_ranked *x = a, *y = b;
    if (x->proved != y->proved)
        return x->proved > y->proved ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static json_t *models_of(const kg_label *label)
{
    return label->available_models > 0 ? json_integer(label->available_models) : json_null();
}

static json_t *day_of(const kg_label *label)
{
    return label->as_of && label->as_of[0] ? json_string(label->as_of) : json_null();
}

static json_t *write_label(const kg_demands *demands, const kg_label *label)
{
    json_t *proved = json_array(), *lacking = json_array();
    for (int i = 0; i < demands->count; i++) {
        const kg_demand *demand = &demands->items[i];
        json_array_append_new(proves(demands, label, demand) ? proved : lacking,
                              json_string(demand->criterion->id));
    }
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:b}", "label", label->id, "proves", proved, "lacks",
                     lacking, "models", models_of(label), "as_of", day_of(label), "verified",
                     label->verified);
}

/* The labels by how much they prove; of those that prove all, `best` gets the one with most models.
 */
static json_t *write_labels(const kg_demands *demands, const kg_label **best)
{
    const kg_catalogue *catalogue = demands->catalogue;
    kg_ranked *ranked = kg_alloc(catalogue->labels_count + 1, sizeof *ranked);
    json_t *out = json_array();
    for (size_t i = 0; i < catalogue->labels_count; i++)
        ranked[i] =
            (kg_ranked){&catalogue->labels[i], count_proved(demands, &catalogue->labels[i]), i};
    qsort(ranked, catalogue->labels_count, sizeof *ranked, compare);
    for (size_t i = 0; i < catalogue->labels_count && ranked[i].proved > 0; i++) {
        const kg_label *label = ranked[i].label;
        if (ranked[i].proved == demands->count && label->available_models > 0 &&
            (!*best || label->available_models > (*best)->available_models))
            *best = label;
        json_array_append_new(out, write_label(demands, label));
    }
    free(ranked);
    return out;
}

json_t *kg_json_market(const kg_catalogue *catalogue, kg_category category, const kg_levels *levels)
{
    const kg_demands demands = demands_of(catalogue, category, levels);
    const kg_label *best = NULL;
    json_t *unproved = json_array(), *asked = write_demands(&demands, unproved);
    json_t *labels = write_labels(&demands, &best);
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "demands", asked, "labels", labels, "models",
                     best ? models_of(best) : json_null(), "as_of",
                     best ? day_of(best) : json_null(), "unproved", unproved);
}
