/* SPDX-License-Identifier: EUPL-1.2 */
/* Tenders: what lots would be together, and who sees one that was launched. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#define MEMBER KG_ROLE_ORGANISATION

static void lots_are_seen_together_before_they_are_a_tender(void **state)
{
    world w;
    const char *lots[] = {LOT1, LOT2};
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = tender_query(NULL, lots, 2);
    json_t *joint = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_true(is_null(joint, "tender"));
    assert_json(joint, "lots", "[\"" LOT1 "\",\"" LOT2 "\"]");
    assert_json(joint, "quantity", "60");
    assert_json(joint, "value_max", "\"48000.00\"");
    assert_int_equal(json_array_size(entry(joint, "alone")), 6);
    json_decref(joint);
    world_fini(&w);
}

static void lots_that_cannot_be_one_tender(void **state)
{
    world w;
    const char *one[] = {LOT1}, *twice[] = {LOT1, LOT1}, *unknown[] = {LOT1, "R1/laptop/BE/9"};
    const char *mixed[] = {LOT1, "R2/laptop/BE/1"};
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = tender_query(NULL, one, 1);
    refused(&w, "A", MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND);
    refused(&w, COORDINATOR, MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND);
    query = tender_query(NULL, twice, 2);
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_INVALID);
    query = tender_query(NULL, unknown, 2);
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_UNKNOWN_LOT);
    for (const char *who = "ABC"; *who; who++) { /* new lines for a second round */
        const char id[2] = {*who, '\0'};
        world_plan(&w, id, "line=again");
    }
    kg_command open = round_command("R2");
    world_must(&w, COORDINATOR, &open);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R2"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R2"));
    query = tender_query(NULL, mixed, 2);
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_LOTS_MIXED);
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT1, "");
    world_must(&w, COORDINATOR, &fail);
    query = tender_query(NULL, one, 1);
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_LOT_STATE);
    world_fini(&w);
}

/* A B C have launched their lot as T1. */
static void launched(world *w)
{
    world_init(w);
    world_cast(w);
    world_round(w, 'g');
    for (const char *who = "ABC"; *who; who++) {
        const char id[2] = {*who, '\0'};
        assert_status(KG_STATUS_OK, world_answer(w, id, KG_KIND_LOT_CONFIRM, LOT1, ""));
    }
    world_day(w, "2027-02-02");
    world_due(w);
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &launch);
}

static void a_tender_is_for_its_members_and_coordinator(void **state)
{
    world w;
    (void)state;
    launched(&w);
    kg_query query = tender_query("T1", NULL, 0), all = query_of(KG_VIEW_TENDERS, NULL, NULL, NULL);
    json_t *tender = asked(&w, "B", MEMBER, &query);
    assert_string_equal(text(tender, "lead"), "A");
    assert_json(tender, "quantity", "30");
    const json_t *alone = entry(tender, "alone");
    assert_int_equal(json_array_size(alone), 3);
    for (size_t i = 0; i < 3; i++) { /* what one brings is its own */
        const json_t *row = json_array_get(alone, i);
        bool own = strcmp(text(row, "organisation"), "B") == 0;
        assert_int_equal(json_object_get(row, "value_max") != NULL, own);
    }
    json_decref(tender);
    tender = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    json_decref(tender);
    refused(&w, "D", MEMBER, &query, KG_STATUS_UNKNOWN_TENDER); /* its own lot failed */
    refused(&w, COORDINATOR, MEMBER, &query, KG_STATUS_UNKNOWN_TENDER);
    json_t *none = asked(&w, "D", MEMBER, &all);
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    json_t *some = asked(&w, "C", MEMBER, &all);
    assert_int_equal(json_array_size(some), 1);
    json_decref(some);
    query = tender_query("T9", NULL, 0);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_TENDER);
    query = tender_query(NULL, NULL, 0);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_TENDER);
    world_fini(&w);
}

static void sums_are_exact_once_launched(void **state)
{
    world w;
    (void)state;
    launched(&w);
    kg_query query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    json_t *lot = asked(&w, "A", MEMBER, &query);
    assert_json(lot, "exact", "true");
    assert_json(lot, "quantity", "30");
    assert_json(lot, "award", "null");
    assert_json(lot, "remaining", "null");
    json_decref(lot);
    kg_command award = award_command(LOT1);
    world_must(&w, COORDINATOR, &award);
    lot = asked(&w, "A", MEMBER, &query);
    assert_string_equal(text(entry(lot, "award"), "supplier"), "Supplier NV");
    assert_json(lot, "remaining", "{\"quantity\":30,\"value\":\"24000.00\"}");
    json_decref(lot);
    refused(&w, "D", MEMBER, &query, KG_STATUS_NOT_A_MEMBER);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lots_are_seen_together_before_they_are_a_tender),
        cmocka_unit_test(lots_that_cannot_be_one_tender),
        cmocka_unit_test(a_tender_is_for_its_members_and_coordinator),
        cmocka_unit_test(sums_are_exact_once_launched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
