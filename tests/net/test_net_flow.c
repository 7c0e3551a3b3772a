/* SPDX-License-Identifier: EUPL-1.2 */
/* Bounds: what waits, what is held back, what is dropped, and that one peer's trouble is not
 * another's. */
#include "helper_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "proto/memory.h"

static void reply_to_departed_peer_is_dropped_and_counted(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    uint64_t queued = 0;
    net_send_text(&client, "and gone");
    kg_peer peer = net_take_text(world, "and gone");
    net_close(world, &client);
    net_wait wait = net_wait_begin();
    do { /* until the departure has been noticed */
        net_reply_text(world, &peer, "nobody reads this");
        queued++;
    } while (net_counts(world).dropped == 0 && net_waiting(&wait));
    net_await_sent(world, queued);
    net_expect_service(world);
}

static void unknown_peer_is_dropped_and_counted(void **state)
{
    net_world *world = *state;
    const kg_peer nobody = {.bytes = "nobody", .count = 6}, none = {.count = 0};
    net_reply_text(world, &nobody, "x");
    net_reply_text(world, &none, "x");
    for (net_wait wait = net_wait_begin(); net_counts(world).dropped < 2;)
        net_waiting(&wait);
    net_expect_service(world);
}

static void stalled_peer_costs_the_others_nothing(void **state)
{
    enum { REPLIES = 600, BYTES = 60000 };
    net_world *world = *state;
    net_client stalled = net_join_narrow(world), other = net_join(world);
    uint8_t *got = kg_alloc(BYTES, 1);
    net_send_text(&stalled, "tell me all");
    kg_peer peer = net_take_text(world, "tell me all");
    net_send_text(&other, "short question");
    kg_peer other_peer = net_take_text(world, "short question");
    for (int i = 0; i < REPLIES; i++)
        kg_net_reply(world->net, &peer, kg_alloc(BYTES, 1), BYTES);
    net_reply_text(world, &other_peer, "short answer");
    net_expect_text(&other, "short answer");
    net_await_sent(world, REPLIES + 1);
    kg_net_counts counts = net_counts(world);
    assert_true(counts.dropped > 0);
    assert_true(counts.replied > 100);
    /* What was not dropped arrives once it reads again; then it is served as before. */
    for (uint64_t i = 0; i + 1 < counts.replied; i++)
        assert_int_equal(net_receive(&stalled, got, BYTES, 10000), BYTES);
    net_send_text(&stalled, "again");
    peer = net_take_text(world, "again");
    net_reply_text(world, &peer, "here");
    net_expect_text(&stalled, "here");
    free(got);
}

static void send_numbers(net_client *client, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        net_send(client, &i, sizeof i);
}

static void expect_numbers(net_world *world, uint32_t count)
{
    kg_net_message messages[3];
    net_wait wait = net_wait_begin();
    for (uint32_t next = 0; next < count;) {
        size_t got = kg_net_receive(world->net, messages, 3, 100);
        for (size_t i = 0; i < got; i++, next++) {
            assert_int_equal(messages[i].count, sizeof next);
            assert_memory_equal(messages[i].bytes, &next, sizeof next);
            free(messages[i].bytes);
        }
        if (got == 0)
            net_waiting(&wait);
    }
}

static void messages_beyond_the_bound_wait_and_all_arrive(void **state)
{
    (void)state;
    enum { BOUND = 8, MESSAGES = 800 };
    net_world *world = net_world_new(BOUND, 0);
    net_client client = net_join(world);
    send_numbers(&client, MESSAGES);
    for (net_wait wait = net_wait_begin(); net_counts(world).received < BOUND;)
        net_waiting(&wait);
    net_client other = net_join(world); /* the thread lives, it only does not read */
    assert_int_equal(net_counts(world).received, BOUND);
    expect_numbers(world, MESSAGES);
    assert_int_equal(net_counts(world).received, MESSAGES);
    net_send_text(&other, "me too");
    net_take_text(world, "me too");
    net_world_destroy(&world);
}

/* Replies go out while no request comes in. */
static void full_inbound_does_not_hold_replies_back(void **state)
{
    (void)state;
    net_world *world = net_world_new(2, 0);
    net_client client = net_join(world);
    kg_net_message message;
    send_numbers(&client, 10);
    net_take(world, &message, 1);
    for (net_wait wait = net_wait_begin(); net_counts(world).received < 3;)
        net_waiting(&wait);
    net_reply_text(world, &message.peer, "first");
    net_expect_text(&client, "first");
    free(message.bytes);
    net_world_destroy(&world);
}

static void replies_beyond_the_bound_are_dropped_and_counted(void **state)
{
    (void)state;
    enum { BOUND = 4, REPLIES = 5000 };
    net_world *world = net_world_new(0, BOUND);
    net_client client = net_join(world);
    net_send_text(&client, "all");
    kg_peer peer = net_take_text(world, "all");
    for (int i = 0; i < REPLIES; i++)
        net_reply_text(world, &peer, "x");
    net_await_sent(world, REPLIES);
    net_world_destroy(&world);
}

static void many_clients_at_once_are_all_answered(void **state)
{
    enum { CLIENTS = 50, EACH = 20 };
    net_world *world = *state;
    net_client clients[CLIENTS];
    kg_net_message message;
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = net_connect(world, ZMQ_DEALER, &world->member);
    for (int i = 0; i < CLIENTS * EACH; i++)
        net_send(&clients[i % CLIENTS], &i, sizeof i);
    for (int i = 0; i < CLIENTS * EACH; i++) {
        net_take(world, &message, 1);
        kg_net_reply(world->net, &message.peer, message.bytes, message.count);
    }
    for (int i = 0; i < CLIENTS * EACH; i++) {
        int got = -1;
        assert_int_equal(net_receive(&clients[i % CLIENTS], &got, sizeof got, 10000), sizeof got);
        assert_int_equal(got, i);
    }
    assert_int_equal(net_counts(world).dropped, 0);
}

/* What a peer has read counts until its side of the line tells of it, which is later; so the rounds
 * meet each other at other places. Replies are long, so that they wait for who reads slowly. */
static void who_has_no_more_in_flight_loses_nothing(void **state)
{
    enum { ROUNDS = 8, BYTES = 1000000 };
    net_world *world = *state;
    net_client client = net_join_narrow(world);
    uint8_t *got = kg_alloc(BYTES, 1);
    kg_net_message message;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        send_numbers(&client, KG_NET_IN_FLIGHT_MAX);
        for (uint32_t i = 0; i < KG_NET_IN_FLIGHT_MAX; i++) {
            net_take(world, &message, 1);
            kg_net_reply(world->net, &message.peer, kg_alloc(BYTES, 1), BYTES);
            free(message.bytes);
        }
        net_await_sent(world, round * KG_NET_IN_FLIGHT_MAX);
        assert_int_equal(net_counts(world).dropped, 0);
        for (uint32_t i = 0; i < KG_NET_IN_FLIGHT_MAX; i++)
            assert_int_equal(net_receive(&client, got, BYTES, 10000), BYTES);
    }
    free(got);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, net_setup, net_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reply_to_departed_peer_is_dropped_and_counted),
        TEST(unknown_peer_is_dropped_and_counted),
        TEST(stalled_peer_costs_the_others_nothing),
        cmocka_unit_test(messages_beyond_the_bound_wait_and_all_arrive),
        cmocka_unit_test(full_inbound_does_not_hold_replies_back),
        cmocka_unit_test(replies_beyond_the_bound_are_dropped_and_counted),
        TEST(many_clients_at_once_are_all_answered),
        TEST(who_has_no_more_in_flight_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
