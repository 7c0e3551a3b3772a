/* SPDX-License-Identifier: EUPL-1.2 */
/* Connections that break while something is under way, and plans that go on after it. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

typedef struct call {
    fake_broker *broker;
    kopgroep_answer answer;
    int64_t took_ms;
    pthread_t thread;
} call;

static void *run_withdraw(void *argument)
{
    static const char *const lines[] = {"laptops-2027"};
    call *made = argument;
    int64_t begun = fake_now_ms();
    kopgroep_withdraw(made->broker->session, lines, 1, &made->answer);
    made->took_ms = fake_now_ms() - begun;
    return NULL;
}

static void *run_ask(void *argument)
{
    static const kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    call *made = argument;
    int64_t begun = fake_now_ms();
    kopgroep_ask(made->broker->session, &question, &made->answer);
    made->took_ms = fake_now_ms() - begun;
    return NULL;
}

/* Leaves the first `state` messages unanswered. */
static bool serve_later(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (atomic_fetch_sub(&broker->state, 1) > 0)
        return false;
    return fake_serve(broker, request, reply);
}

/* The broker goes away with the message and comes back: nobody waits for the timeout of 30 s. */
static void expect_answer_after_restart(fake_broker *broker, void *(*run)(void *), uint32_t kind)
{
    call made = {.broker = broker};
    fake_handle(broker, serve_later);
    atomic_store(&broker->state, 1);
    assert_int_equal(pthread_create(&made.thread, NULL, run, &made), 0);
    fake_await(broker, kind, 1);
    fake_stop(broker);
    fake_start(broker);
    pthread_join(made.thread, NULL);
    assert_int_equal(made.answer.outcome, KOPGROEP_DONE);
    assert_true(made.took_ms < 10000);
    kopgroep_answer_fini(&made.answer);
    assert_int_equal(fake_came(broker, kind), 2);
    fake_message first = fake_nth(broker, kind, 0), second = fake_nth(broker, kind, 1);
    assert_int_equal(first.count, second.count);
    assert_memory_equal(first.bytes, second.bytes, first.count);
}

static void command_survives_a_restart(void **state)
{
    expect_answer_after_restart(*state, run_withdraw, KG_KIND_WITHDRAW);
}

static void question_survives_a_restart(void **state)
{
    expect_answer_after_restart(*state, run_ask, KG_KIND_QUERY);
}

/* ---- routing ids ---- */

#define PEERS 64

/* Of the first messages; `state` counts them. Only one test asks. */
static kg_peer peers_seen[PEERS];

static bool note_peer(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    int at = atomic_fetch_add(&broker->state, 1);
    if (at < PEERS)
        peers_seen[at] = request->peer;
    return fake_serve(broker, request, reply);
}

static void each_connection_has_a_fresh_routing_id(void **state)
{
    fake_broker *broker = *state;
    fake_handle(broker, note_peer);
    for (int i = 0; i < PEERS / 2; i++) {
        call made = {.broker = broker};
        run_withdraw(&made);
        assert_int_equal(made.answer.outcome, KOPGROEP_DONE);
        kopgroep_answer_fini(&made.answer);
        kopgroep_resend(broker->session, &made.answer); /* over a fresh connection */
        assert_int_equal(made.answer.outcome, KOPGROEP_DONE);
        kopgroep_answer_fini(&made.answer);
    }
    fake_stop(broker);
    assert_int_equal(atomic_load(&broker->state), PEERS);
    for (size_t i = 0; i < PEERS; i++) {
        assert_int_equal(peers_seen[i].count, 16);
        assert_int_not_equal(peers_seen[i].bytes[0], 0);
        for (size_t k = 0; k < i; k++) { /* a resend and the call after it share one */
            bool same = memcmp(&peers_seen[i], &peers_seen[k], sizeof peers_seen[i]) == 0;
            assert_int_equal(same, i % 2 == 0 && k + 1 == i);
        }
    }
}

/* ---- what the broker could not even read ---- */

static bool refuse_unread(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    memset(reply->request_id, 0, sizeof reply->request_id);
    reply->status = KG_STATUS_VERSION;
    return true;
}

static void refusal_without_a_request_id_is_an_answer(void **state)
{
    fake_broker *broker = *state;
    call made = {.broker = broker};
    fake_handle(broker, refuse_unread);
    run_withdraw(&made);
    assert_int_equal(made.answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(made.answer.code, KG_STATUS_VERSION);
    kopgroep_answer_fini(&made.answer);
}

/* ---- plans ---- */

#define LINES 6000

static void write_plan(fake_broker *broker)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "line,title,category,quantity,delivery_from,delivery_to,nuts\n");
    for (int i = 0; i < LINES; i++)
        kg_buffer_format(&text, "l%d,title %080d,laptop,1,2027-01-01,2027-06-30,BE21\n", i, i);
    fake_write_file(broker->plan_path, text.bytes, text.count);
    kg_buffer_fini(&text);
}

static uint32_t part_of(const fake_message *message, uint32_t *parts, uint8_t *request_id)
{
    kg_command command;
    char detail[600];
    kg_envelope envelope = fake_envelope(message);
    assert_int_equal(kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                             NULL, &command, detail),
                     KG_STATUS_OK);
    uint32_t part = command.submit.part;
    *parts = command.submit.parts;
    memcpy(request_id, envelope.request_id, KG_REQUEST_ID_BYTES);
    kg_command_fini(&command);
    return part;
}

