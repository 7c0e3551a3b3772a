/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers by what they cost a year of use, and what each proves. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#include "proto/memory.h"

static const char extra[] =
    "label \"Long Life\" { proves = {\"laptop:warranty-years=5\"} }\n"
    "label \"Short Life\" { proves = {\"laptop:warranty-years=2\"} }\n";
static const char life_cycle[] =
    "life_cycle \"laptop\" { years_max = 8 discount_percent = \"0\" electricity_cents_kwh = \"30\""
    " emission_grams_kwh = 250 carbon_price = \"100\" source = \"test\" }\n";

static void use_catalogue(world *w, const char *more)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "%s%s%s", catalogue_text, extra, more);
    assert_status(KG_STATUS_OK, world_catalogue(w, text.bytes));
    kg_buffer_fini(&text);
}

/* A B C ask warranty-years=3 of their lot, and it is launched. */
static void launched(world *w, const char *more)
{
    world_init(w);
    use_catalogue(w, more);
    world_cast_but(w, "A", "track=kopgroep|criteria=warranty-years=3");
    world_round(w, 'g');
    for (const char *who = "ABC"; *who; who++)
        assert_status(KG_STATUS_OK, world_answer(w, (const char[]){*who, '\0'},
                                                 KG_KIND_LOT_CONFIRM, LOT1, ""));
    world_day(w, "2027-02-02");
    world_due(w);
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &launch);
}

static json_t *offers_seen(const world *w, const char *who)
{
    kg_query query = query_of(KG_VIEW_OFFERS, NULL, LOT1, NULL);
    return asked(w, who, strcmp(who, COORDINATOR) == 0 ? KG_ROLE_COORDINATOR : KG_ROLE_ORGANISATION,
                 &query);
}

static void the_lasting_one_comes_first(void **state)
{
    world w;
    (void)state;
    launched(&w, life_cycle);
    kg_command offers = offers_command(LOT1);
    world_must(&w, COORDINATOR, &offers);
    json_t *seen = offers_seen(&w, "B");
    /* 50 kWh: 15.00 and 1.25 a year, (600 + 3 * 16.25) / 3; 30 kWh: 9.75, (900 + 6 * 9.75 - 60) / 6
     */
    const json_t *first = json_array_get(entry(seen, "offers"), 0);
    const json_t *second = json_array_get(entry(seen, "offers"), 1);
    assert_string_equal(text(first, "supplier"), "Lasting NV");
    assert_string_equal(text(first, "life_cost"), "898.50");
    assert_string_equal(text(first, "life_cost_year"), "149.75");
    assert_json(first, "meets", "true");
    assert_string_equal(text(second, "supplier"), "Cheap NV");
    assert_string_equal(text(second, "life_cost_year"), "216.25");
    assert_string_equal(text(second, "unit_price"), "600.00");
    assert_json(second, "meets", "false");
    json_decref(seen);
    world_fini(&w);
}

static void without_parameters_the_price_decides(void **state)
{
    world w;
    (void)state;
    launched(&w, "");
    kg_command offers = offers_command(LOT1);
    world_must(&w, COORDINATOR, &offers);
    json_t *seen = offers_seen(&w, COORDINATOR);
    const json_t *first = json_array_get(entry(seen, "offers"), 0);
    assert_true(is_null(seen, "parameters"));
    assert_string_equal(text(first, "supplier"), "Cheap NV");
    assert_true(is_null(first, "life_cost_year"));
    json_decref(seen);
    world_fini(&w);
}

static void need_verdict(const char *level, const char *label, const char *verdict, bool meets)
{
    world w;
    kg_level_text levels[] = {{"warranty-years", level}};
    launched(&w, life_cycle);
    kg_command offers = offers_command(LOT1);
    offers.offers_count = 1;
    offers.offers[0].levels = levels;
    offers.offers[0].levels_count = level != NULL;
    offers.offers[0].labels = (kg_texts){&label, label != NULL};
    world_must(&w, COORDINATOR, &offers);
    json_t *seen = offers_seen(&w, COORDINATOR);
    const json_t *offer = json_array_get(entry(seen, "offers"), 0);
    const json_t *demand = json_array_get(entry(offer, "demands"), 0);
    assert_string_equal(text(demand, "criterion"), "warranty-years");
    assert_string_equal(text(demand, "asked"), "3");
    assert_string_equal(text(demand, "verdict"), verdict);
    assert_int_equal(json_is_true(entry(offer, "meets")), meets);
    json_decref(seen);
    world_fini(&w);
}

static void evidence_is_told_apart(void **state)
{
    (void)state;
    need_verdict("5", NULL, "stated", true);
    need_verdict("3", "Long Life", "proven", true);
    need_verdict(NULL, "Long Life", "proven", true);
    need_verdict("3", "Short Life", "stated", true);
    need_verdict("2", "Short Life", "short", false);
    need_verdict("2", "Long Life", "short", false); /* it is the offer that counts */
    need_verdict(NULL, "Short Life", "silent", false);
    need_verdict(NULL, NULL, "silent", false);
}

static void others_see_nothing(void **state)
{
    world w;
    (void)state;
    launched(&w, life_cycle);
    kg_query query = query_of(KG_VIEW_OFFERS, NULL, LOT1, NULL);
    refused(&w, "D", KG_ROLE_ORGANISATION, &query, KG_STATUS_NOT_A_MEMBER);
    query = query_of(KG_VIEW_OFFERS, NULL, "R1/laptop/BE/9", NULL);
    refused(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_LOT);
    json_t *seen = offers_seen(&w, "A");
    assert_json(seen, "offers", "[]");
    json_decref(seen);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lasting_one_comes_first),
        cmocka_unit_test(without_parameters_the_price_decides),
        cmocka_unit_test(evidence_is_told_apart),
        cmocka_unit_test(others_see_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
