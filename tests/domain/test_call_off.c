/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

/* One lot of A B C with these columns, awarded at 700 EUR a piece where it counts pieces. */
static void world_awarded(world *w, const char *columns, int64_t unit_price_cents)
{
    world_init(w);
    for (char id = 'A'; id <= 'C'; id++) {
        char line[200] = "line=1|";
        world_register(w, (const char[]){id, '\0'}, "nl", true);
        world_plan(w, (const char[]){id, '\0'}, strcat(line, id == 'A' ? columns : "quantity=10"));
    }
    world_round(w, 'g');
    for (char id = 'A'; id <= 'C'; id++)
        assert_status(KG_STATUS_OK,
                      world_answer(w, (const char[]){id, '\0'}, KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONCLUDE, "R1"));
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &launch);
    kg_command award = award_command(LOT1);
    award.award.unit_price_cents = unit_price_cents;
    world_must(w, COORDINATOR, &award);
}

static kg_status call_off(world *w, const char *actor, const char *organisation, int64_t quantity,
                          int64_t value_cents)
{
    kg_command command = lot_command(KG_KIND_LOT_CALL_OFF, LOT1, "");
    command.organisation = organisation;
    command.quantity = quantity;
    command.value_cents = value_cents;
    return world_do(w, actor, &command);
}

static void pieces_count_down_to_the_maximum(void **state)
{
    (void)state;
    world w;
    world_awarded(&w, "quantity=20|quantity_max=30", 70000);
    const kg_lot *lot = lot_of(&w, LOT1);
    int64_t quantity, value;
    assert_true(lot->counted);
    kg_lot_remaining(lot, &quantity, &value);
    assert_int_equal(50, quantity);
    assert_int_equal(4000000, value);
    assert_status(KG_STATUS_OK, call_off(&w, "A", NULL, 20, -1));
    assert_string_equal(LOT1 ": 20 pieces, 14000.00 EUR; left are 30 pieces, 26000.00 EUR.",
                        w.effects.result);
    assert_string_equal("20 pieces, 14000.00 EUR; left are 30 pieces, 26000.00 EUR",
                        feed_last(&w, "C", KG_FEED_LOT_CALLED_OFF)->detail);
    assert_status(KG_STATUS_OK, call_off(&w, COORDINATOR, "B", 10, 500000));
    assert_string_equal("B", lot->call_offs[1].organisation);
    assert_int_equal(500000, lot->call_offs[1].value_cents);
    assert_status(KG_STATUS_ABOVE_MAXIMUM, call_off(&w, "C", NULL, 21, -1));
    assert_string_equal("Left are 20 pieces and 21000.00 EUR.", world_detail(&w));
    assert_status(KG_STATUS_OK, call_off(&w, "C", "C", 20, -1));
    assert_int_equal(KG_LOT_EXHAUSTED, lot->state);
    assert_int_equal(1, feed_count(&w, "A", KG_FEED_LOT_EXHAUSTED));
    assert_status(KG_STATUS_LOT_STATE, call_off(&w, "C", NULL, 1, -1));
    assert_int_equal(3, lot->call_offs_count);
    world_fini(&w);
}

static void the_value_binds_too(void **state)
{
    (void)state;
    world w;
    world_awarded(&w, "quantity=10", 100000); /* 30 pieces, 24,000 EUR; 1,000 EUR a piece */
    assert_status(KG_STATUS_OK, call_off(&w, "A", NULL, 20, -1));
    assert_status(KG_STATUS_ABOVE_MAXIMUM, call_off(&w, "B", NULL, 5, -1));
    assert_string_equal("Left are 10 pieces and 4000.00 EUR.", world_detail(&w));
    assert_status(KG_STATUS_OK, call_off(&w, "B", NULL, 4, -1));
    assert_int_equal(KG_LOT_EXHAUSTED, lot_of(&w, LOT1)->state);
    world_fini(&w);
}