/* Each part came under one request id; those up to `answered` once only; first came in order. */
static void expect_parts(fake_broker *broker, uint32_t answered)
{
    enum { MOST = 100 };
    uint8_t ids[MOST][KG_REQUEST_ID_BYTES], id[KG_REQUEST_ID_BYTES];
    uint32_t last = 0, parts = 0;
    for (size_t i = 0; i < fake_came(broker, KG_KIND_SUBMIT); i++) {
        fake_message message = fake_nth(broker, KG_KIND_SUBMIT, i);
        uint32_t part = part_of(&message, &parts, id);
        assert_in_range(part, 1, MOST - 1);
        if (part <= last) {
            assert_true(part > answered);
            assert_memory_equal(ids[part], id, sizeof id);
            continue;
        }
        assert_int_equal(part, last + 1);
        memcpy(ids[part], id, sizeof id);
        last = part;
    }
    assert_true(parts > answered + 1);
    assert_int_equal(last, parts);
}

/* Answers `state` parts, then none. */
static bool serve_some(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_SUBMIT && atomic_fetch_sub(&broker->state, 1) <= 0)
        return false;
    return fake_serve(broker, request, reply);
}

static void count_lines(void *context, size_t taken, size_t lines)
{
    size_t *most = context;
    assert_true(taken <= lines);
    *most = taken;
}

static void plan_goes_on_where_it_stood(void **state)
{
    enum { ANSWERED = 3 };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    size_t taken = 0;
    const kopgroep_submit_options options = {.progress = count_lines, .context = &taken};
    write_plan(broker);
    fake_open(broker, 4000);
    fake_handle(broker, serve_some);
    atomic_store(&broker->state, ANSWERED);
    kopgroep_submit(broker->session, broker->plan_path, &options, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_UNKNOWN);
    kopgroep_answer_fini(&answer);
    assert_in_range(taken, 1, LINES - 1);
    atomic_store(&broker->state, 1000);
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_true(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    expect_parts(broker, ANSWERED);
    size_t came = fake_came(broker, KG_KIND_SUBMIT);
    kopgroep_resend(broker->session, &answer); /* all was answered: the last part's receipt */
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_SUBMIT), came + 1);
}

static void plan_that_reached_nobody_goes_on_too(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    const kopgroep_submit_options dry = {.dry_run = true};
    write_plan(broker);
    fake_open(broker, 1000);
    kopgroep_submit(broker->session, broker->plan_path, &dry, &answer); /* has the catalogue */
    kopgroep_answer_fini(&answer);
    fake_stop(broker);
    kopgroep_submit(broker->session, broker->plan_path, NULL, &answer);
    assert_true(answer.outcome == KOPGROEP_NOT_REACHED || answer.outcome == KOPGROEP_UNKNOWN);
    kopgroep_answer_fini(&answer);
    fake_start(broker);
    kopgroep_resend(broker->session, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    expect_parts(broker, 0);
}

/* With the last part a line of an earlier one is refused, of which only the key is told. */
static bool refuse_earlier_line(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_command command;
    char detail[600];
    kg_problems problems;
    const kg_envelope *envelope = &request->envelope;
    if (envelope->kind != KG_KIND_SUBMIT)
        return fake_serve(broker, request, reply);
    kg_codec_command_decode(envelope->kind, envelope->body, envelope->body_bytes, NULL, &command,
                            detail);
    bool last = command.submit.part == command.submit.parts;
    kg_command_fini(&command);
    if (!last)
        return fake_serve(broker, request, reply);
    kg_problems_init(&problems, NULL);
    kg_problems_add(&problems, KG_STATUS_LINE_CLAIMED, 0, "line", "l17", NULL);
    kg_problems_add(&problems, KG_STATUS_LINE_CLAIMED, 0, "line", "another", NULL);
    kg_problems_add(&problems, KG_STATUS_LINE_CLAIMED, 100000, "line", "beyond", NULL);
    reply->status = KG_STATUS_LINE_CLAIMED;
    kg_reply_take_problems(reply, &problems);
    kg_problems_fini(&problems);
    return true;
}

static void problem_of_an_earlier_part_finds_its_row(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    write_plan(broker);
    fake_handle(broker, refuse_earlier_line);
    kopgroep_submit(broker->session, broker->plan_path, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(answer.problems_count, 3);
    assert_int_equal(answer.problems[0].row, 2 + 17);
    assert_int_equal(answer.problems[1].row, 0);
    assert_int_equal(answer.problems[2].row, 0);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_QUERY), 1);
    /* The refusal may be of another catalogue: it is asked for again. */
    size_t asked = fake_came(broker, KG_KIND_QUERY);
    fake_handle(broker, fake_serve);
    kopgroep_submit(broker->session, broker->plan_path, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, KG_KIND_QUERY), asked + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OPEN(command_survives_a_restart),
        TEST_OPEN(question_survives_a_restart),
        TEST_OPEN(each_connection_has_a_fresh_routing_id),
        TEST_OPEN(refusal_without_a_request_id_is_an_answer),
        TEST(plan_goes_on_where_it_stood),
        TEST(plan_that_reached_nobody_goes_on_too),
        TEST_OPEN(problem_of_an_earlier_part_finds_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
