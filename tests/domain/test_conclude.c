/* SPDX-License-Identifier: EUPL-1.2 */
/* Confirmation: answers, silence, lots that fall short, the one re-run, and nothing lost. */
#include "helper_world.h"

static void answer(world *w, const char *organisations, kg_kind kind, const char *lot)
{
    for (; *organisations; organisations++) {
        const char id[2] = {*organisations, '\0'};
        assert_status(KG_STATUS_OK, world_answer(w, id, kind, lot, ""));
    }
}

static void confirm(world *w, const char *organisations, const char *lot)
{
    answer(w, organisations, KG_KIND_LOT_CONFIRM, lot);
}

static void decline(world *w, const char *organisations, const char *lot)
{
    answer(w, organisations, KG_KIND_LOT_DECLINE, lot);
}

static kg_status conclude(world *w)
{
    return world_step(w, KG_KIND_ROUND_CONCLUDE, "R1");
}

static void assert_in(const world *w, const char *lot, const char *organisations)
{
    for (; *organisations; organisations++) {
        const char id[2] = {*organisations, '\0'};
        const char key[3] = {(char)(*organisations - 'A' + 'a'), '1', '\0'};
        if (strcmp(lot, lot_id_of(w, id, key)) != 0)
            fail_msg("%s is in \"%s\", not in \"%s\"", id, lot_id_of(w, id, key), lot);
    }
}

static kg_lot_state lot_state(const world *w, const char *lot)
{
    return lot_of(w, lot)->state;
}

static void all_confirm(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    assert_string_equal("2027-02-01", feed_last(&w, "A", KG_FEED_LOT_CONFIRMING)->detail);
    confirm(&w, "ABC", LOT1);
    confirm(&w, "DEF", LOT2);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_false(w.job_ran);
    assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
    assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT1));
    assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT2));
    assert_string_equal("R1 is concluded: 2 lots confirmed, 0 failed.", w.effects.result);
    assert_int_equal(1, feed_count(&w, "F", KG_FEED_LOT_CONFIRMED));
    assert_int_equal(1, feed_count(&w, "F", KG_FEED_ROUND_CONCLUDED));
    world_fini(&w);
}

static void not_before_all_have_answered(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "F", "commitment=binding");
    world_plan(&w, "E", "line=e2");
    world_round(&w, 'g');
    confirm(&w, "ABC", LOT1);
    assert_status(KG_STATUS_NOT_ANSWERED, conclude(&w));
    assert_string_equal("3 lines of 2 organisations have not been answered; they may until "
                        "2027-02-01.",
                        world_detail(&w));
    confirm(&w, "D", LOT2);
    assert_status(KG_STATUS_OK, world_answer(&w, "E", KG_KIND_LOT_CONFIRM, LOT2, "e2"));
    assert_status(KG_STATUS_NOT_ANSWERED, conclude(&w));
    assert_string_equal("1 line of 1 organisation have not been answered; they may until "
                        "2027-02-01.",
                        world_detail(&w));
    /* The last day counts in full. */
    world_day(&w, "2027-02-01");
    assert_status(KG_STATUS_NOT_ANSWERED, conclude(&w));
    /* F's signed submission is its yes. */
    assert_status(KG_STATUS_OK, world_answer(&w, "E", KG_KIND_LOT_DECLINE, LOT2, "e1"));
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_true(claim_of(&w, "F", "f1")->answer == KG_ANSWER_YES);
    assert_true(claim_of(&w, "F", "f1")->answer_by_silence);
    assert_in(&w, LOT2, "DF");
    assert_string_equal(LOT2, lot_id_of(&w, "E", "e2"));
    assert_string_equal("", lot_id_of(&w, "E", "e1"));
    assert_int_equal(KG_REASON_DECLINED, claim_of(&w, "E", "e1")->why.reason);
    assert_int_equal(KG_NONE, line_of(&w, "E", "e1").round);
    world_fini(&w);
}

/* AA and AB, nl only: the lots are then A AA AB B, and C D E F. */
static void add_two(world *w)
{
    world_register(w, "AA", "nl", false);
    world_register(w, "AB", "nl", false);
    world_plan(w, "AA", "line=aa");
    world_plan(w, "AB", "line=ab");
}

