/* SPDX-License-Identifier: EUPL-1.2 */
/* Several brokers of one deployment: the next one is used where one is gone. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"

typedef struct pair {
    fake_broker *first, *second;
    char list[500]; /* their access files */
    kopgroep_session *session;
    kopgroep_answer answer;
    int64_t took_ms;
    pthread_t thread;
} pair;

static int set_up(void **state)
{
    pair *both = kg_alloc(1, sizeof *both);
    fake_setup((void **)&both->first);
    fake_setup((void **)&both->second);
    fake_join(both->second, both->first);
    kg_text_format(both->list, sizeof both->list, "%s,%s", both->first->access_path,
                   both->second->access_path);
    *state = both;
    return 0;
}

static int tear_down(void **state)
{
    pair *both = *state;
    kopgroep_answer_fini(&both->answer);
    kopgroep_close(&both->session);
    int wrong = fake_teardown((void **)&both->second) + fake_teardown((void **)&both->first);
    free(both);
    return wrong;
}

static kopgroep_session *try_list(const pair *both, const char *list, int timeout_ms,
                                  kopgroep_answer *answer)
{
    const kopgroep_options options = {
        .broker = list, .identity = both->first->identity_path, .timeout_ms = timeout_ms};
    return kopgroep_open(&options, answer);
}

static void open_list(pair *both, int timeout_ms)
{
    both->session = try_list(both, both->list, timeout_ms, &both->answer);
    if (!both->session)
        fail_msg("%s", both->answer.detail);
    kopgroep_answer_fini(&both->answer);
}

static void *withdraw(void *argument)
{
    static const char *const lines[] = {"laptops-2027"};
    pair *both = argument;
    int64_t begun = fake_now_ms();
    kopgroep_withdraw(both->session, lines, 1, &both->answer);
    both->took_ms = fake_now_ms() - begun;
    return NULL;
}

static void *ask(void *argument)
{
    static const kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    pair *both = argument;
    int64_t begun = fake_now_ms();
    kopgroep_ask(both->session, &question, &both->answer);
    both->took_ms = fake_now_ms() - begun;
    return NULL;
}

static bool serve_nothing(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    (void)reply;
    return false;
}

/* ---- being let in ---- */

static void the_first_is_used(void **state)
{
    pair *both = *state;
    open_list(both, 0);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_WITHDRAW), 1);
    assert_int_equal(fake_came(both->second, 0), 0);
}

static void one_that_is_gone_is_passed_over(void **state)
{
    pair *both = *state;
    fake_stop(both->first);
    int64_t begun = fake_now_ms();
    open_list(both, 0);
    assert_true(fake_now_ms() - begun < 2000); /* before patience with one broker ends */
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->second, KG_KIND_WITHDRAW), 1);
}

static void what_none_says_is_told(void **state)
{
    pair *both = *state;
    fake_stop(both->first);
    fake_stop(both->second);
    assert_null(try_list(both, both->list, 0, &both->answer));
    assert_int_equal(both->answer.outcome, KOPGROEP_NOT_REACHED);
    assert_non_null(strstr(both->answer.detail, "None of the 2 brokers lets you in."));
    assert_non_null(strstr(both->answer.detail, both->first->access.requests));
}

/* The key was registered a moment ago, and one broker has not heard of it yet. */
static void one_that_does_not_know_the_key_is_passed_over(void **state)
{
    pair *both = *state;
    fake_stop(both->first);
    kg_identity *member = both->first->member;
    both->first->member = kg_identity_generate(FAKE_MEMBER);
    fake_start(both->first);
    open_list(both, 0);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    kg_identity_destroy(&member);
}

static void a_key_that_nobody_knows_is_told_so(void **state)
{
    pair *both = *state;
    char stranger[200];
    kg_text_format(stranger, sizeof stranger, "%s/stranger", both->first->folder);
    kg_identity *identity = kg_identity_generate(FAKE_MEMBER);
    assert_true(kg_identity_write(identity, stranger, NULL));
    kg_identity_destroy(&identity);
    fake_stop(both->second);
    const kopgroep_options options = {.broker = both->list, .identity = stranger};
    assert_null(kopgroep_open(&options, &both->answer));
    assert_int_equal(both->answer.code, KG_STATUS_NOT_ADMITTED);
    assert_non_null(strstr(both->answer.detail, both->first->access.requests));
}

