/* SPDX-License-Identifier: EUPL-1.2 */
/* What the date asks of the broker itself. */
#include "helper_world.h"

/* The kind that is due, KG_KIND_NONE for nothing; `round` must be it. */
static kg_kind due(const world *w, const char *round)
{
    kg_command command;
    if (!kg_state_due(w->state, w->now, &(size_t){0}, &command))
        return KG_KIND_NONE;
    kg_kind kind = command.kind;
    assert_string_equal(round, command.round);
    kg_command_fini(&command);
    return kind;
}

static void the_life_of_a_round_by_date(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "commitment=binding");
    kg_command open = round_command("R1");
    open.round_rules.opens = day("2026-12-01");
    world_must(&w, COORDINATOR, &open);
    assert_int_equal(KG_ROUND_DRAFT, campaign_of(&w, "R1")->state);
    world_day(&w, "2026-11-30");
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_day(&w, "2026-12-01");
    assert_int_equal(KG_KIND_ROUND_START, due(&w, "R1"));
    assert_int_equal(1, world_due(&w));
    assert_int_equal(KG_ROUND_OPEN, campaign_of(&w, "R1")->state);
    world_day(&w, "2027-01-15"); /* the last day on which lines are taken */
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_day(&w, "2027-01-16");
    assert_int_equal(KG_KIND_ROUND_CLOSE, due(&w, "R1"));
    assert_int_equal(1, world_due(&w));
    assert_int_equal(6, campaign_of(&w, "R1")->claims_count);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    for (const char *at = "ABC"; *at; at++)
        assert_status(KG_STATUS_OK,
                      world_answer(&w, (const char[]){*at, '\0'}, KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_OK, world_answer(&w, "D", KG_KIND_LOT_CONFIRM, LOT2, ""));
    world_day(&w, "2027-02-01");
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_day(&w, "2027-02-02");
    assert_int_equal(KG_KIND_ROUND_CONCLUDE, due(&w, "R1"));
    assert_int_equal(1, world_due(&w));
    assert_true(campaign_of(&w, "R1")->reconfirming);
    world_day(&w, "2027-02-15");
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_day(&w, "2027-02-16");
    assert_int_equal(KG_KIND_ROUND_CONCLUDE, due(&w, "R1"));
    assert_int_equal(1, world_due(&w));
    assert_int_equal(KG_LOT_CONFIRMED, lot_of(&w, LOT1)->state);
    world_day(&w, "2027-03-01");
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_day(&w, "2027-03-02");
    assert_int_equal(KG_KIND_LOTS_EXPIRE, due(&w, "R1"));
    assert_int_equal(1, world_due(&w));
    assert_int_equal(KG_LOT_EXPIRED, lot_of(&w, LOT1)->state);
    assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
    assert_int_equal(1, feed_count(&w, "A", KG_FEED_LOT_EXPIRED));
    assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
    world_fini(&w);
}

/* Who comes back after a long time finds everything that was due done, in order. */
static void all_at_once(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    kg_command draft = round_command("R2");
    draft.round_rules.opens = day("2026-12-01");
    world_must(&w, COORDINATOR, &draft);
    world_round(&w, 'g'); /* R1 has the lines */
    world_day(&w, "2028-01-01");
    /* R2: start, close, cancel; R1: conclude (nobody answered: all lots fail). */
    assert_int_equal(4, world_due(&w));
    assert_int_equal(KG_ROUND_CANCELLED, campaign_of(&w, "R2")->state);
    assert_string_equal("award_by passed before the round was confirmed",
                        campaign_of(&w, "R2")->reason);
    assert_int_equal(KG_ROUND_CONCLUDED, campaign_of(&w, "R1")->state);
    assert_int_equal(KG_LOT_FAILED, lot_of(&w, LOT1)->state);
    assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
    world_fini(&w);
}

/* A round that its coordinator forgets does not hold its lines for ever. */
static void a_forgotten_round(void **state)
{
    (void)state;
    static const char until[] = {'c', 'p'};
    for (size_t i = 0; i < sizeof until; i++) {
        world w;
        world_init(&w);
        world_cast(&w);
        world_round(&w, until[i]);
        world_day(&w, "2027-03-01");
        assert_int_equal(KG_KIND_NONE, due(&w, "R1"));
        world_day(&w, "2027-03-02");
        assert_int_equal(KG_KIND_ROUND_CANCEL, due(&w, "R1"));
        if (until[i] == 'c')
            assert_status(KG_STATUS_TOO_LATE, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
        assert_int_equal(1, world_due(&w));
        assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
        world_fini(&w);
    }
}

static void an_awarded_lot_does_not_expire(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    for (const char *at = "ABCDEF"; *at; at++)
        assert_status(KG_STATUS_OK, world_answer(&w, (const char[]){*at, '\0'}, KG_KIND_LOT_CONFIRM,
                                                 *at < 'D' ? LOT1 : LOT2, ""));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONCLUDE, "R1"));
    kg_command launch = launch_command("T1", LOT1 " " LOT2, "C");
    world_must(&w, COORDINATOR, &launch);
    kg_command award = award_command(LOT1);
    world_must(&w, COORDINATOR, &award);
    world_day(&w, "2027-03-02");
    assert_int_equal(1, world_due(&w));
    assert_string_equal("R1: 1 lot expired.", w.effects.result);
    assert_int_equal(KG_LOT_AWARDED, lot_of(&w, LOT1)->state);
    assert_int_equal(KG_LOT_EXPIRED, lot_of(&w, LOT2)->state);
    assert_int_equal(0, line_of(&w, "A", "a1").round);
    assert_int_equal(KG_NONE, line_of(&w, "D", "d1").round);
    /* Where it was stays to be seen. */
    assert_string_equal(LOT2, lot_id_of(&w, "D", "d1"));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_life_of_a_round_by_date),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(a_forgotten_round),
        cmocka_unit_test(an_awarded_lot_does_not_expire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
