/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "helper_world.h"

/* What one organisation is told from its registration to the lot's last call-off. */
static void a_story(void **state)
{
    (void)state;
    static const char expected[] =
        "1 registered ||||\n"
        "2 plan-taken ||||1 new, 0 amended\n"
        "3 round-opened R1||||2027-01-15\n"
        "4 round-extended R1||||closes 2027-01-16, confirm_by 2027-02-01, reconfirm_by "
        "2027-02-15, award_by 2027-03-01\n"
        "5 round-closed R1||||early: it was open until 2027-01-16\n"
        "6 lines-claimed R1||||1 line\n"
        "7 line-placed R1|R1/laptop/BE/2||d1|\n"
        "8 lot-confirming R1|R1/laptop/BE/2|||2027-02-01\n"
        "9 lot-answered R1|R1/laptop/BE/2|||confirmed\n"
        "10 lot-failed R1|R1/laptop/BE/2|||2 organisations confirmed; it needs 3.\n"
        "11 line-moved R1|R1/laptop/BE/1||d1|2027-02-15\n"
        "12 lot-answered R1|R1/laptop/BE/1|||confirmed\n"
        "13 lot-confirmed R1|R1/laptop/BE/1|||\n"
        "14 round-concluded R1||||\n"
        "15 tender-launched R1|R1/laptop/BE/1|T1||A\n"
        "16 lot-awarded R1|R1/laptop/BE/1|||Supplier NV, 700.00 EUR a piece\n"
        "17 lot-called-off R1|R1/laptop/BE/1|||40 pieces, 28000.00 EUR; left are 0 pieces, "
        "4000.00 EUR\n"
        "18 lot-exhausted R1|R1/laptop/BE/1|||\n";
    world w;
    kg_buffer told;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'o');
    kg_command extend = step_command(KG_KIND_ROUND_EXTEND, "R1");
    extend.dates.closes = day("2027-01-16");
    world_must(&w, COORDINATOR, &extend);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    for (const char *at = "ABCDEF"; *at; at++)
        assert_status(KG_STATUS_OK,
                      world_answer(&w, (const char[]){*at, '\0'},
                                   *at == 'F' ? KG_KIND_LOT_DECLINE : KG_KIND_LOT_CONFIRM,
                                   *at < 'D' ? LOT1 : LOT2, ""));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONCLUDE, "R1"));
    assert_status(KG_STATUS_OK, world_answer(&w, "D", KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONCLUDE, "R1"));
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(&w, COORDINATOR, &launch);
    kg_command award = award_command(LOT1);
    world_must(&w, COORDINATOR, &award);
    kg_command call_off = lot_command(KG_KIND_LOT_CALL_OFF, LOT1, "");
    call_off.quantity = 40;
    world_must(&w, "A", &call_off);
    kg_buffer_init(&told);
    const kg_feed *feed = feed_of(&w, "D");
    for (size_t i = 0; i < feed->count; i++) {
        const kg_feed_entry *e = &feed->entries[i];
        kg_buffer_format(&told, "%llu %s %s|%s|%s|%s|%s\n", (unsigned long long)e->number,
                         kg_feed_kind_name(e->kind), e->round, e->lot, e->tender, e->line,
                         e->detail);
        assert_true(e->time_ms > 0 && e->sequence > 0 && e->sequence <= w.sequence);
    }
    assert_string_equal(expected, told.bytes);
    kg_buffer_fini(&told);
    world_fini(&w);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int i = KG_FEED_REGISTERED; i < KG_FEED_KINDS; i++)
        for (int k = KG_FEED_REGISTERED; k < i; k++)
            assert_string_not_equal(kg_feed_kind_name((kg_feed_kind)i),
                                    kg_feed_kind_name((kg_feed_kind)k));
    for (int i = KG_ROUND_DRAFT; i <= KG_ROUND_CANCELLED; i++)
        assert_true(strlen(kg_round_state_name((kg_round_state)i)) > 3);
    for (int i = KG_LOT_PROPOSED; i <= KG_LOT_FAILED; i++)
        assert_true(strlen(kg_lot_state_name((kg_lot_state)i)) > 5);
    assert_string_equal("confirming", kg_round_state_name(KG_ROUND_CONFIRMING));
    assert_string_equal("expired", kg_lot_state_name(KG_LOT_EXPIRED));
}

/* The effects name each organisation that has news, once, over as many events as they are kept. */
static void effects_add_up(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'o');
    assert_int_equal(kg_state_members(w.state), w.effects.count);
    kg_effects_clear(&w.effects);
    assert_int_equal(0, w.effects.count);
    const kg_actor who = {"B", KG_ROLE_ORGANISATION};
    for (int i = 0; i < 2; i++) {
        kg_command command = submit_command(i == 0 ? "line=b2" : "line=b3");
        kg_decision decision;
        kg_decision_init(&decision);
        kg_state_check(w.state, &who, &command, w.now, &decision);
        decision.event->sequence = ++w.sequence;
        kg_state_apply(w.state, decision.event, &w.effects);
        kg_decision_fini(&decision);
        kg_command_fini(&command);
    }
    assert_int_equal(1, w.effects.count);
    assert_string_equal("B", kg_state_member(w.state, w.effects.members[0])->record.id);
    kg_effects_clear(&w.effects);
    assert_string_equal("", w.effects.result);
    world_register(&w, "LATE", "nl", false);
    assert_int_equal(1, w.effects.count);
    assert_string_equal("LATE", kg_state_member(w.state, w.effects.members[0])->record.id);
    world_fini(&w);
}

/* A draft is nobody's business but the coordinator's. */
static void a_draft_is_not_told(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    kg_command open = round_command("R1");
    open.round_rules.opens = day("2026-12-01");
    world_must(&w, COORDINATOR, &open);
    assert_int_equal(0, feed_count(&w, "A", KG_FEED_ROUND_OPENED));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CANCEL, "R1"));
    assert_int_equal(0, feed_count(&w, "A", KG_FEED_ROUND_CANCELLED));
    assert_int_equal(1, feed_count(&w, COORDINATOR, KG_FEED_ROUND_CANCELLED));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story),
        cmocka_unit_test(every_kind_has_a_name),
        cmocka_unit_test(effects_add_up),
        cmocka_unit_test(a_draft_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
