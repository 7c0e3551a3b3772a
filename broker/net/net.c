/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/net.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "broker/net/endpoint.h"
#include "broker/net/net_private.h"
#include "broker/net/zap.h"
#include "proto/limits.h"
#include "proto/memory.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
/* ZMQ_ZAP_ENFORCE_DOMAIN: without it a socket with a domain but without a handler lets everybody
 * in. Its name is a draft in zmq.h; the library takes the number. */
#define ZAP_ENFORCE_DOMAIN 93

#define HANDSHAKE_MS 3000
#define HEARTBEAT_MS 10000
#define PEER_DEAD_MS 30000
#define PEER_QUEUE 100
#define BACKLOG 1024
#define SELF_TEST_MS 5000
#define STOP_MS 500
#define INBOUND_BYTES_MAX (16u << 20)
/* CURVE adds to a frame: a command's name, a nonce, an authenticator, flags. */
#define CURVE_BYTES (8 + 8 + 16 + 1)
#define READ_AT_ONCE 256 /* messages taken from a socket before looking at the others */

static bool fail(char error[static 300], const char *what, const char *detail)
{
    kg_text_format(error, 300, "%s %s: %s", what, detail, zmq_strerror(zmq_errno()));
    return false;
}

static bool set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

/* What every server socket is given before it is bound. */
static bool secure(void *socket, const uint8_t *secret)
{
    return set_int(socket, ZMQ_CURVE_SERVER, 1) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, KG_KEY_BYTES) == 0 &&
           zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, KG_ZAP_DOMAIN, strlen(KG_ZAP_DOMAIN)) == 0 &&
           set_int(socket, ZAP_ENFORCE_DOMAIN, 1) && set_int(socket, ZMQ_LINGER, STOP_MS) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &(int64_t){KG_FRAME_BYTES_MAX + CURVE_BYTES},
                          sizeof(int64_t)) == 0 &&
           set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, PEER_DEAD_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TTL, PEER_DEAD_MS) &&
           set_int(socket, ZMQ_TCP_KEEPALIVE, 1) && set_int(socket, ZMQ_BACKLOG, BACKLOG) &&
           set_int(socket, ZMQ_SNDHWM, PEER_QUEUE) && set_int(socket, ZMQ_RCVHWM, PEER_QUEUE);
}

static bool bind_socket(void *socket, const char *endpoint, char bound[static 256],
                        char error[static 300])
{
    size_t size = 256;
    if (!set_int(socket, ZMQ_IPV6, strchr(endpoint, '[') != NULL) ||
        zmq_bind(socket, endpoint) != 0)
        return fail(error, "cannot listen at", endpoint);
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &size) != 0)
        return fail(error, "cannot tell the port of", endpoint);
    return true;
}

/* ZAP first: a socket that is bound before its handler could let a stranger in. */
static bool open_sockets(kg_net *net, const kg_net_options *options, char error[static 300])
{
    net->zap = zmq_socket(net->context, ZMQ_REP);
    net->requests = zmq_socket(net->context, ZMQ_ROUTER);
    net->feeds = zmq_socket(net->context, ZMQ_XPUB);
    if (!net->zap || !net->requests || !net->feeds)
        return fail(error, "cannot make", "sockets");
    if (!set_int(net->zap, ZMQ_LINGER, 0) || zmq_bind(net->zap, ZAP_ENDPOINT) != 0)
        return fail(error, "cannot serve", ZAP_ENDPOINT);
    if (!secure(net->requests, options->transport_secret) ||
        !secure(net->feeds, options->transport_secret) ||
        !set_int(net->requests, ZMQ_ROUTER_MANDATORY, 1))
        return fail(error, "cannot secure", "sockets");
    if (!kg_net_watch(net))
        return fail(error, "cannot watch", "sockets");
    return bind_socket(net->requests, options->requests, net->requests_endpoint, error) &&
           bind_socket(net->feeds, options->feeds, net->feeds_endpoint, error);
}

/* ---- requests ---- */

