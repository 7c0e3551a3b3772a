/* SPDX-License-Identifier: EUPL-1.2 */
/* Following a feed: each entry once and in order, whatever becomes of the hints and the broker. */
#include "helper_broker.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

#define SOON_MS 2000 /* an interrupt's "soon", on a busy machine */

/* A watch in a thread of its own. */
typedef struct watching {
    kopgroep_session *session;
    uint64_t since, last; /* stops after the entry `last` */
    _Atomic uint64_t seen;
    atomic_bool wrong, ended; /* an entry came out of order, or is another's */
    kopgroep_answer answer;
    pthread_t thread;
} watching;

static bool take_entry(void *context, uint64_t number, const char *json)
{
    watching *watch = context;
    char expected[64];
    snprintf(expected, sizeof expected, "\"entry %llu\"", (unsigned long long)number);
    if (number != watch->seen + 1 || !strstr(json, expected))
        watch->wrong = true;
    watch->seen = number;
    return number < watch->last;
}

static void *run_watch(void *argument)
{
    watching *watch = argument;
    kopgroep_watch(watch->session, watch->since, take_entry, watch, &watch->answer);
    watch->ended = true;
    return NULL;
}

static void begin(fake_broker *broker, watching *watch, uint64_t since, uint64_t last)
{
    *watch = (watching){.session = broker->session, .since = since, .last = last, .seen = since};
    assert_int_equal(pthread_create(&watch->thread, NULL, run_watch, watch), 0);
}

/* Joins; fails the test when it does not end in time. */
static void expect_end(fake_broker *broker, watching *watch, int outcome, int within_ms)
{
    int64_t deadline = fake_now_ms() + within_ms;
    while (!watch->ended && fake_now_ms() < deadline)
        poll(NULL, 0, 1);
    bool in_time = watch->ended;
    kopgroep_interrupt(broker->session);
    pthread_join(watch->thread, NULL);
    assert_true(in_time);
    assert_false(watch->wrong);
    assert_int_equal(watch->answer.outcome, outcome);
    kopgroep_answer_fini(&watch->answer);
}

static void await_seen(const watching *watch, uint64_t number, int within_ms)
{
    for (int64_t deadline = fake_now_ms() + within_ms; watch->seen < number;) {
        if (fake_now_ms() > deadline)
            fail_msg("entry %llu did not come", (unsigned long long)number);
        poll(NULL, 0, 1);
    }
}

/* Hints until the watch has seen what there is: its subscription may still be on its way. */
static void hint_until_seen(fake_broker *broker, const watching *watch, uint64_t number)
{
    atomic_store(&broker->feed, number);
    for (int64_t deadline = fake_now_ms() + 5000; watch->seen < number;) {
        if (fake_now_ms() > deadline)
            fail_msg("the hint of %llu was not heard", (unsigned long long)number);
        kg_net_hint(broker->net, FAKE_MEMBER, number);
        poll(NULL, 0, 20);
    }
}

static void old_entries_come_in_order_over_pages(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 250);
    begin(broker, &watch, 0, 250);
    expect_end(broker, &watch, KOPGROEP_DONE, 10000);
    assert_int_equal(watch.seen, 250);
}

static void since_skips_what_was_seen(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 120);
    begin(broker, &watch, 117, 119);
    expect_end(broker, &watch, KOPGROEP_DONE, 10000);
    assert_int_equal(watch.seen, 119);
}

static void hints_bring_new_entries_at_once(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 3);
    begin(broker, &watch, 0, 9);
    await_seen(&watch, 3, 5000);
    hint_until_seen(broker, &watch, 4);
    hint_until_seen(broker, &watch, 7);
    hint_until_seen(broker, &watch, 9);
    expect_end(broker, &watch, KOPGROEP_DONE, 5000);
}

/* A subscription to BE-MEMBER also brings what is of BE-MEMBER-2. */
static void hints_of_others_ask_nothing(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    begin(broker, &watch, 0, 2);
    hint_until_seen(broker, &watch, 1);
    for (int i = 0; i < 50; i++)
        kg_net_hint(broker->net, FAKE_MEMBER "-2", (uint64_t)i + 10);
    size_t before = fake_came(broker, KG_KIND_QUERY);
    atomic_store(&broker->feed, 2);
    kg_net_hint(broker->net, FAKE_MEMBER, 2);
    expect_end(broker, &watch, KOPGROEP_DONE, 5000);
    assert_true(fake_came(broker, KG_KIND_QUERY) < before + 40);
}

static void interrupt_ends_a_wait(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 1);
    begin(broker, &watch, 0, 100);
    await_seen(&watch, 1, 5000);
    kopgroep_interrupt(broker->session);
    expect_end(broker, &watch, KOPGROEP_DONE, SOON_MS);
}

static bool say_nothing(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    (void)reply;
    return false;
}

/* Also while an answer is waited for that may never come. */
static void interrupt_ends_a_wait_for_an_answer(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    fake_handle(broker, say_nothing);
    begin(broker, &watch, 0, 100);
    fake_await(broker, KG_KIND_QUERY, 1);
    kopgroep_interrupt(broker->session);
    expect_end(broker, &watch, KOPGROEP_DONE, SOON_MS);
}

/* And while there is no broker to be connected to. */
static void interrupt_ends_a_wait_for_the_broker(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 1);
    begin(broker, &watch, 0, 100);
    await_seen(&watch, 1, 5000);
    fake_stop(broker);
    kopgroep_interrupt(broker->session);
    expect_end(broker, &watch, KOPGROEP_DONE, SOON_MS);
}

static void restarted_broker_is_followed_on(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    atomic_store(&broker->feed, 5);
    begin(broker, &watch, 0, 12);
    await_seen(&watch, 5, 5000);
    for (uint64_t number = 8; number <= 12; number += 2) {
        fake_stop(broker);
        fake_start(broker);
        hint_until_seen(broker, &watch, number);
    }
    expect_end(broker, &watch, KOPGROEP_DONE, 5000);
}

static bool refuse(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    reply->status = KG_STATUS_UNKNOWN_KEY;
    return true;
}

static void refusal_ends_it(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    fake_handle(broker, refuse);
    begin(broker, &watch, 0, 5);
    expect_end(broker, &watch, KOPGROEP_REFUSED, 5000);
}

/* A command still works on a session that was interrupted. */
static void session_lives_on_after_an_interrupt(void **state)
{
    fake_broker *broker = *state;
    watching watch;
    kopgroep_answer answer;
    begin(broker, &watch, 0, 5);
    fake_await(broker, KG_KIND_QUERY, 1);
    kopgroep_interrupt(broker->session);
    expect_end(broker, &watch, KOPGROEP_DONE, SOON_MS);
    kopgroep_withdraw(broker->session, (const char *const[]){"a"}, 1, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(old_entries_come_in_order_over_pages),
        TEST(since_skips_what_was_seen),
        TEST(hints_bring_new_entries_at_once),
        TEST(hints_of_others_ask_nothing),
        TEST(interrupt_ends_a_wait),
        TEST(interrupt_ends_a_wait_for_an_answer),
        TEST(interrupt_ends_a_wait_for_the_broker),
        TEST(restarted_broker_is_followed_on),
        TEST(refusal_ends_it),
        TEST(session_lives_on_after_an_interrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
