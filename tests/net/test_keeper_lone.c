/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose thread carries what a door says and is told. This program is its own door. */
#include "broker/net/door.h"
#include "helper_net.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/memory.h"

static atomic_int door; /* the process that stands */

static void note(void *context, kg_net_news news, const char *text)
{
    (void)context;
    if (news == KG_NET_DOOR_OPENED)
        atomic_store(&door, atoi(text));
}

static int set_up(void **state)
{
    *state = net_world_apart(note);
    return 0;
}

static int tear_down(void **state)
{
    net_world_destroy((net_world **)state);
    return 0;
}

static void ask(net_world *world, net_client *client)
{
    net_send_text(client, "ask");
    kg_peer peer = net_take_text(world, "ask");
    net_reply_text(world, &peer, "answer");
    net_expect_text(client, "answer");
}

/* Whose messages the core's thread carries itself, soon. */
static net_client join_alone(net_world *world)
{
    net_client client = net_join(world);
    for (net_wait wait = net_wait_begin(); net_counts(world).lone == 0 && net_waiting(&wait);)
        ask(world, &client);
    return client;
}

static void one_who_waits_for_each_answer_is_carried_by_the_core(void **state)
{
    net_world *world = *state;
    net_client client = join_alone(world);
    const kg_net_counts before = net_counts(world);
    for (int i = 0; i < 20; i++)
        ask(world, &client);
    assert_int_equal(net_counts(world).lone, before.lone + 20);
    assert_int_equal(net_counts(world).replied, before.replied + 20);
}

/* A door that looks awake for a reply sends it, and serves on where none comes. */
static void a_reply_that_was_announced_comes(void **state)
{
    net_world *world = *state;
    net_client client = join_alone(world);
    const kg_net_counts before = net_counts(world);
    for (int i = 0; i < 20; i++) {
        kg_net_soon(world->net);
        ask(world, &client);
        kg_net_soon(world->net);
    }
    assert_int_equal(net_counts(world).replied, before.replied + 20);
    assert_int_equal(net_counts(world).doors_lost, 0);
}

/* What the core's thread waits for, an offer ends too, long before the time is over. */
static void after_a_silence_the_first_is_carried_by_the_core(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    kg_net_message none;
    assert_int_equal(kg_net_receive(world->net, &none, 1, 10000), 0);
    ask(world, &client);
    assert_int_equal(net_counts(world).lone, 1);
}

static void send_and_take(net_world *world, net_client *client, int count)
{
    kg_net_message message;
    for (int i = 0; i < count; i++)
        net_send(client, &i, sizeof i);
    for (int i = 0; i < count; i++) {
        net_take(world, &message, 1);
        assert_int_equal(message.count, sizeof i);
        assert_memory_equal(message.bytes, &i, sizeof i);
        free(message.bytes);
    }
}

static void many_at_once_are_carried_by_the_keeper_again(void **state)
{
    net_world *world = *state;
    net_client client = join_alone(world);
    uint64_t lone = 0;
    for (net_wait wait = net_wait_begin(); net_counts(world).lone != lone && net_waiting(&wait);) {
        send_and_take(world, &client, 60);
        lone = net_counts(world).lone;
        send_and_take(world, &client, 1);
    }
    ask(world, &client);
}

/* What the core's thread says to a door while it carries. */
static void admissions_and_dismissals_leave_with_the_core(void **state)
{
    net_world *world = *state;
    net_client client = join_alone(world);
    net_keys other;
    net_keys_make(&other);
    kg_net_admit(world->net, other.public_key, "BE-OTHER");
    kg_net_flush(world->net);
    net_client second = net_connect(world, ZMQ_DEALER, &other);
    assert_int_equal(net_handshake(&second), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    kg_net_dismiss(world->net, world->member.public_key);
    kg_net_flush(world->net);
    net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
}

static bool is_let_in(net_world *world, const net_keys *keys)
{
    net_client client = net_connect(world, ZMQ_DEALER, keys);
    bool in = net_handshake(&client) == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
    net_close(world, &client);
    return in;
}

/* Nobody else makes place for it. */
static void more_than_waits_leaves_with_the_core(void **state)
{
    enum { MANY = 20000 }; /* more than the line to the keeper holds */
    net_world *world = *state;
    join_alone(world);
    net_keys keys = world->member;
    for (uint32_t i = 0; i < MANY; i++) {
        memcpy(keys.public_key, &i, sizeof i);
        kg_net_admit(world->net, keys.public_key, "BE-OTHER");
    }
    net_keys_make(&keys);
    kg_net_admit(world->net, keys.public_key, "BE-OTHER");
    for (net_wait wait = net_wait_begin(); !is_let_in(world, &keys) && net_waiting(&wait);)
        net_expect_nothing(world);
    assert_int_equal(net_counts(world).doors_lost, 0);
}

static void a_door_that_is_lost_to_the_core_is_replaced(void **state)
{
    net_world *world = *state;
    net_client client = join_alone(world);
    const int before = atomic_load(&door);
    assert_int_equal(kill(before, SIGKILL), 0);
    for (net_wait wait = net_wait_begin(); atomic_load(&door) == before && net_waiting(&wait);)
        net_expect_nothing(world);
    assert_int_equal(net_counts(world).doors_lost, 1);
    net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    const uint64_t lone = net_counts(world).lone;
    for (net_wait wait = net_wait_begin(); net_counts(world).lone == lone && net_waiting(&wait);)
        ask(world, &client);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KG_DOOR_ARGUMENT) == 0)
        return kg_door_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_who_waits_for_each_answer_is_carried_by_the_core,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_that_was_announced_comes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_silence_the_first_is_carried_by_the_core, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(many_at_once_are_carried_by_the_keeper_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(admissions_and_dismissals_leave_with_the_core, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(more_than_waits_leaves_with_the_core, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_door_that_is_lost_to_the_core_is_replaced, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
