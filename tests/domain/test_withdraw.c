/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

static void lines_are_withdrawn_and_may_come_again(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2\nline=a3");
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a1 a3"));
    assert_string_equal("2 lines withdrawn.", w.effects.result);
    assert_true(line_of(&w, "A", "a1").withdrawn);
    assert_false(line_of(&w, "A", "a2").withdrawn);
    assert_string_equal("a3", feed_last(&w, "A", KG_FEED_LINE_WITHDRAWN)->line);
    /* Sent again it is there again, even with the same content, and that is said. */
    world_plan(&w, "A", "line=a1\nline=a2");
    assert_string_equal("0 new, 0 amended, 1 unchanged, 1 back after a withdrawal.",
                        w.effects.result);
    assert_string_equal("0 new, 0 amended, 1 back after a withdrawal",
                        feed_last(&w, "A", KG_FEED_PLAN_TAKEN)->detail);
    assert_false(line_of(&w, "A", "a1").withdrawn);
    assert_int_equal(3, kg_state_lines(w.state));
    world_fini(&w);
}

static void all_or_none(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_register(&w, "B", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2\nline=a3|nuts=FR101\nline=a4|nuts=FR101");
    world_plan(&w, "B", "line=b1");
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a4"));
    world_round(&w, 'c');
    assert_status(KG_STATUS_UNKNOWN_LINE, world_withdraw(&w, "A", "b1 a3 a1 a4 a3"));
    assert_string_equal("4 problems in 4 lines; nothing was withdrawn.", world_detail(&w));
    static const struct {
        long row;
        kg_status status;
        const char *value;
    } expected[] = {
        {1, KG_STATUS_UNKNOWN_LINE, "b1"},
        {3, KG_STATUS_LINE_CLAIMED, "a1"},
        {4, KG_STATUS_LINE_WITHDRAWN, "a4"},
        {5, KG_STATUS_DUPLICATE_LINE, "a3"},
    };
    assert_int_equal(4, w.decision.problems.count);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(expected[i].row, w.decision.problems.items[i].row);
        assert_status(expected[i].status, w.decision.problems.items[i].status);
        assert_string_equal(expected[i].value, w.decision.problems.items[i].value);
    }
    assert_false(line_of(&w, "A", "a3").withdrawn);
    world_fini(&w);
}

static void refusals_of_a_message(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_status(KG_STATUS_UNKNOWN_ORGANISATION, world_withdraw(&w, "B", "b1"));
    assert_status(KG_STATUS_EMPTY, world_withdraw(&w, "A", ""));
    kg_command many;
    kg_command_init(&many, KG_KIND_WITHDRAW);
    many.keys.count = KG_SUBMIT_LINES_MAX + 1;
    assert_status(KG_STATUS_TOO_MANY_LINES, world_do(&w, "A", &many));
    world_fini(&w);
}

/* A withdrawn line is not claimed. */
static void rounds_pass_withdrawn_lines_by(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2");
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a1"));
    world_round(&w, 'c');
    assert_int_equal(1, campaign_of(&w, "R1")->claims_count);
    assert_int_equal(KG_NONE, line_of(&w, "A", "a1").last_round);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_withdrawn_and_may_come_again),
        cmocka_unit_test(all_or_none),
        cmocka_unit_test(refusals_of_a_message),
        cmocka_unit_test(rounds_pass_withdrawn_lines_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
