/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan file on its way: checked whole, cut into parts, told of by the file's own rows. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

static const char header[] = "line,title,category,quantity,delivery_from,delivery_to,nuts\n";

/* A plan of so many lines; after each fifth stands an empty row. */
static void write_plan(fake_broker *broker, size_t lines)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "%s", header);
    for (size_t i = 0; i < lines; i++)
        kg_buffer_format(&text, "l%zu,title %080zu,laptop,%zu,2027-01-01,2027-06-30,BE21\n%s", i, i,
                         i + 1, i % 5 == 4 ? "\n" : "");
    fake_write_file(broker->plan_path, text.bytes, text.count);
    kg_buffer_fini(&text);
}

/* The row of line `i` in such a file; the header is row 1. */
static long row_of(size_t i)
{
    return (long)(2 + i + i / 5);
}

static void submit(fake_broker *broker, const kopgroep_submit_options *options,
                   kopgroep_answer *answer)
{
    kopgroep_submit(broker->session, broker->plan_path, options, answer);
}

static void decode_submit(const fake_message *message, kg_command *command)
{
    char detail[600];
    kg_envelope envelope = fake_envelope(message);
    assert_true(envelope.body_bytes <= KG_BODY_BYTES_MAX);
    assert_int_equal(kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                             NULL, command, detail),
                     KG_STATUS_OK);
}

static void small_plan_goes_in_one_part(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    write_plan(broker, 3);
    submit(broker, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    assert_string_equal(answer.result, "It is done.");
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_SUBMIT), 1);
    fake_message message = fake_nth(broker, KG_KIND_SUBMIT, 0);
    decode_submit(&message, &command);
    assert_int_equal(command.submit.part, 1);
    assert_int_equal(command.submit.parts, 1);
    assert_int_equal(command.submit.count, 3);
    const kg_line_draft *draft = &command.submit.drafts[2];
    assert_string_equal(draft->text[KG_COLUMN_LINE], "l2");
    assert_string_equal(draft->text[KG_COLUMN_CATEGORY], "laptop");
    assert_string_equal(draft->text[KG_COLUMN_QUANTITY], "3");
    assert_string_equal(draft->text[KG_COLUMN_DELIVERY_TO], "2027-06-30");
    assert_string_equal(draft->text[KG_COLUMN_NUTS], "BE21");
    assert_null(draft->text[KG_COLUMN_VALUE]);
    kg_command_fini(&command);
}

/* ---- many parts ---- */

typedef struct parts_seen {
    uint8_t plan_id[KG_REQUEST_ID_BYTES];
    uint32_t parts;
    bool *came;    /* by part */
    size_t *first; /* number of the first line, by part */
    size_t *count;
} parts_seen;

static void see_part(parts_seen *seen, const kg_submit *submit)
{
    if (seen->parts == 0) {
        seen->parts = submit->parts;
        memcpy(seen->plan_id, submit->plan_id, sizeof seen->plan_id);
        seen->came = kg_alloc(submit->parts, sizeof *seen->came);
        seen->first = kg_alloc(submit->parts, sizeof *seen->first);
        seen->count = kg_alloc(submit->parts, sizeof *seen->count);
    }
    assert_int_equal(submit->parts, seen->parts);
    assert_in_range(submit->part, 1, submit->parts);
    assert_in_range(submit->count, 1, KG_SUBMIT_LINES_MAX);
    assert_memory_equal(submit->plan_id, seen->plan_id, sizeof seen->plan_id);
    size_t first = strtoul(submit->drafts[0].text[KG_COLUMN_LINE] + 1, NULL, 10);
    for (size_t i = 0; i < submit->count; i++) {
        char key[32];
        kg_text_format(key, sizeof key, "l%zu", first + i);
        assert_string_equal(submit->drafts[i].text[KG_COLUMN_LINE], key);
    }
    seen->came[submit->part - 1] = true;
    seen->first[submit->part - 1] = first;
    seen->count[submit->part - 1] = submit->count;
}

/* Every part came, and part by part they hold the lines from first to last, in order. */
static void expect_plan(fake_broker *broker, size_t lines)
{
    parts_seen seen = {0};
    size_t next = 0;
    for (size_t i = 0; i < fake_came(broker, KG_KIND_SUBMIT); i++) {
        kg_command command;
        fake_message message = fake_nth(broker, KG_KIND_SUBMIT, i);
        decode_submit(&message, &command);
        see_part(&seen, &command.submit);
        kg_command_fini(&command);
    }
    for (uint32_t part = 0; part < seen.parts; part++) {
        assert_true(seen.came[part]);
        assert_int_equal(seen.first[part], next);
        next += seen.count[part];
    }
    assert_int_equal(next, lines);
    free(seen.came);
    free(seen.first);
    free(seen.count);
}

