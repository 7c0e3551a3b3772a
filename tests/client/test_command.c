/* SPDX-License-Identifier: EUPL-1.2 */
/* Each command as it is given and as it arrives; what makes no sense is not sent. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/catalogue_file.h"

/* The one command that arrived since the last call; the caller's to fini. */
static void take(fake_broker *broker, kopgroep_answer *answer, uint32_t kind,
                 const kg_catalogue *catalogue, kg_command *command)
{
    char detail[600];
    assert_int_equal(answer->outcome, KOPGROEP_DONE);
    assert_true(answer->has_receipt);
    kopgroep_answer_fini(answer);
    size_t count = fake_came(broker, kind);
    assert_true(count > 0);
    fake_message message = fake_nth(broker, kind, count - 1);
    kg_envelope envelope = fake_envelope(&message);
    kg_status status = kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                               catalogue, command, detail);
    if (status != KG_STATUS_OK)
        fail_msg("%s", detail);
}

static void expect_usage(fake_broker *broker, kopgroep_answer *answer, const char *words)
{
    size_t commands = fake_came(broker, 0) - fake_came(broker, KG_KIND_QUERY);
    assert_int_equal(answer->outcome, KOPGROEP_USAGE);
    if (!strstr(answer->detail, words))
        fail_msg("\"%s\" lacks \"%s\"", answer->detail, words);
    kopgroep_answer_fini(answer);
    assert_int_equal(commands, 0);
}

/* ---- organisations ---- */

static void answers_to_lots(void **state)
{
    static const char *const lines[] = {"a", "b"};
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kopgroep_lot_confirm(broker->session, "r/laptop/BE/1", NULL, 0, &answer);
    take(broker, &answer, KG_KIND_LOT_CONFIRM, NULL, &command);
    assert_string_equal(command.lot, "r/laptop/BE/1");
    assert_int_equal(command.keys.count, 0);
    kg_command_fini(&command);
    kopgroep_lot_decline(broker->session, "r/laptop/BE/1", lines, 2, "no budget", &answer);
    take(broker, &answer, KG_KIND_LOT_DECLINE, NULL, &command);
    assert_int_equal(command.keys.count, 2);
    assert_string_equal(command.keys.items[1], "b");
    assert_string_equal(command.reason, "no budget");
    kg_command_fini(&command);
    kopgroep_lot_decline(broker->session, "r/laptop/BE/1", NULL, 0, NULL, &answer);
    take(broker, &answer, KG_KIND_LOT_DECLINE, NULL, &command);
    assert_null(command.reason);
    kg_command_fini(&command);
}

static void call_offs(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kopgroep_lot_call_off(broker->session, "lot", NULL, -1, "1234.50", &answer);
    take(broker, &answer, KG_KIND_LOT_CALL_OFF, NULL, &command);
    assert_null(command.organisation);
    assert_true(command.quantity == -1);
    assert_int_equal(command.value_cents, 123450);
    kg_command_fini(&command);
    kopgroep_lot_call_off(broker->session, "lot", "BE-OTHER", 12, NULL, &answer);
    take(broker, &answer, KG_KIND_LOT_CALL_OFF, NULL, &command);
    assert_string_equal(command.organisation, "BE-OTHER");
    assert_int_equal(command.quantity, 12);
    assert_true(command.value_cents == -1);
    kg_command_fini(&command);
}

static void call_offs_that_make_no_sense(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kopgroep_lot_call_off(broker->session, "lot", NULL, -5, NULL, &answer);
    expect_usage(broker, &answer, "not negative");
    kopgroep_lot_call_off(broker->session, "lot", NULL, 1, "12.345", &answer);
    expect_usage(broker, &answer, "'12.345'");
}

/* ---- coordinators ---- */

static const char round_file[] =
    "round \"2027-laptops\" {\n  title_en = \"Laptops\"\n  categories = {\"laptop\"}\n"
    "  nuts = {\"BE\"}\n  nuts_level = 1\n  bodies_min = 3\n  window_days_min = 14\n"
    "  value_max = \"1000000.50\"\n"
    "  delivery_from = \"2027-01-01\"\n  delivery_to = \"2027-12-31\"\n"
    "  opens = \"2026-11-01\"\n  closes = \"2027-01-15\"\n  confirm_by = \"2027-02-01\"\n"
    "  award_by = \"2027-03-01\"\n}\n";

static void round_file_arrives_as_rules(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue =
        kg_catalogue_read_text(broker->catalogue.bytes, "catalogue", &problems);
    assert_non_null(catalogue);
    fake_write_file(broker->plan_path, round_file, sizeof round_file - 1);
    kopgroep_round_open(broker->session, broker->plan_path, &answer);
    take(broker, &answer, KG_KIND_ROUND_OPEN, catalogue, &command);
    const kg_round *rules = &command.round_rules;
    assert_string_equal(rules->id, "2027-laptops");
    assert_int_equal(rules->categories_count, 1);
    assert_int_equal(rules->categories[0], kg_catalogue_category(catalogue, "laptop"));
    assert_int_equal(rules->bodies_min, 3);
    assert_int_equal(rules->window_days_min, 14);
    assert_int_equal(rules->value_max_cents, 100000050);
    assert_int_equal(rules->reconfirm_by, rules->confirm_by);
    kg_command_fini(&command);
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
}

