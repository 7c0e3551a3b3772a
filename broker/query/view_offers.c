/* SPDX-License-Identifier: EUPL-1.2 */
/* The offers for a lot, by what they cost a year of use; of each, which of the lot's demands it
 * meets, and what proves it. */
#include <stdlib.h>
#include <string.h>

#include "broker/domain/life_cycle.h"
#include "broker/query/view.h"

typedef struct kg_ranked_offer {
    const kg_lot_offer *own;
    kg_life_cost cost; /* 0 where the catalogue does not say how it is counted */
} kg_ranked_offer;

static int compare(const void *a, const void *b)
{
    const kg_ranked_offer *x = a, *y = b;
    const int64_t x_price = x->own->offer.unit_price_cents;
    const int64_t y_price = y->own->offer.unit_price_cents;
    if (x->cost.year_cents != y->cost.year_cents)
        return x->cost.year_cents < y->cost.year_cents ? -1 : 1;
    if (x_price != y_price)
        return x_price < y_price ? -1 : 1;
    return strcmp(x->own->supplier, y->own->supplier);
}

/* ---- demands ---- */

/* The value of "KEY=value" in "a=1 b=2"; false when it is not there. */
static bool find_level(const char *levels, const char *key, char out[static KG_TITLE_BYTES_MAX + 1])
{
    const size_t bytes = strlen(key);
    for (const char *at = levels; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word > bytes && at[bytes] == '=' && strncmp(at, key, bytes) == 0) {
            kg_text_format(out, KG_TITLE_BYTES_MAX + 1, "%.*s", (int)(word - bytes - 1),
                           at + bytes + 1);
            return true;
        }
        at += word;
    }
    return false;
}

/* The next of an offer's labels, a line each, into `out`; false behind the last. */
static bool next_label(const char **at, char out[static KG_TITLE_BYTES_MAX + 1])
{
    const size_t bytes = strcspn(*at, "\n");
    kg_text_format(out, KG_TITLE_BYTES_MAX + 1, "%.*s", (int)bytes, *at);
    *at += bytes + ((*at)[bytes] != '\0');
    return bytes > 0;
}

/* The first of the offer's labels that proves the demand; NULL when none does. */
static const kg_label *find_proof(const kg_catalogue *catalogue, const kg_lot *lot, int place,
                                  const char *labels)
{
    char name[KG_TITLE_BYTES_MAX + 1];
    const kg_category_entry *entry = kg_category_entry_of(catalogue, lot->shape.category);
    for (const char *at = labels; next_label(&at, name);) {
        const kg_label *label = kg_catalogue_label(catalogue, name);
        if (label && kg_label_proves(label, lot->shape.category, entry->criteria[place],
                                     lot->shape.x.rank[place]))
            return label;
    }
    return NULL;
}

/* "proven" by a label, "stated", "short" of what the lot asks, or "silent". */
static json_t *demand_of(const kg_catalogue *catalogue, const kg_lot *lot, int place,
                         const kg_lot_offer *own, bool *meets)
{
    char level[KG_TITLE_BYTES_MAX + 1];
    const uint8_t asked = lot->shape.x.rank[place];
    const kg_criterion *criterion = kg_category_criterion(catalogue, lot->shape.category, place);
    const kg_label *proof = find_proof(catalogue, lot, place, own->labels);
    const bool stated = find_level(own->levels, criterion->id, level);
    const bool enough = stated && kg_criterion_rank(criterion, level) >= asked;
    const char *verdict = stated && !enough ? "short"
                          : proof           ? "proven"
                          : stated          ? "stated"
                                            : "silent";
    *meets &= enough || (proof && !stated);
    return json_pack("{s:s,s:s,s:o,s:s,s:o}", "criterion", criterion->id, "asked",
                     criterion->levels[asked], "offered",
                     stated ? json_string(level) : json_null(), "verdict", verdict, "label",
                     proof ? json_string(proof->id) : json_null());
}

