/* SPDX-License-Identifier: EUPL-1.2 */
/* The thread that has the sockets. */
#include <stdlib.h>
#include <string.h>

#include "broker/net/net_private.h"
#include "proto/memory.h"

#define SUBSCRIBES 1 /* a subscription's first byte */
#define READ_AT_ONCE 256 /* messages taken from a socket before looking at the others */

/* ---- requests ---- */

/* The second frame, of a connection that ZAP named. */
static bool hear_request(kg_net *net, kg_heard *out)
{
    return kg_net_hear(net, KG_SOCKET_REQUESTS, out) && !out->more && out->user && out->user[0] &&
           strlen(out->user) <= KG_ID_BYTES_MAX;
}

static bool has_room(kg_net *net)
{
    if (net->channel)
        return kg_door_has_room(net);
    return net->inbound && !kg_conveyor_full(net->inbound); /* none: nobody may be heard yet */
}

static void hand_on(kg_net *net, const kg_peer *peer, const kg_heard *heard)
{
    if (net->channel) {
        kg_door_hand_on(net, peer, heard);
        return;
    }
    kg_net_message message = {.peer = *peer, .count = heard->count};
    kg_text_format(message.organisation, sizeof message.organisation, "%s", heard->user);
    message.bytes = kg_realloc(NULL, message.count, 1); /* no need to zero it first */
    memcpy(message.bytes, heard->bytes, heard->count);
    if (!kg_conveyor_push(net->inbound, &message, message.count))
        free(message.bytes); /* cannot be: room was seen, and only this thread fills it */
}

/* One request: routing id, then one frame. False when there is nothing to read. */
static bool read_request(kg_net *net)
{
    kg_peer peer = {0};
    kg_heard heard;
    uint8_t id[256];
    bool more;
    int got = kg_sockets_read(net->sockets, KG_SOCKET_REQUESTS, id, sizeof id, &more);
    if (got < 0)
        return false;
    bool good = got > 0 && (size_t)got <= sizeof peer.bytes;
    if (good) {
        memcpy(peer.bytes, id, (size_t)got);
        peer.count = (uint8_t)got;
        good = hear_request(net, &heard);
    }
    /* Counted before the core can have it, so that it never has more than was counted. */
    atomic_fetch_add(good ? &net->received : &net->malformed, 1);
    if (good)
        hand_on(net, &peer, &heard);
    else
        kg_sockets_drain(net->sockets, KG_SOCKET_REQUESTS);
    return true;
}

static void read_requests(kg_net *net)
{
    for (int i = 0; i < READ_AT_ONCE && has_room(net); i++)
        if (!read_request(net))
            return;
}

/* ---- replies and hints ---- */

void kg_net_send_reply(kg_net *net, const kg_peer *peer, const uint8_t *bytes, size_t count)
{
    const kg_socket to = KG_SOCKET_REQUESTS;
    bool sent = kg_sockets_send(net->sockets, to, peer->bytes, peer->count, true) &&
                kg_sockets_send(net->sockets, to, bytes, count, false);
    atomic_fetch_add(sent ? &net->replied : &net->dropped, 1);
}

void kg_net_send_hint(kg_net *net, const char *organisation, uint64_t hint)
{
    const kg_socket to = KG_SOCKET_FEEDS;
    uint8_t number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)(hint >> (56 - 8 * i));
    if (kg_sockets_send(net->sockets, to, organisation, strlen(organisation) + 1, true))
        kg_sockets_send(net->sockets, to, number, sizeof number, false);
}

/* False when the thread is to stop. */
static bool send_one(kg_net *net, const kg_outbound *out)
{
    switch (out->kind) {
    case KG_OUTBOUND_REPLY:
        kg_net_send_reply(net, &out->peer, out->bytes, out->count);
        return true;
    case KG_OUTBOUND_HINT:
        kg_net_send_hint(net, out->organisation, out->number);
        return true;
    case KG_OUTBOUND_CLOSE:
        kg_net_close_all(net, out->bytes);
        return true;
    case KG_OUTBOUND_ADMIT: /* the list is in this process */
        return true;
    default:
        return false;
    }
}

static bool send_outbound(kg_net *net)
{
    kg_outbound out[64];
    size_t count;
    bool go_on = true;
    kg_queue_quiet(&net->outbound);
    while (go_on && (count = kg_queue_take(&net->outbound, out, 64, NULL)) > 0)
        for (size_t i = 0; i < count; i++) {
            go_on = send_one(net, &out[i]) && go_on;
            free(out[i].bytes);
        }
    return go_on;
}

/* Whose feeds move, and when, tells who plans and whom a lot brings together. So whatever a
 * connection subscribes to, it hears its own organisation's, whose topic ends with a NUL: else BE-1
 * would hear of BE-10. What it gives up again its own socket leaves out. */
static void read_subscriptions(kg_net *net)
{
    kg_heard frame;
    for (int i = 0; i < READ_AT_ONCE && kg_net_hear(net, KG_SOCKET_FEEDS, &frame); i++)
        if (frame.count > 0 && frame.bytes[0] == SUBSCRIBES && frame.user && frame.user[0])
            kg_sockets_let_hear(net->sockets, frame.user, strlen(frame.user) + 1);
}

/* No room for requests: their socket is left alone, and TCP holds the senders back. */
static unsigned wait_for_any(kg_net *net)
{
    if (!net->channel)
        return kg_sockets_wait(net->sockets, net->outbound.wake, false, has_room(net));
    return kg_sockets_wait(net->sockets, net->channel->descriptor,
                           kg_channel_owed(net->channel) > 0, has_room(net));
}

static bool obey(kg_net *net)
{
    return net->channel ? kg_door_obey(net) : send_outbound(net);
}

void *kg_net_serve(void *argument)
{
    kg_net *net = argument;
    for (;;) {
        unsigned ready = wait_for_any(net);
        if (ready & KG_READY_ZAP)
            kg_net_serve_zap(net);
        if (ready & KG_READY_FEEDS)
            read_subscriptions(net);
        if ((ready & KG_READY_WAKE) && !obey(net))
            return NULL;
        if (ready & KG_READY_MONITOR)
            kg_net_read_monitors(net);
        if (ready & KG_READY_REQUESTS)
            read_requests(net);
        if (net->channel && !kg_door_send(net))
            return NULL;
        if (net->channel)
            kg_door_look_awake(net);
    }
}
