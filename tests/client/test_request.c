/* SPDX-License-Identifier: EUPL-1.2 */
/* A command and its receipt: told as it came, asked for again when it does not come, done once. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

static void withdraw(fake_broker *broker, kopgroep_answer *answer)
{
    static const char *const lines[] = {"laptops-2027", "screens"};
    kopgroep_withdraw(broker->session, lines, 2, answer);
}

static void receipt_is_told(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    withdraw(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_int_equal(answer.code, 0);
    assert_string_equal(answer.code_name, "OK");
    assert_string_equal(answer.detail, "");
    assert_true(answer.has_receipt);
    assert_int_equal(answer.sequence, FAKE_SEQUENCE);
    assert_string_equal(answer.time, "2027-01-01T00:00:00.000Z");
    assert_int_equal(strlen(answer.chain), 64);
    assert_int_equal(strspn(answer.chain, "ab"), 64);
    assert_string_equal(answer.result, "It is done.");
    kopgroep_answer_fini(&answer);
}

static void command_arrives_as_it_was_given(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    char detail[600];
    withdraw(broker, &answer);
    kopgroep_answer_fini(&answer);
    fake_message message = fake_nth(broker, KG_KIND_WITHDRAW, 0);
    kg_envelope envelope = fake_envelope(&message);
    assert_int_equal(kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                             NULL, &command, detail),
                     KG_STATUS_OK);
    assert_int_equal(command.keys.count, 2);
    assert_string_equal(command.keys.items[0], "laptops-2027");
    assert_string_equal(command.keys.items[1], "screens");
    kg_command_fini(&command);
}

static bool refuse(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_problems problems;
    (void)request;
    kg_problems_init(&problems, NULL);
    reply->status = KG_STATUS_LINE_CLAIMED;
    if (atomic_load(&broker->state) == 1) {
        kg_text_format(reply->detail, sizeof reply->detail, "Round 2027 has it.");
        kg_problems_add(&problems, KG_STATUS_LINE_CLAIMED, 1, "line", "screens", NULL);
        kg_reply_take_problems(reply, &problems);
        reply->problems_total = 17;
    }
    kg_problems_fini(&problems);
    return true;
}

static void refusal_is_told_with_its_text_and_problems(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse);
    withdraw(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(answer.code, KG_STATUS_LINE_CLAIMED);
    assert_string_equal(answer.code_name, "LINE_CLAIMED");
    assert_string_equal(answer.detail, kg_status_text(KG_STATUS_LINE_CLAIMED));
    assert_false(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    atomic_store(&broker->state, 1);
    withdraw(broker, &answer);
    assert_string_equal(answer.detail, "Round 2027 has it.");
    assert_int_equal(answer.problems_count, 1);
    assert_int_equal(answer.problems_total, 17);
    assert_string_equal(answer.problems[0].code, "LINE_CLAIMED");
    assert_string_equal(answer.problems[0].column, "line");
    assert_string_equal(answer.problems[0].value, "screens");
    assert_null(answer.problems[0].file);
    kopgroep_answer_fini(&answer);
}

/* ---- silence ---- */

/* Leaves as many messages unanswered as `state` says. */
static bool serve_after_silence(fake_broker *broker, const fake_request *request,
                                kg_reply *reply)
{
    if (atomic_load(&broker->state) > 0) {
        atomic_fetch_sub(&broker->state, 1);
        return false;
    }
    return fake_serve(broker, request, reply);
}

/* At least so many came, and all are the same to the byte. */
static void expect_copies(fake_broker *broker, size_t least)
{
    fake_message first = fake_nth(broker, KG_KIND_WITHDRAW, 0);
    size_t count = fake_came(broker, KG_KIND_WITHDRAW);
    assert_true(count >= least);
    for (size_t i = 1; i < count; i++) {
        fake_message copy = fake_nth(broker, KG_KIND_WITHDRAW, i);
        assert_int_equal(copy.count, first.count);
        assert_memory_equal(copy.bytes, first.bytes, first.count);
    }
}

static void expect_unknown(fake_broker *broker, kopgroep_answer *answer)
{
    assert_int_equal(answer->outcome, KOPGROEP_UNKNOWN);
    assert_non_null(strstr(answer->detail, "Sending it again is safe"));
    assert_non_null(strstr(answer->detail, broker->access.requests));
    assert_false(answer->has_receipt);
    kopgroep_answer_fini(answer);
}

static void silence_is_unknown_and_resend_sends_the_same_bytes(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, serve_after_silence);
    atomic_store(&broker->state, 1000);
    fake_open(broker, 300);
    int64_t begun = fake_now_ms();
    withdraw(broker, &answer);
    assert_true(fake_now_ms() - begun >= 300);
    expect_unknown(broker, &answer);
    expect_copies(broker, 1);
    size_t before = fake_came(broker, KG_KIND_WITHDRAW);
    kopgroep_resend(broker->session, &answer);
    expect_unknown(broker, &answer);
    expect_copies(broker, before + 1);
    before = fake_came(broker, KG_KIND_WITHDRAW);
    atomic_store(&broker->state, 0);
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_int_equal(answer.sequence, FAKE_SEQUENCE);
    kopgroep_answer_fini(&answer);
    expect_copies(broker, before + 1);
}

