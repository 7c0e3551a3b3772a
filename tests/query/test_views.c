/* SPDX-License-Identifier: EUPL-1.2 */
/* Who sees what of a round in which A B C and D E F stand in two lots. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#define MEMBER KG_ROLE_ORGANISATION

static void lines_are_ones_own(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast_but(&w, "B", "unit_price_max=777.77");
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_LINES, NULL, NULL, NULL);
    json_t *lines = asked(&w, "B", MEMBER, &query);
    assert_int_equal(json_array_size(lines), 1);
    assert_string_equal(text(json_array_get(lines, 0), "line"), "b1");
    assert_false(holds(lines, "777.77"));
    json_decref(lines);
    query = query_of(KG_VIEW_EXPLAIN, NULL, NULL, "b1");
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_LINE);
    json_t *line = asked(&w, "B", MEMBER, &query);
    assert_string_equal(text(line, "standing"), "placed");
    assert_false(holds(line, "777.77"));
    json_decref(line);
    query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    json_t *lot = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_int_equal(json_array_size(entry(lot, "lines")), 3);
    assert_string_equal(text(json_array_get(entry(lot, "lines"), 1), "line"), "b1");
    assert_false(holds(lot, "777.77")); /* a price ceiling never leaves the broker */
    const json_t *alone = entry(lot, "alone"); /* nor in a product */
    assert_true(is_null(json_array_get(alone, 1), "value_max"));
    assert_false(is_null(json_array_get(alone, 0), "value_max"));
    json_decref(lot);
    world_fini(&w);
}

static void a_lot_is_for_its_members_and_coordinator(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_LOT, NULL, "R1/laptop/BE/9", NULL);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_LOT);
    query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    refused(&w, "F", MEMBER, &query, KG_STATUS_NOT_A_MEMBER);
    refused(&w, COORDINATOR, MEMBER, &query, KG_STATUS_NOT_A_MEMBER); /* by its other key */
    refused(&w, "F", KG_ROLE_COORDINATOR, &query, KG_STATUS_NOT_A_MEMBER); /* of other rounds */
    json_t *lot = asked(&w, "A", MEMBER, &query);
    assert_null(json_object_get(lot, "members")); /* names from the confirmation on */
    assert_null(json_object_get(lot, "lines"));
    assert_null(json_object_get(lot, "lead"));
    assert_null(json_object_get(lot, "ambition_curve"));
    assert_json(lot, "bodies", "3");
    assert_json(lot, "own_lines", "[\"a1\"]");
    assert_json(lot, "exact", "false"); /* three bodies: what it is at least */
    assert_json(lot, "quantity", "\"30+\"");
    assert_false(holds(lot, "\"B\""));
    json_decref(lot);
    lot = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_int_equal(json_array_size(entry(lot, "lines")), 3);
    assert_json(lot, "exact", "true");
    assert_json(lot, "quantity", "30");
    json_decref(lot);
    world_fini(&w);
}

static void lots_are_listed_where_they_may_be_seen(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_LOTS, NULL, NULL, NULL);
    json_t *lots = asked(&w, "D", MEMBER, &query);
    assert_int_equal(json_array_size(lots), 1);
    assert_string_equal(text(json_array_get(lots, 0), "lot"), LOT2);
    json_decref(lots);
    query = query_of(KG_VIEW_LOTS, "R1", NULL, NULL);
    lots = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_int_equal(json_array_size(lots), 2);
    json_decref(lots);
    lots = asked(&w, COORDINATOR, MEMBER, &query);
    assert_int_equal(json_array_size(lots), 0);
    json_decref(lots);
    query = query_of(KG_VIEW_LOTS, "R9", NULL, NULL);
    refused(&w, "D", MEMBER, &query, KG_STATUS_UNKNOWN_ROUND);
    world_fini(&w);
}

static void names_come_with_the_confirmation_lines_never(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    kg_query query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    json_t *lot = asked(&w, "A", MEMBER, &query);
    const json_t *members = entry(lot, "members");
    assert_int_equal(json_array_size(members), 3);
    assert_string_equal(text(json_array_get(members, 1), "organisation"), "B");
    assert_false(holds(lot, "\"b1\""));
    json_decref(lot);
    world_fini(&w);
}

static void round_figures_are_for_its_coordinator(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_ROUND, "R9", NULL, NULL);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_ROUND);
    query = query_of(KG_VIEW_ROUND, NULL, NULL, NULL);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_ROUND);
    query = query_of(KG_VIEW_ROUND, "R1", NULL, NULL);
    json_t *round = asked(&w, "A", MEMBER, &query);
    assert_string_equal(text(round, "state"), "proposed");
    assert_json(round, "bodies_min", "3");
    assert_null(json_object_get(round, "value"));
    assert_null(json_object_get(round, "unplaced"));
    json_decref(round);
    round = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_json(round, "placed", "6");
    assert_json(round, "value", "\"48000.00\"");
    assert_json(round, "level_vectors", "{\"laptop\":1}");
    json_decref(round);
    world_fini(&w);
}

static void a_feed_goes_on_from_any_number(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    kg_query query = query_of(KG_VIEW_FEED, NULL, NULL, NULL);
    json_t *all = asked(&w, "A", MEMBER, &query);
    size_t count = json_array_size(all);
    assert_true(count >= 5);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(json_integer_value(entry(json_array_get(all, i), "number")), i + 1);
    query.since = 2;
    query.limit = 2;
    json_t *some = asked(&w, "A", MEMBER, &query);
    assert_int_equal(json_array_size(some), 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(json_equal(json_array_get(some, i), json_array_get(all, i + 2)));
    json_decref(some);
    const uint64_t ends[] = {count, count + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        query.since = ends[i];
        some = asked(&w, "A", MEMBER, &query);
        assert_int_equal(json_array_size(some), 0);
        json_decref(some);
    }
    json_decref(all);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_ones_own),
        cmocka_unit_test(a_lot_is_for_its_members_and_coordinator),
        cmocka_unit_test(lots_are_listed_where_they_may_be_seen),
        cmocka_unit_test(names_come_with_the_confirmation_lines_never),
        cmocka_unit_test(round_figures_are_for_its_coordinator),
        cmocka_unit_test(a_feed_goes_on_from_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
