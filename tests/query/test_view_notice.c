/* SPDX-License-Identifier: EUPL-1.2 */
/* What a notice tells, and to whom. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#define MEMBER KG_ROLE_ORGANISATION

static void confirmed_world(world *w)
{
    world_init(w);
    world_cast_but(w, "B", "unit_price_max=777.77|title=Secret laptops");
    world_round(w, 'g');
    for (const char *who = "ABC"; *who; who++) {
        const char id[2] = {*who, '\0'};
        assert_status(KG_STATUS_OK, world_answer(w, id, KG_KIND_LOT_CONFIRM, LOT1, ""));
    }
    world_day(w, "2027-02-02");
    world_due(w);
}

static void it_is_for_the_coordinator_and_then_the_lead_buyer(void **state)
{
    world w;
    (void)state;
    confirmed_world(&w);
    kg_query query = query_of(KG_VIEW_NOTICE, NULL, LOT1, NULL);
    json_t *told = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    json_decref(told);
    refused(&w, "A", MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND);
    refused(&w, COORDINATOR, MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND); /* by its other key */
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(&w, COORDINATOR, &launch);
    told = asked(&w, "A", MEMBER, &query);
    json_decref(told);
    refused(&w, "B", MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND);
    query = query_of(KG_VIEW_NOTICE, "R1", NULL, NULL);
    told = asked(&w, "A", MEMBER, &query);
    assert_int_equal(json_array_size(entry(told, "lots")), 1);
    json_decref(told);
    refused(&w, "F", MEMBER, &query, KG_STATUS_NOT_YOUR_ROUND);
    query = query_of(KG_VIEW_NOTICE, NULL, "R1/laptop/BE/9", NULL);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_LOT);
    query = query_of(KG_VIEW_NOTICE, "R9", NULL, NULL);
    refused(&w, "A", MEMBER, &query, KG_STATUS_UNKNOWN_ROUND);
    world_fini(&w);
}

static void it_tells_sums_and_records_and_no_line(void **state)
{
    world w;
    (void)state;
    confirmed_world(&w);
    kg_query query = query_of(KG_VIEW_NOTICE, NULL, LOT1, NULL);
    json_t *told = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    const json_t *lot = json_array_get(entry(told, "lots"), 0);
    assert_json(lot, "members", "[\"A\",\"B\",\"C\"]");
    assert_json(lot, "cpv", "[\"30213100\"]");
    assert_json(lot, "places", "[\"BE211\"]");
    assert_json(lot, "quantity", "30");
    assert_int_equal(json_array_size(entry(told, "organisations")), 3);
    assert_false(holds(told, "777.77"));
    assert_false(holds(told, "b1"));
    assert_false(holds(told, "Secret laptops"));
    json_decref(told);
    world_fini(&w);
}

static void it_tells_by_which_figures_offers_are_ranked(void **state)
{
    world w;
    kg_buffer text;
    (void)state;
    confirmed_world(&w);
    kg_query query = query_of(KG_VIEW_NOTICE, NULL, LOT1, NULL);
    json_t *told = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_true(json_is_null(entry(json_array_get(entry(told, "lots"), 0), "life_cycle")));
    json_decref(told);
    kg_buffer_init(&text);
    kg_buffer_format(&text, "%s%s", catalogue_text,
                     "life_cycle \"laptop\" { years_max = 8 discount_percent = \"3\" "
                     "electricity_cents_kwh = \"30\" emission_grams_kwh = 250 "
                     "carbon_price = \"100\" source = \"test\" verified = true }\n");
    assert_status(KG_STATUS_OK, world_catalogue(&w, text.bytes));
    kg_buffer_fini(&text);
    told = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_json(json_array_get(entry(told, "lots"), 0), "life_cycle",
                "{\"years_max\":8,\"discount_percent\":\"3.00\",\"electricity_cents_kwh\":"
                "\"30.00\",\"emission_grams_kwh\":250,\"carbon_price\":\"100.00\","
                "\"source\":\"test\",\"verified\":true}");
    json_decref(told);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_for_the_coordinator_and_then_the_lead_buyer),
        cmocka_unit_test(it_tells_sums_and_records_and_no_line),
        cmocka_unit_test(it_tells_by_which_figures_offers_are_ranked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
