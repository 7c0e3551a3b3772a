/* SPDX-License-Identifier: EUPL-1.2 */
/* How many lines an organisation may have open. */
#include "helper_world.h"

static bool fits(const world *w, const char *organisation, const char *lines, size_t most)
{
    size_t open;
    kg_command command = submit_command(lines);
    bool good = kg_state_lines_fit(w->state, kg_state_find_member(w->state, organisation),
                                   &command.submit, most, &open);
    kg_command_fini(&command);
    return good;
}

static void what_is_new_counts(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_true(fits(&w, "A", "line=a1\nline=a2\nline=a3", 3));
    assert_false(fits(&w, "A", "line=a1\nline=a2\nline=a3\nline=a4", 3));
    world_plan(&w, "A", "line=a1\nline=a2\nline=a3");
    assert_false(fits(&w, "A", "line=a4", 3));
    assert_false(fits(&w, "A", "line=a1|quantity=7\nline=a4", 3));
    assert_true(fits(&w, "A", "line=a1|quantity=7\nline=a2", 3)); /* amended */
    assert_true(fits(&w, "A", "line=a4", 4));
    world_withdraw(&w, "A", "a2");
    assert_true(fits(&w, "A", "line=a4", 3));
    assert_false(fits(&w, "A", "line=a4\nline=a2", 3));  /* back after a withdrawal */
    assert_true(fits(&w, "A", "line=a1|quantity=9", 1)); /* the quota was made smaller since */
    world_fini(&w);
}

static void parts_that_are_held_count(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    kg_command first = submit_command("line=a1\nline=a2");
    memset(first.submit.plan_id, 1, sizeof first.submit.plan_id);
    first.submit.parts = 2;
    world_must(&w, "A", &first);
    kg_command second = submit_command("line=a3");
    second.submit.part = second.submit.parts = 2;
    size_t open;
    uint32_t member = kg_state_find_member(w.state, "A");
    assert_false(kg_state_lines_fit(w.state, member, &second.submit, 2, &open));
    assert_true(kg_state_lines_fit(w.state, member, &second.submit, 3, &open));
    kg_command_fini(&second);
    world_fini(&w);
}

/* A line that was placed in a round that is concluded is bought, not planned. */
static void what_is_bought_is_not_open(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    assert_false(fits(&w, "A", "line=a9", 1));
    for (const char *who = "ABCDEF"; *who; who++)
        world_answer(&w, (char[]){*who, 0}, KG_KIND_LOT_CONFIRM, *who < 'D' ? LOT1 : LOT2, "");
    world_step(&w, KG_KIND_ROUND_CONCLUDE, "R1");
    assert_true(fits(&w, "A", "line=a9", 1));
    assert_false(fits(&w, "A", "line=a9\nline=a8", 1));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_new_counts),
        cmocka_unit_test(parts_that_are_held_count),
        cmocka_unit_test(what_is_bought_is_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
