/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is let in, and what comes of those who are not: strangers, dismissed keys, noise. */
#include "helper_net.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/memory.h"

static void stranger_is_refused_at_both_sockets(void **state)
{
    net_world *world = *state;
    net_keys stranger;
    net_keys_make(&stranger);
    net_client client = net_connect(world, ZMQ_DEALER, &stranger);
    assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_client subscriber = net_connect(world, ZMQ_SUB, &stranger);
    assert_int_not_equal(net_handshake(&subscriber), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(net_counts(world).refused, 2);
    assert_int_equal(net_counts(world).connections, 0);
    net_expect_service(world);
}

static void refusal_is_told_to_the_stranger(void **state)
{
    net_world *world = *state;
    net_keys stranger;
    int told = 0;
    net_keys_make(&stranger);
    for (int i = 0; i < 10; i++) { /* the word can be lost with its connection, not every time */
        net_client client = net_connect(world, ZMQ_DEALER, &stranger);
        told += net_handshake(&client) == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
        net_close(world, &client);
    }
    assert_true(told > 0);
}

static void client_of_another_broker_is_refused(void **state)
{
    net_world *world = *state;
    net_keys right = world->broker;
    net_keys_make(&world->broker);
    net_client client = net_connect(world, ZMQ_DEALER, &world->member);
    assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    world->broker = right;
    net_expect_service(world);
}

/* Without CURVE there is no service, whatever is said. */
static void plain_client_is_refused(void **state)
{
    net_world *world = *state;
    net_client client = {zmq_socket(world->context, ZMQ_DEALER), NULL};
    zmq_setsockopt(client.socket, ZMQ_LINGER, &(int){0}, sizeof(int));
    assert_int_equal(zmq_connect(client.socket, kg_net_requests(world->net)), 0);
    net_send_text(&client, "let me in");
    net_expect_service(world);
    assert_int_equal(net_counts(world).received, 1);
    zmq_close(client.socket);
}

static void dismissed_key_is_cut_off(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    kg_net_dismiss(world->net, world->member.public_key);
    net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
    net_close(world, &client);
    uint64_t refused = net_counts(world).refused;
    client = net_connect(world, ZMQ_DEALER, &world->member);
    assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_true(net_counts(world).refused > refused);
    kg_net_admit(world->net, world->member.public_key, NET_MEMBER);
    net_expect_service(world);
}

static void admitting_again_changes_the_organisation(void **state)
{
    net_world *world = *state;
    kg_net_message message;
    kg_net_admit(world->net, world->member.public_key, "BE-RENAMED");
    net_client client = net_join(world);
    net_send_text(&client, "who am I");
    net_take(world, &message, 1);
    assert_string_equal(message.organisation, "BE-RENAMED");
    free(message.bytes);
}

/* A handler that lets in and names nobody: what comes is without User-Id, and nobody's. */
static void message_of_nobody_is_dropped(void **state)
{
    net_world *world = *state;
    net_keys nobody;
    net_keys_make(&nobody);
    kg_net_admit(world->net, nobody.public_key, "");
    net_client client = net_connect(world, ZMQ_DEALER, &nobody);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_send_text(&client, "from nobody");
    for (net_wait wait = net_wait_begin(); net_counts(world).malformed == 0;)
        net_waiting(&wait);
    net_expect_service(world); /* which takes one message: not that one */
    assert_int_equal(net_counts(world).malformed, 1);
    assert_int_equal(net_counts(world).received, 1);
    net_close(world, &client);
}

static void admit_member(void *context, kg_net *net)
{
    const net_world *world = context;
    kg_net_admit(net, world->member.public_key, NET_MEMBER);
}

/* A member that keeps knocking while the broker begins is never told that it is a stranger. */
static void members_are_let_in_from_the_first_moment(void **state)
{
    char error[300] = "", requests[256];
    net_world *world = *state;
    kg_net_options options = net_options(&world->broker);
    kg_text_format(requests, sizeof requests, "%s", kg_net_requests(world->net));
    options.requests = requests;
    options.admit = admit_member;
    options.context = world;
    for (int i = 0; i < 20; i++) {
        net_client client = net_join(world);
        kg_net_stop(&world->net);
        net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
        world->net = kg_net_start(&options, error);
        if (!world->net)
            fail_msg("%s", error);
        assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        assert_int_equal(net_counts(world).refused, 0);
        net_close(world, &client);
    }
}

/* ---- noise ---- */

static const char greeting_null[64] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL";
static const char greeting_curve[64] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\0CURVE";
static const char http[] = "GET / HTTP/1.1\r\nHost: kopgroep\r\n\r\n";
static const char short_greeting[] = "\xff\0\0\0\0\0\0\0\x01\x7f";

static void fill(uint8_t *out, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1103515245u + 12345u;
        out[i] = (uint8_t)(seed >> 16);
    }
}