/* A line without a quantity: then the lot's pieces are not its maximum, its value is. */
static void a_lot_that_does_not_count(void **state)
{
    (void)state;
    world w;
    world_awarded(&w, "quantity=|value=10000", -1);
    const kg_lot *lot = lot_of(&w, LOT1);
    int64_t quantity, value;
    assert_false(lot->counted);
    kg_lot_remaining(lot, &quantity, &value);
    assert_int_equal(-1, quantity);
    assert_int_equal(2600000, value);
    assert_string_equal("Supplier NV", feed_last(&w, "A", KG_FEED_LOT_AWARDED)->detail);
    assert_status(KG_STATUS_MISSING, call_off(&w, "A", NULL, 100, -1));
    assert_status(KG_STATUS_VALUE, call_off(&w, "A", NULL, 100, 0));
    assert_status(KG_STATUS_OK, call_off(&w, "A", NULL, 100, 2000000));
    assert_status(KG_STATUS_ABOVE_MAXIMUM, call_off(&w, "A", NULL, -1, 600001));
    assert_string_equal("Left are 6000.00 EUR.", world_detail(&w));
    assert_status(KG_STATUS_OK, call_off(&w, "A", NULL, -1, 600000));
    assert_string_equal(LOT1 ": 6000.00 EUR; left are 0.00 EUR.", w.effects.result);
    assert_int_equal(-1, lot->call_offs[1].quantity);
    assert_int_equal(KG_LOT_EXHAUSTED, lot->state);
    world_fini(&w);
}

static void refusals(void **state)
{
    (void)state;
    world w;
    world_awarded(&w, "quantity=10", 70000);
    world_register(&w, "Z", "nl", false);
    static const struct {
        const char *actor, *organisation;
        int64_t quantity, value;
        kg_status status;
    } cases[] = {
        {"A", NULL, -1, 100, KG_STATUS_MISSING},
        {"A", NULL, 0, -1, KG_STATUS_QUANTITY},
        {"A", NULL, -2, -1, KG_STATUS_QUANTITY},
        {"A", NULL, KG_QUANTITY_MAX + 1L, -1, KG_STATUS_QUANTITY},
        {"A", NULL, 1, KG_VALUE_CENTS_MAX + 1, KG_STATUS_VALUE},
        {"A", NULL, 1, -2, KG_STATUS_VALUE},
        {"A", "B", 1, -1, KG_STATUS_NOT_YOURS},
        {"Z", NULL, 1, -1, KG_STATUS_NOT_A_MEMBER},
        {"NOBODY", NULL, 1, -1, KG_STATUS_UNKNOWN_ORGANISATION},
        {COORDINATOR, NULL, 1, -1, KG_STATUS_NOT_A_MEMBER},
        {COORDINATOR, "Z", 1, -1, KG_STATUS_NOT_A_MEMBER},
        {COORDINATOR, "NOBODY", 1, -1, KG_STATUS_UNKNOWN_ORGANISATION},
        {"A", NULL, 31, -1, KG_STATUS_ABOVE_MAXIMUM},
        {"A", NULL, KG_QUANTITY_MAX, -1, KG_STATUS_ABOVE_MAXIMUM},
        {"A", NULL, 1, 2400001, KG_STATUS_ABOVE_MAXIMUM},
        {"A", NULL, 1, 0, KG_STATUS_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_status status =
            call_off(&w, cases[i].actor, cases[i].organisation, cases[i].quantity, cases[i].value);
        if (status != cases[i].status)
            fail_msg("case %zu: %s %s", i, kg_status_name(status), world_detail(&w));
    }
    kg_command unknown = lot_command(KG_KIND_LOT_CALL_OFF, LOT2, "");
    assert_status(KG_STATUS_UNKNOWN_LOT, world_do(&w, "A", &unknown));
    /* A coordinator, but of another round. */
    const kg_actor other = {"Z", KG_ROLE_COORDINATOR};
    kg_command command = lot_command(KG_KIND_LOT_CALL_OFF, LOT1, "");
    kg_decision decision;
    command.organisation = "B";
    command.quantity = 1;
    kg_decision_init(&decision);
    kg_state_check(w.state, &other, &command, w.now, &decision);
    assert_status(KG_STATUS_NOT_YOUR_ROUND, decision.status);
    kg_decision_fini(&decision);
    kg_command_fini(&command);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_count_down_to_the_maximum),
        cmocka_unit_test(the_value_binds_too),
        cmocka_unit_test(a_lot_that_does_not_count),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