typedef struct progress_seen {
    size_t calls, sent, lines;
    bool wrong; /* it went backwards, or the whole changed */
} progress_seen;

static void see_progress(void *context, size_t sent, size_t lines)
{
    progress_seen *seen = context;
    seen->wrong = seen->wrong || sent < seen->sent || (seen->calls > 0 && lines != seen->lines);
    seen->calls++;
    seen->sent = sent;
    seen->lines = lines;
}

static void large_plan_goes_in_parts(void **state)
{
    enum { LINES = 8000 };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    progress_seen seen = {0};
    const kopgroep_submit_options options = {.progress = see_progress, .context = &seen};
    write_plan(broker, LINES);
    submit(broker, &options, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    assert_in_range(fake_came(broker, KG_KIND_SUBMIT), LINES / KG_SUBMIT_LINES_MAX, 100);
    expect_plan(broker, LINES);
    assert_false(seen.wrong);
    assert_true(seen.calls > 1);
    assert_int_equal(seen.sent, LINES);
    assert_int_equal(seen.lines, LINES);
}

/* Leaves the messages from number `state` on unanswered, three of them. */
static bool lose_receipts(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_SUBMIT) {
        int left = atomic_fetch_sub(&broker->state, 1);
        if (left <= 0 && left > -3)
            return false;
    }
    return fake_serve(broker, request, reply);
}

static void expect_same_bytes_for_same_request(fake_broker *broker)
{
    size_t count = fake_came(broker, KG_KIND_SUBMIT);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            fake_message a = fake_nth(broker, KG_KIND_SUBMIT, i);
            fake_message b = fake_nth(broker, KG_KIND_SUBMIT, k);
            kg_envelope left = fake_envelope(&a), right = fake_envelope(&b);
            if (memcmp(left.request_id, right.request_id, sizeof left.request_id) == 0) {
                assert_int_equal(a.count, b.count);
                assert_memory_equal(a.bytes, b.bytes, a.count);
            }
        }
}

static void lost_receipts_of_parts_are_made_good(void **state)
{
    enum { LINES = 4000 };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    write_plan(broker, LINES);
    fake_open(broker, 2000);
    fake_handle(broker, lose_receipts);
    atomic_store(&broker->state, 3);
    submit(broker, NULL, &answer);
    for (int i = 0; i < 5 && answer.outcome == KOPGROEP_UNKNOWN; i++) {
        kopgroep_answer_fini(&answer);
        kopgroep_resend(broker->session, &answer);
    }
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    expect_plan(broker, LINES);
    expect_same_bytes_for_same_request(broker);
}

/* ---- refusals ---- */

/* Refuses the line "l<state>" in whichever part it comes, by its place in the message. */
static bool refuse_one(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_command command;
    kg_problems problems;
    char detail[600], key[32];
    const kg_envelope *envelope = &request->envelope;
    if (envelope->kind != KG_KIND_SUBMIT)
        return fake_serve(broker, request, reply);
    kg_text_format(key, sizeof key, "l%d", atomic_load(&broker->state));
    kg_problems_init(&problems, NULL);
    kg_codec_command_decode(envelope->kind, envelope->body, envelope->body_bytes, NULL, &command,
                            detail);
    for (size_t i = 0; i < command.submit.count; i++)
        if (strcmp(command.submit.drafts[i].text[KG_COLUMN_LINE], key) == 0)
            kg_problems_add(&problems, KG_STATUS_LINE_CLAIMED, (long)i + 1, "line", key, NULL);
    kg_command_fini(&command);
    bool refused = problems.count > 0;
    if (refused) {
        reply->status = KG_STATUS_LINE_CLAIMED;
        kg_reply_take_problems(reply, &problems);
    }
    kg_problems_fini(&problems);
    return refused || fake_serve(broker, request, reply);
}

