/* SPDX-License-Identifier: EUPL-1.2 */
/* What labels prove of a lot's demands. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#include "broker/query/market.h"
#include "proto/catalogue_file.h"

static const char labels_text[] =
    "criterion \"warranty\" { scale = {\"0\",\"2\",\"3\"} type = \"technical\" }\n"
    "criterion \"cycles\" { scale = {\"none\",\"500\",\"800\"} type = \"technical\" }\n"
    "criterion \"minerals\" { scale = {\"none\",\"3tg\"} type = \"award\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800\""
    " criteria = {\"cycles\", \"warranty\", \"minerals\"} law = {\"warranty=2\"} }\n"
    "category \"monitor\" { cpv = {\"30231300\"} reference_price = \"200\""
    " criteria = {\"warranty\"} }\n"
    "label \"Little\" { proves = {\"laptop:warranty=2\", \"monitor:warranty=3\"} }\n"
    "label \"Much\" { proves = {\"laptop:warranty=3\", \"laptop:cycles=500\"}"
    " available_models = 12 as_of = \"2026-05-01\" }\n"
    "label \"More\" { proves = {\"laptop:cycles=800\", \"laptop:warranty=2\"}"
    " available_models = 40 as_of = \"2026-06-01\" verified = true }\n";

static kg_catalogue *catalogue_new(void)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(labels_text, "test", &problems);
    assert_int_equal(problems.count, 0);
    kg_problems_fini(&problems);
    return catalogue;
}

/* Criteria stand by their ids, as labels do. */
static json_t *market(const kg_catalogue *catalogue, const char *category, uint8_t first,
                      uint8_t second, uint8_t third)
{
    const kg_levels levels = {{first, second, third}}; /* cycles, minerals, warranty */
    return kg_json_market(catalogue, kg_category_find(catalogue, category), &levels);
}

static void what_proves_each_demand(void **state)
{
    (void)state;
    kg_catalogue *catalogue = catalogue_new();
    json_t *found = market(catalogue, "laptop", 1, 1, 2);
    assert_json(found, "demands",
                "[{\"criterion\":\"cycles\",\"level\":\"500\",\"by_law\":false,"
                "\"proved_by\":[\"More\",\"Much\"]},"
                "{\"criterion\":\"minerals\",\"level\":\"3tg\",\"by_law\":false,"
                "\"proved_by\":[]},"
                "{\"criterion\":\"warranty\",\"level\":\"3\",\"by_law\":false,"
                "\"proved_by\":[\"Much\"]}]");
    assert_json(found, "unproved", "[\"minerals\"]");
    assert_true(is_null(found, "models"));
    json_decref(found);
    kg_catalogue_destroy(&catalogue);
}

static void labels_that_prove_most_come_first(void **state)
{
    (void)state;
    kg_catalogue *catalogue = catalogue_new();
    json_t *found = market(catalogue, "laptop", 2, 0, 1);
    assert_json(found, "labels",
                "[{\"label\":\"More\",\"proves\":[\"cycles\",\"warranty\"],\"lacks\":[],"
                "\"models\":40,\"as_of\":\"2026-06-01\",\"verified\":true},"
                "{\"label\":\"Little\",\"proves\":[\"warranty\"],\"lacks\":[\"cycles\"],"
                "\"models\":null,\"as_of\":null,\"verified\":false},"
                "{\"label\":\"Much\",\"proves\":[\"warranty\"],\"lacks\":[\"cycles\"],"
                "\"models\":12,\"as_of\":\"2026-05-01\",\"verified\":false}]");
    assert_json(found, "models", "40");
    assert_json(found, "as_of", "\"2026-06-01\"");
    json_decref(found);
    found = market(catalogue, "laptop", 1, 0, 1); /* both prove it: the one with more models */
    assert_json(found, "models", "40");
    json_decref(found);
    kg_catalogue_destroy(&catalogue);
}

static void law_and_other_categories(void **state)
{
    (void)state;
    kg_catalogue *catalogue = catalogue_new();
    json_t *found = market(catalogue, "laptop", 0, 0, 1);
    assert_true(
        json_is_true(json_object_get(json_array_get(entry(found, "demands"), 0), "by_law")));
    json_decref(found);
    found = market(catalogue, "monitor", 2, 0, 0);
    assert_json(found, "demands",
                "[{\"criterion\":\"warranty\",\"level\":\"3\",\"by_law\":false,"
                "\"proved_by\":[\"Little\"]}]");
    json_decref(found);
    kg_catalogue_destroy(&catalogue);
}

static void nothing_asked_nothing_said(void **state)
{
    (void)state;
    kg_catalogue *catalogue = catalogue_new();
    const char *categories[] = {"laptop", "cpv:7200"};
    for (int i = 0; i < 2; i++) {
        json_t *found = market(catalogue, categories[i], 0, 0, 0);
        assert_json(found, "demands", "[]");
        assert_json(found, "labels", "[]");
        assert_json(found, "unproved", "[]");
        assert_true(is_null(found, "models"));
        json_decref(found);
    }
    kg_catalogue_destroy(&catalogue);
}

/* A lot and a tender before its launch tell it. */
static void lots_and_tenders_tell_it(void **state)
{
    world w;
    const char *lots[] = {"R1/laptop/BE/1"};
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_LOT, NULL, lots[0], NULL);
    json_t *lot = asked(&w, "A", KG_ROLE_ORGANISATION, &query);
    assert_true(json_is_object(entry(lot, "market")));
    json_decref(lot);
    query = tender_query(NULL, lots, 1);
    json_t *tender = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_string_equal(text(json_array_get(entry(tender, "market"), 0), "lot"), lots[0]);
    json_decref(tender);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_proves_each_demand),
        cmocka_unit_test(labels_that_prove_most_come_first),
        cmocka_unit_test(law_and_other_categories),
        cmocka_unit_test(nothing_asked_nothing_said),
        cmocka_unit_test(lots_and_tenders_tell_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
