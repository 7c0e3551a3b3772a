/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_net.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "proto/memory.h"

#define DEADLINE_MS 10000

int64_t net_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

net_wait net_wait_begin(void)
{
    return (net_wait){net_now_ms() + DEADLINE_MS};
}

bool net_waiting(const net_wait *wait)
{
    if (net_now_ms() > wait->deadline_ms)
        fail_msg("waited for %d ms in vain", DEADLINE_MS);
    poll(NULL, 0, 1);
    return true;
}

void net_keys_make(net_keys *keys)
{
    char public_key[41], secret_key[41];
    assert_int_equal(zmq_curve_keypair(public_key, secret_key), 0);
    assert_non_null(zmq_z85_decode(keys->public_key, public_key));
    assert_non_null(zmq_z85_decode(keys->secret_key, secret_key));
}

kg_net_options net_options(const net_keys *broker)
{
    return (kg_net_options){
        .requests = "tcp://127.0.0.1:*",
        .feeds = "tcp://127.0.0.1:*",
        .transport_public = broker->public_key,
        .transport_secret = broker->secret_key,
    };
}

static net_world *make_world(kg_net_options limits)
{
    char error[300] = "";
    net_world *world = kg_alloc(1, sizeof *world);
    net_keys_make(&world->broker);
    net_keys_make(&world->member);
    kg_net_options options = net_options(&world->broker);
    options.inbound_max = limits.inbound_max;
    options.outbound_max = limits.outbound_max;
    options.connections_max = limits.connections_max;
    options.handshakes_max = limits.handshakes_max;
    options.apart = limits.apart;
    options.tell = limits.tell;
    world->net = kg_net_start(&options, error);
    if (!world->net)
        fail_msg("%s", error);
    world->context = zmq_ctx_new();
    kg_net_admit(world->net, world->member.public_key, NET_MEMBER);
    if (limits.apart) { /* so that the door has heard of it */
        net_client first = net_join(world);
        net_close(world, &first);
    }
    return world;
}

net_world *net_world_new(size_t inbound_max, size_t outbound_max)
{
    return make_world(
        (kg_net_options){.inbound_max = inbound_max, .outbound_max = outbound_max});
}

net_world *net_world_limited(unsigned connections_max, unsigned handshakes_max)
{
    return make_world((kg_net_options){.connections_max = connections_max,
                                       .handshakes_max = handshakes_max});
}

net_world *net_world_apart(void (*tell)(void *context, kg_net_news news, const char *text))
{
    return make_world((kg_net_options){.apart = true, .tell = tell});
}

void net_world_destroy(net_world **world)
{
    while ((*world)->clients_count > 0)
        net_close(*world, &(net_client){(*world)->clients[0].socket, (*world)->clients[0].monitor});
    kg_net_stop(&(*world)->net);
    zmq_ctx_term((*world)->context);
    free(*world);
    *world = NULL;
}

int net_setup(void **state)
{
    *state = net_world_new(0, 0);
    return 0;
}

int net_teardown(void **state)
{
    net_world_destroy((net_world **)state);
    return 0;
}

/* ---- clients ---- */

static void set_int(void *socket, int option, int value)
{
    assert_int_equal(zmq_setsockopt(socket, option, &value, sizeof value), 0);
}

static void set_key(void *socket, int option, const uint8_t *key)
{
    assert_int_equal(zmq_setsockopt(socket, option, key, KG_KEY_BYTES), 0);
}

static net_client make_client(net_world *world, int type, const net_keys *keys)
{
    char endpoint[64];
    net_client client = {zmq_socket(world->context, type), zmq_socket(world->context, ZMQ_PAIR)};
    assert_non_null(client.socket);
    assert_non_null(client.monitor);
    assert_true(world->clients_count < NET_CLIENTS_MAX);
    world->clients[world->clients_count++] = client;
    set_int(client.socket, ZMQ_LINGER, 0);
    set_int(client.socket, ZMQ_RECONNECT_IVL, 20);
    set_int(client.socket, ZMQ_IPV6, 1);
    set_int(client.monitor, ZMQ_LINGER, 0);
    set_key(client.socket, ZMQ_CURVE_SERVERKEY, world->broker.public_key);
    set_key(client.socket, ZMQ_CURVE_PUBLICKEY, keys->public_key);
    set_key(client.socket, ZMQ_CURVE_SECRETKEY, keys->secret_key);
    /* Each its own name: that of one that was closed is free only later. */
    kg_text_format(endpoint, sizeof endpoint, "inproc://monitor-%zu", world->clients_made++);
    assert_int_equal(zmq_socket_monitor(client.socket, endpoint, ZMQ_EVENT_ALL), 0);
    assert_int_equal(zmq_connect(client.monitor, endpoint), 0);
    return client;
}

static void connect_client(net_world *world, net_client *client, int type)
{
    const char *endpoint =
        type == ZMQ_SUB ? kg_net_feeds(world->net) : kg_net_requests(world->net);
    assert_int_equal(zmq_connect(client->socket, endpoint), 0);
}

net_client net_connect(net_world *world, int type, const net_keys *keys)
{
    net_client client = make_client(world, type, keys);
    connect_client(world, &client, type);
    return client;
}