/* A question in between is not what is sent again. */
static void resend_is_of_the_last_command(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    const kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    withdraw(broker, &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_ask(broker->session, &question, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    expect_copies(broker, 2);
}

static void resend_of_nothing_is_a_usage_error(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_USAGE);
    assert_int_equal(fake_came(broker, 0), 0);
    kopgroep_answer_fini(&answer);
}

static void lost_receipt_is_asked_for_once_more(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, serve_after_silence);
    atomic_store(&broker->state, 1);
    fake_open(broker, 500);
    withdraw(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    expect_copies(broker, 2);
}

static void restarted_broker_is_found_again(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_open(broker, 5000);
    for (int i = 0; i < 3; i++) {
        withdraw(broker, &answer);
        assert_int_equal(answer.outcome, KOPGROEP_DONE);
        kopgroep_answer_fini(&answer);
        fake_stop(broker);
        fake_start(broker);
    }
}

/* Unknown, or not reached where the loss was noticed before anything was sent: never "refused". */
static void command_to_a_gone_broker_can_be_sent_later(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_open(broker, 200);
    fake_stop(broker);
    withdraw(broker, &answer);
    assert_true(answer.outcome == KOPGROEP_UNKNOWN || answer.outcome == KOPGROEP_NOT_REACHED);
    assert_non_null(strstr(answer.detail, broker->access.requests));
    kopgroep_answer_fini(&answer);
    fake_start(broker);
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
}

/* ---- replies ---- */

static void reply_raw(fake_broker *broker, const kg_peer *peer, const void *bytes, size_t count)
{
    uint8_t *copy = kg_alloc(count + 1, 1);
    memcpy(copy, bytes, count);
    kg_net_reply(broker->net, peer, copy, count);
}

/* Noise, nothing, and the reply to something else come before the right one. */
static bool serve_after_noise(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_buffer other;
    kg_buffer_init(&other);
    reply->status = KG_STATUS_NOT_YOURS;
    reply->request_id[0] ^= 1;
    kg_codec_reply_encode(reply, &other);
    reply_raw(broker, &request->peer, other.bytes, other.count);
    reply_raw(broker, &request->peer, "\xff\xff\xff noise", 9);
    reply_raw(broker, &request->peer, "", 0);
    kg_buffer_fini(&other);
    reply->status = KG_STATUS_OK;
    reply->request_id[0] ^= 1;
    return fake_serve(broker, request, reply);
}

static void replies_to_others_are_passed_over(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, serve_after_noise);
    withdraw(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    assert_int_equal(fake_came(broker, 0), 1);
    kopgroep_answer_fini(&answer);
}

/* Refuses with long problems, and with a sentence of the length that fills the frame to its last
 * bytes. */
static bool refuse_at_length(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_problems problems;
    size_t count = 0;
    (void)request;
    kg_problems_init(&problems, NULL);
    for (int i = 0; i < 4; i++)
        kg_problems_add(&problems, KG_STATUS_INVALID, 1, NULL, NULL, "%016250d", i);
    kg_reply_take_problems(reply, &problems);
    kg_problems_fini(&problems);
    reply->status = KG_STATUS_INVALID;
    for (size_t length = 1; length < 599 && count < KG_FRAME_BYTES_MAX - 8; length++) {
        kg_buffer out;
        memset(reply->detail, 'x', length);
        kg_buffer_init(&out);
        kg_codec_reply_encode(reply, &out);
        count = out.count;
        kg_buffer_fini(&out);
    }
    atomic_store(&broker->state, (int)count);
    return true;
}

static void largest_reply_arrives(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse_at_length);
    fake_open(broker, 3000);
    withdraw(broker, &answer);
    assert_in_range(atomic_load(&broker->state), KG_FRAME_BYTES_MAX - 8, KG_FRAME_BYTES_MAX);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(answer.problems_count, 4);
    kopgroep_answer_fini(&answer);
}

static void command_too_large_is_not_sent(void **state)
{
    enum { LINES = 2000 };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    const char *lines[LINES];
    for (int i = 0; i < LINES; i++)
        lines[i] = "a line key that is fairly long, as they may be";
    kopgroep_withdraw(broker->session, lines, LINES, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_USAGE);
    assert_string_equal(answer.detail, kg_status_text(KG_STATUS_OVERSIZE));
    assert_int_equal(fake_came(broker, 0), 0);
    kopgroep_answer_fini(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OPEN(receipt_is_told),
        TEST_OPEN(command_arrives_as_it_was_given),
        TEST_OPEN(refusal_is_told_with_its_text_and_problems),
        TEST(silence_is_unknown_and_resend_sends_the_same_bytes),
        TEST_OPEN(resend_is_of_the_last_command),
        TEST_OPEN(resend_of_nothing_is_a_usage_error),
        TEST(lost_receipt_is_asked_for_once_more),
        TEST(restarted_broker_is_found_again),
        TEST(command_to_a_gone_broker_can_be_sent_later),
        TEST_OPEN(replies_to_others_are_passed_over),
        TEST(largest_reply_arrives),
        TEST_OPEN(command_too_large_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
