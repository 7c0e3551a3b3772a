/* SPDX-License-Identifier: EUPL-1.2 */
/* What a member is told of its lot's sums: alone, and by the difference of two answers. */
#include "helper_asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MEMBER KG_ROLE_ORGANISATION

enum { BODIES = 7 };

/* G1 ... G7 in one lot that is being confirmed, ten laptops each; the last one's line has these
 * columns too. */
static void world_of_seven(world *w, const char *columns)
{
    world_init(w);
    for (int i = 1; i <= BODIES; i++) {
        char id[4], line[100];
        snprintf(id, sizeof id, "G%d", i);
        snprintf(line, sizeof line, "line=g%d%s%s", i, i == BODIES && *columns ? "|" : "",
                 i == BODIES ? columns : "");
        world_register(w, id, "nl", i == 1);
        world_plan(w, id, line);
    }
    world_round(w, 'p');
}

static json_t *lot_for(world *w, const char *organisation)
{
    kg_query query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    return asked(w, organisation, MEMBER, &query);
}

/* All confirm, but those of whom `decline` has the last digit; then the day has come. */
static void conclude(world *w, const char *decline)
{
    for (int i = 1; i <= BODIES; i++) {
        char id[4];
        snprintf(id, sizeof id, "G%d", i);
        kg_kind kind = strchr(decline, id[1]) ? KG_KIND_LOT_DECLINE : KG_KIND_LOT_CONFIRM;
        assert_status(KG_STATUS_OK, world_answer(w, id, kind, LOT1, ""));
    }
    world_day(w, "2027-02-02");
    world_due(w);
}

static void safe_sums_are_exact_once_members_are_final(void **state)
{
    world w;
    (void)state;
    world_of_seven(&w, "");
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    conclude(&w, "");
    json_t *lot = lot_for(&w, "G1");
    assert_string_equal(text(lot, "state"), "confirmed");
    assert_json(lot, "exact", "true");
    assert_json(lot, "quantity_min", "0");
    assert_json(lot, "quantity", "70");
    assert_json(lot, "quantity_max", "70");
    assert_json(lot, "value", "\"56000.00\"");
    assert_json(lot, "value_max", "\"56000.00\"");
    json_decref(lot);
    world_fini(&w);
}

/* Sums of which only the maximum tells of one member, or only the minimum. */
static void each_sum_must_be_safe(void **state)
{
    static const char *const columns[] = {"quantity_max=1000", "quantity_min=10"};
    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        world w;
        world_of_seven(&w, columns[i]);
        assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
        conclude(&w, "");
        json_t *lot = lot_for(&w, "G1");
        assert_json(lot, "exact", "false");
        assert_json(lot, "quantity", "\"50-99\"");
        json_decref(lot);
        world_fini(&w);
    }
}

/* What was told before somebody left, less what is told after, would be that one's plan: so in all
 * of a lot's life one number is told exactly, however often one asks. */
static void who_leaves_is_not_the_difference(void **state)
{
    world w;
    char told[40] = "";
    (void)state;
    world_of_seven(&w, "");
    for (int step = 0; step < 4; step++) {
        if (step == 1)
            assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
        if (step == 2)
            conclude(&w, "7");
        if (step == 3) {
            kg_command launch = launch_command("T1", LOT1, "G1");
            world_must(&w, COORDINATOR, &launch);
        }
        json_t *lot = lot_for(&w, "G1");
        char *quantity = json_dumps(entry(lot, "quantity"), JSON_ENCODE_ANY);
        if (json_is_true(entry(lot, "exact"))) {
            assert_true(told[0] == '\0' || strcmp(told, quantity) == 0);
            snprintf(told, sizeof told, "%s", quantity);
        }
        free(quantity);
        json_decref(lot);
    }
    assert_string_equal(told, "60");
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(safe_sums_are_exact_once_members_are_final),
        cmocka_unit_test(each_sum_must_be_safe),
        cmocka_unit_test(who_leaves_is_not_the_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
