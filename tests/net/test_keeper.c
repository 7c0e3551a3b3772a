/* SPDX-License-Identifier: EUPL-1.2 */
/* A door that was taken over says what it likes: this program is such a door. What it says before
 * it goes wrong is heard; then it is ended, and the broker goes on. */
#include "broker/net/channel.h"
#include "broker/net/door.h"
#include "helper_net.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"

#define SEEDS 8 /* unless the program is told otherwise */
#define ENDPOINT "tcp://127.0.0.1:1"

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* ---- the door ---- */

/* What the broker says first names what this door is to do, in place of an endpoint. */
static unsigned learn_task(kg_channel *channel, char *task)
{
    kg_frame frame;
    unsigned number = 0;
    while (kg_channel_next(channel, &frame) == KG_FRAME_PART) {
        poll(&(struct pollfd){channel->descriptor, POLLIN, 0}, 1, -1);
        if (!kg_channel_receive(channel))
            _exit(1);
    }
    const kg_frame_begin *begin = (const void *)frame.bytes;
    char text[sizeof begin->requests];
    memcpy(text, begin->requests, sizeof text);
    if (sscanf(text, "%*[^:]:%c%u", task, &number) != 2)
        *task = 'g'; /* it has a port by now: a later one, which is good */
    return number;
}

static void send_all(kg_channel *channel)
{
    while (kg_channel_send(channel) && kg_channel_owed(channel) > 0)
        poll(&(struct pollfd){channel->descriptor, POLLOUT, 0}, 1, -1);
}

static void say_opened(kg_channel *channel)
{
    kg_frame_opened opened = {ENDPOINT, ENDPOINT, ""};
    kg_channel_add(channel, &(kg_frame){.kind = KG_FRAME_OPENED,
                                        .bytes = (const uint8_t *)&opened,
                                        .count = sizeof opened});
}

static void say_request(kg_channel *channel, unsigned number)
{
    kg_frame frame = {.kind = KG_FRAME_REQUEST, .peer = {.bytes = "peer", .count = 4}};
    kg_text_format(frame.organisation, sizeof frame.organisation, "BE-%u", number);
    frame.bytes = (const uint8_t *)frame.organisation;
    frame.count = strlen(frame.organisation);
    kg_channel_add(channel, &frame);
}

/* Well-formed ones, and then bytes that are none, or begin as one. */
static void say_noise(kg_channel *channel, uint32_t seed)
{
    const unsigned good = next_random(&seed) % 5;
    uint8_t noise[300];
    for (unsigned i = 0; i < good; i++)
        say_request(channel, good);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)next_random(&seed);
    if (next_random(&seed) % 2) /* a kind that there is */
        memset(noise, 0, 4), noise[4] = (uint8_t)(next_random(&seed) % KG_FRAME_KINDS);
    noise[7] = noise[7] ? noise[7] : 1;
    kg_buffer_add(&channel->out, noise, sizeof noise);
}

/* Behaves for so long, a request at a time, and then says what no door says. */
static void be_answered(kg_channel *channel, unsigned times)
{
    kg_frame frame;
    for (unsigned i = 0; i < times; i++) {
        say_request(channel, i);
        send_all(channel);
        while (kg_channel_next(channel, &frame) == KG_FRAME_PART) {
            poll(&(struct pollfd){channel->descriptor, POLLIN, 0}, 1, -1);
            if (!kg_channel_receive(channel))
                _exit(1);
        }
    }
    say_opened(channel);
}

static int hostile_door(void)
{
    char task;
    kg_channel *channel = kg_channel_new(KG_DOOR_DESCRIPTOR, false);
    unsigned number = learn_task(channel, &task);
    if (task == 'e')
        _exit((int)number);
    if (task != 'r') /* a request before it is open */
        say_opened(channel);
    if (task == 'n')
        say_noise(channel, number);
    if (task == 'o')
        say_opened(channel);
    if (task == 'r')
        say_request(channel, 1);
    if (task == 'c')
        for (uint64_t i = 2; i > 0; i--) { /* they go back */
            kg_frame_counts counts = {.refused = i};
            kg_channel_add(channel, &(kg_frame){.kind = KG_FRAME_COUNTS,
                                                .bytes = (const uint8_t *)&counts,
                                                .count = sizeof counts});
        }
    if (task == 'l')
        be_answered(channel, number);
    send_all(channel);
    if (task == 'd')
        raise(SIGSTOP);                   /* deaf */
    while (kg_channel_receive(channel)) { /* until it is ended, or the broker is gone */
        channel->in_count = 0;
        poll(&(struct pollfd){channel->descriptor, POLLIN, 0}, 1, -1);
    }
    return 0;
}

