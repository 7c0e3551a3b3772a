/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

static void lines_are_taken_amended_left(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "fr nl", false);
    world_plan(&w, "A", "line=a1\nline=a2|title=Portables|quantity=3|languages=de");
    assert_string_equal("2 new, 0 amended, 0 unchanged.", w.effects.result);
    assert_int_equal(2, kg_state_lines(w.state));
    assert_string_equal("A", line_of(&w, "A", "a1").line.organisation);
    /* The organisation's languages are the default of a line. */
    assert_int_equal(3, line_of(&w, "A", "a1").line.languages);
    assert_int_equal(4, line_of(&w, "A", "a2").line.languages);
    assert_int_equal(800000, line_of(&w, "A", "a1").line.value_cents);
    world_plan(&w, "A",
               "line=a1|quantity=11\nline=a2|title=Portables|quantity=3|languages=de\n"
               "line=a3");
    assert_string_equal("1 new, 1 amended, 1 unchanged.", w.effects.result);
    assert_int_equal(11, line_of(&w, "A", "a1").line.quantity);
    assert_int_equal(w.sequence, line_of(&w, "A", "a1").sequence);
    assert_int_equal(w.sequence - 1, line_of(&w, "A", "a2").sequence);
    assert_string_equal("Portables", line_of(&w, "A", "a2").line.title);
    assert_string_equal("1 new, 1 amended", feed_last(&w, "A", KG_FEED_PLAN_TAKEN)->detail);
    world_fini(&w);
}

static size_t lines_seen;

static void count_lines(void *context, const kg_event *event, const kg_catalogue *catalogue)
{
    (void)context;
    (void)catalogue;
    lines_seen = event->lines_count;
}

static void what_stands_is_not_journalled_again(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2\nline=a3");
    w.seen = count_lines;
    size_t told = feed_of(&w, "A")->count;
    world_plan(&w, "A", "line=a1\nline=a2|quantity=4\nline=a3");
    assert_int_equal(1, lines_seen);
    world_plan(&w, "A", "line=a1\nline=a3");
    assert_int_equal(0, lines_seen);
    assert_string_equal("0 new, 0 amended, 2 unchanged.", w.effects.result);
    assert_int_equal(told + 1, feed_of(&w, "A")->count);
    world_fini(&w);
}

static const kg_command *read_command(kg_command *command, const world *w, const char *lines)
{
    *command = submit_command(lines);
    kg_submit_read(command, kg_state_catalogue(w->state));
    return command;
}

/* Before the state is asked, only what is right in any organisation's plan. */
static void lines_are_read_without_their_member(void **state)
{
    (void)state;
    world w;
    kg_command command;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_non_null(read_command(&command, &w, "line=a1\nline=a2|languages=de")->submit.lines);
    assert_ptr_equal(kg_state_catalogue(w.state), command.submit.read_by);
    assert_string_equal("a2", command.submit.lines[1].line);
    assert_int_equal(0, command.submit.lines[0].languages);
    assert_int_equal(800000, command.submit.lines[0].value_cents);
    kg_command_fini(&command);
    assert_null(read_command(&command, &w, "line=a1\nline=a2|quantity=x")->submit.lines);
    kg_command_fini(&command);
    assert_null(read_command(&command, &w, "line=a1|organisation=B")->submit.lines);
    kg_command_fini(&command);
    world_fini(&w);
}

/* A catalogue that has come since is the one that counts. */
static void lines_read_by_another_catalogue_are_read_again(void **state)
{
    (void)state;
    world w;
    kg_command command;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    read_command(&command, &w, "line=a1|quantity=3");
    command.submit.lines[0].quantity = 4;
    command.submit.read_by = NULL;
    world_must(&w, "A", &command);
    assert_int_equal(3, line_of(&w, "A", "a1").line.quantity);
    read_command(&command, &w, "line=a1|quantity=3");
    command.submit.lines[0].quantity = 4;
    world_must(&w, "A", &command);
    assert_int_equal(4, line_of(&w, "A", "a1").line.quantity);
    world_fini(&w);
}

