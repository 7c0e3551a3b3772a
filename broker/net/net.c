/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/net.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "broker/net/endpoint.h"
#include "broker/net/net_private.h"
#include "proto/memory.h"

#define INBOUND_BYTES_MAX (16u << 20)
#define READ_AT_ONCE 256 /* messages taken from a socket before looking at the others */

/* ---- requests ---- */

/* The second frame, of a connection that ZAP named. */
static bool take_frame(kg_net *net, kg_net_message *message)
{
    kg_heard frame;
    if (!kg_net_hear(net, KG_SOCKET_REQUESTS, &frame) || frame.more || !frame.user ||
        !frame.user[0] || strlen(frame.user) > KG_ID_BYTES_MAX)
        return false;
    kg_text_format(message->organisation, sizeof message->organisation, "%s", frame.user);
    message->count = frame.count;
    message->bytes = kg_realloc(NULL, message->count, 1); /* no need to zero it first */
    memcpy(message->bytes, frame.bytes, frame.count);
    return true;
}

/* One request: routing id, then one frame. False when there is nothing to read. */
static bool read_request(kg_net *net)
{
    kg_net_message message = {0};
    uint8_t id[256];
    bool more;
    int got = kg_sockets_read(net->sockets, KG_SOCKET_REQUESTS, id, sizeof id, &more);
    if (got < 0)
        return false;
    bool good = got > 0 && (size_t)got <= sizeof message.peer.bytes;
    if (good) {
        memcpy(message.peer.bytes, id, (size_t)got);
        message.peer.count = (uint8_t)got;
        good = take_frame(net, &message);
    }
    kg_sockets_drain(net->sockets, KG_SOCKET_REQUESTS);
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
    const kg_socket to = KG_SOCKET_REQUESTS;
    bool sent = kg_sockets_send(net->sockets, to, out->peer.bytes, out->peer.count, true) &&
                kg_sockets_send(net->sockets, to, out->bytes, out->count, false);
    atomic_fetch_add(sent ? &net->replied : &net->dropped, 1);
    free(out->bytes);
}

static void send_hint(kg_net *net, const kg_outbound *out)
{
    const kg_socket to = KG_SOCKET_FEEDS;
    uint8_t number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)(out->number >> (56 - 8 * i));
    if (kg_sockets_send(net->sockets, to, out->organisation, strlen(out->organisation), true))
        kg_sockets_send(net->sockets, to, number, sizeof number, false);
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
    kg_heard frame;
    for (int i = 0; i < READ_AT_ONCE && kg_net_hear(net, KG_SOCKET_FEEDS, &frame); i++)
        continue;
}

static void *net_loop(void *argument)
{
    kg_net *net = argument;
    for (;;) {
        /* No room for requests: their socket is left alone, and TCP holds the senders back. */
        bool requests = !kg_conveyor_full(net->inbound);
        unsigned ready = kg_sockets_wait(net->sockets, net->outbound.wake, requests);
        if (ready & KG_READY_ZAP)
            kg_net_serve_zap(net);
        if (ready & KG_READY_FEEDS)
            read_subscriptions(net);
        if ((ready & KG_READY_WAKE) && !send_outbound(net))
            return NULL;
        if (ready & KG_READY_MONITOR)
            kg_net_read_monitors(net);
        if (ready & KG_READY_REQUESTS)
            read_requests(net);
    }
}

/* ---- the self-test ---- */

/* Refused means: the handler said no, and the handshake failed. Its message to the stranger can be
 * lost with the connection, so how it failed does not count. */
static bool refuses_stranger(kg_net *net, kg_socket socket, const kg_net_options *options,
                             char error[static 300])
{
    const uint64_t refused = atomic_load(&net->refused);
    char endpoint[256];
    kg_stranger found = kg_sockets_try_stranger(net->sockets, socket, options->transport_public);
    if (found == KG_STRANGER_REFUSED && atomic_load(&net->refused) > refused)
        return true;
    kg_endpoint_reachable(kg_sockets_endpoint(net->sockets, socket), endpoint);
    kg_text_format(error, 300, "the self-test failed: a stranger's key at %s was %s", endpoint,
                   found == KG_STRANGER_LET_IN ? "let in" : "not refused");
    return false;
}

static bool self_test(kg_net *net, const kg_net_options *options, char error[static 300])
{
    if (!refuses_stranger(net, KG_SOCKET_REQUESTS, options, error) ||
        !refuses_stranger(net, KG_SOCKET_FEEDS, options, error))
        return false;
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
    kg_sockets_close(&net->sockets);
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
    net->admitted = kg_admitted_new();
    net->connections_of = kg_connections_new(options->connections_max);
    net->handshakes_max = options->handshakes_max;
    size_t outbound = options->outbound_max ? options->outbound_max : 16384;
    bool good = open_inbound(net, options);
    good = kg_queue_init(&net->outbound, outbound, sizeof(kg_outbound)) && good;
    if (!good)
        kg_text_format(error, 300, "no descriptor or thread left: raise the limits of both");
    if (good && options->admit)
        options->admit(options->context, net);
    net->sockets = good ? kg_sockets_open(options, error) : NULL;
    good = net->sockets != NULL;
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