/* What the i-th noisy client says; returns the bytes. */
static size_t make_noise(unsigned i, uint8_t out[static 4096])
{
    size_t count = 0;
    switch (i % 8) {
    case 0: /* nothing */
        return 0;
    case 1:
        fill(out, 1 + i % 2000, i);
        return 1 + i % 2000;
    case 2:
        memcpy(out, http, sizeof http);
        return sizeof http;
    case 3:
        memcpy(out, greeting_null, 64);
        return 64;
    case 4:
        memcpy(out, short_greeting, sizeof short_greeting - 1);
        return sizeof short_greeting - 1;
    case 5: /* a command that says it is larger than anything */
        memcpy(out, greeting_curve, 64);
        memcpy(out + 64, "\x06\x7f\xff\xff\xff\xff\xff\xff\xff", 9);
        fill(out + 73, 2000, i);
        return 2073;
    case 6: /* HELLO of the right size, and noise in it */
        memcpy(out, greeting_curve, 64);
        memcpy(out + 64, "\x04\xc8\x05HELLO\x01", 9);
        fill(out + 73, 193, i);
        return 64 + 2 + 200;
    default:
        memcpy(out, greeting_curve, 64);
        fill(out + 64, 64 + i % 1000, i);
        count = 128 + i % 1000;
    }
    return count;
}

static int noisy_connection(const net_world *world)
{
    const char *colon = strrchr(kg_net_requests(world->net), ':');
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)atoi(colon + 1)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static long resident_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    fclose(file);
    assert_true(kib > 0);
    return kib;
}

#define NOISY_AT_ONCE 100
#define NOISY 1000

static void make_noise_at_once(const net_world *world, unsigned first)
{
    int descriptors[NOISY_AT_ONCE];
    uint8_t noise[4096];
    for (unsigned i = 0; i < NOISY_AT_ONCE; i++)
        descriptors[i] = noisy_connection(world);
    for (unsigned i = 0; i < NOISY_AT_ONCE; i++) {
        size_t count = make_noise(first + i, noise);
        if (count > 0) /* it may have been closed on us: that is an answer too */
            (void)!send(descriptors[i], noise, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    for (unsigned i = 0; i < NOISY_AT_ONCE; i++)
        close(descriptors[i]);
}

static void noise_does_no_harm(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    make_noise_at_once(world, 0); /* what is taken once and kept */
    long before = resident_kib();
    for (unsigned first = 0; first < NOISY; first += NOISY_AT_ONCE) {
        make_noise_at_once(world, first);
        net_send_text(&client, "can you hear me");
        kg_peer peer = net_take_text(world, "can you hear me");
        net_reply_text(world, &peer, "yes");
        net_expect_text(&client, "yes");
    }
    net_expect_service(world);
    long grown = resident_kib() - before;
    if (grown > 64 * 1024)
        fail_msg("%d noisy connections took %ld KiB", NOISY, grown);
    assert_int_equal(net_counts(world).malformed, 0);
    assert_int_equal(net_counts(world).connections, 2);
}

/* Nobody who is not let in yet may make the broker keep what it sends. */
static void flood_before_the_handshake_is_cut_off(void **state)
{
    enum { PIECE = 65536, PIECES = 2000 };
    net_world *world = *state;
    uint8_t *piece = kg_alloc(PIECE, 1);
    int descriptor = noisy_connection(world), sent = 0;
    long before = resident_kib();
    assert_int_equal(send(descriptor, greeting_curve, 64, MSG_NOSIGNAL), 64);
    assert_int_equal(send(descriptor, "\x06\0\0\0\0\x12\0\0\0", 9, MSG_NOSIGNAL), 9); /* 300 MiB */
    for (; sent < PIECES; sent++)
        if (send(descriptor, piece, PIECE, MSG_NOSIGNAL) < 0)
            break;
    assert_true(sent < PIECES);
    assert_true(resident_kib() - before < 32 * 1024);
    net_expect_service(world);
    close(descriptor);
    free(piece);
}

/* Who says nothing is cut off after the 3 s that a handshake may take. */
static void silent_connection_is_cut_off(void **state)
{
    net_world *world = *state;
    int descriptor = noisy_connection(world);
    uint8_t byte[256];
    struct pollfd ready = {.fd = descriptor, .events = POLLIN};
    int64_t begun = net_now_ms();
    ssize_t got = 1;
    while (got > 0 && poll(&ready, 1, 10000) > 0)
        got = recv(descriptor, byte, sizeof byte, 0);
    assert_true(got <= 0);
    assert_in_range(net_now_ms() - begun, 2000, 30000);
    close(descriptor);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, net_setup, net_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stranger_is_refused_at_both_sockets),
        TEST(refusal_is_told_to_the_stranger),
        TEST(client_of_another_broker_is_refused),
        TEST(plain_client_is_refused),
        TEST(dismissed_key_is_cut_off),
        TEST(admitting_again_changes_the_organisation),
        TEST(message_of_nobody_is_dropped),
        TEST(members_are_let_in_from_the_first_moment),
        TEST(noise_does_no_harm),
        TEST(flood_before_the_handshake_is_cut_off),
        TEST(silent_connection_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