net_client net_connect_as(net_world *world, const void *id, size_t count)
{
    net_client client = make_client(world, ZMQ_DEALER, &world->member);
    assert_int_equal(zmq_setsockopt(client.socket, ZMQ_ROUTING_ID, id, count), 0);
    connect_client(world, &client, ZMQ_DEALER);
    return client;
}

/* A door in a process of its own hears of an admission a moment later, and a client that it refused
 * does not try again. */
net_client net_join(net_world *world)
{
    net_client client = net_connect(world, ZMQ_DEALER, &world->member);
    net_wait wait = net_wait_begin();
    while (net_handshake(&client) != ZMQ_EVENT_HANDSHAKE_SUCCEEDED && net_waiting(&wait)) {
        net_close(world, &client);
        client = net_connect(world, ZMQ_DEALER, &world->member);
    }
    return client;
}

net_client net_join_narrow(net_world *world)
{
    net_client client = make_client(world, ZMQ_DEALER, &world->member);
    set_int(client.socket, ZMQ_RCVHWM, 1);
    set_int(client.socket, ZMQ_RCVBUF, 16384);
    connect_client(world, &client, ZMQ_DEALER);
    assert_int_equal(net_handshake(&client), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    return client;
}

void net_close(net_world *world, net_client *client)
{
    size_t at = 0;
    while (world->clients[at].socket != client->socket)
        at++;
    world->clients[at] = world->clients[--world->clients_count];
    /* A monitor tells blocking: without a reader it would hold up the context's thread for ever. */
    zmq_socket_monitor(client->socket, NULL, 0);
    zmq_close(client->socket);
    zmq_close(client->monitor);
}

int net_event(net_client *client)
{
    uint8_t frame[6], address[256];
    uint16_t event;
    zmq_pollitem_t item = {client->monitor, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, DEADLINE_MS) <= 0)
        fail_msg("the connection does nothing");
    assert_int_equal(zmq_recv(client->monitor, frame, sizeof frame, 0), sizeof frame);
    assert_true(zmq_recv(client->monitor, address, sizeof address, 0) >= 0);
    memcpy(&event, frame, sizeof event);
    return event;
}

void net_await_event(net_client *client, int event)
{
    while (net_event(client) != event)
        continue;
}

int net_handshake(net_client *client)
{
    for (;;) {
        int event = net_event(client);
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED || event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH ||
            event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ||
            event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
            return event;
    }
}

void net_send(net_client *client, const void *bytes, size_t count)
{
    assert_int_equal(zmq_send(client->socket, bytes, count, ZMQ_DONTWAIT), (int)count);
}

void net_send_text(net_client *client, const char *text)
{
    net_send(client, text, strlen(text));
}

int net_receive(net_client *client, void *out, size_t size, int timeout_ms)
{
    zmq_pollitem_t item = {client->socket, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, timeout_ms) <= 0)
        return -1;
    return zmq_recv(client->socket, out, size, ZMQ_DONTWAIT);
}

void net_expect_text(net_client *client, const char *text)
{
    char got[256] = "";
    int more;
    size_t size = sizeof more;
    int count = net_receive(client, got, sizeof got - 1, DEADLINE_MS);
    assert_int_equal(count, strlen(text));
    assert_string_equal(got, text);
    assert_int_equal(zmq_getsockopt(client->socket, ZMQ_RCVMORE, &more, &size), 0);
    assert_false(more);
}

/* ---- as the core ---- */

void net_take(net_world *world, kg_net_message *out, size_t count)
{
    size_t have = 0;
    for (net_wait wait = net_wait_begin(); have < count && net_waiting(&wait);)
        have += kg_net_receive(world->net, out + have, count - have, 100);
}

kg_peer net_take_text(net_world *world, const char *text)
{
    kg_net_message message;
    net_take(world, &message, 1);
    assert_string_equal(message.organisation, NET_MEMBER);
    assert_int_equal(message.count, strlen(text));
    assert_memory_equal(message.bytes, text, message.count);
    free(message.bytes);
    return message.peer;
}

void net_reply_text(net_world *world, const kg_peer *peer, const char *text)
{
    kg_net_reply(world->net, peer, (uint8_t *)kg_strdup(text), strlen(text));
    kg_net_flush(world->net);
}

void net_expect_service(net_world *world)
{
    net_client client = net_join(world);
    net_send_text(&client, "are you there");
    kg_peer peer = net_take_text(world, "are you there");
    net_reply_text(world, &peer, "yes");
    net_expect_text(&client, "yes");
    net_close(world, &client);
}

void net_expect_nothing(net_world *world)
{
    kg_net_message none;
    assert_int_equal(kg_net_receive(world->net, &none, 1, 10), 0);
}

kg_net_counts net_counts(const net_world *world)
{
    kg_net_counts counts;
    kg_net_counts_read(world->net, &counts);
    return counts;
}

void net_await_sent(const net_world *world, uint64_t replies)
{
    kg_net_counts counts = net_counts(world);
    for (net_wait wait = net_wait_begin(); counts.replied + counts.dropped < replies;) {
        net_waiting(&wait);
        counts = net_counts(world);
    }
    assert_int_equal(counts.replied + counts.dropped, replies);
}