/* Reads the rest of a message that is not of our form. */
static void drain_message(void *socket)
{
    int more = 1;
    size_t size = sizeof more;
    while (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more) {
        char rest[256];
        if (zmq_recv(socket, rest, sizeof rest, ZMQ_DONTWAIT) < 0)
            return;
    }
}

/* One request: routing id, then one frame of a connection that ZAP named. */
static bool take_frame(kg_net *net, kg_net_message *message)
{
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    bool good = zmq_msg_recv(&frame, net->requests, ZMQ_DONTWAIT) >= 0;
    const char *user = good ? zmq_msg_gets(&frame, "User-Id") : NULL;
    good = good && user && user[0] && strlen(user) <= KG_ID_BYTES_MAX && !zmq_msg_more(&frame);
    if (good) {
        kg_text_format(message->organisation, sizeof message->organisation, "%s", user);
        message->count = zmq_msg_size(&frame);
        message->bytes = kg_realloc(NULL, message->count, 1); /* no need to zero it first */
        memcpy(message->bytes, zmq_msg_data(&frame), message->count);
        kg_net_note_sender(net, 0, &frame);
    }
    zmq_msg_close(&frame);
    return good;
}

/* False when there is nothing to read. */
static bool read_request(kg_net *net)
{
    kg_net_message message = {0};
    uint8_t id[256];
    int got = zmq_recv(net->requests, id, sizeof id, ZMQ_DONTWAIT);
    if (got < 0)
        return false;
    bool good = got > 0 && (size_t)got <= sizeof message.peer.bytes;
    if (good) {
        memcpy(message.peer.bytes, id, (size_t)got);
        message.peer.count = (uint8_t)got;
        good = take_frame(net, &message);
    }
    drain_message(net->requests);
    /* Counted before the core can have it, so that it never has more than was counted. */
    atomic_fetch_add(good ? &net->received : &net->malformed, 1);
    if (good && !kg_conveyor_push(net->inbound, &message, message.count))
        free(message.bytes); /* cannot be: room was seen, and only this thread fills it */
    return true;
}

static void read_requests(kg_net *net)
{
    for (int i = 0; i < READ_AT_ONCE && !kg_conveyor_full(net->inbound); i++)
        if (!read_request(net))
            return;
}

/* ---- replies and hints ---- */

static void send_reply(kg_net *net, kg_outbound *out)
{
    bool sent = zmq_send(net->requests, out->peer.bytes, out->peer.count,
                         ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
                zmq_send(net->requests, out->bytes, out->count, ZMQ_DONTWAIT) >= 0;
    atomic_fetch_add(sent ? &net->replied : &net->dropped, 1);
    free(out->bytes);
}

static void send_hint(kg_net *net, const kg_outbound *out)
{
    uint8_t number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)(out->number >> (56 - 8 * i));
    if (zmq_send(net->feeds, out->organisation, strlen(out->organisation),
                 ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0)
        zmq_send(net->feeds, number, sizeof number, ZMQ_DONTWAIT);
}

static void close_all(kg_net *net, kg_outbound *out)
{
    kg_net_close_all(net, out->bytes);
    free(out->bytes);
}

/* False when the thread is to stop. */
static bool send_outbound(kg_net *net)
{
    kg_outbound out[64];
    size_t count;
    bool go_on = true;
    kg_queue_quiet(&net->outbound);
    while (go_on && (count = kg_queue_take(&net->outbound, out, 64, NULL)) > 0)
        for (size_t i = 0; i < count; i++) {
            if (out[i].kind == KG_OUTBOUND_REPLY)
                send_reply(net, &out[i]);
            else if (out[i].kind == KG_OUTBOUND_HINT)
                send_hint(net, &out[i]);
            else if (out[i].kind == KG_OUTBOUND_CLOSE)
                close_all(net, &out[i]);
            else
                go_on = false;
        }
    return go_on;
}

/* Subscriptions say nothing that we need: which topics exist is no secret, and what is published
 * is only "feed X is at N". */
static void read_subscriptions(kg_net *net)
{
    for (int i = 0; i < READ_AT_ONCE; i++) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        bool good = zmq_msg_recv(&frame, net->feeds, ZMQ_DONTWAIT) >= 0;
        if (good)
            kg_net_note_sender(net, 1, &frame);
        zmq_msg_close(&frame);
        if (!good)
            return;
    }
}