static void confirm_two(world *w)
{
    assert_status(KG_STATUS_OK, world_answer(w, "AA", KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_OK, world_answer(w, "AB", KG_KIND_LOT_CONFIRM, LOT1, "ab"));
}

static void silence_is_yes_for_binding_no_otherwise(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        bool stays;
    } cases[] = {
        {"commitment=binding", true},
        {"commitment=intended", false},
        {"commitment=indicative", false},
    };
    for (size_t i = 0; i < 3; i++) {
        world w;
        world_init(&w);
        world_cast_but(&w, "A", cases[i].columns);
        add_two(&w);
        world_round(&w, 'g');
        confirm(&w, "B", LOT1);
        confirm(&w, "CDEF", LOT2);
        confirm_two(&w);
        world_day(&w, "2027-02-02");
        assert_int_equal(1, world_due(&w));
        assert_in(&w, cases[i].stays ? LOT1 : "", "A");
        assert_true(claim_of(&w, "A", "a1")->answer_by_silence);
        assert_int_equal(cases[i].stays ? 4 : 3, lot_of(&w, LOT1)->shape.bodies);
        assert_int_equal(cases[i].stays ? 40 : 30, lot_of(&w, LOT1)->shape.quantity);
        assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
        world_fini(&w);
    }
}

static void a_mind_may_change_until_the_date(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "commitment=binding");
    world_round(&w, 'g');
    decline(&w, "A", LOT1);
    assert_string_equal("1 line declined in " LOT1 ".", w.effects.result);
    assert_status(KG_STATUS_ALREADY_ANSWERED, world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, ""));
    confirm(&w, "A", LOT1);
    assert_status(KG_STATUS_ALREADY_ANSWERED, world_answer(&w, "A", KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_NOT_A_MEMBER, world_answer(&w, "A", KG_KIND_LOT_CONFIRM, LOT2, ""));
    assert_status(KG_STATUS_UNKNOWN_LOT, world_answer(&w, "A", KG_KIND_LOT_CONFIRM, LOT3, ""));
    assert_status(KG_STATUS_UNKNOWN_ORGANISATION,
                  world_answer(&w, "Z", KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_UNKNOWN_LINE,
                  world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, "a1 b1"));
    assert_int_equal(2, w.decision.problems.items[0].row);
    assert_status(KG_STATUS_DUPLICATE_LINE,
                  world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, "a1 a1"));
    kg_command many = lot_command(KG_KIND_LOT_DECLINE, LOT1, "");
    many.keys.count = KG_SUBMIT_LINES_MAX + 1;
    assert_status(KG_STATUS_TOO_MANY_LINES, world_do(&w, "A", &many));
    assert_true(claim_of(&w, "A", "a1")->answer == KG_ANSWER_YES);
    assert_false(claim_of(&w, "A", "a1")->answer_by_silence);
    world_day(&w, "2027-02-02");
    assert_status(KG_STATUS_TOO_LATE, world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, ""));
    world_fini(&w);
}

static void the_coordinator_hears_the_answers(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    decline(&w, "B", LOT1);
    assert_string_equal("declined", feed_last(&w, "B", KG_FEED_LOT_ANSWERED)->detail);
    assert_string_equal("declined: B, 1 line: for a test",
                        feed_last(&w, COORDINATOR, KG_FEED_LOT_ANSWERED)->detail);
    assert_int_equal(0, feed_count(&w, "A", KG_FEED_LOT_ANSWERED));
    world_fini(&w);
}

