/* SPDX-License-Identifier: EUPL-1.2 */
/* What `lines` and `explain` say of a line, wherever it stands. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

static json_t *explained(const world *w, const char *organisation, const char *line)
{
    kg_query query = query_of(KG_VIEW_EXPLAIN, NULL, NULL, line);
    return asked(w, organisation, KG_ROLE_ORGANISATION, &query);
}

/* The standing, round, lot and reason of a line, in both views. */
static void stands(const world *w, const char *organisation, const char *line,
                   const char *expected)
{
    char *found, key[80];
    kg_query query = query_of(KG_VIEW_LINES, NULL, NULL, NULL);
    json_t *one = explained(w, organisation, line);
    json_t *picked = json_pack("[O,O,O]", entry(one, "standing"), entry(one, "round"),
                               entry(one, "lot"));
    found = json_dumps(picked, JSON_COMPACT);
    assert_string_equal(found, expected);
    free(found);
    json_decref(picked);
    json_t *all = asked(w, organisation, KG_ROLE_ORGANISATION, &query);
    snprintf(key, sizeof key, "%s", line);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *listed = json_array_get(all, i);
        if (strcmp(text(listed, "line"), key) == 0)
            assert_true(json_equal(entry(listed, "standing"), entry(one, "standing")));
    }
    json_decref(all);
    json_decref(one);
}

static void a_line_is_free_claimed_placed(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    stands(&w, "A", "a1", "[\"free\",null,null]");
    world_round(&w, 'c');
    stands(&w, "A", "a1", "[\"claimed\",\"R1\",null]");
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    stands(&w, "A", "a1", "[\"placed\",\"R1\",\"" LOT1 "\"]");
    json_t *line = explained(&w, "A", "a1");
    assert_string_equal(text(line, "lot_state"), "proposed");
    assert_json(line, "reason", "null");
    assert_json(line, "binds",
                "{\"accepts_no_more\":[],\"requires_this\":[],\"delivery_from\":true,"
                "\"delivery_to\":true}");
    json_decref(line);
    world_fini(&w);
}

static void a_withdrawn_line_says_so(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a1"));
    stands(&w, "A", "a1", "[\"withdrawn\",null,null]");
    json_t *line = explained(&w, "A", "a1");
    assert_json(line, "reason", "\"WITHDRAWN\"");
    assert_null(json_object_get(line, "nearest_lot"));
    json_decref(line);
    kg_query query = query_of(KG_VIEW_EXPLAIN, NULL, NULL, NULL);
    refused(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_LINE);
    world_fini(&w);
}

/* G speaks no language of anybody. */
static void unplaced(world *w)
{
    world_init(w);
    world_cast(w);
    world_register(w, "G", "de", false);
    world_plan(w, "G", "line=g1");
    world_round(w, 'p');
}

static void an_unplaced_line_says_why_and_what_would_place_it(void **state)
{
    world w;
    (void)state;
    unplaced(&w);
    stands(&w, "G", "g1", "[\"unplaced\",\"R1\",null]");
    json_t *line = explained(&w, "G", "g1");
    assert_json(line, "reason", "\"LANGUAGE\"");
    assert_json(line, "blocking", "[\"LANGUAGE\"]");
    assert_json(line, "nearest_lot", "\"" LOT1 "\"");
    assert_json(line, "change",
                "{\"field\":\"languages\",\"criterion\":null,\"to\":\"nl de\"}");
    assert_false(holds(line, "\"a1\""));
    assert_false(holds(line, "\"A\""));
    json_decref(line);
    world_fini(&w);
}

/* The reason was about another line than the one that is there now. */
static void a_changed_line_is_free(void **state)
{
    world w;
    (void)state;
    unplaced(&w);
    world_plan(&w, "G", "line=g1|quantity=11");
    stands(&w, "G", "g1", "[\"free\",null,null]");
    world_plan(&w, "G", "line=g1");
    stands(&w, "G", "g1", "[\"unplaced\",\"R1\",null]");
    world_fini(&w);
}

static void who_declined_is_told_so(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    for (const char *who = "ABC"; *who; who++) {
        const char id[2] = {*who, '\0'};
        kg_kind kind = *who == 'A' ? KG_KIND_LOT_DECLINE : KG_KIND_LOT_CONFIRM;
        assert_status(KG_STATUS_OK, world_answer(&w, id, kind, LOT1, ""));
    }
    world_day(&w, "2027-02-02");
    world_due(&w);
    json_t *line = explained(&w, "A", "a1");
    assert_json(line, "standing", "\"unplaced\"");
    assert_json(line, "reason", "\"DECLINED\"");
    assert_json(line, "nearest_lot", "\"" LOT1 "\"");
    json_decref(line);
    line = explained(&w, "B", "b1");
    assert_json(line, "reason", "\"LOT_FAILED\"");
    json_decref(line);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_free_claimed_placed),
        cmocka_unit_test(a_withdrawn_line_says_so),
        cmocka_unit_test(an_unplaced_line_says_why_and_what_would_place_it),
        cmocka_unit_test(a_changed_line_is_free),
        cmocka_unit_test(who_declined_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
