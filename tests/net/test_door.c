/* SPDX-License-Identifier: EUPL-1.2 */
/* The network side as a process of its own: what it may do, and what its end costs. This program is
 * its own door. */
#include "broker/net/door.h"
#include "helper_net.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/memory.h"

static atomic_int door; /* the process that stands */
static atomic_int losses, crowds;

static void note(void *context, kg_net_news news, const char *text)
{
    (void)context;
    if (news == KG_NET_DOOR_OPENED)
        atomic_store(&door, atoi(text));
    atomic_fetch_add(&losses, news == KG_NET_DOOR_LOST);
    atomic_fetch_add(&crowds, news == KG_NET_DOOR_CROWDED);
}

static int set_up(void **state)
{
    atomic_store(&losses, 0);
    *state = net_world_apart(note);
    return 0;
}

/* The last one ends by itself, with status 0: else that is told as a loss. */
static int tear_down(void **state)
{
    const int lost = (int)net_counts(*state).doors_lost;
    net_world_destroy((net_world **)state);
    return atomic_load(&losses) == lost ? 0 : -1;
}

/* Ends the door, and waits for the next one. */
static void lose_door(net_world *world, int signal)
{
    const uint64_t lost = net_counts(world).doors_lost;
    const int before = atomic_load(&door);
    assert_int_equal(kill(before, signal), 0);
    for (net_wait wait = net_wait_begin(); atomic_load(&door) == before && net_waiting(&wait);)
        net_expect_nothing(world); /* which a core that carries notices */
    assert_int_equal(net_counts(world).doors_lost, lost + 1);
}

/* ---- as in a thread ---- */

static void it_serves(void **state)
{
    net_world *world = *state;
    net_expect_service(world);
    net_expect_service(world);
    kg_net_counts counts = net_counts(world);
    assert_int_equal(counts.received, 2);
    assert_int_equal(counts.replied, 2);
    assert_int_equal(counts.doors_lost, 0);
}

static void strangers_are_refused_and_counted(void **state)
{
    net_world *world = *state;
    net_keys stranger;
    net_keys_make(&stranger);
    net_client client = net_connect(world, ZMQ_DEALER, &stranger);
    assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_close(world, &client);
    for (net_wait wait = net_wait_begin(); net_counts(world).refused == 0;)
        net_waiting(&wait);
}

static void keys_are_dismissed_and_admitted(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    kg_net_dismiss(world->net, world->member.public_key);
    net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
    net_close(world, &client);
    client = net_connect(world, ZMQ_DEALER, &world->member);
    assert_int_not_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    kg_net_admit(world->net, world->member.public_key, NET_MEMBER);
    net_expect_service(world);
}

static void hints_reach_their_feed(void **state)
{
    static const uint8_t number[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    net_world *world = *state;
    char topic[100];
    uint8_t got[9];
    int size = -1;
    net_client client = net_connect(world, ZMQ_SUB, &world->member);
    assert_int_equal(zmq_setsockopt(client.socket, ZMQ_SUBSCRIBE, NET_MEMBER, 9), 0);
    for (net_wait wait = net_wait_begin(); size < 0 && net_waiting(&wait);) {
        kg_net_hint(world->net, NET_MEMBER, 0x0102030405060708);
        size = net_receive(&client, topic, sizeof topic, 50);
    }
    assert_int_equal(size, sizeof NET_MEMBER);
    assert_int_equal(net_receive(&client, got, sizeof got, 1000), sizeof number);
    assert_memory_equal(got, number, sizeof number);
}

/* More than fits between the processes, while nobody takes it. */
static void many_messages_wait_and_arrive_in_order(void **state)
{
    enum { MESSAGES = 60, BYTES = 60000 };
    net_world *world = *state;
    kg_net_message messages[MESSAGES];
    uint8_t *bytes = kg_alloc(BYTES, 1);
    net_client client = net_join(world);
    for (int i = 0; i < MESSAGES; i++) {
        bytes[0] = (uint8_t)i;
        net_send(&client, bytes, BYTES);
    }
    net_take(world, messages, MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
        assert_int_equal(messages[i].count, BYTES);
        assert_int_equal(messages[i].bytes[0], i);
        free(messages[i].bytes);
    }
    free(bytes);
}

static void why_it_cannot_listen_is_told(void **state)
{
    net_world *world = *state;
    char error[300] = "";
    kg_net_options options = net_options(&world->broker);
    options.apart = true;
    options.requests = "tcp://192.0.2.77:1";
    assert_null(kg_net_start(&options, error));
    assert_non_null(strstr(error, "cannot listen at tcp://192.0.2.77:1"));
}

/* ---- its end ---- */

static void another_door_is_at_the_same_ports(void **state)
{
    static const int ways[] = {SIGABRT, SIGKILL};
    net_world *world = *state;
    net_client client = net_join(world);
    char requests[256];
    kg_text_format(requests, sizeof requests, "%s", kg_net_requests(world->net));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        lose_door(world, ways[i]);
        net_await_event(&client, ZMQ_EVENT_DISCONNECTED);
        assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        net_send_text(&client, "again");
        kg_peer peer = net_take_text(world, "again");
        net_reply_text(world, &peer, "yes");
        net_expect_text(&client, "yes");
        assert_string_equal(kg_net_requests(world->net), requests);
    }
}

