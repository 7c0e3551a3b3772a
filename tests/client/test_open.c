/* SPDX-License-Identifier: EUPL-1.2 */
/* Being let in, and what a user is told who is not. */
#include "helper_broker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"

/* 5 s as promised, and what it takes to make and free sockets on a busy machine. */
#define ENTRY_MS_MAX 5500

typedef struct attempt {
    char access_path[160], identity_path[160];
    kg_broker_access access;
    kopgroep_session *session;
    kopgroep_answer answer;
    int64_t took_ms;
    pthread_t thread;
} attempt;

/* As the member would, with files of its own. */
static attempt make_attempt(const fake_broker *broker, const char *name)
{
    attempt made = {.access = broker->access};
    kg_text_format(made.access_path, sizeof made.access_path, "%s/%s.access", broker->folder,
                   name);
    kg_text_format(made.identity_path, sizeof made.identity_path, "%s", broker->identity_path);
    return made;
}

static void *open_session(void *argument)
{
    attempt *made = argument;
    const kopgroep_options options = {
        .broker = made->access_path, .identity = made->identity_path, .timeout_ms = 1000};
    int64_t begun = fake_now_ms();
    made->session = kopgroep_open(&options, &made->answer);
    made->took_ms = fake_now_ms() - begun;
    return NULL;
}

static void begin_attempt(attempt *made)
{
    assert_true(kg_broker_access_write(made->access_path, &made->access));
    assert_int_equal(pthread_create(&made->thread, NULL, open_session, made), 0);
}

static void expect_refusal(attempt *made, const char *words)
{
    pthread_join(made->thread, NULL);
    assert_null(made->session);
    assert_int_equal(made->answer.outcome, KOPGROEP_NOT_REACHED);
    if (!strstr(made->answer.detail, words))
        fail_msg("\"%s\" lacks \"%s\"", made->answer.detail, words);
    assert_non_null(strstr(made->answer.detail, made->access.requests));
    assert_true(made->took_ms <= ENTRY_MS_MAX);
    kopgroep_answer_fini(&made->answer);
}

/* A port of which nobody but us knows; listens when asked to, but never says a word. */
static int take_port(bool listening, char endpoint[static 256])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    if (listening)
        assert_int_equal(listen(descriptor, 8), 0);
    kg_text_format(endpoint, 256, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    return descriptor;
}

static void member_is_let_in(void **state)
{
    fake_broker *broker = *state;
    fake_open(broker, 0);
    assert_string_equal(kopgroep_organisation(broker->session), FAKE_MEMBER);
}

/* All at once, since each takes its 5 s. */
static void failures_say_their_cause_in_time(void **state)
{
    fake_broker *broker = *state;
    attempt nobody = make_attempt(broker, "nobody");
    attempt silent = make_attempt(broker, "silent");
    attempt other = make_attempt(broker, "other");
    int closed_port = take_port(false, nobody.access.requests);
    int silent_port = take_port(true, silent.access.requests);
    kg_random(other.access.key, sizeof other.access.key);
    other.access.key[31] &= 0x7f;
    begin_attempt(&nobody);
    begin_attempt(&silent);
    begin_attempt(&other);
    expect_refusal(&nobody, "Nobody answers at");
    expect_refusal(&silent, "it is not the broker of your access file");
    expect_refusal(&other, "Ask the administrator for a new access file");
    close(closed_port);
    close(silent_port);
}

static void stranger_is_told_so_at_once(void **state)
{
    fake_broker *broker = *state;
    attempt stranger = make_attempt(broker, "stranger");
    kg_identity *identity = kg_identity_generate(FAKE_MEMBER);
    kg_text_format(stranger.identity_path, sizeof stranger.identity_path, "%s/stranger",
                   broker->folder);
    assert_true(kg_identity_write(identity, stranger.identity_path, NULL));
    begin_attempt(&stranger);
    expect_refusal(&stranger, "does not know the key of");
    assert_true(stranger.took_ms < 4000);
    kg_identity_destroy(&identity);
}

/* A broker that begins a moment later is reached: a client waits for it. */
static void late_broker_is_waited_for(void **state)
{
    fake_broker *broker = *state;
    attempt early = make_attempt(broker, "early");
    fake_stop(broker);
    begin_attempt(&early);
    fake_start(broker);
    pthread_join(early.thread, NULL);
    assert_non_null(early.session);
    assert_int_equal(early.answer.outcome, KOPGROEP_DONE);
    kopgroep_close(&early.session);
    kopgroep_answer_fini(&early.answer);
}

/* ---- files ---- */

static void expect_local(attempt *made, const char *words)
{
    open_session(made);
    assert_null(made->session);
    assert_int_equal(made->answer.outcome, KOPGROEP_LOCAL);
    if (!strstr(made->answer.detail, words))
        fail_msg("\"%s\" lacks \"%s\"", made->answer.detail, words);
    kopgroep_answer_fini(&made->answer);
}

static void wrong_access_files_are_local_errors(void **state)
{
    fake_broker *broker = *state;
    attempt made = make_attempt(broker, "missing");
    expect_local(&made, "is not a broker's access file");
    made = make_attempt(broker, "broken");
    fake_write_file(made.access_path, "hello\n", 6);
    open_session(&made);
    assert_null(made.session);
    assert_int_equal(made.answer.outcome, KOPGROEP_LOCAL);
    assert_true(made.answer.problems_count > 0);
    assert_string_equal(made.answer.problems[0].file, made.access_path);
    kopgroep_answer_fini(&made.answer);
}

static void wrong_identity_files_are_local_errors(void **state)
{
    fake_broker *broker = *state;
    attempt made = make_attempt(broker, "broker");
    assert_true(kg_broker_access_write(made.access_path, &made.access));
    kg_text_format(made.identity_path, sizeof made.identity_path, "%s/none", broker->folder);
    expect_local(&made, "none");
    kg_text_format(made.identity_path, sizeof made.identity_path, "%s", broker->identity_path);
    assert_int_equal(chmod(made.identity_path, 0644), 0);
    expect_local(&made, made.identity_path);
}

static void endpoint_of_no_form_is_a_local_error(void **state)
{
    fake_broker *broker = *state;
    attempt made = make_attempt(broker, "form");
    kg_text_format(made.access.requests, sizeof made.access.requests, "nowhere://127.0.0.1");
    assert_true(kg_broker_access_write(made.access_path, &made.access));
    expect_local(&made, "");
}

static void passphrase_is_asked_for(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    attempt made = make_attempt(broker, "locked");
    kg_text_format(made.identity_path, sizeof made.identity_path, "%s/locked", broker->folder);
    assert_true(kg_broker_access_write(made.access_path, &made.access));
    assert_true(kg_identity_write(broker->member, made.identity_path, "open sesame"));
    expect_local(&made, "It needs its passphrase.");
    kopgroep_options options = {.broker = made.access_path, .identity = made.identity_path,
                                .passphrase = "open sesame"};
    kopgroep_session *session = kopgroep_open(&options, &answer);
    assert_non_null(session);
    kopgroep_close(&session);
    kopgroep_answer_fini(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(member_is_let_in),
        TEST(failures_say_their_cause_in_time),
        TEST(stranger_is_told_so_at_once),
        TEST(late_broker_is_waited_for),
        TEST(wrong_access_files_are_local_errors),
        TEST(wrong_identity_files_are_local_errors),
        TEST(endpoint_of_no_form_is_a_local_error),
        TEST(passphrase_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
