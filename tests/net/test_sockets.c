/* SPDX-License-Identifier: EUPL-1.2 */
/* Sockets whose ZAP handler is not there, not served, or gone: nobody is let in. And what is told
 * of them. */
#include "broker/net/sockets.c" /* what it gives a socket, and its handler's socket */

#include "helper_net.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#define AWHILE_MS 800 /* a handshake that is let in takes some milliseconds */

typedef struct rig {
    net_keys broker, member;
    void *context; /* of the clients */
    void *client, *monitor;
    int made;
} rig;

static int rig_setup(void **state)
{
    rig *r = kg_alloc(1, sizeof *r);
    net_keys_make(&r->broker);
    net_keys_make(&r->member);
    r->context = zmq_ctx_new();
    *state = r;
    return 0;
}

static void leave(rig *r)
{
    if (!r->client)
        return;
    zmq_socket_monitor(r->client, NULL, 0);
    zmq_close(r->client);
    zmq_close(r->monitor);
    r->client = NULL;
}

static int rig_teardown(void **state)
{
    rig *r = *state;
    leave(r);
    zmq_ctx_term(r->context);
    free(r);
    return 0;
}

/* Knocks with a message, for what that helps. */
static void knock(rig *r, int type, const char *endpoint)
{
    char name[64];
    r->client = zmq_socket(r->context, type);
    r->monitor = zmq_socket(r->context, ZMQ_PAIR);
    kg_text_format(name, sizeof name, "inproc://monitor-%d", r->made++);
    assert_true(set_int(r->client, ZMQ_LINGER, 0) && set_int(r->monitor, ZMQ_LINGER, 0));
    assert_true(set_int(r->client, ZMQ_RECONNECT_IVL, 20));
    assert_int_equal(
        zmq_setsockopt(r->client, ZMQ_CURVE_SERVERKEY, r->broker.public_key, KG_KEY_BYTES), 0);
    assert_int_equal(
        zmq_setsockopt(r->client, ZMQ_CURVE_PUBLICKEY, r->member.public_key, KG_KEY_BYTES), 0);
    assert_int_equal(
        zmq_setsockopt(r->client, ZMQ_CURVE_SECRETKEY, r->member.secret_key, KG_KEY_BYTES), 0);
    assert_int_equal(zmq_socket_monitor(r->client, name, ZMQ_EVENT_ALL), 0);
    assert_int_equal(zmq_connect(r->monitor, name), 0);
    assert_int_equal(zmq_connect(r->client, endpoint), 0);
    if (type == ZMQ_DEALER)
        assert_true(zmq_send(r->client, "let me in", 9, ZMQ_DONTWAIT) == 9);
    else
        assert_int_equal(zmq_setsockopt(r->client, ZMQ_SUBSCRIBE, "", 0), 0);
}

/* Is the client let in before this time? It has to have reached the broker. */
static bool is_let_in(rig *r, int64_t until_ms)
{
    bool reached = false;
    for (int64_t left; (left = until_ms - net_now_ms()) > 0;) {
        uint16_t event;
        int32_t value;
        zmq_pollitem_t item = {r->monitor, 0, ZMQ_POLLIN, 0};
        if (zmq_poll(&item, 1, left) <= 0 || !read_monitor(r->monitor, 0, &event, &value))
            continue;
        reached = reached || event == ZMQ_EVENT_CONNECTED;
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return true;
    }
    assert_true(reached);
    return false;
}

static const struct {
    kg_socket socket;
    int type;
} both[] = {{KG_SOCKET_REQUESTS, ZMQ_DEALER}, {KG_SOCKET_FEEDS, ZMQ_SUB}};

/* Knocks at both sockets in turn; from neither came anything. */
static void expect_shut(rig *r, kg_sockets *sockets)
{
    for (size_t i = 0; i < 2; i++) {
        kg_heard heard;
        knock(r, both[i].type, kg_sockets_endpoint(sockets, both[i].socket));
        if (is_let_in(r, net_now_ms() + AWHILE_MS))
            fail_msg("let in at socket %zu", i);
        leave(r);
        assert_false(kg_sockets_hear(sockets, both[i].socket, false, &heard));
    }
}

static kg_sockets *open_sockets(const rig *r)
{
    char error[300] = "";
    const kg_net_options options = net_options(&r->broker);
    kg_sockets *sockets = kg_sockets_open(&options, error);
    if (!sockets)
        fail_msg("%s", error);
    return sockets;
}

static void nobody_while_the_handler_is_not_served(void **state)
{
    kg_sockets *sockets = open_sockets(*state);
    expect_shut(*state, sockets);
    kg_sockets_close(&sockets);
}

/* ---- a handler that dies ---- */

typedef struct handler {
    kg_sockets *sockets;
    atomic_bool stop;
} handler;