/* A healthy lot gains a line of one that falls short; what fits nowhere is free. */
static void a_lot_that_falls_short_gives_its_lines(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    confirm(&w, "ABC", LOT1);
    confirm(&w, "DE", LOT2);
    decline(&w, "F", LOT2);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_true(w.job_ran);
    assert_string_equal("R1: 0 lots confirmed, 1 failed; 1 line was moved and may answer until "
                        "2027-02-15.",
                        w.effects.result);
    assert_int_equal(KG_LOT_FAILED, lot_state(&w, LOT2));
    assert_string_equal("2 organisations confirmed; it needs 3.", lot_of(&w, LOT2)->reason);
    assert_in(&w, LOT1, "ABCD");
    assert_int_equal(4, lot_of(&w, LOT1)->shape.bodies);
    assert_true(claim_of(&w, "D", "d1")->moved);
    assert_true(claim_of(&w, "D", "d1")->answer == KG_ANSWER_NONE);
    assert_string_equal(LOT1, feed_last(&w, "D", KG_FEED_LINE_MOVED)->lot);
    assert_string_equal("2027-02-15", feed_last(&w, "D", KG_FEED_LINE_MOVED)->detail);
    assert_int_equal(KG_REASON_DECLINED, claim_of(&w, "F", "f1")->why.reason);
    const kg_unplaced *why = &claim_of(&w, "E", "e1")->why;
    assert_int_equal(KG_REASON_LOT_FAILED, why->reason);
    assert_int_equal(1u << KG_REASON_LOT_FAILED | 1u << KG_REASON_LANGUAGE, why->blocking);
    assert_string_equal(LOT1, kg_state_lot(w.state, why->nearest_lot)->id);
    assert_int_equal(KG_CHANGE_LANGUAGES, why->change.field);
    assert_int_equal(KG_NONE, line_of(&w, "E", "e1").round);
    assert_int_equal(1, feed_count(&w, "E", KG_FEED_LOT_FAILED));
    assert_int_equal(1, feed_count(&w, "D", KG_FEED_LOT_FAILED));
    assert_int_equal(0, feed_count(&w, "A", KG_FEED_LOT_CONFIRMED));
    /* Lot 1 waits for D; the others have answered for good. */
    assert_true(campaign_of(&w, "R1")->reconfirming);
    assert_int_equal(KG_LOT_CONFIRMING, lot_state(&w, LOT1));
    assert_status(KG_STATUS_ALREADY_ANSWERED, world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, ""));
    assert_status(KG_STATUS_ALREADY_ANSWERED,
                  world_answer(&w, "A", KG_KIND_LOT_DECLINE, LOT1, "a1"));
    assert_status(KG_STATUS_NOT_ANSWERED, conclude(&w));
    confirm(&w, "D", LOT1);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_false(w.job_ran);
    assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT1));
    assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
    assert_in(&w, LOT1, "ABCD");
    world_fini(&w);
}

static void a_healthy_lot_stands_without_what_it_gained(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        char answer; /* 'y', 'n', '-': silence */
        bool stays;
    } cases[] = {
        {"", 'n', false},
        {"", '-', false},
        {"commitment=binding", '-', true},
        {"commitment=binding", 'n', false},
        {"commitment=intended", 'y', true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world w;
        world_init(&w);
        world_cast_but(&w, "D", cases[i].columns);
        world_round(&w, 'g');
        confirm(&w, "ABC", LOT1);
        confirm(&w, "DE", LOT2);
        decline(&w, "F", LOT2);
        assert_status(KG_STATUS_OK, conclude(&w));
        /* A moved line is not bound by its submission before the date. */
        assert_status(KG_STATUS_NOT_ANSWERED, conclude(&w));
        if (cases[i].answer == 'y')
            confirm(&w, "D", LOT1);
        else if (cases[i].answer == 'n')
            decline(&w, "D", LOT1);
        world_day(&w, "2027-02-15");
        assert_int_equal(0, world_due(&w));
        world_day(&w, "2027-02-16");
        assert_status(KG_STATUS_TOO_LATE, world_answer(&w, "D", KG_KIND_LOT_CONFIRM, LOT1, "d1"));
        assert_int_equal(1, world_due(&w));
        assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT1));
        assert_in(&w, cases[i].stays ? LOT1 : "", "D");
        assert_in(&w, LOT1, "ABC");
        if (!cases[i].stays)
            assert_int_equal(KG_REASON_DECLINED, claim_of(&w, "D", "d1")->why.reason);
        assert_int_equal(cases[i].answer == '-', claim_of(&w, "D", "d1")->answer_by_silence);
        world_fini(&w);
    }
}