static json_t *demands_of(const kg_catalogue *catalogue, const kg_lot *lot, const kg_lot_offer *own,
                          bool *meets)
{
    json_t *out = json_array();
    *meets = true;
    for (int i = 0; i < kg_category_criteria(catalogue, lot->shape.category); i++)
        if (lot->shape.x.rank[i] > 0)
            json_array_append_new(out, demand_of(catalogue, lot, i, own, meets));
    return out;
}

/* ---- offers ---- */

static json_t *labels_of(const char *labels)
{
    char name[KG_TITLE_BYTES_MAX + 1];
    json_t *out = json_array();
    for (const char *at = labels; next_label(&at, name);)
        json_array_append_new(out, json_string(name));
    return out;
}

static json_t *offer_of(const kg_catalogue *catalogue, const kg_lot *lot, const kg_life_cycle *by,
                        const kg_ranked_offer *ranked, size_t rank)
{
    bool meets;
    const kg_offer *offer = &ranked->own->offer;
    json_t *demands = demands_of(catalogue, lot, ranked->own, &meets);
    return json_pack(
        "{s:I,s:s,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:s,s:o,s:b}", "rank",
        (json_int_t)rank, "supplier", ranked->own->supplier, "unit_price",
        kg_json_money(offer->unit_price_cents), "life_cost",
        by ? kg_json_money(ranked->cost.cents) : json_null(), "life_cost_year",
        by ? kg_json_money(ranked->cost.year_cents) : json_null(), "years",
        (json_int_t)(by ? ranked->cost.years : offer->lifetime_years), "installation",
        kg_json_money(offer->installation_cents), "energy_kwh_year",
        kg_json_money(offer->energy_hundredths), "service_year",
        kg_json_money(offer->service_cents), "lifetime_years", (json_int_t)offer->lifetime_years,
        "residual_value", kg_json_money(offer->residual_cents), "take_back",
        kg_json_money(offer->take_back_cents), "labels", labels_of(ranked->own->labels), "levels",
        ranked->own->levels, "demands", demands, "meets", meets);
}

static json_t *offers_of(const kg_catalogue *catalogue, const kg_lot *lot, const kg_life_cycle *by)
{
    kg_ranked_offer *ranked = kg_alloc(lot->offers_count + 1, sizeof *ranked);
    json_t *out = json_array();
    for (size_t i = 0; i < lot->offers_count; i++) {
        ranked[i].own = &lot->offers[i];
        if (by)
            ranked[i].cost = kg_life_cycle_cost(by, &lot->offers[i].offer);
    }
    qsort(ranked, lot->offers_count, sizeof *ranked, compare);
    for (size_t i = 0; i < lot->offers_count; i++)
        json_array_append_new(out, offer_of(catalogue, lot, by, &ranked[i], i + 1));
    free(ranked);
    return out;
}

kg_status kg_view_offers(const kg_asking *asking, json_t **out)
{
    const kg_catalogue *catalogue = kg_state_catalogue(asking->state);
    uint32_t index = kg_state_find_lot(asking->state, asking->query->lot ? asking->query->lot : "");
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_LOT;
    const kg_lot *lot = kg_state_lot(asking->state, index);
    if (!kg_asking_coordinates(asking, kg_state_campaign(asking->state, lot->campaign)) &&
        !kg_asking_in_lot(asking, lot))
        return KG_STATUS_NOT_A_MEMBER;
    const kg_life_cycle *by = kg_catalogue_life_cycle(catalogue, lot->shape.category);
    *out = json_pack("{s:s,s:s,s:o,s:o,s:o}", "lot", lot->id, "state",
                     kg_lot_state_name(lot->state), "criteria",
                     kg_json_levels(asking->state, lot->shape.category, &lot->shape.x),
                     "parameters", kg_json_life_cycle(by), "offers", offers_of(catalogue, lot, by));
    return KG_STATUS_OK;
}