static void let_in(kg_sockets *sockets, const char *request_id, size_t bytes)
{
    static const char *const answer[] = {"200", "OK", "BE-MEMBER", ""};
    kg_sockets_send(sockets, KG_SOCKET_ZAP, "1.0", 3, true);
    kg_sockets_send(sockets, KG_SOCKET_ZAP, request_id, bytes, true);
    for (int i = 0; i < 4; i++)
        kg_sockets_send(sockets, KG_SOCKET_ZAP, answer[i], strlen(answer[i]), i < 3);
}

/* Lets everybody in. */
static void *handle(void *context)
{
    handler *h = context;
    zmq_pollitem_t item = {h->sockets->sockets[KG_SOCKET_ZAP], 0, ZMQ_POLLIN, 0};
    while (!atomic_load(&h->stop)) {
        char frames[2][256]; /* its version, its number */
        bool more = true;
        int bytes = 0;
        if (zmq_poll(&item, 1, 20) <= 0)
            continue;
        for (int i = 0; more && i < 2; i++)
            bytes = kg_sockets_read(h->sockets, KG_SOCKET_ZAP, frames[i], sizeof *frames, &more);
        kg_sockets_drain(h->sockets, KG_SOCKET_ZAP);
        let_in(h->sockets, frames[1], (size_t)bytes);
    }
    return NULL;
}

/* Who was let in has sent a message of two frames. */
static void take_what_came(kg_sockets *sockets)
{
    char frame[256];
    bool more = true;
    zmq_pollitem_t item = {sockets->sockets[KG_SOCKET_REQUESTS], 0, ZMQ_POLLIN, 0};
    assert_int_equal(zmq_poll(&item, 1, 10000), 1);
    while (more)
        kg_sockets_read(sockets, KG_SOCKET_REQUESTS, frame, sizeof frame, &more);
}

/* Whom it let in before shows that all else is right. */
static void nobody_once_the_handler_is_gone(void **state)
{
    rig *r = *state;
    kg_sockets *sockets = open_sockets(r);
    handler h = {.sockets = sockets};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, handle, &h), 0);
    knock(r, ZMQ_DEALER, kg_sockets_endpoint(sockets, KG_SOCKET_REQUESTS));
    const bool before = is_let_in(r, net_now_ms() + 10000);
    atomic_store(&h.stop, true);
    pthread_join(thread, NULL);
    assert_true(before);
    take_what_came(sockets);
    leave(r);
    zmq_close(sockets->sockets[KG_SOCKET_ZAP]);
    sockets->sockets[KG_SOCKET_ZAP] = NULL;
    expect_shut(r, sockets);
    kg_sockets_close(&sockets);
}

/* ---- without a handler, with what a socket is given, or all of it but one ---- */

static bool is_open_without_handler(rig *r, bool enforced)
{
    char endpoint[256];
    size_t size = sizeof endpoint;
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_ROUTER);
    assert_true(secure(socket, r->broker.secret_key));
    assert_true(enforced || set_int(socket, ZAP_ENFORCE_DOMAIN, 0));
    assert_int_equal(zmq_bind(socket, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    knock(r, ZMQ_DEALER, endpoint);
    const bool open = is_let_in(r, net_now_ms() + (enforced ? AWHILE_MS : 10000));
    leave(r);
    zmq_close(socket);
    zmq_ctx_term(context);
    return open;
}

/* The second half shows what the option is for, and that the first could fail. */
static void nobody_without_a_handler_but_for_one_option(void **state)
{
    assert_false(is_open_without_handler(*state, true));
    assert_true(is_open_without_handler(*state, false));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

/* ---- what is told ---- */

static void *ask_handler(const kg_sockets *sockets)
{
    void *asker = zmq_socket(sockets->context, ZMQ_REQ);
    assert_true(set_int(asker, ZMQ_LINGER, 0));
    assert_int_equal(zmq_connect(asker, ZAP_ENDPOINT), 0);
    assert_int_equal(zmq_send(asker, "?", 1, 0), 1);
    return asker;
}

/* A socket's descriptor tells of a message once only. */
static void what_is_left_unread_is_told_again(void **state)
{
    kg_sockets *sockets = open_sockets(*state);
    void *askers[] = {ask_handler(sockets), ask_handler(sockets)};
    const int wake = eventfd(1, EFD_CLOEXEC);
    char got;
    bool more;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kg_sockets_wait(sockets, -1, false, true), KG_READY_ZAP);
        assert_int_equal(kg_sockets_wait(sockets, wake, false, true),
                         KG_READY_ZAP | KG_READY_WAKE);
        assert_int_equal(kg_sockets_read(sockets, KG_SOCKET_ZAP, &got, 1, &more), 1);
        assert_true(kg_sockets_send(sockets, KG_SOCKET_ZAP, "!", 1, false));
    }
    assert_int_equal(kg_sockets_wait(sockets, wake, false, true), KG_READY_WAKE);
    close(wake);
    zmq_close(askers[0]);
    zmq_close(askers[1]);
    kg_sockets_close(&sockets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_while_the_handler_is_not_served),
        TEST(nobody_once_the_handler_is_gone),
        TEST(nobody_without_a_handler_but_for_one_option),
        TEST(what_is_left_unread_is_told_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