static void two_that_fall_short_make_a_new_lot(void **state)
{
    (void)state;
    for (int last = 0; last < 2; last++) {
        world w;
        world_init(&w);
        world_cast(&w);
        world_round(&w, 'g');
        confirm(&w, "C", LOT1);
        decline(&w, "AB", LOT1);
        confirm(&w, "DE", LOT2);
        decline(&w, "F", LOT2);
        assert_status(KG_STATUS_OK, conclude(&w));
        assert_int_equal(KG_LOT_FAILED, lot_state(&w, LOT1));
        assert_int_equal(KG_LOT_FAILED, lot_state(&w, LOT2));
        assert_in(&w, LOT3, "CDE");
        assert_int_equal(KG_LOT_CONFIRMING, lot_state(&w, LOT3));
        assert_int_equal(KG_LANGUAGE_FR, lot_of(&w, LOT3)->shape.language);
        assert_int_equal(3, campaign_of(&w, "R1")->lots_count);
        confirm(&w, "CD", LOT3);
        if (last == 0) {
            confirm(&w, "E", LOT3);
            assert_status(KG_STATUS_OK, conclude(&w));
            assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT3));
            assert_in(&w, LOT3, "CDE");
        } else {
            /* It falls short now: there is no second re-run. */
            decline(&w, "E", LOT3);
            assert_status(KG_STATUS_OK, conclude(&w));
            assert_false(w.job_ran);
            assert_int_equal(KG_LOT_FAILED, lot_state(&w, LOT3));
            assert_in(&w, "", "CDE");
            assert_int_equal(KG_REASON_LOT_FAILED, claim_of(&w, "C", "c1")->why.reason);
            assert_int_equal(KG_REASON_DECLINED, claim_of(&w, "E", "e1")->why.reason);
            assert_int_equal(KG_NONE, line_of(&w, "C", "c1").round);
        }
        assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
        world_fini(&w);
    }
}

static void a_lot_that_nobody_confirms(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    confirm(&w, "ABC", LOT1);
    decline(&w, "DEF", LOT2);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_false(w.job_ran); /* there is nothing to place */
    assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
    assert_int_equal(KG_LOT_FAILED, lot_state(&w, LOT2));
    assert_string_equal("No organisation confirmed.", lot_of(&w, LOT2)->reason);
    assert_in(&w, "", "DEF");
    world_fini(&w);
}

static void a_lot_that_failed_by_hand_is_not_concluded(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    confirm(&w, "ABC", LOT1);
    confirm(&w, "D", LOT2);
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT2, "");
    world_must(&w, COORDINATOR, &fail);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_false(w.job_ran);
    assert_in(&w, LOT1, "ABC");
    assert_in(&w, "", "DEF");
    assert_int_equal(KG_REASON_LOT_FAILED, claim_of(&w, "D", "d1")->why.reason);
    world_fini(&w);
}

/* The level vector is the proposal's, whoever leaves; so are track, condition and language. */
static void x_is_fixed_at_the_proposal(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "track=kopgroep|criteria=warranty-years=3");
    world_register(&w, "AA", "nl fr", false);
    world_plan(&w, "AA", "line=aa|accepts=warranty-years=5");
    world_round(&w, 'g');
    const kg_lot *lot = lot_of(&w, LOT1);
    assert_int_equal(4, lot->shape.bodies);
    assert_int_equal(3, lot->shape.x.rank[1]); /* criteria by id: battery-cycles, warranty-years */
    assert_int_equal(4, lot->shape.headroom.rank[1]);
    assert_true(lot->curve_count > 0);
    decline(&w, "A", LOT1);
    confirm(&w, "BC", LOT1);
    assert_status(KG_STATUS_OK, world_answer(&w, "AA", KG_KIND_LOT_DECLINE, LOT1, ""));
    assert_status(KG_STATUS_OK, world_answer(&w, "AA", KG_KIND_LOT_CONFIRM, LOT1, "aa"));
    confirm(&w, "DEF", LOT2);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_int_equal(KG_LOT_CONFIRMED, lot->state);
    assert_int_equal(3, lot->shape.x.rank[1]);
    assert_int_equal(3, lot->shape.steps);
    assert_int_equal(KG_TRACK_KOPGROEP, lot->shape.track);
    assert_int_equal(3, lot->shape.bodies);
    assert_int_equal(30, lot->shape.quantity_max);
    /* A led; of those that stay only C can. */
    assert_string_equal("C", kg_state_member(w.state, lot->shape.lead)->record.id);
    world_fini(&w);
}