static void same_key_of_two_organisations_are_two_lines(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_register(&w, "B", "nl", false);
    world_plan(&w, "A", "line=1|quantity=1");
    world_plan(&w, "B", "line=1|quantity=2");
    assert_int_equal(1, line_of(&w, "A", "1").line.quantity);
    assert_int_equal(2, line_of(&w, "B", "1").line.quantity);
    world_fini(&w);
}

static void a_bad_message_is_refused_whole(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_status(KG_STATUS_QUANTITY,
                  world_submit(&w, "A", "line=a1\nline=a2|quantity=x|nuts=BE9\nline=a3\nline=a1"));
    assert_string_equal("3 problems in 2 lines; nothing was taken.", world_detail(&w));
    const kg_problems *problems = &w.decision.problems;
    assert_int_equal(2, problems->items[0].row);
    assert_string_equal("quantity", problems->items[0].column);
    assert_int_equal(2, problems->items[1].row);
    assert_status(KG_STATUS_NUTS, problems->items[1].status);
    assert_int_equal(4, problems->items[2].row);
    assert_status(KG_STATUS_DUPLICATE_LINE, problems->items[2].status);
    assert_string_equal("a1", problems->items[2].value);
    assert_int_equal(0, kg_state_lines(w.state));
    world_fini(&w);
}

/* Every refusal of a line goes through to the reply as it is. */
static void refusals_of_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        kg_status status;
    } cases[] = {
        {"line=", KG_STATUS_MISSING},
        {"line=\x01", KG_STATUS_LINE_KEY},
        {"line=a|title=\x01", KG_STATUS_ENCODING},
        {"line=a|cpv=3021", KG_STATUS_CPV},
        {"line=a|category=laptops", KG_STATUS_UNKNOWN_CATEGORY},
        {"line=a|cpv=30231300", KG_STATUS_CATEGORY_CPV},
        {"line=a|condition=old", KG_STATUS_CONDITION},
        {"line=a|quantity=0", KG_STATUS_QUANTITY},
        {"line=a|value=1,234", KG_STATUS_VALUE},
        {"line=a|category=monitor", KG_STATUS_NO_VALUE},
        {"line=a|currency=USD", KG_STATUS_CURRENCY},
        {"line=a|delivery_from=2027-02-30", KG_STATUS_DATE},
        {"line=a|delivery_to=2027-01-01", KG_STATUS_DATE_ORDER},
        {"line=a|nuts=XX", KG_STATUS_NUTS},
        {"line=a|languages=xx", KG_STATUS_LANGUAGE},
        {"line=a|track=first", KG_STATUS_TRACK},
        {"line=a|commitment=sure", KG_STATUS_COMMITMENT},
        {"line=a|criteria=repair=manual", KG_STATUS_UNKNOWN_CRITERION},
        {"line=a|criteria=warranty-years=4", KG_STATUS_UNKNOWN_LEVEL},
        {"line=a|criteria=warranty-years=3|accepts=warranty-years=1", KG_STATUS_LEVEL_ORDER},
        {"line=a|profile=none", KG_STATUS_UNKNOWN_PROFILE},
        {"line=a|criteria=warranty-years=3 warranty-years=3", KG_STATUS_PROFILE_CRITERIA},
        {"line=a|lifetime_years=0", KG_STATUS_LIFETIME},
        {"line=a|organisation=B", KG_STATUS_UNKNOWN_COLUMN},
    };
    world w;
    char title[KG_TITLE_BYTES_MAX + 20] = "line=a|title=";
    world_init(&w);
    world_register(&w, "A", "nl", false);
    memset(title + strlen(title), 'x', KG_TITLE_BYTES_MAX + 1);
    assert_status(KG_STATUS_TOO_LONG, world_submit(&w, "A", title));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_status status = world_submit(&w, "A", cases[i].line);
        if (status != cases[i].status)
            fail_msg("%s: %s", cases[i].line, kg_status_name(status));
        assert_int_equal(1, w.decision.problems.items[0].row);
    }
    world_fini(&w);
}