static void expect_problem_at(fake_broker *broker, const kopgroep_answer *answer, long row,
                              const char *value)
{
    assert_int_equal(answer->outcome, KOPGROEP_REFUSED);
    assert_string_equal(answer->code_name, "LINE_CLAIMED");
    assert_int_equal(answer->problems_count, 1);
    assert_string_equal(answer->problems[0].file, broker->plan_path);
    assert_int_equal(answer->problems[0].row, row);
    assert_string_equal(answer->problems[0].column, "line");
    assert_string_equal(answer->problems[0].value, value);
}

static void problems_are_told_by_the_rows_of_the_file(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse_one);
    atomic_store(&broker->state, 12);
    write_plan(broker, 20);
    submit(broker, NULL, &answer);
    expect_problem_at(broker, &answer, row_of(12), "l12");
    kopgroep_answer_fini(&answer);
}

static void problems_of_a_later_part_too(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse_one);
    atomic_store(&broker->state, 2345);
    write_plan(broker, 4000);
    submit(broker, NULL, &answer);
    expect_problem_at(broker, &answer, row_of(2345), "l2345");
    kopgroep_answer_fini(&answer);
}

/* Nothing of a plan may count when one part is refused: so the last part must not follow. */
static void refused_part_ends_the_plan(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    fake_handle(broker, refuse_one);
    atomic_store(&broker->state, 0);
    write_plan(broker, 30000);
    submit(broker, NULL, &answer);
    expect_problem_at(broker, &answer, row_of(0), "l0");
    kopgroep_answer_fini(&answer);
    for (size_t i = 0; i < fake_came(broker, KG_KIND_SUBMIT); i++) {
        fake_message message = fake_nth(broker, KG_KIND_SUBMIT, i);
        decode_submit(&message, &command);
        assert_true(command.submit.part < command.submit.parts);
        kg_command_fini(&command);
    }
}

/* ---- nothing is sent ---- */

static void wrong_plan_is_refused_whole_with_every_problem(void **state)
{
    static const char text[] =
        "line,category,quantity,delivery_from,delivery_to,nuts\n"
        "a,laptop,10,2027-01-01,2027-06-30,BE21\n"
        "b,laptop,ten,2027-01-01,2027-06-30,BE21\n"
        "c,laptop,10,2027-01-01,2027-06-30,BE99\n";
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_write_file(broker->plan_path, text, sizeof text - 1);
    submit(broker, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    assert_int_equal(answer.problems_count, 2);
    assert_int_equal(answer.problems_total, 2);
    assert_string_equal(answer.problems[0].file, broker->plan_path);
    assert_int_equal(answer.problems[0].row, 3);
    assert_string_equal(answer.problems[0].column, "quantity");
    assert_string_equal(answer.problems[0].value, "ten");
    assert_int_equal(answer.problems[1].row, 4);
    assert_string_equal(answer.problems[1].code, "NUTS");
    assert_non_null(strstr(answer.detail, "nothing was sent"));
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_SUBMIT), 0);
}

static void missing_and_empty_plans_are_local_errors(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    submit(broker, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    assert_int_equal(answer.problems_count, 1);
    kopgroep_answer_fini(&answer);
    fake_write_file(broker->plan_path, header, sizeof header - 1);
    submit(broker, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    assert_string_equal(answer.problems[0].code, "EMPTY");
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_SUBMIT), 0);
}

static void dry_run_checks_and_sends_nothing(void **state)
{
    static const kopgroep_submit_options dry = {.dry_run = true};
    fake_broker *broker = *state;
    kopgroep_answer answer;
    write_plan(broker, 7);
    submit(broker, &dry, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_false(answer.has_receipt);
    assert_non_null(strstr(answer.result, "7 lines"));
    assert_non_null(strstr(answer.result, "nothing was sent"));
    kopgroep_answer_fini(&answer);
    fake_write_file(broker->plan_path, "line,colour\na,b\n", 16);
    submit(broker, &dry, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_SUBMIT), 0);
    assert_int_equal(fake_came(broker, KG_KIND_QUERY), 1); /* the catalogue, once a session */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OPEN(small_plan_goes_in_one_part),
        TEST_OPEN(large_plan_goes_in_parts),
        TEST(lost_receipts_of_parts_are_made_good),
        TEST_OPEN(problems_are_told_by_the_rows_of_the_file),
        TEST_OPEN(problems_of_a_later_part_too),
        TEST_OPEN(refused_part_ends_the_plan),
        TEST_OPEN(wrong_plan_is_refused_whole_with_every_problem),
        TEST_OPEN(missing_and_empty_plans_are_local_errors),
        TEST_OPEN(dry_run_checks_and_sends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