/* ---- the broker ---- */

static kg_net *start(char task, unsigned number, char error[static 300])
{
    static const uint8_t key[KG_KEY_BYTES];
    char requests[64];
    snprintf(requests, sizeof requests, "task:%c%u", task, number);
    const kg_net_options options = {.requests = requests,
                                    .feeds = ENDPOINT,
                                    .transport_public = key,
                                    .transport_secret = key,
                                    .apart = true};
    return kg_net_start(&options, error);
}

static kg_net_counts counts_of(const kg_net *net)
{
    kg_net_counts counts;
    kg_net_counts_read(net, &counts);
    return counts;
}

static void await_loss(const kg_net *net)
{
    for (net_wait wait = net_wait_begin(); counts_of(net).doors_lost == 0;)
        net_waiting(&wait);
}

static unsigned seeds = SEEDS;

static void whatever_it_says_only_that_door_ends(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= seeds; seed++) {
        char error[300] = "";
        uint32_t random = seed;
        const size_t good = next_random(&random) % 5;
        kg_net *net = start('n', seed, error);
        assert_non_null(net);
        await_loss(net);
        assert_int_equal(counts_of(net).received, good);
        kg_net_message messages[8];
        for (size_t have = 0, got; have < good; have += got) {
            got = kg_net_receive(net, messages, 8, 1000);
            for (size_t i = 0; i < got; i++) {
                assert_true(kg_id_valid(messages[i].organisation));
                free(messages[i].bytes);
            }
        }
        kg_net_stop(&net);
    }
}

/* Each well-formed, and not what a door says then. */
static void what_is_out_of_place_ends_it_too(void **state)
{
    (void)state;
    for (const char *task = "oc"; *task; task++) {
        char error[300] = "";
        kg_net *net = start(*task, 0, error);
        assert_non_null(net);
        await_loss(net);
        kg_net_stop(&net);
    }
}

/* The core's thread, which carries by then, hears it; the keeper ends the door. */
static void what_the_core_is_told_in_place_of_the_keeper_ends_it_too(void **state)
{
    enum { TIMES = 40 };
    char error[300] = "";
    kg_net_message message;
    (void)state;
    kg_net *net = start('l', TIMES, error);
    assert_non_null(net);
    for (net_wait wait = net_wait_begin(); counts_of(net).doors_lost == 0 && net_waiting(&wait);)
        if (kg_net_receive(net, &message, 1, 10) == 1) {
            kg_net_reply(net, &message.peer, message.bytes, message.count);
            kg_net_flush(net);
        }
    assert_int_equal(counts_of(net).received, TIMES);
    assert_int_not_equal(counts_of(net).lone, 0);
    kg_net_stop(&net);
}

static void a_first_door_that_is_lost_is_told(void **state)
{
    char error[300] = "";
    (void)state;
    assert_null(start('r', 0, error));
    assert_string_equal(error, "it sent what no door sends");
    assert_null(start('e', 3, error));
    assert_string_equal(error, "the network's process ended with exit status 3");
}

/* It takes nothing and does not go: the net ends all the same. */
static void a_deaf_door_is_ended_with_its_net(void **state)
{
    char error[300] = "";
    (void)state;
    kg_net *net = start('d', 0, error);
    assert_non_null(net);
    kg_net_hint(net, "BE-1", 1);
    kg_net_stop(&net);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KG_DOOR_ARGUMENT) == 0)
        return hostile_door();
    if (argc == 2)
        seeds = (unsigned)strtoul(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_it_says_only_that_door_ends),
        cmocka_unit_test(what_is_out_of_place_ends_it_too),
        cmocka_unit_test(what_the_core_is_told_in_place_of_the_keeper_ends_it_too),
        cmocka_unit_test(a_first_door_that_is_lost_is_told),
        cmocka_unit_test(a_deaf_door_is_ended_with_its_net),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