static void *net_loop(void *argument)
{
    kg_net *net = argument;
    zmq_pollitem_t items[] = {
        {net->zap, 0, ZMQ_POLLIN, 0},
        {net->feeds, 0, ZMQ_POLLIN, 0},
        {NULL, net->outbound.wake, ZMQ_POLLIN, 0},
        {net->monitors[0], 0, ZMQ_POLLIN, 0},
        {net->monitors[1], 0, ZMQ_POLLIN, 0},
        {net->requests, 0, ZMQ_POLLIN, 0},
    };
    for (;;) {
        /* No room for requests: their sockets are left alone, and TCP holds the senders back. */
        int count = kg_conveyor_full(net->inbound) ? 5 : 6;
        items[5].revents = 0;
        if (zmq_poll(items, count, -1) < 0 && zmq_errno() == ETERM)
            return NULL;
        if (items[0].revents)
            kg_net_serve_zap(net);
        if (items[1].revents)
            read_subscriptions(net);
        if (items[2].revents && !send_outbound(net))
            return NULL;
        if (items[3].revents || items[4].revents)
            kg_net_read_monitors(net);
        if (items[5].revents)
            read_requests(net);
    }
}

/* ---- the self-test ---- */

/* Waits for the monitor to tell how a stranger's handshake ended; -1 when it does not. */
static int read_handshake(void *monitor)
{
    uint8_t frame[6];
    uint16_t event;
    zmq_pollitem_t item = {monitor, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, SELF_TEST_MS) <= 0 ||
        zmq_recv(monitor, frame, sizeof frame, 0) != (int)sizeof frame)
        return -1;
    memcpy(&event, frame, sizeof event);
    drain_message(monitor);
    return event;
}

static int try_stranger(void *context, int type, const char *endpoint, const uint8_t *server_key)
{
    char monitor_endpoint[300]; /* one a test: a closed one's name is free only later */
    char public_key[41], secret_key[41];
    int event = -1;
    kg_text_format(monitor_endpoint, sizeof monitor_endpoint, "inproc://self-test/%s", endpoint);
    void *stranger = zmq_socket(context, type), *monitor = zmq_socket(context, ZMQ_PAIR);
    if (stranger && monitor && zmq_curve_keypair(public_key, secret_key) == 0 &&
        set_int(stranger, ZMQ_LINGER, 0) && set_int(monitor, ZMQ_LINGER, 0) &&
        set_int(stranger, ZMQ_IPV6, 1) &&
        zmq_setsockopt(stranger, ZMQ_CURVE_SERVERKEY, server_key, KG_KEY_BYTES) == 0 &&
        zmq_setsockopt(stranger, ZMQ_CURVE_PUBLICKEY, public_key, 40) == 0 &&
        zmq_setsockopt(stranger, ZMQ_CURVE_SECRETKEY, secret_key, 40) == 0 &&
        zmq_socket_monitor(stranger, monitor_endpoint,
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                               ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL) == 0 &&
        zmq_connect(monitor, monitor_endpoint) == 0 && zmq_connect(stranger, endpoint) == 0)
        event = read_handshake(monitor);
    /* A monitor tells blocking: without a reader it would hold up the context's thread for ever. */
    if (stranger) {
        zmq_socket_monitor(stranger, NULL, 0);
        zmq_close(stranger);
    }
    if (monitor)
        zmq_close(monitor);
    return event;
}

/* Refused means: the handler said no, and the handshake failed. Its message to the stranger can be
 * lost with the connection, so how it failed does not count. */