/* ---- going on at another ---- */

/* The first goes away with the message in hand; the same bytes come to the second. */
static void expect_answer_of_second(pair *both, void *(*run)(void *), uint32_t kind)
{
    fake_handle(both->first, serve_nothing);
    open_list(both, 30000);
    assert_int_equal(pthread_create(&both->thread, NULL, run, both), 0);
    fake_await(both->first, kind, 1);
    fake_stop(both->first);
    pthread_join(both->thread, NULL);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_true(both->took_ms < 8000);
    fake_message one = fake_nth(both->first, kind, 0), other = fake_nth(both->second, kind, 0);
    assert_int_equal(one.count, other.count);
    assert_memory_equal(one.bytes, other.bytes, one.count);
}

static void a_command_goes_on_at_another(void **state)
{
    expect_answer_of_second(*state, withdraw, KG_KIND_WITHDRAW);
}

static void a_question_goes_on_at_another(void **state)
{
    expect_answer_of_second(*state, ask, KG_KIND_QUERY);
}

/* It takes connections and messages, and says nothing: a third of the time is enough. */
static void one_that_is_silent_is_passed_over(void **state)
{
    pair *both = *state;
    fake_handle(both->first, serve_nothing);
    open_list(both, 6000);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_in_range(both->took_ms, 2000, 5900);
    assert_int_equal(fake_came(both->first, KG_KIND_WITHDRAW), 1);
    assert_int_equal(fake_came(both->second, KG_KIND_WITHDRAW), 1);
}

static void silence_of_all_is_told(void **state)
{
    pair *both = *state;
    fake_handle(both->first, serve_nothing);
    fake_handle(both->second, serve_nothing);
    open_list(both, 300);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_UNKNOWN);
    assert_true(fake_came(both->first, KG_KIND_WITHDRAW) >= 2);
    assert_true(fake_came(both->second, KG_KIND_WITHDRAW) >= 2);
}

#define LINES 6000
#define ANSWERED 3

static void write_plan(const pair *both)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "line,title,category,quantity,delivery_from,delivery_to,nuts\n");
    for (int i = 0; i < LINES; i++)
        kg_buffer_format(&text, "l%d,title %080d,laptop,1,2027-01-01,2027-06-30,BE21\n", i, i);
    fake_write_file(both->first->plan_path, text.bytes, text.count);
    kg_buffer_fini(&text);
}

static bool serve_some(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_SUBMIT && atomic_fetch_sub(&broker->state, 1) <= 0)
        return false;
    return fake_serve(broker, request, reply);
}

static void *submit(void *argument)
{
    pair *both = argument;
    kopgroep_submit(both->session, both->first->plan_path, NULL, &both->answer);
    return NULL;
}

static void a_plan_goes_on_at_another(void **state)
{
    pair *both = *state;
    write_plan(both);
    fake_handle(both->first, serve_some);
    atomic_store(&both->first->state, ANSWERED);
    open_list(both, 30000);
    assert_int_equal(pthread_create(&both->thread, NULL, submit, both), 0);
    fake_await(both->first, KG_KIND_SUBMIT, ANSWERED + 1);
    fake_stop(both->first);
    pthread_join(both->thread, NULL);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_true(fake_came(both->second, KG_KIND_SUBMIT) > 1);
}

/* ---- one leads, others follow ---- */

/* As a follower: commands are another's to do. */
static bool leave_commands(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_QUERY || request->envelope.kind == KG_KIND_PAGE)
        return fake_serve(broker, request, reply);
    reply->status = KG_STATUS_NOT_LEADER;
    return true;
}

static bool be_behind(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    reply->status = KG_STATUS_BEHIND;
    return true;
}

/* What the n-th question said that its asker has seen. */
static uint64_t seen_by(fake_broker *broker, size_t n)
{
    kg_query query;
    char detail[600];
    fake_message message = fake_nth(broker, KG_KIND_QUERY, n);
    kg_envelope envelope = fake_envelope(&message);
    assert_int_equal(kg_codec_query_decode(envelope.body, envelope.body_bytes, &query, detail),
                     KG_STATUS_OK);
    uint64_t seen = query.seen;
    kg_query_fini(&query);
    return seen;
}

