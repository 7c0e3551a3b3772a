/* SPDX-License-Identifier: EUPL-1.2 */
/* What a coordinator sees of its own rounds: exact volume, lines with their answers, what one level
 * less would bring, why lines were left out. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#define MEMBER KG_ROLE_ORGANISATION

/* A leads LOT1 with 3 years of warranty, which G, of the same language, does not accept. */
static void begin(world *w)
{
    world_init(w);
    world_register(w, "G", "nl", false);
    world_plan(w, "G", "line=g1|accepts=warranty-years=2|quantity=4");
    world_cast_but(w, "A", "track=kopgroep|criteria=warranty-years=3|commitment=binding");
}

static json_t *volume(const world *w, const char *round, kg_dimension first, kg_dimension second)
{
    kg_query query = query_of(KG_VIEW_VOLUME, round, NULL, NULL);
    query.by[0] = first;
    query.by[1] = second;
    query.by_count = 2;
    return asked(w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
}

static void volume_is_exact_by_every_dimension(void **state)
{
    world w;
    (void)state;
    begin(&w);
    world_plan(&w, "G", "line=g2|category=monitor|nuts=BE100|unit_price_max=100");
    world_round(&w, 'c');
    json_t *cells = volume(&w, "R1", KG_BY_CATEGORY, KG_BY_TRACK);
    char *all = json_dumps(cells, JSON_COMPACT);
    assert_string_equal(
        all, "[{\"category\":\"laptop\",\"track\":\"peloton\",\"lines\":6,\"quantity_min\":0,"
             "\"quantity\":54,\"quantity_max\":54,\"value\":\"43200.00\",\"organisations\":6},"
             "{\"category\":\"laptop\",\"track\":\"kopgroep\",\"lines\":1,\"quantity_min\":0,"
             "\"quantity\":10,\"quantity_max\":10,\"value\":\"8000.00\",\"organisations\":1}]");
    free(all);
    json_decref(cells);
    cells = volume(&w, NULL, KG_BY_CPV, KG_BY_NUTS);
    assert_int_equal(json_array_size(cells), 1);
    assert_json(json_array_get(cells, 0), "cpv", "\"30213100\"");
    assert_json(json_array_get(cells, 0), "nuts", "\"BE211\"");
    assert_json(json_array_get(cells, 0), "organisations", "7");
    json_decref(cells);
    cells = volume(&w, NULL, KG_BY_MONTH, KG_BY_CATEGORY);
    assert_json(json_array_get(cells, 0), "month", "\"2027-03\"");
    json_decref(cells);
    world_fini(&w);
}

static void volume_filters_name_what_is_there(void **state)
{
    world w;
    (void)state;
    begin(&w);
    world_round(&w, 'c');
    kg_query query = query_of(KG_VIEW_VOLUME, "R9", NULL, NULL);
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_UNKNOWN_ROUND);
    query.round = "R1";
    refused(&w, "A", KG_ROLE_COORDINATOR, &query, KG_STATUS_NOT_YOUR_ROUND);
    query.category = "toaster";
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_UNKNOWN_CATEGORY);
    query.category = NULL;
    query.nuts = "BE9";
    refused(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_NUTS);
    /* Without a round: of its own rounds, and A has none. */
    query = query_of(KG_VIEW_VOLUME, NULL, NULL, NULL);
    json_t *cells = asked(&w, "A", KG_ROLE_COORDINATOR, &query);
    assert_int_equal(json_array_size(cells), 0);
    json_decref(cells);
    world_fini(&w);
}

static json_t *lot1(const world *w)
{
    kg_query query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    return asked(w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
}

static void one_level_less_is_shown_and_never_applied(void **state)
{
    world w;
    (void)state;
    begin(&w);
    world_round(&w, 'p');
    json_t *lot = lot1(&w);
    assert_json(lot, "ambition_curve",
                "[{\"criterion\":null,\"to\":null,\"bodies\":3,\"value\":\"24000.00\"},"
                "{\"criterion\":\"warranty-years\",\"to\":\"2\",\"bodies\":4,"
                "\"value\":\"27200.00\"}]");
    assert_json(lot, "criteria", "{\"warranty-years\":\"3\"}");
    json_decref(lot);
    world_fini(&w);
}

static void answers_stand_beside_the_lines(void **state)
{
    static const char *const answers[] = {"binding", "confirmed", "declined"};
    world w;
    (void)state;
    begin(&w);
    world_round(&w, 'g');
    assert_status(KG_STATUS_OK, world_answer(&w, "B", KG_KIND_LOT_CONFIRM, LOT1, ""));
    json_t *lot = lot1(&w);
    assert_string_equal(text(json_array_get(entry(lot, "lines"), 2), "answer"), "open");
    json_decref(lot);
    assert_status(KG_STATUS_OK, world_answer(&w, "C", KG_KIND_LOT_DECLINE, LOT1, ""));
    lot = lot1(&w);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(text(json_array_get(entry(lot, "lines"), i), "answer"), answers[i]);
    json_decref(lot);
    world_fini(&w);
}

static void a_round_says_why_lines_were_left_out(void **state)
{
    world w;
    (void)state;
    begin(&w);
    world_round(&w, 'p');
    kg_query query = query_of(KG_VIEW_ROUND, "R1", NULL, NULL);
    json_t *round = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    assert_json(round, "unplaced", "{\"CRITERION\":1}");
    assert_json(round, "value_kopgroep_percent", "\"50.0\"");
    assert_json(round, "placed", "6");
    json_decref(round);
    query = query_of(KG_VIEW_EXPLAIN, NULL, NULL, "g1");
    json_t *line = asked(&w, "G", MEMBER, &query);
    assert_string_equal(text(line, "reason"), "CRITERION");
    assert_json(line, "change",
                "{\"field\":\"accepts\",\"criterion\":\"warranty-years\",\"to\":\"3\"}");
    json_decref(line);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volume_is_exact_by_every_dimension),
        cmocka_unit_test(volume_filters_name_what_is_there),
        cmocka_unit_test(one_level_less_is_shown_and_never_applied),
        cmocka_unit_test(answers_stand_beside_the_lines),
        cmocka_unit_test(a_round_says_why_lines_were_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