static void refusals_of_a_message(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_status(KG_STATUS_UNKNOWN_ORGANISATION, world_submit(&w, "B", "line=b1"));
    assert_status(KG_STATUS_EMPTY, world_submit(&w, "A", ""));
    kg_command many = submit_command("line=a1");
    many.submit.drafts =
        kg_arena_alloc(&many.arena, (KG_SUBMIT_LINES_MAX + 1) * sizeof *many.submit.drafts);
    many.submit.count = KG_SUBMIT_LINES_MAX + 1;
    assert_status(KG_STATUS_TOO_MANY_LINES, world_do(&w, "A", &many));
    kg_command unknown;
    kg_command_init(&unknown, KG_KIND_QUERY);
    assert_status(KG_STATUS_UNKNOWN_KIND, world_do(&w, "A", &unknown));
    world_fini(&w);
}

static void no_lines_before_there_is_a_catalogue(void **state)
{
    (void)state;
    kg_state *fresh = kg_state_new();
    world w = {.state = fresh};
    kg_effects_init(&w.effects);
    kg_decision_init(&w.decision);
    world_day(&w, "2026-11-24");
    world_register(&w, "A", "nl", false);
    assert_status(KG_STATUS_CATALOGUE, world_submit(&w, "A", "line=a1"));
    kg_command open = round_command("R1");
    assert_status(KG_STATUS_CATALOGUE, world_do(&w, "A", &open));
    world_fini(&w);
}

static void a_claimed_line_stands_still(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2|nuts=FR101");
    world_round(&w, 'c');
    assert_status(KG_STATUS_LINE_CLAIMED,
                  world_submit(&w, "A", "line=a2|nuts=FR101|quantity=9\nline=a1|quantity=9"));
    assert_int_equal(2, w.decision.problems.items[0].row);
    assert_string_equal("a1", w.decision.problems.items[0].value);
    assert_int_equal(10, line_of(&w, "A", "a2").line.quantity);
    /* Unchanged it may come again; what no round has claimed may change. */
    world_plan(&w, "A", "line=a2|nuts=FR101|quantity=9\nline=a1");
    assert_string_equal("0 new, 1 amended, 1 unchanged.", w.effects.result);
    /* A line in no lot is free again with the proposal. */
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    world_plan(&w, "A", "line=a1|quantity=9");
    /* What the round saw stays as it was. */
    assert_int_equal(10, claim_of(&w, "A", "a1")->line.quantity);
    world_fini(&w);
}

static kg_status send_part(world *w, char plan, uint32_t part, uint32_t parts, const char *lines)
{
    kg_command command = submit_command(lines);
    memset(command.submit.plan_id, plan, sizeof command.submit.plan_id);
    command.submit.part = part;
    command.submit.parts = parts;
    return world_do(w, "A", &command);
}

static void parts_are_taken_with_the_last(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a2\nline=a9");
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 1, 3, "line=a1\nline=a2|quantity=5"));
    assert_string_equal("Part 1 of 3 is held with 2 lines; all are taken with the last.",
                        w.effects.result);
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 2, 3, "line=a3"));
    assert_int_equal(2, kg_state_lines(w.state));
    assert_int_equal(10, line_of(&w, "A", "a2").line.quantity);
    /* Withdrawn meanwhile, and sent by an earlier part: it is there again. */
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a2"));
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 3, 3, "line=a4\nline=a9"));
    assert_string_equal("3 new, 0 amended, 1 unchanged, 1 back after a withdrawal.",
                        w.effects.result);
    assert_int_equal(5, line_of(&w, "A", "a2").line.quantity);
    assert_false(line_of(&w, "A", "a2").withdrawn);
    assert_int_equal(5, kg_state_lines(w.state));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 3, 3, "line=a5"));
    world_fini(&w);
}

