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

static json_t *sums_of_few(world *w, const char *mine)
{
    char line[60];
    world_init(w);
    for (int i = 1; i <= 4; i++) {
        char id[4];
        snprintf(id, sizeof id, "G%d", i);
        snprintf(line, sizeof line, "line=g%d%s%s", i, i == 1 ? "|quantity=" : "",
                 i == 1 ? mine : "");
        world_register(w, id, "nl", true);
        world_plan(w, id, line);
    }
    world_round(w, 'p');
    return lot_for(w, "G1");
}

/* Two of four that try with lots of their own would have the others between two ends. */
static void few_are_told_no_upper_end(void **state)
{
    (void)state;
    static const struct {
        const char *mine, *quantity, *value;
    } cases[] = {{"10", "\"30+\"", "\"24000+\""},
                 {"69", "\"30+\"", "\"24000+\""},
                 {"70", "\"100+\"", "\"80000+\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world w;
        json_t *lot = sums_of_few(&w, cases[i].mine);
        assert_json(lot, "exact", "false");
        assert_json(lot, "quantity", cases[i].quantity);
        assert_json(lot, "value_max", cases[i].value);
        json_decref(lot);
        world_fini(&w);
    }
}

static void launch(world *w)
{
    kg_command command = launch_command("T1", LOT1, "G1");
    world_must(w, COORDINATOR, &command);
}

/* Sums that tell nothing by themselves may once others are subtracted: a cell of the volume that
 * readers are shown, or a lot in which most of the lines were before. */
static void sums_are_exact_from_the_launch_on(void **state)
{
    world w;
    (void)state;
    world_of_seven(&w, "");
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    conclude(&w, "");
    json_t *lot = lot_for(&w, "G1");
    assert_string_equal(text(lot, "state"), "confirmed");
    assert_json(lot, "exact", "false");
    json_decref(lot);
    launch(&w);
    lot = lot_for(&w, "G1");
    assert_json(lot, "exact", "true");
    assert_json(lot, "quantity_min", "0");
    assert_json(lot, "quantity", "70");
    assert_json(lot, "quantity_max", "70");
    assert_json(lot, "value", "\"56000.00\"");
    assert_json(lot, "value_max", "\"56000.00\"");
    json_decref(lot);
    world_fini(&w);
}

/* Bands of quantity and value have their ends at the same places, 800.00 EUR a piece, since most
 * values are that many times the quantity; and none near a limit that is known of the lot: here the
 * threshold of 216,000.00 EUR, 270 pieces. */
static void bands_do_not_cut_each_other(void **state)
{
    static const struct {
        const char *columns, *quantity, *value;
    } cases[] = {{"", "\"30-99\"", "\"24000-79999\""},
                 {"quantity_min=10", "\"30-99\"", "\"24000-79999\""},
                 {"quantity=209", "\"100-999\"", "\"80000-799999\""},
                 {"quantity=210", "\"100-999\"", "\"80000-799999\""},
                 {"quantity=210|value=20000", "\"100-999\"", "\"24000-79999\""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world w;
        world_of_seven(&w, cases[i].columns);
        json_t *lot = lot_for(&w, "G1");
        assert_json(lot, "quantity_min", "\"0+\""); /* one line alone may state it */
        assert_json(lot, "quantity", cases[i].quantity);
        assert_json(lot, "value", cases[i].value);
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
        if (step == 3)
            launch(&w);
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
        cmocka_unit_test(sums_are_exact_from_the_launch_on),
        cmocka_unit_test(few_are_told_no_upper_end),
        cmocka_unit_test(bands_do_not_cut_each_other),
        cmocka_unit_test(who_leaves_is_not_the_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
