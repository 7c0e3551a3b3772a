/* SPDX-License-Identifier: EUPL-1.2 */
/* Messages in, replies and hints out; starting and stopping. */
#include "helper_net.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "proto/memory.h"

static void member_is_served_by_name(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    net_send_text(&client, "question");
    kg_peer peer = net_take_text(world, "question");
    net_reply_text(world, &peer, "answer");
    net_expect_text(&client, "answer");
    net_await_sent(world, 1);
    kg_net_counts counts = net_counts(world);
    assert_int_equal(counts.connections, 1);
    assert_int_equal(counts.received, 1);
    assert_int_equal(counts.replied, 1);
    assert_int_equal(counts.dropped + counts.malformed + counts.refused, 0);
    net_close(world, &client);
}

static void largest_message_passes_both_ways(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    uint8_t *bytes = kg_alloc(KG_FRAME_BYTES_MAX, 1), *back = kg_alloc(KG_FRAME_BYTES_MAX, 1);
    kg_net_message message;
    for (size_t i = 0; i < KG_FRAME_BYTES_MAX; i++)
        bytes[i] = (uint8_t)(i * 7);
    net_send(&client, bytes, KG_FRAME_BYTES_MAX);
    net_take(world, &message, 1);
    assert_int_equal(message.count, KG_FRAME_BYTES_MAX);
    assert_memory_equal(message.bytes, bytes, KG_FRAME_BYTES_MAX);
    kg_net_reply(world->net, &message.peer, message.bytes, message.count);
    assert_int_equal(net_receive(&client, back, KG_FRAME_BYTES_MAX, 10000), KG_FRAME_BYTES_MAX);
    assert_memory_equal(back, bytes, KG_FRAME_BYTES_MAX);
    free(bytes);
    free(back);
    net_close(world, &client);
}

static void two_clients_get_their_own_replies(void **state)
{
    net_world *world = *state;
    net_client a = net_join(world), b = net_join(world);
    net_send_text(&a, "of a");
    kg_peer peer_a = net_take_text(world, "of a");
    net_send_text(&b, "of b");
    kg_peer peer_b = net_take_text(world, "of b");
    net_reply_text(world, &peer_b, "to b");
    net_reply_text(world, &peer_a, "to a");
    net_expect_text(&a, "to a");
    net_expect_text(&b, "to b");
    net_close(world, &a);
    net_close(world, &b);
}

/* ---- messages of the wrong form ---- */

static void send_frames(net_client *client, const char *const *frames, int count)
{
    for (int i = 0; i < count; i++)
        assert_true(zmq_send(client->socket, frames[i], strlen(frames[i]),
                             ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0)) >= 0);
}

static void several_frames_are_refused_and_counted(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    static const char *const frames[] = {"one", "two", "three", "four", "five"};
    for (int count = 2; count <= 5; count++)
        send_frames(&client, frames, count);
    net_send_text(&client, "right");
    net_take_text(world, "right");
    assert_int_equal(net_counts(world).malformed, 4);
    assert_int_equal(net_counts(world).received, 1);
    net_close(world, &client);
}

static void empty_frame_reaches_the_core(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    kg_net_message message;
    net_send(&client, "", 0);
    net_take(world, &message, 1);
    assert_int_equal(message.count, 0);
    assert_non_null(message.bytes);
    free(message.bytes);
    net_close(world, &client);
}

static void long_routing_id_is_refused(void **state)
{
    net_world *world = *state;
    uint8_t id[255];
    memset(id, 'x', sizeof id);
    void *socket = zmq_socket(world->context, ZMQ_DEALER);
    zmq_setsockopt(socket, ZMQ_LINGER, &(int){0}, sizeof(int));
    zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, sizeof id);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, world->broker.public_key, KG_KEY_BYTES);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, world->member.public_key, KG_KEY_BYTES);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, world->member.secret_key, KG_KEY_BYTES);
    assert_int_equal(zmq_connect(socket, kg_net_requests(world->net)), 0);
    assert_true(zmq_send(socket, "hello", 5, ZMQ_DONTWAIT) >= 0);
    for (net_wait wait = net_wait_begin(); net_counts(world).malformed == 0;)
        net_waiting(&wait);
    net_expect_service(world);
    zmq_close(socket);
}

static void oversize_message_ends_its_connection_only(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world), other = net_join(world);
    uint8_t *bytes = kg_alloc(KG_FRAME_BYTES_MAX + 1, 1);
    net_send(&client, bytes, KG_FRAME_BYTES_MAX + 1);
    net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
    net_send_text(&other, "still here");
    kg_peer peer = net_take_text(world, "still here");
    net_reply_text(world, &peer, "good");
    net_expect_text(&other, "good");
    assert_int_equal(net_counts(world).received, 1);
    free(bytes);
    net_close(world, &client);
    net_close(world, &other);
}