static void wrong_round_file_is_told_with_its_problems(void **state)
{
    static const char text[] =
        "round \"2027\" {\n  categories = {\"toaster\"}\n  delivery_from = \"2027-01-32\"\n}\n";
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_write_file(broker->plan_path, text, sizeof text - 1);
    kopgroep_round_open(broker->session, broker->plan_path, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    const kopgroep_problem *found = NULL;
    for (size_t i = 0; i < answer.problems_count; i++)
        if (answer.problems[i].value && strcmp(answer.problems[i].value, "toaster") == 0)
            found = &answer.problems[i];
    assert_non_null(found);
    assert_string_equal(found->file, broker->plan_path);
    assert_int_equal(found->row, 2);
    assert_string_equal(found->column, "categories");
    assert_true(answer.problems_count >= 2);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_ROUND_OPEN), 0);
}

static void steps_of_a_round(void **state)
{
    static const struct {
        kopgroep_round_step step;
        kg_kind kind;
    } steps[] = {
        {KOPGROEP_ROUND_CLOSE, KG_KIND_ROUND_CLOSE},
        {KOPGROEP_ROUND_PROPOSE, KG_KIND_ROUND_PROPOSE},
        {KOPGROEP_ROUND_CONFIRM, KG_KIND_ROUND_CONFIRM},
        {KOPGROEP_ROUND_CONCLUDE, KG_KIND_ROUND_CONCLUDE},
    };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        kopgroep_round_take(broker->session, steps[i].step, "2027", &answer);
        take(broker, &answer, steps[i].kind, NULL, &command);
        assert_string_equal(command.round, "2027");
        kg_command_fini(&command);
    }
    kopgroep_round_cancel(broker->session, "2027", "nobody came", &answer);
    take(broker, &answer, KG_KIND_ROUND_CANCEL, NULL, &command);
    assert_string_equal(command.reason, "nobody came");
    kg_command_fini(&command);
}

static void round_is_extended_where_a_date_is_given(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kg_date expected;
    assert_true(kg_date_parse("2027-02-03", &expected));
    kopgroep_round_extend(broker->session, "2027", NULL, "2027-02-03", NULL, NULL, &answer);
    take(broker, &answer, KG_KIND_ROUND_EXTEND, NULL, &command);
    assert_string_equal(command.round, "2027");
    assert_int_equal(command.dates.confirm_by, expected);
    assert_int_equal(command.dates.closes, KG_DATE_NONE);
    assert_int_equal(command.dates.reconfirm_by, KG_DATE_NONE);
    assert_int_equal(command.dates.award_by, KG_DATE_NONE);
    kg_command_fini(&command);
    size_t came = fake_came(broker, 0);
    kopgroep_round_extend(broker->session, "2027", NULL, NULL, NULL, "2027-02-30", &answer);
    assert_int_equal(answer.outcome, KOPGROEP_USAGE);
    assert_non_null(strstr(answer.detail, "'2027-02-30'"));
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, 0), came);
}

static void tenders_and_what_comes_of_them(void **state)
{
    static const char *const lots[] = {"2027/laptop/BE/1", "2027/laptop/BE/2"};
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kopgroep_tender_launch(broker->session, "T-1", "Laptops", "BE-A", lots, 2, &answer);
    take(broker, &answer, KG_KIND_TENDER_LAUNCH, NULL, &command);
    assert_string_equal(command.tender, "T-1");
    assert_string_equal(command.title, "Laptops");
    assert_string_equal(command.lead, "BE-A");
    assert_int_equal(command.lots.count, 2);
    assert_string_equal(command.lots.items[1], lots[1]);
    kg_command_fini(&command);
    kopgroep_lot_award(broker->session, lots[0], "Supplier NV", "812.50",
                       "warranty-years=5, battery-cycles=800", "TCO 10", &answer);
    take(broker, &answer, KG_KIND_LOT_AWARD, NULL, &command);
    assert_string_equal(command.award.supplier, "Supplier NV");
    assert_int_equal(command.award.unit_price_cents, 81250);
    assert_int_equal(command.award.levels_count, 2);
    assert_string_equal(command.award.levels[1].criterion, "battery-cycles");
    assert_string_equal(command.award.levels[1].level, "800");
    assert_string_equal(command.award.evidence, "TCO 10");
    kg_command_fini(&command);
    kopgroep_lot_award(broker->session, lots[0], "Supplier NV", NULL, NULL, NULL, &answer);
    take(broker, &answer, KG_KIND_LOT_AWARD, NULL, &command);
    assert_true(command.award.unit_price_cents == -1);
    assert_int_equal(command.award.levels_count, 0);
    kg_command_fini(&command);
    kopgroep_lot_fail(broker->session, lots[1], "no offers", &answer);
    take(broker, &answer, KG_KIND_LOT_FAIL, NULL, &command);
    assert_string_equal(command.reason, "no offers");
    kg_command_fini(&command);
}

static void awards_that_make_no_sense(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kopgroep_lot_award(broker->session, "lot", "S", "8O0", NULL, NULL, &answer);
    expect_usage(broker, &answer, "'8O0'");
    kopgroep_lot_award(broker->session, "lot", "S", NULL, "warranty-years", NULL, &answer);
    expect_usage(broker, &answer, "'warranty-years'");
}

#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OPEN(answers_to_lots),
        TEST_OPEN(call_offs),
        TEST_OPEN(call_offs_that_make_no_sense),
        TEST_OPEN(round_file_arrives_as_rules),
        TEST_OPEN(wrong_round_file_is_told_with_its_problems),
        TEST_OPEN(steps_of_a_round),
        TEST_OPEN(round_is_extended_where_a_date_is_given),
        TEST_OPEN(tenders_and_what_comes_of_them),
        TEST_OPEN(awards_that_make_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
