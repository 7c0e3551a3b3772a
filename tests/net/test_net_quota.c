/* SPDX-License-Identifier: EUPL-1.2 */
/* A key has so many connections and no more, makes so many in a second, and loses them when it is
 * dismissed. */
#include "helper_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

static kg_net_counts counts(const net_world *world)
{
    kg_net_counts now;
    kg_net_counts_read(world->net, &now);
    return now;
}

/* Tries until one is let in: the broker hears of a connection's end by itself. */
static net_client join_in_the_end(net_world *world, int type)
{
    for (net_wait wait = net_wait_begin(); net_waiting(&wait);) {
        net_client client = net_connect(world, type, &world->member);
        if (net_handshake(&client) == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return client;
        net_close(world, &client);
    }
    return (net_client){0};
}

static void refused(net_world *world, int type)
{
    uint64_t limited = counts(world).limited;
    net_client client = net_connect(world, type, &world->member);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    assert_true(counts(world).limited > limited);
    net_close(world, &client);
}

/* Silent ones and subscribers count too; the end of one makes room, over and over. */
static void a_key_has_so_many_connections(void **state)
{
    (void)state;
    net_world *world = net_world_limited(3, 0);
    net_client speaks = net_join(world), silent = net_join(world);
    net_client hears = net_connect(world, ZMQ_SUB, &world->member);
    assert_int_equal(net_handshake(&hears), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_send_text(&speaks, "a message");
    refused(world, ZMQ_DEALER);
    refused(world, ZMQ_SUB);
    for (int i = 0; i < 5; i++) {
        net_close(world, &speaks);
        speaks = join_in_the_end(world, ZMQ_DEALER);
        refused(world, ZMQ_DEALER);
        net_close(world, &silent);
        silent = join_in_the_end(world, ZMQ_DEALER);
        refused(world, ZMQ_DEALER);
    }
    net_close(world, &hears);
    hears = join_in_the_end(world, ZMQ_SUB);
    refused(world, ZMQ_SUB);
    net_keys other;
    net_keys_make(&other);
    kg_net_admit(world->net, other.public_key, "BE-OTHER");
    net_client theirs = net_connect(world, ZMQ_DEALER, &other);
    assert_int_equal(net_handshake(&theirs), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_world_destroy(&world);
}

/* The next second begins anew. */
static void a_key_makes_so_many_in_a_second(void **state)
{
    (void)state;
    net_world *world = net_world_limited(0, 2);
    size_t let_in = 0, later = 0;
    net_client clients[8];
    int64_t begun = net_now_ms();
    for (size_t i = 0; i < 8; i++) {
        clients[i] = net_connect(world, ZMQ_DEALER, &world->member);
        bool in = net_handshake(&clients[i]) == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
        let_in += in;
        later += !in;
    }
    size_t seconds = (size_t)(net_now_ms() - begun) / 1000 + 2; /* begun ones, at most */
    assert_true(let_in <= 2 * seconds);
    assert_true(let_in + later == 8);
    net_client last = join_in_the_end(world, ZMQ_DEALER);
    net_close(world, &last);
    net_world_destroy(&world);
}

static void who_is_dismissed_is_cut_off(void **state)
{
    (void)state;
    char got[64];
    net_world *world = net_world_limited(0, 0);
    net_client asks = net_join(world), hears = net_connect(world, ZMQ_SUB, &world->member);
    assert_int_equal(net_handshake(&hears), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(zmq_setsockopt(hears.socket, ZMQ_SUBSCRIBE, "", 0), 0);
    net_send_text(&asks, "a message");
    kg_net_message message = {0};
    for (net_wait wait = net_wait_begin(); net_waiting(&wait);)
        if (kg_net_receive(world->net, &message, 1, 100) == 1)
            break;
    free(message.bytes);
    for (net_wait wait = net_wait_begin(); net_waiting(&wait);) { /* the subscription is there */
        kg_net_hint(world->net, NET_MEMBER, 1);
        if (net_receive(&hears, got, sizeof got, 50) > 0)
            break;
    }
    kg_net_dismiss(world->net, world->member.public_key);
    net_await_event(&asks, ZMQ_EVENT_DISCONNECTED);
    net_await_event(&hears, ZMQ_EVENT_DISCONNECTED);
    net_await_event(&asks, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    net_world_destroy(&world);
}

/* They never sent anything, so that nobody knows which of the silent ones of their address they
 * are. The others, of another key, come back by themselves; who spoke is left alone. */
static void who_is_dismissed_and_never_spoke_is_cut_off(void **state)
{
    (void)state;
    net_keys other;
    net_world *world = net_world_limited(0, 0);
    net_keys_make(&other);
    kg_net_admit(world->net, other.public_key, "BE-OTHER");
    net_client speaks = net_join(world);
    net_send_text(&speaks, "a message");
    net_take_text(world, "a message");
    net_client first = net_connect(world, ZMQ_DEALER, &other);
    assert_int_equal(net_handshake(&first), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_client asks = net_connect(world, ZMQ_DEALER, &other);
    assert_int_equal(net_handshake(&asks), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_client hears = net_connect(world, ZMQ_SUB, &other);
    assert_int_equal(net_handshake(&hears), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_client theirs = net_join(world);
    kg_net_dismiss(world->net, other.public_key);
    net_await_event(&first, ZMQ_EVENT_DISCONNECTED);
    net_await_event(&asks, ZMQ_EVENT_DISCONNECTED);
    net_await_event(&hears, ZMQ_EVENT_DISCONNECTED);
    net_await_event(&asks, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    net_send_text(&theirs, "still here");
    net_take_text(world, "still here");
    net_send_text(&speaks, "and here");
    net_take_text(world, "and here");
    net_world_destroy(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_so_many_connections),
        cmocka_unit_test(a_key_makes_so_many_in_a_second),
        cmocka_unit_test(who_is_dismissed_is_cut_off),
        cmocka_unit_test(who_is_dismissed_and_never_spoke_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