static bool refuses_stranger(kg_net *net, int type, const char *endpoint,
                             const kg_net_options *options, char error[static 300])
{
    const uint64_t refused = atomic_load(&net->refused);
    int event = try_stranger(net->context, type, endpoint, options->transport_public);
    if (event >= 0 && event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED &&
        atomic_load(&net->refused) > refused)
        return true;
    kg_text_format(error, 300, "the self-test failed: a stranger's key at %s was %s", endpoint,
                   event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? "let in" : "not refused");
    return false;
}

static bool self_test(kg_net *net, const kg_net_options *options, char error[static 300])
{
    const char *endpoints[] = {net->requests_endpoint, net->feeds_endpoint};
    static const int types[] = {ZMQ_DEALER, ZMQ_SUB};
    for (size_t i = 0; i < 2; i++) {
        char endpoint[256];
        kg_endpoint_reachable(endpoints[i], endpoint);
        if (!refuses_stranger(net, types[i], endpoint, options, error))
            return false;
    }
    atomic_store(&net->refused, 0);
    return true;
}

/* ---- life ---- */

static void drop_message(void *context, void *item)
{
    const kg_net *net = context;
    kg_net_message *message = item;
    if (message->prepared)
        net->preparing.discard(net->preparing.context, message->prepared);
    free(message->bytes);
}

static void release(kg_net *net)
{
    kg_outbound out;
    kg_conveyor_destroy(&net->inbound, drop_message, net);
    while (kg_queue_take(&net->outbound, &out, 1, NULL) > 0)
        free(out.bytes);
    kg_net_unwatch(net);
    void *sockets[] = {net->requests, net->feeds, net->zap};
    for (size_t i = 0; i < 3; i++)
        if (sockets[i])
            zmq_close(sockets[i]);
    if (net->context)
        zmq_ctx_term(net->context);
    kg_queue_fini(&net->outbound);
    kg_admitted_destroy(&net->admitted);
    kg_connections_destroy(&net->connections_of);
    free(net);
}

static void prepare_message(void *context, void *item)
{
    const kg_net_preparing *preparing = context;
    preparing->prepare(preparing->context, item);
}

static bool open_inbound(kg_net *net, const kg_net_options *options)
{
    size_t bytes = options->inbound_bytes_max;
    net->preparing = options->preparing;
    kg_conveyor_options line = {
        .capacity = options->inbound_max ? options->inbound_max : 4096,
        .bytes_max = bytes ? bytes : INBOUND_BYTES_MAX,
        .item_bytes = sizeof(kg_net_message),
        .work = net->preparing.prepare ? prepare_message : NULL,
        .context = &net->preparing,
        .threads = net->preparing.threads,
    };
    net->inbound = kg_conveyor_new(&line);
    return net->inbound != NULL;
}

kg_net *kg_net_start(const kg_net_options *options, char error[static 300])
{
    kg_net *net = kg_alloc(1, sizeof *net);
    net->context = zmq_ctx_new();
    net->admitted = kg_admitted_new();
    net->connections_of = kg_connections_new(options->connections_max);
    net->handshakes_max = options->handshakes_max;
    size_t outbound = options->outbound_max ? options->outbound_max : 16384;
    bool good = open_inbound(net, options);
    good = kg_queue_init(&net->outbound, outbound, sizeof(kg_outbound)) && good;
    if (!good || !net->context)
        kg_text_format(error, 300, "no descriptor or thread left: raise the limits of both");
    if (good && options->admit)
        options->admit(options->context, net);
    good = good && net->context && open_sockets(net, options, error);
    net->running = good && pthread_create(&net->thread, NULL, net_loop, net) == 0;
    if (good && !net->running)
        kg_text_format(error, 300, "no thread can be started");
    if (net->running && self_test(net, options, error))
        return net;
    kg_net_stop(&net);
    return NULL;
}

void kg_net_stop(kg_net **net)
{
    kg_net *self = *net;
    if (!self)
        return;
    if (self->running) {
        kg_outbound stop = {.kind = KG_OUTBOUND_STOP};
        while (!kg_queue_push(&self->outbound, &stop))
            poll(NULL, 0, 1);
        pthread_join(self->thread, NULL);
    }
    release(self);
    *net = NULL;
}