/* The next door gives a peer's bytes to somebody else. */
static void a_reply_is_for_the_door_it_was_asked_by(void **state)
{
    net_world *world = *state;
    net_client client = net_join(world);
    net_send_text(&client, "before");
    kg_peer peer = net_take_text(world, "before");
    lose_door(world, SIGKILL);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_send_text(&client, "after");
    kg_peer now = net_take_text(world, "after");
    const uint64_t dropped = net_counts(world).dropped;
    now.door = peer.door; /* the very bytes of one who is there */
    net_reply_text(world, &now, "for another");
    net_expect_service(world);
    assert_int_equal(net_counts(world).dropped, dropped + 1);
    assert_int_equal(net_receive(&client, &(char){0}, 1, 0), -1);
}

static void the_next_door_knows_who_was_let_in_meanwhile(void **state)
{
    net_world *world = *state;
    net_keys other;
    net_keys_make(&other);
    assert_int_equal(kill(atomic_load(&door), SIGSTOP), 0); /* it hears nothing of it */
    kg_net_admit(world->net, other.public_key, "BE-OTHER");
    kg_net_dismiss(world->net, world->member.public_key);
    lose_door(world, SIGKILL);
    net_client refused = net_connect(world, ZMQ_DEALER, &world->member);
    assert_int_not_equal(net_handshake(&refused), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    net_client client = net_connect(world, ZMQ_DEALER, &other);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
}

static void the_door_ends_with_its_net(void **state)
{
    net_world *world = net_world_apart(note);
    const int pid = atomic_load(&door);
    (void)state;
    net_world_destroy(&world);
    assert_int_not_equal(kill(pid, 0), 0);
}

/* ---- what it may do ---- */

static int status_of(int pid, const char *name)
{
    char path[64], row[256];
    int value = -1;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(row, sizeof row, file))
        if (strncmp(row, name, strlen(name)) == 0)
            value = atoi(row + strlen(name));
    fclose(file);
    return value;
}

static void it_has_given_up_its_rights(void **state)
{
    const int pid = atomic_load(&door);
    (void)state;
    assert_int_equal(status_of(pid, "NoNewPrivs:\t"), 1);
    assert_int_equal(status_of(pid, "Seccomp:\t"), 2);
    assert_int_not_equal(status_of(pid, "Uid:\t"), 0);
    assert_int_equal(status_of(pid, "PPid:\t"), getpid());
}