/* ---- hints ---- */

/* Hints are lost until the subscription has arrived: one is sent again and again. */
static void await_subscription(net_world *world, net_client *subscriber, const char *topic)
{
    char got[KG_ID_BYTES_MAX + 1];
    uint8_t number[8];
    net_wait wait = net_wait_begin();
    do
        kg_net_hint(world->net, topic, 1);
    while (net_receive(subscriber, got, sizeof got, 20) < 0 && net_waiting(&wait));
    assert_int_equal(net_receive(subscriber, number, sizeof number, 1000), 8);
    while (net_receive(subscriber, got, sizeof got, 100) >= 0)
        continue;
}

static void hints_reach_subscribers(void **state)
{
    static const uint8_t expected[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    net_world *world = *state;
    net_client subscriber = net_connect(world, ZMQ_SUB, &world->member);
    uint8_t number[8];
    assert_int_equal(zmq_setsockopt(subscriber.socket, ZMQ_SUBSCRIBE, NET_MEMBER, 9), 0);
    await_subscription(world, &subscriber, NET_MEMBER);
    kg_net_hint(world->net, "BE-OTHER", 7);
    kg_net_hint(world->net, NET_MEMBER, 0x0102030405060708);
    char topic[KG_ID_BYTES_MAX + 1] = "";
    assert_int_equal(net_receive(&subscriber, topic, sizeof topic, 5000), 10);
    assert_string_equal(topic, NET_MEMBER);
    assert_int_equal(net_receive(&subscriber, number, sizeof number, 5000), 8);
    assert_memory_equal(number, expected, 8);
    net_close(world, &subscriber);
}

/* Whatever one subscribes to; the name of one begins as the other's does. */
static void nobody_hears_of_another(void **state)
{
    static const char *const asked[] = {"", "BE-MEMBER", "BE-MEMBER-2", "B"};
    enum { TOPICS = sizeof asked / sizeof *asked };
    net_world *world = *state;
    net_client ears[TOPICS];
    char topic[KG_ID_BYTES_MAX + 1] = "", number[8];
    net_keys other;
    net_keys_make(&other);
    kg_net_admit(world->net, other.public_key, "BE-MEMBER-2");
    net_client theirs = net_connect(world, ZMQ_SUB, &other);
    assert_int_equal(zmq_setsockopt(theirs.socket, ZMQ_SUBSCRIBE, "", 0), 0);
    await_subscription(world, &theirs, "BE-MEMBER-2");
    for (int i = 0; i < TOPICS; i++) {
        ears[i] = net_connect(world, ZMQ_SUB, &world->member);
        assert_int_equal(zmq_setsockopt(ears[i].socket, ZMQ_SUBSCRIBE, asked[i], strlen(asked[i])),
                         0);
        if (i != 2) /* its own socket leaves out what it did not ask for */
            await_subscription(world, &ears[i], NET_MEMBER);
    }
    for (int i = 0; i < TOPICS; i++) /* what was sent until the others were there */
        while (net_receive(&ears[i], topic, sizeof topic, 100) >= 0)
            continue;
    kg_net_hint(world->net, "BE-MEMBER-2", 7);
    assert_int_equal(net_receive(&theirs, topic, sizeof topic, 5000), 12);
    assert_string_equal(topic, "BE-MEMBER-2");
    assert_int_equal(net_receive(&theirs, number, sizeof number, 5000), 8);
    for (int i = 0; i < TOPICS; i++)
        assert_int_equal(net_receive(&ears[i], topic, sizeof topic, 200), -1);
    kg_net_hint(world->net, NET_MEMBER, 8);
    assert_int_equal(net_receive(&theirs, topic, sizeof topic, 200), -1);
    net_close(world, &theirs);
    for (int i = 0; i < TOPICS; i++)
        net_close(world, &ears[i]);
}

/* ---- waking ---- */

static void *wake_soon(void *net)
{
    kg_net_wake(net);
    return NULL;
}

static void wake_ends_a_wait(void **state)
{
    net_world *world = *state;
    kg_net_message message;
    pthread_t thread;
    int64_t begun = net_now_ms();
    assert_int_equal(pthread_create(&thread, NULL, wake_soon, world->net), 0);
    assert_int_equal(kg_net_receive(world->net, &message, 1, 30000), 0);
    assert_true(net_now_ms() - begun < 25000);
    pthread_join(thread, NULL);
    kg_net_wake(world->net); /* before the wait: it counts too */
    assert_int_equal(kg_net_receive(world->net, &message, 1, 30000), 0);
    assert_true(net_now_ms() - begun < 25000);
    assert_int_equal(kg_net_receive(world->net, &message, 1, 10), 0);
}

/* ---- starting and stopping ---- */

static void stopping_sends_what_is_queued(void **state)
{
    net_world *world = *state;
    net_client clients[20];
    kg_peer peer = {0};
    for (size_t i = 0; i < 20; i++)
        clients[i] = net_join(world);
    net_send_text(&clients[0], "last question");
    peer = net_take_text(world, "last question");
    net_send_text(&clients[1], "never taken");
    for (net_wait wait = net_wait_begin(); net_counts(world).received < 2;)
        net_waiting(&wait);
    net_reply_text(world, &peer, "last answer");
    int64_t begun = net_now_ms();
    kg_net_stop(&world->net);
    assert_null(world->net);
    assert_true(net_now_ms() - begun < 30000);
    net_expect_text(&clients[0], "last answer");
    for (size_t i = 0; i < 20; i++)
        net_close(world, &clients[i]);
}

static void expect_start_refused(const kg_net_options *options, const char *a, const char *b)
{
    char error[300] = "";
    kg_net *net = kg_net_start(options, error);
    assert_null(net);
    if (!strstr(error, a) || !strstr(error, b))
        fail_msg("\"%s\" has no \"%s\" and \"%s\"", error, a, b);
}

static void taken_port_is_told(void **state)
{
    net_world *world = *state;
    net_keys keys;
    net_keys_make(&keys);
    kg_net_options options = net_options(&keys);
    options.requests = kg_net_requests(world->net);
    expect_start_refused(&options, options.requests, "in use");
    options = net_options(&keys);
    options.feeds = kg_net_feeds(world->net);
    expect_start_refused(&options, options.feeds, "in use");
    net_expect_service(world);
}

static void wrong_endpoint_is_told(void **state)
{
    (void)state;
    net_keys keys;
    net_keys_make(&keys);
    kg_net_options options = net_options(&keys);
    options.requests = "nonsense";
    expect_start_refused(&options, "cannot listen at", "nonsense");
    options.requests = "tcp://192.0.2.77:*"; /* of no interface */
    expect_start_refused(&options, "cannot listen at", "192.0.2.77");
}

/* The self-test asks with the public key that it is given: with another it gets no answer. */
static void self_test_notices_keys_that_do_not_fit(void **state)
{
    (void)state;
    net_keys keys, other;
    net_keys_make(&keys);
    net_keys_make(&other);
    kg_net_options options = net_options(&keys);
    options.transport_public = other.public_key;
    expect_start_refused(&options, "self-test failed", "not refused");
}

static void endpoints_are_told_as_bound(void **state)
{
    net_world *world = *state;
    const char *requests = kg_net_requests(world->net), *feeds = kg_net_feeds(world->net);
    assert_non_null(strstr(requests, "tcp://127.0.0.1:"));
    assert_non_null(strstr(feeds, "tcp://127.0.0.1:"));
    assert_null(strchr(requests, '*'));
    assert_string_not_equal(requests, feeds);
}

static void all_interfaces_and_ipv6_are_served(void **state)
{
    static const char *const endpoints[] = {"tcp://*:*", "tcp://[::1]:*", "tcp://[::]:*"};
    char error[300] = "";
    net_world *world = *state;
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        kg_net_stop(&world->net);
        kg_net_options options = net_options(&world->broker);
        options.requests = endpoints[i];
        options.feeds = endpoints[i];
        world->net = kg_net_start(&options, error);
        if (!world->net && strstr(error, "Cannot assign requested address"))
            continue; /* a machine without IPv6 */
        if (!world->net)
            fail_msg("%s: %s", endpoints[i], error);
        kg_net_admit(world->net, world->member.public_key, NET_MEMBER);
        net_expect_service(world);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, net_setup, net_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(member_is_served_by_name),
        TEST(largest_message_passes_both_ways),
        TEST(two_clients_get_their_own_replies),
        TEST(several_frames_are_refused_and_counted),
        TEST(empty_frame_reaches_the_core),
        TEST(long_routing_id_is_refused),
        TEST(oversize_message_ends_its_connection_only),
        TEST(hints_reach_subscribers),
        TEST(nobody_hears_of_another),
        TEST(wake_ends_a_wait),
        TEST(stopping_sends_what_is_queued),
        TEST(taken_port_is_told),
        cmocka_unit_test(wrong_endpoint_is_told),
        cmocka_unit_test(self_test_notices_keys_that_do_not_fit),
        TEST(endpoints_are_told_as_bound),
        TEST(all_interfaces_and_ipv6_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
