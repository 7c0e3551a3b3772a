/* SPDX-License-Identifier: EUPL-1.2 */
/* A coordinator is shown members' lines, and each of them can see so. */
#include "helper_world.h"

static kg_status read(world *w, const char *actor, const char *round, const char *lot)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_LINES_READ);
    command.round = round;
    command.lot = lot;
    return world_do(w, actor, &command);
}

static uint32_t reads(const world *w, const char *organisation)
{
    uint32_t member = kg_state_find_member(w->state, organisation);
    return kg_campaign_body(w->state, campaign_of(w, "R1"), member)->reads;
}

static void a_round_from_closed_on_and_only_ones_own(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'o');
    assert_status(KG_STATUS_ROUND_STATE, read(&w, COORDINATOR, "R1", NULL));
    world_step(&w, KG_KIND_ROUND_CLOSE, "R1");
    assert_status(KG_STATUS_OK, read(&w, COORDINATOR, "R1", NULL));
    assert_status(KG_STATUS_NOT_YOUR_ROUND, read(&w, "A", "R1", NULL));
    assert_status(KG_STATUS_UNKNOWN_ROUND, read(&w, COORDINATOR, "R9", NULL));
    assert_status(KG_STATUS_UNKNOWN_LOT, read(&w, COORDINATOR, NULL, LOT1));
    world_step(&w, KG_KIND_ROUND_PROPOSE, "R1");
    assert_status(KG_STATUS_NOT_YOUR_ROUND, read(&w, "A", NULL, LOT1));
    assert_status(KG_STATUS_OK, read(&w, COORDINATOR, NULL, LOT1));
    world_fini(&w);
}

/* Every read counts; a feed tells of the first on a day of each lot or round. */
static void feeds_tell_once_a_day_and_counts_all(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p'); /* LOT1 is A's, B's and C's */
    uint64_t changed = campaign_of(&w, "R1")->changed;
    for (int i = 0; i < 5; i++)
        assert_status(KG_STATUS_OK, read(&w, COORDINATOR, NULL, LOT1));
    assert_int_equal(5, reads(&w, "A"));
    assert_int_equal(0, reads(&w, "D"));
    assert_int_equal(1, feed_count(&w, "A", KG_FEED_LINES_READ));
    assert_int_equal(0, feed_count(&w, "D", KG_FEED_LINES_READ));
    assert_string_equal(LOT1, feed_last(&w, "A", KG_FEED_LINES_READ)->lot);
    assert_string_equal("R1", feed_last(&w, "A", KG_FEED_LINES_READ)->round);
    assert_string_equal(COORDINATOR, feed_last(&w, "A", KG_FEED_LINES_READ)->detail);
    read(&w, COORDINATOR, "R1", NULL);
    read(&w, COORDINATOR, "R1", NULL);
    assert_int_equal(7, reads(&w, "A"));
    assert_int_equal(2, reads(&w, "D"));
    assert_int_equal(2, feed_count(&w, "A", KG_FEED_LINES_READ));
    assert_string_equal("", feed_last(&w, "D", KG_FEED_LINES_READ)->lot);
    assert_int_equal(0, feed_count(&w, COORDINATOR, KG_FEED_LINES_READ));
    w.now.today++;
    w.now.time_ms += 86400000;
    read(&w, COORDINATOR, NULL, LOT1);
    assert_int_equal(3, feed_count(&w, "A", KG_FEED_LINES_READ));
    assert_int_equal(1, feed_count(&w, "D", KG_FEED_LINES_READ));
    assert_true(campaign_of(&w, "R1")->changed == changed); /* no grouping has to begin again */
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_from_closed_on_and_only_ones_own),
        cmocka_unit_test(feeds_tell_once_a_day_and_counts_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