/* No file of ours that was open goes along. */
static void it_has_no_descriptor_of_ours(void **state)
{
    char path[] = "/tmp/kopgroep-door-XXXXXX", link[64], target[PATH_MAX];
    net_world *world = *state;
    int secret = mkstemp(path);
    assert_true(secret >= 0);
    lose_door(world, SIGKILL);
    for (int i = 0; i < 64; i++) {
        snprintf(link, sizeof link, "/proc/%d/fd/%d", atomic_load(&door), i);
        ssize_t size = readlink(link, target, sizeof target - 1);
        target[size > 0 ? size : 0] = '\0';
        assert_null(strstr(target, path));
        assert_true(i <= 2 || target[0] != '/');
    }
    close(secret);
    unlink(path);
}

static void it_has_none_of_the_environment(void **state)
{
    char path[64], bytes[4096];
    (void)state;
    assert_non_null(getenv("KOPGROEP_PASSPHRASE"));
    snprintf(path, sizeof path, "/proc/%d/environ", atomic_load(&door));
    int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    ssize_t count = read(file, bytes, sizeof bytes);
    close(file);
    assert_true(count <= 0 || !memmem(bytes, (size_t)count, "secret", 6));
}

/* ---- descriptors ---- */

enum { DOOR_DESCRIPTORS = 200, SILENT = 400 };

/* Says nothing, and is not known. */
static int connect_silent(const net_world *world)
{
    const char *port = strrchr(kg_net_requests(world->net), ':') + 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&to, sizeof to), 0);
    return descriptor;
}

static net_world *world_of_few_descriptors(void)
{
    struct rlimit all, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &all), 0);
    few = all;
    few.rlim_cur = DOOR_DESCRIPTORS;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    net_world *world = net_world_apart(note);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &all), 0);
    return world;
}

static void expect_service_of(net_world *world, net_client *client)
{
    net_send_text(client, "still here");
    kg_peer peer = net_take_text(world, "still here");
    net_reply_text(world, &peer, "so are we");
    net_expect_text(client, "so are we");
}

/* A burst may be quicker than the door's thread, and wait to be accepted for a while. But then no
 * accepting fails any more, and members are served. */
static void expect_settled(net_world *world, net_client *client)
{
    uint64_t before;
    net_wait wait = net_wait_begin();
    do {
        before = net_counts(world).unaccepted;
        for (int i = 0; i < 20; i++)
            expect_service_of(world, client);
    } while (net_counts(world).unaccepted != before && net_waiting(&wait));
}

/* With none left, accepting fails over and over, and takes a core. */
static void the_last_descriptors_are_not_given_away(void **state)
{
    (void)state;
    int silent[SILENT];
    net_world *world = world_of_few_descriptors();
    net_client member = net_join(world);
    for (int i = 0; i < SILENT; i++)
        silent[i] = connect_silent(world);
    for (net_wait wait = net_wait_begin(); net_counts(world).crowded < SILENT - DOOR_DESCRIPTORS;)
        net_waiting(&wait);
    assert_true(net_counts(world).standing_max < DOOR_DESCRIPTORS);
    assert_int_equal(atomic_load(&crowds), 1); /* told once, not for each */
    expect_settled(world, &member);
    for (int i = 0; i < SILENT; i++)
        close(silent[i]);
    for (net_wait wait = net_wait_begin(); net_counts(world).standing > 1 && net_waiting(&wait);)
        net_expect_nothing(world); /* which a core that carries hears of */
    net_expect_service(world);
    net_world_destroy(&world);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KG_DOOR_ARGUMENT) == 0)
        return kg_door_run();
    setenv("KOPGROEP_PASSPHRASE", "very secret", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_serves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers_are_refused_and_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_are_dismissed_and_admitted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hints_reach_their_feed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_messages_wait_and_arrive_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(why_it_cannot_listen_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_door_is_at_the_same_ports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_is_for_the_door_it_was_asked_by, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_next_door_knows_who_was_let_in_meanwhile, set_up,
                                        tear_down),
        cmocka_unit_test(the_door_ends_with_its_net),
        cmocka_unit_test_setup_teardown(it_has_given_up_its_rights, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_has_no_descriptor_of_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_has_none_of_the_environment, set_up, tear_down),
        cmocka_unit_test(the_last_descriptors_are_not_given_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