static void a_command_goes_to_who_leads(void **state)
{
    pair *both = *state;
    fake_handle(both->first, leave_commands);
    open_list(both, 0);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_true(both->took_ms < 2000); /* without a pause */
    assert_int_equal(fake_came(both->first, KG_KIND_WITHDRAW), 1);
    assert_int_equal(fake_came(both->second, KG_KIND_WITHDRAW), 1);
    fake_message one = fake_nth(both->first, KG_KIND_WITHDRAW, 0);
    fake_message other = fake_nth(both->second, KG_KIND_WITHDRAW, 0);
    assert_int_equal(one.count, other.count);
    assert_memory_equal(one.bytes, other.bytes, one.count);
}

static char leads[256]; /* whom followers name */

static bool name_leader(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_text_format(reply->leader, sizeof reply->leader, "%s", leads);
    return leave_commands(broker, request, reply);
}

/* Not by way of the second: one round trip more is all that it costs. */
static void a_command_goes_straight_to_who_leads(void **state)
{
    pair *both = *state;
    fake_broker *third;
    fake_setup((void **)&third);
    fake_join(third, both->first);
    kg_text_format(both->list + strlen(both->list), sizeof both->list - strlen(both->list), ",%s",
                   third->access_path);
    kg_text_format(leads, sizeof leads, "%s", third->access.requests);
    fake_handle(both->first, name_leader);
    fake_handle(both->second, leave_commands);
    open_list(both, 0);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_WITHDRAW), 1);
    assert_int_equal(fake_came(both->second, 0), 0);
    assert_int_equal(fake_came(third, KG_KIND_WITHDRAW), 1);
    kopgroep_close(&both->session);
    assert_int_equal(fake_teardown((void **)&third), 0);
}

static void a_plan_goes_to_who_leads(void **state)
{
    pair *both = *state;
    write_plan(both);
    fake_handle(both->first, leave_commands);
    open_list(both, 30000);
    submit(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_true(fake_came(both->second, KG_KIND_SUBMIT) > 1);
}

static void that_nobody_leads_is_told(void **state)
{
    pair *both = *state;
    fake_handle(both->first, leave_commands);
    fake_handle(both->second, leave_commands);
    open_list(both, 1000);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_NOT_REACHED);
    assert_int_equal(both->answer.code, KG_STATUS_NOT_LEADER);
    assert_non_null(strstr(both->answer.detail, "Nothing was done"));
    assert_true(fake_came(both->first, KG_KIND_WITHDRAW) > 1);
    assert_in_range(both->took_ms, 500, 5000);
}

static void one_alone_that_follows_says_so(void **state)
{
    pair *both = *state;
    fake_handle(both->first, leave_commands);
    both->session = try_list(both, both->first->access_path, 0, &both->answer);
    kopgroep_answer_fini(&both->answer);
    withdraw(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(both->answer.code, KG_STATUS_NOT_LEADER);
    assert_int_equal(fake_came(both->first, KG_KIND_WITHDRAW), 1);
}

static void what_was_seen_is_said(void **state)
{
    pair *both = *state;
    open_list(both, 0);
    ask(both);
    assert_int_equal(seen_by(both->first, 0), 0);
    kopgroep_answer_fini(&both->answer);
    withdraw(both);
    kopgroep_answer_fini(&both->answer);
    ask(both);
    assert_int_equal(seen_by(both->first, 1), FAKE_SEQUENCE);
}

static void one_that_is_behind_is_passed_over(void **state)
{
    pair *both = *state;
    fake_handle(both->first, be_behind);
    open_list(both, 0);
    ask(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_QUERY), 1);
    assert_int_equal(fake_came(both->second, KG_KIND_QUERY), 1);
}

/* An earlier version refuses what it does not know. */
static bool know_no_seen(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    const kg_envelope *envelope = &request->envelope;
    kg_query query;
    char detail[600];
    if (envelope->kind != KG_KIND_QUERY)
        return fake_serve(broker, request, reply);
    bool good = kg_codec_query_decode(envelope->body, envelope->body_bytes, &query, detail) ==
                    KG_STATUS_OK &&
                query.seen == 0;
    kg_query_fini(&query);
    if (good)
        return fake_serve(broker, request, reply);
    reply->status = KG_STATUS_UNKNOWN_FIELD;
    return true;
}

