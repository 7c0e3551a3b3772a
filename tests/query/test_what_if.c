/* SPDX-License-Identifier: EUPL-1.2 */
/* What a line would join today, before the round closes: the same as the proposal says afterwards
 * where amounts do not decide, and of others no more than a lot of enough of them has in common. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#define MEMBER KG_ROLE_ORGANISATION

static const char *const bodies[] = {"A", "B", "C", "D", "E", "F"};
#define BODIES (sizeof bodies / sizeof *bodies)

/* Six bodies of one language, the first with a criterion that the last does not accept. */
static void fill(world *w)
{
    for (size_t i = 0; i < BODIES; i++) {
        char line[200];
        world_register(w, bodies[i], "nl", true);
        kg_text_format(line, sizeof line, "line=l%zu%s", i + 1,
                       i == 0   ? "|track=kopgroep|criteria=warranty-years=5"
                       : i == 5 ? "|accepts=warranty-years=2"
                                : "");
        world_plan(w, bodies[i], line);
    }
    kg_command command = round_command("R1");
    command.round_rules.bodies_min = 5;
    world_must(w, COORDINATOR, &command);
}

static json_t *what_if(const world *w, const char *organisation, const char *line)
{
    kg_query query = query_of(KG_VIEW_WHAT_IF, NULL, NULL, line);
    return asked(w, organisation, MEMBER, &query);
}

static void a_line_that_fits_is_placed(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    fill(&w);
    json_t *answer = what_if(&w, "B", "l2");
    assert_string_equal(text(answer, "outcome"), "placed");
    assert_string_equal(text(answer, "round"), "R1");
    const json_t *lot = entry(answer, "lot");
    assert_string_equal(text(lot, "track"), "kopgroep");
    assert_json(lot, "criteria", "{\"warranty-years\":\"5\"}");
    assert_json(lot, "organisations_at_least", "5");
    assert_false(holds(answer, "\"A\""));
    json_decref(answer);
    world_fini(&w);
}

static void a_line_that_does_not_is_told_why(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    fill(&w);
    json_t *answer = what_if(&w, "F", "l6");
    assert_string_equal(text(answer, "outcome"), "left-out");
    assert_string_equal(text(answer, "reason"), "CRITERION");
    const json_t *change = entry(answer, "change");
    assert_string_equal(text(change, "field"), "accepts");
    assert_string_equal(text(change, "criterion"), "warranty-years");
    assert_string_equal(text(change, "to"), "5");
    json_decref(answer);
    world_plan(&w, "F", "line=l6|accepts=warranty-years=5"); /* the change does what it says */
    answer = what_if(&w, "F", "l6");
    assert_string_equal(text(answer, "outcome"), "placed");
    json_decref(answer);
    world_fini(&w);
}

static void the_proposal_says_the_same(void **state)
{
    world w;
    char *outcomes[BODIES];
    (void)state;
    world_init(&w);
    fill(&w);
    for (size_t i = 0; i < BODIES; i++) {
        char line[8];
        kg_text_format(line, sizeof line, "l%zu", i + 1);
        json_t *answer = what_if(&w, bodies[i], line);
        outcomes[i] = kg_strdup(text(answer, "outcome"));
        json_decref(answer);
    }
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    for (size_t i = 0; i < BODIES; i++) {
        char line[8];
        kg_text_format(line, sizeof line, "l%zu", i + 1);
        kg_query query = query_of(KG_VIEW_EXPLAIN, NULL, NULL, line);
        json_t *answer = asked(&w, bodies[i], MEMBER, &query);
        assert_string_equal(text(answer, "standing"),
                            strcmp(outcomes[i], "placed") == 0 ? "placed" : "unplaced");
        json_decref(answer);
        free(outcomes[i]);
    }
    world_fini(&w);
}

static void few_are_not_told_of(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w); /* lots of three */
    world_round(&w, 'o');
    json_t *answer = what_if(&w, "A", "a1");
    assert_string_equal(text(answer, "outcome"), "placed");
    assert_true(is_null(answer, "lot"));
    json_decref(answer);
    world_register(&w, "G", "de", false);
    world_plan(&w, "G", "line=g1|languages=de");
    answer = what_if(&w, "G", "g1");
    assert_string_equal(text(answer, "outcome"), "left-out");
    assert_true(is_null(answer, "nearest"));
    assert_true(is_null(answer, "change"));
    json_decref(answer);
    world_fini(&w);
}