/* Minima other than organisations. */
static void what_a_lot_falls_short_of(void **state)
{
    (void)state;
    static const struct {
        int64_t quantity_min, value_min_cents;
        const char *reason;
    } cases[] = {
        {40, 0, "30 pieces were confirmed; it needs 40."},
        {0, 3000000, "24000.00 EUR were confirmed; it needs 30000.00."},
    };
    for (size_t i = 0; i < 2; i++) {
        world w;
        world_init(&w);
        for (char id = 'A'; id <= 'D'; id++)
            world_register(&w, (const char[]){id, '\0'}, "nl", true);
        world_plan(&w, "A", "line=a1");
        world_plan(&w, "B", "line=b1");
        world_plan(&w, "C", "line=c1");
        world_plan(&w, "D", "line=d1");
        kg_command open = round_command("R1");
        open.round_rules.quantity_min = cases[i].quantity_min;
        open.round_rules.value_min_cents = cases[i].value_min_cents;
        world_must(&w, COORDINATOR, &open);
        assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
        assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
        assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
        confirm(&w, "ABC", LOT1);
        decline(&w, "D", LOT1);
        assert_status(KG_STATUS_OK, conclude(&w));
        assert_true(w.job_ran);
        assert_string_equal(cases[i].reason, lot_of(&w, LOT1)->reason);
        assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
        assert_in(&w, "", "ABCD");
        world_fini(&w);
    }
}

/* The re-run's outcome speaks of the job's lines; the event of places in the claims. */
static void the_rerun_leaves_out_who_declined(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    add_two(&w);
    world_round(&w, 'g');
    decline(&w, "A", LOT1);
    confirm(&w, "B", LOT1);
    confirm_two(&w);
    confirm(&w, "CE", LOT2);
    decline(&w, "DF", LOT2);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_true(w.job_ran);
    assert_in(&w, "", "ADEF");
    assert_in(&w, LOT1, "BC");
    assert_string_equal(LOT1, lot_id_of(&w, "AA", "aa"));
    assert_int_equal(4, lot_of(&w, LOT1)->members_count);
    assert_int_equal(KG_REASON_LOT_FAILED, claim_of(&w, "E", "e1")->why.reason);
    world_fini(&w);
}

static void untouched_lots_are_confirmed_at_once(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    for (char id = 'X'; id <= 'Z'; id++) {
        world_register(&w, (const char[]){id, '\0'}, "de", true);
        world_plan(&w, (const char[]){id, '\0'}, "line=1");
    }
    world_round(&w, 'g');
    confirm(&w, "ABC", LOT1);
    confirm(&w, "DE", LOT2);
    decline(&w, "F", LOT2);
    confirm(&w, "XYZ", LOT3);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_int_equal(KG_LOT_CONFIRMING, lot_state(&w, LOT1));
    assert_int_equal(KG_LOT_CONFIRMED, lot_state(&w, LOT3));
    assert_int_equal(1, campaign_of(&w, "R1")->lots_live);
    /* It may be launched while the others are asked again; then the round stands. */
    kg_command launch = launch_command("T1", LOT3, "X");
    world_must(&w, COORDINATOR, &launch);
    assert_status(KG_STATUS_ROUND_STATE, world_step(&w, KG_KIND_ROUND_CANCEL, "R1"));
    decline(&w, "D", LOT1);
    assert_status(KG_STATUS_OK, conclude(&w));
    assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
    assert_int_equal(KG_LOT_LAUNCHED, lot_state(&w, LOT3));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_confirm),
        cmocka_unit_test(not_before_all_have_answered),
        cmocka_unit_test(silence_is_yes_for_binding_no_otherwise),
        cmocka_unit_test(a_mind_may_change_until_the_date),
        cmocka_unit_test(the_coordinator_hears_the_answers),
        cmocka_unit_test(a_lot_that_falls_short_gives_its_lines),
        cmocka_unit_test(a_healthy_lot_stands_without_what_it_gained),
        cmocka_unit_test(two_that_fall_short_make_a_new_lot),
        cmocka_unit_test(a_lot_that_nobody_confirms),
        cmocka_unit_test(a_lot_that_failed_by_hand_is_not_concluded),
        cmocka_unit_test(x_is_fixed_at_the_proposal),
        cmocka_unit_test(what_a_lot_falls_short_of),
        cmocka_unit_test(the_rerun_leaves_out_who_declined),
        cmocka_unit_test(untouched_lots_are_confirmed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