static void an_earlier_version_is_asked_without(void **state)
{
    pair *both = *state;
    fake_handle(both->first, know_no_seen);
    open_list(both, 0);
    withdraw(both);
    kopgroep_answer_fini(&both->answer);
    ask(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_QUERY), 2);
    assert_int_equal(fake_came(both->second, 0), 0);
}

/* One that is earlier still knows no tags: a message without a signature is none to it. */
static bool know_no_tags(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (!request->envelope.tagged)
        return fake_serve(broker, request, reply);
    memset(reply->request_id, 0, sizeof reply->request_id);
    reply->status = KG_STATUS_MALFORMED;
    return true;
}

static void an_earlier_version_is_asked_by_signature(void **state)
{
    pair *both = *state;
    fake_handle(both->first, know_no_tags);
    open_list(both, 0);
    ask(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_QUERY), 2);
    kopgroep_answer_fini(&both->answer);
    ask(both);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_int_equal(fake_came(both->first, KG_KIND_QUERY), 3);
    assert_int_equal(fake_came(both->second, 0), 0);
}

/* ---- feeds ---- */

static bool first_two(void *context, uint64_t number, const char *json)
{
    pair *both = context;
    (void)json;
    if (number == 1) {
        fake_stop(both->first);
        atomic_store(&both->second->feed, 2);
    }
    return number < 2;
}

static void a_feed_is_followed_at_another(void **state)
{
    pair *both = *state;
    atomic_store(&both->first->feed, 1);
    open_list(both, 0);
    kopgroep_watch(both->session, 0, first_two, both, &both->answer);
    assert_int_equal(both->answer.outcome, KOPGROEP_DONE);
    assert_true(fake_came(both->second, KG_KIND_QUERY) > 0);
}

/* ---- lists that are none ---- */

static void expect_wrong(pair *both, const char *list, int outcome, const char *words)
{
    assert_null(try_list(both, list, 0, &both->answer));
    assert_int_equal(both->answer.outcome, outcome);
    if (!strstr(both->answer.detail, words))
        fail_msg("\"%s\" lacks \"%s\"", both->answer.detail, words);
    kopgroep_answer_fini(&both->answer);
    both->answer = (kopgroep_answer){0};
}

static void wrong_lists_are_refused(void **state)
{
    pair *both = *state;
    kg_broker_access access = both->second->access;
    char list[4000] = "";
    access.sign[0] ^= 1;
    assert_true(kg_broker_access_write(both->second->access_path, &access));
    expect_wrong(both, both->list, KOPGROEP_LOCAL, "another signing key");
    access.deployment[0] ^= 1;
    assert_true(kg_broker_access_write(both->second->access_path, &access));
    expect_wrong(both, both->list, KOPGROEP_LOCAL, "another deployment");
    kg_text_format(list, sizeof list, "%s,", both->first->access_path);
    expect_wrong(both, list, KOPGROEP_LOCAL, "is not a broker's access file");
    list[0] = '\0';
    for (int i = 0; i < 17; i++)
        kg_text_format(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? "," : "",
                       both->first->access_path);
    expect_wrong(both, list, KOPGROEP_USAGE, "16 brokers at most");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_is_used),
        TEST(one_that_is_gone_is_passed_over),
        TEST(what_none_says_is_told),
        TEST(one_that_does_not_know_the_key_is_passed_over),
        TEST(a_key_that_nobody_knows_is_told_so),
        TEST(a_command_goes_on_at_another),
        TEST(a_question_goes_on_at_another),
        TEST(one_that_is_silent_is_passed_over),
        TEST(silence_of_all_is_told),
        TEST(a_plan_goes_on_at_another),
        TEST(a_command_goes_to_who_leads),
        TEST(a_command_goes_straight_to_who_leads),
        TEST(a_plan_goes_to_who_leads),
        TEST(that_nobody_leads_is_told),
        TEST(one_alone_that_follows_says_so),
        TEST(what_was_seen_is_said),
        TEST(one_that_is_behind_is_passed_over),
        TEST(an_earlier_version_is_asked_without),
        TEST(an_earlier_version_is_asked_by_signature),
        TEST(a_feed_is_followed_at_another),
        TEST(wrong_lists_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