static void parts_that_do_not_fit(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 2, 3, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 0, 1, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 1, 0, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 3, 2, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 1, KG_PLAN_PARTS_MAX + 1, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 0, 1, 2, "line=a1"));
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 1, 3, "line=a1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 3, 3, "line=a2"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 2, 4, "line=a2"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'q', 2, 3, "line=a2"));
    assert_status(KG_STATUS_DUPLICATE_LINE, send_part(&w, 'p', 2, 3, "line=a2\nline=a1"));
    /* What was refused leaves the plan as it was. */
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 2, 3, "line=a2"));
    /* Another plan drops it. */
    world_plan(&w, "A", "line=b1");
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'p', 3, 3, "line=a3"));
    assert_int_equal(1, kg_state_lines(w.state));
    assert_status(KG_STATUS_OK, send_part(&w, 'q', 1, 2, "line=c1"));
    assert_status(KG_STATUS_OK, send_part(&w, 'r', 1, 2, "line=d1"));
    assert_status(KG_STATUS_PLAN_PART, send_part(&w, 'q', 2, 2, "line=c2"));
    assert_status(KG_STATUS_OK, send_part(&w, 'r', 2, 2, "line=d2"));
    assert_int_equal(3, kg_state_lines(w.state));
    world_fini(&w);
}

static void a_round_that_closes_between_parts(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2");
    world_round(&w, 'o');
    assert_status(KG_STATUS_OK, send_part(&w, 'p', 1, 2, "line=a1|quantity=5\nline=a2"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
    assert_status(KG_STATUS_LINE_CLAIMED, send_part(&w, 'p', 2, 2, "line=a3"));
    assert_int_equal(1, w.decision.problems.count);
    assert_string_equal("a1", w.decision.problems.items[0].value);
    assert_string_equal("1 problem; nothing was taken.", world_detail(&w));
    assert_int_equal(2, kg_state_lines(w.state));
    world_fini(&w);
}

/* The lines that the last event made, changed or withdrew. */
static void changed(const world *w, size_t count, const uint32_t *lines)
{
    assert_int_equal(count, w->effects.lines_count);
    assert_memory_equal(lines, w->effects.lines, count * sizeof *lines);
    assert_false(w->effects.catalogue_changed);
}

static void what_changed_is_named(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1\nline=a2\nline=a3");
    changed(&w, 3, (const uint32_t[]){0, 1, 2});
    world_plan(&w, "A", "line=a4\nline=a1\nline=a2|quantity=11");
    changed(&w, 2, (const uint32_t[]){3, 1}); /* nothing of a1, which stands as it was */
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a3 a1"));
    changed(&w, 2, (const uint32_t[]){2, 0});
    assert_status(KG_STATUS_OK, world_catalogue(&w, kg_state_catalogue_text(w.state)));
    assert_true(w.effects.catalogue_changed);
    assert_int_equal(0, w.effects.lines_count);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_amended_left),
        cmocka_unit_test(what_stands_is_not_journalled_again),
        cmocka_unit_test(lines_are_read_without_their_member),
        cmocka_unit_test(lines_read_by_another_catalogue_are_read_again),
        cmocka_unit_test(same_key_of_two_organisations_are_two_lines),
        cmocka_unit_test(a_bad_message_is_refused_whole),
        cmocka_unit_test(refusals_of_a_line),
        cmocka_unit_test(refusals_of_a_message),
        cmocka_unit_test(no_lines_before_there_is_a_catalogue),
        cmocka_unit_test(a_claimed_line_stands_still),
        cmocka_unit_test(parts_are_taken_with_the_last),
        cmocka_unit_test(parts_that_do_not_fit),
        cmocka_unit_test(a_round_that_closes_between_parts),
        cmocka_unit_test(what_changed_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
