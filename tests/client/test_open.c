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
#include <zmq.h>

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
    kg_text_format(made.access_path, sizeof made.access_path, "%s/%s.access", broker->folder, name);
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
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
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

/* ---- a broker that knows the key, but not now ---- */

typedef struct doorman {
    void *context, *door, *zap;
} doorman;

static doorman stand_at(const kg_identity *keys, char endpoint[static 256])
{
    doorman made = {.context = zmq_ctx_new()};
    size_t size = 256;
    int server = 1, none = 0;
    made.zap = zmq_socket(made.context, ZMQ_REP);
    assert_int_equal(zmq_setsockopt(made.zap, ZMQ_LINGER, &none, sizeof none), 0);
    assert_int_equal(zmq_bind(made.zap, "inproc://zeromq.zap.01"), 0);
    made.door = zmq_socket(made.context, ZMQ_ROUTER);
    assert_int_equal(zmq_setsockopt(made.door, ZMQ_LINGER, &none, sizeof none), 0);
    assert_int_equal(zmq_setsockopt(made.door, ZMQ_CURVE_SERVER, &server, sizeof server), 0);
    assert_int_equal(zmq_setsockopt(made.door, ZMQ_CURVE_SECRETKEY,
                                    kg_identity_transport_secret(keys), KG_KEY_BYTES),
                     0);
    assert_int_equal(zmq_bind(made.door, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(made.door, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    return made;
}

/* Turns away the next who comes, as a broker does whose key has too many connections. */
static void turn_away_one(const doorman *at)
{
    char frame[256], request[256];
    int more = 1, request_bytes = 0;
    size_t size = sizeof more;
    for (int i = 0; more; i++) {
        int got = zmq_recv(at->zap, frame, sizeof frame, 0);
        assert_true(got >= 0);
        if (i == 1) /* its id */
            memcpy(request, frame, (size_t)(request_bytes = got));
        assert_int_equal(zmq_getsockopt(at->zap, ZMQ_RCVMORE, &more, &size), 0);
    }
    zmq_send(at->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(at->zap, request, (size_t)request_bytes, ZMQ_SNDMORE);
    zmq_send(at->zap, "500", 3, ZMQ_SNDMORE);
    zmq_send(at->zap, "later", 5, ZMQ_SNDMORE);
    zmq_send(at->zap, "", 0, ZMQ_SNDMORE);
    assert_int_equal(zmq_send(at->zap, "", 0, 0), 0);
}

/* What it said stands when the last try is cut short by the deadline. */
static void crowded_stays_so_when_the_door_falls_silent(void **state)
{
    fake_broker *broker = *state;
    attempt made = make_attempt(broker, "crowded");
    doorman at = stand_at(broker->keys, made.access.requests);
    begin_attempt(&made);
    turn_away_one(&at);
    pthread_join(made.thread, NULL);
    assert_null(made.session);
    assert_int_equal(made.answer.outcome, KOPGROEP_NOT_REACHED);
    assert_string_equal(made.answer.code_name, "TOO_MANY_CONNECTIONS");
    assert_non_null(strstr(made.answer.detail, "as many connections as the broker allows"));
    kopgroep_answer_fini(&made.answer);
    zmq_close(at.door);
    zmq_close(at.zap);
    zmq_ctx_term(at.context);
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

static void what_is_wrong_is_said_in_the_language_that_was_chosen(void **state)
{
    fake_broker *broker = *state;
    attempt made = make_attempt(broker, "missing");
    assert_false(kopgroep_language("es"));
    assert_true(kopgroep_language("de"));
    expect_local(&made, "ist keine Zugangsdatei eines Brokers");
    setenv("LANG", "nl_BE.UTF-8", 1);
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    unsetenv("LANGUAGE");
    assert_true(kopgroep_language(NULL));
    expect_local(&made, "is geen toegangsbestand van een broker");
    assert_true(kopgroep_language("en"));
    expect_local(&made, "is not a broker's access file");
}

static void passphrase_is_asked_for(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    attempt made = make_attempt(broker, "locked");
    kg_text_format(made.identity_path, sizeof made.identity_path, "%s/locked", broker->folder);
    assert_true(kg_broker_access_write(made.access_path, &made.access));
    assert_true(kg_identity_write(broker->member, made.identity_path, "open sesame"));
    expect_local(&made, "it needs its passphrase");
    open_session(&made);
    assert_null(made.session);
    assert_true(made.answer.needs_passphrase);
    kopgroep_answer_fini(&made.answer);
    kopgroep_options options = {
        .broker = made.access_path, .identity = made.identity_path, .passphrase = "open sesame"};
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
        TEST(crowded_stays_so_when_the_door_falls_silent),
        TEST(wrong_access_files_are_local_errors),
        TEST(wrong_identity_files_are_local_errors),
        TEST(endpoint_of_no_form_is_a_local_error),
        TEST(what_is_wrong_is_said_in_the_language_that_was_chosen),
        TEST(passphrase_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
