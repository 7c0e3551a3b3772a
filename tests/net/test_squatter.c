/* SPDX-License-Identifier: EUPL-1.2 */
/* A member that takes the name which libzmq would give to a later connection: a zero, then a number
 * that it counts up. When the count gets there libzmq aborts. That is a door's end and nobody
 * else's; and members' own connections, which name themselves, do not move the count. This program
 * is its own door. */
#include "broker/net/door.h"
#include "helper_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/text.h"

#define NUMBERED_BYTES 5

static atomic_int doors;
static char lost[300]; /* why; read after another one stands */

static void note(void *context, kg_net_news news, const char *text)
{
    (void)context;
    if (news == KG_NET_DOOR_LOST)
        kg_text_format(lost, sizeof lost, "%s", text);
    atomic_fetch_add(&doors, news == KG_NET_DOOR_OPENED);
}

static int set_up(void **state)
{
    atomic_store(&doors, 0);
    *state = net_world_apart(note);
    return 0;
}

static int tear_down(void **state)
{
    net_world_destroy((net_world **)state);
    return 0;
}

/* The name under which the core hears of the client. */
static kg_peer speak(net_world *world, net_client *client)
{
    net_send_text(client, "here");
    kg_peer peer = net_take_text(world, "here");
    net_reply_text(world, &peer, "heard");
    net_expect_text(client, "heard");
    return peer;
}

static uint32_t number_of(const kg_peer *peer)
{
    assert_int_equal(peer->count, NUMBERED_BYTES);
    assert_int_equal(peer->bytes[0], 0);
    return (uint32_t)peer->bytes[1] << 24 | (uint32_t)peer->bytes[2] << 16 |
           (uint32_t)peer->bytes[3] << 8 | peer->bytes[4];
}

static void name(uint32_t number, uint8_t out[static NUMBERED_BYTES])
{
    out[0] = 0;
    for (int i = 1; i < NUMBERED_BYTES; i++)
        out[i] = (uint8_t)(number >> (8 * (NUMBERED_BYTES - 1 - i)));
}

/* A connection that leaves its name to libzmq. */
static uint32_t take_number(net_world *world)
{
    net_client client = net_join(world);
    const kg_peer peer = speak(world, &client);
    net_close(world, &client);
    return number_of(&peer);
}

static net_client squat(net_world *world, uint32_t number)
{
    uint8_t wanted[NUMBERED_BYTES];
    name(number, wanted);
    net_client client = net_connect_as(world, wanted, sizeof wanted);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    const kg_peer peer = speak(world, &client); /* it has the name */
    assert_memory_equal(peer.bytes, wanted, sizeof wanted);
    return client;
}

/* The name is told to nobody outside: here the core is asked. */
static void a_name_that_is_taken_costs_a_door_and_nothing_else(void **state)
{
    net_world *world = *state;
    const uint8_t own[16] = "1-of-a-member's";
    net_client other = net_connect_as(world, own, sizeof own);
    assert_int_equal(net_handshake(&other), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    speak(world, &other);
    const uint32_t number = take_number(world);
    net_client squatter = squat(world, number + 1);
    assert_int_equal(atomic_load(&doors), 1);

    net_client victim = net_connect(world, ZMQ_DEALER, &world->member);
    for (net_wait wait = net_wait_begin(); atomic_load(&doors) == 1;)
        net_waiting(&wait);
    assert_int_equal(net_counts(world).doors_lost, 1);
    assert_non_null(strstr(lost, "signal 6")); /* SIGABRT */

    /* All come back by themselves, at the same port; the squatter too, and does no more harm. */
    net_await_event(&other, ZMQ_EVENT_DISCONNECTED);
    assert_int_equal(net_handshake(&other), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    speak(world, &other);
    speak(world, &victim);
    net_await_event(&squatter, ZMQ_EVENT_DISCONNECTED);
    speak(world, &squatter);
    net_expect_service(world);
    assert_int_equal(net_counts(world).doors_lost, 1);
}

/* So a count that was learnt from one door says nothing of the next. */
static void another_door_counts_from_elsewhere(void **state)
{
    net_world *first = *state, *second = net_world_apart(note);
    const uint32_t here = take_number(first), there = take_number(second);
    net_world_destroy(&second);
    assert_true(here - there > 1000 && there - here > 1000);
}

/* Nothing but connections without a name gets the count nearer to a name that is taken. */
static void connections_with_a_name_do_not_move_the_count(void **state)
{
    net_world *world = *state;
    const uint32_t before = take_number(world);
    for (int i = 0; i < 20; i++) {
        uint8_t own[16] = {1, (uint8_t)i};
        net_client client = net_connect_as(world, own, sizeof own);
        assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        speak(world, &client);
        net_close(world, &client);
    }
    assert_int_equal(take_number(world), before + 1);
}

/* A stranger's connection is refused before it has a name. */
static void strangers_do_not_move_the_count(void **state)
{
    net_world *world = *state;
    net_keys stranger;
    net_keys_make(&stranger);
    const uint32_t before = take_number(world);
    for (int i = 0; i < 5; i++) {
        net_client client = net_connect(world, ZMQ_DEALER, &stranger);
        assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        net_close(world, &client);
    }
    assert_int_equal(take_number(world), before + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KG_DOOR_ARGUMENT) == 0)
        return kg_door_run();
    const struct CMUnitTest tests[] = {
        TEST(a_name_that_is_taken_costs_a_door_and_nothing_else),
        TEST(another_door_counts_from_elsewhere),
        TEST(connections_with_a_name_do_not_move_the_count),
        TEST(strangers_do_not_move_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