/* Bodies under one parent are one contributor. */
static void a_holding_counts_once(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    fill(&w);
    for (size_t i = 1; i < 4; i++) {
        kg_command command;
        kg_command_init(&command, KG_KIND_REGISTER);
        kg_organisation_fini(&command.record);
        record_init(&command.record, bodies[i], "nl");
        kg_text_format(command.record.parent, sizeof command.record.parent, "A");
        world_must(&w, COORDINATOR, &command);
    }
    json_t *answer = what_if(&w, "B", "l2");
    assert_string_equal(text(answer, "outcome"), "placed");
    assert_true(is_null(answer, "lot"));
    json_decref(answer);
    world_fini(&w);
}

/* Whatever the others' lines come to, the answer is the same: else who amends its own line and asks
 * again finds the amount at which the answer changes. */
static void amounts_change_nothing(void **state)
{
    static const char *const amounts[] = {"quantity=1|value=100", "quantity=5000|value=900000"};
    static const char *const keys[] = {"l2", "l6"};
    (void)state;
    for (size_t key = 0; key < 2; key++) {
        char *answers[2];
        for (size_t i = 0; i < 2; i++) {
            world w;
            world_init(&w);
            fill(&w);
            for (size_t body = 0; body < BODIES; body += 2) {
                char line[200];
                kg_text_format(line, sizeof line, "line=m%zu|%s|accepts=warranty-years=%d", body,
                               amounts[i], body == 2 ? 2 : 7);
                world_plan(&w, bodies[body], line);
            }
            kg_command command = round_command("R2"); /* asked for by name: it has limits */
            command.round_rules.bodies_min = 3;
            command.round_rules.quantity_min = 100;
            command.round_rules.value_min_cents = 10000000;
            command.round_rules.value_max_cents = 50000000;
            world_must(&w, COORDINATOR, &command);
            kg_query query = query_of(KG_VIEW_WHAT_IF, "R2", NULL, keys[key]);
            json_t *answer = asked(&w, bodies[key == 0 ? 1 : 5], MEMBER, &query);
            answers[i] = json_dumps(answer, JSON_COMPACT);
            json_decref(answer);
            world_fini(&w);
        }
        assert_string_equal(answers[0], answers[1]);
        free(answers[0]);
        free(answers[1]);
    }
}

static void who_may_ask_what(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    fill(&w);
    kg_query query = query_of(KG_VIEW_WHAT_IF, NULL, NULL, "l1");
    refused(&w, "B", MEMBER, &query, KG_STATUS_UNKNOWN_LINE); /* A's */
    query = query_of(KG_VIEW_WHAT_IF, "R9", NULL, "l2");
    refused(&w, "B", MEMBER, &query, KG_STATUS_UNKNOWN_ROUND);
    world_plan(&w, "B", "line=far|nuts=NL350");
    json_t *answer = what_if(&w, "B", "far");
    assert_string_equal(text(answer, "outcome"), "no-open-round");
    json_decref(answer);
    query = query_of(KG_VIEW_WHAT_IF, "R1", NULL, "far");
    answer = asked(&w, "B", MEMBER, &query);
    assert_string_equal(text(answer, "reason"), "NOT_IN_SCOPE");
    json_decref(answer);
    assert_status(KG_STATUS_OK, world_withdraw(&w, "B", "far"));
    refused(&w, "B", MEMBER, &query, KG_STATUS_LINE_WITHDRAWN);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
    query = query_of(KG_VIEW_WHAT_IF, NULL, NULL, "l2");
    refused(&w, "B", MEMBER, &query, KG_STATUS_LINE_CLAIMED);
    query = query_of(KG_VIEW_WHAT_IF, "R1", NULL, "l2");
    refused(&w, "B", MEMBER, &query, KG_STATUS_ROUND_STATE);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_fits_is_placed),
        cmocka_unit_test(a_line_that_does_not_is_told_why),
        cmocka_unit_test(the_proposal_says_the_same),
        cmocka_unit_test(few_are_not_told_of),
        cmocka_unit_test(a_holding_counts_once),
        cmocka_unit_test(amounts_change_nothing),
        cmocka_unit_test(who_may_ask_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
