/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/language.h"
#include "client/seen.h"
#include "client/transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/limits.h"
#include "proto/memory.h"

#define ROUTING_ID_BYTES 16
#define RECONNECT_MS 100
#define RECONNECT_MS_MAX 30000
#define HANDSHAKE_MS 3000
#define HEARTBEAT_MS 10000
#define BROKER_DEAD_MS 30000
#define LET_IN_MS_MAX 5000
/* When nobody listens, or each connection is closed at once: enough tries were made by then. */
#define LET_IN_MS_REFUSED 2000
#define LET_IN_MS_HASTE 1500
/* CURVE adds to a frame: a command's name, a nonce, an authenticator, flags. */
#define CURVE_BYTES (8 + 8 + 16 + 1)
#define ZAP_LATER 500  /* what a broker's handler says to a key that it knows but not now */
#define CROWDED_MS 250 /* until it is tried again */

struct kg_client_transport {
    const kg_broker_access *access;
    const kg_identity *identity;
    void *context, *requests, *monitor, *hints;
    char topic[KG_ID_BYTES_MAX + 1]; /* of the hints */
    kg_client_seen seen;             /* of the requests' connection */
    int wake;                        /* eventfd */
    bool interruptible;
};

int64_t kg_client_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

kg_client_transport *kg_client_transport_new(const kg_broker_access *access,
                                             const kg_identity *identity)
{
    kg_client_transport *transport = kg_alloc(1, sizeof *transport);
    transport->access = access;
    transport->identity = identity;
    transport->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    transport->context = zmq_ctx_new();
    if (transport->wake < 0 || !transport->context)
        kg_client_transport_destroy(&transport);
    return transport;
}

/* What a monitor tells, it tells blocking: one whose reader is gone would hold up the library's
 * thread for ever. So it is stopped before either end is closed. */
static void stop_monitor(kg_client_transport *transport)
{
    if (transport->requests && transport->monitor)
        zmq_socket_monitor(transport->requests, NULL, 0);
}

static void close_socket(void **socket)
{
    if (*socket)
        zmq_close(*socket);
    *socket = NULL;
}

void kg_client_transport_destroy(kg_client_transport **transport)
{
    kg_client_transport *self = *transport;
    if (!self)
        return;
    kg_client_transport_drop(self);
    close_socket(&self->hints);
    if (self->context)
        zmq_ctx_term(self->context);
    if (self->wake >= 0)
        close(self->wake);
    free(self);
    *transport = NULL;
}

static bool set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool set_key(void *socket, int option, const uint8_t *key)
{
    return zmq_setsockopt(socket, option, key, KG_KEY_BYTES) == 0;
}

/* What each socket is given before it is connected. */
static bool prepare(const kg_client_transport *transport, void *socket)
{
    kg_public_key key;
    const int64_t largest = KG_FRAME_BYTES_MAX + CURVE_BYTES;
    kg_identity_public(transport->identity, &key);
    return set_key(socket, ZMQ_CURVE_SERVERKEY, transport->access->key) &&
           set_key(socket, ZMQ_CURVE_PUBLICKEY, key.transport) &&
           set_key(socket, ZMQ_CURVE_SECRETKEY,
                   kg_identity_transport_secret(transport->identity)) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) == 0 &&
           set_int(socket, ZMQ_LINGER, 0) && set_int(socket, ZMQ_IPV6, 1) &&
           set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MS_MAX) &&
           set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, BROKER_DEAD_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TTL, BROKER_DEAD_MS) &&
           set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
}

/* Ids that begin with 0 are the broker's own. */
static bool set_routing_id(void *socket)
{
    uint8_t id[ROUTING_ID_BYTES];
    kg_random(id, sizeof id);
    id[0] |= 1;
    return zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, sizeof id) == 0;
}

/* ---- what the monitor tells ---- */

/* The monitor's queue has no bound: the library would else wait for us to read it. While the
 * broker is away it gains an entry or two every 30 s. */
static bool watch_connection(kg_client_transport *transport)
{
    char endpoint[64];
    uint64_t name;
    kg_random(&name, sizeof name);
    kg_text_format(endpoint, sizeof endpoint, "inproc://kopgroep-%016llx",
                   (unsigned long long)name);
    transport->monitor = zmq_socket(transport->context, ZMQ_PAIR);
    return transport->monitor && set_int(transport->monitor, ZMQ_LINGER, 0) &&
           set_int(transport->monitor, ZMQ_RCVHWM, 0) &&
           zmq_socket_monitor(transport->requests, endpoint, ZMQ_EVENT_ALL) == 0 &&
           zmq_connect(transport->monitor, endpoint) == 0;
}

static void note(kg_client_seen *seen, uint16_t event, uint32_t value)
{
    switch (event) {
    case ZMQ_EVENT_CONNECT_DELAYED:
        seen->tried = true;
        break;
    case ZMQ_EVENT_CLOSED:
        seen->refused = true;
        break;
    case ZMQ_EVENT_CONNECT_RETRIED:
        seen->retried = true;
        break;
    case ZMQ_EVENT_CONNECTED:
        seen->connected = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        seen->let_in = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        seen->crowded = value == ZAP_LATER;
        seen->not_let_in = !seen->crowded;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        seen->foreign = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: /* EAGAIN: it never ended, and we closed */
        seen->closed = seen->closed || value != EAGAIN;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        seen->lost = seen->let_in;
        break;
    default:
        break;
    }
}

static void read_monitor(kg_client_transport *transport)
{
    uint8_t frame[6];
    char address[256];
    while (transport->monitor &&
           zmq_recv(transport->monitor, frame, sizeof frame, ZMQ_DONTWAIT) == (int)sizeof frame) {
        uint16_t event;
        uint32_t value;
        memcpy(&event, frame, sizeof event);
        memcpy(&value, frame + sizeof event, sizeof value);
        zmq_recv(transport->monitor, address, sizeof address, ZMQ_DONTWAIT);
        note(&transport->seen, event, value);
    }
}

/* Waits until `socket` (NULL: none) or the monitor has something, or somebody interrupts. */
static kg_client_event wait_for(kg_client_transport *transport, void *socket, int64_t deadline_ms)
{
    zmq_pollitem_t items[3];
    int count = 0;
    int64_t left = deadline_ms - kg_client_now_ms();
    if (transport->interruptible)
        items[count++] = (zmq_pollitem_t){NULL, transport->wake, ZMQ_POLLIN, 0};
    if (socket)
        items[count++] = (zmq_pollitem_t){socket, 0, ZMQ_POLLIN, 0};
    if (transport->monitor)
        items[count++] = (zmq_pollitem_t){transport->monitor, 0, ZMQ_POLLIN, 0};
    int ready = zmq_poll(items, count, left > 0 ? (long)left : 0);
    read_monitor(transport);
    if (ready > 0 && transport->interruptible && items[0].revents)
        return KG_CLIENT_STOPPED;
    return ready == 0 ? KG_CLIENT_SILENT : KG_CLIENT_FRAME; /* a signal is no silence */
}

/* ---- being let in ---- */

static kg_client_standing wait_until_let_in(kg_client_transport *transport, bool haste,
                                            int64_t deadline_ms)
{
    const kg_client_seen *seen = &transport->seen;
    const int64_t most = haste ? LET_IN_MS_HASTE : LET_IN_MS_MAX;
    const int64_t refused = haste ? 0 : LET_IN_MS_REFUSED;
    int64_t begun = kg_client_now_ms(), now = begun, refused_at = begun + refused;
    int64_t end = begun + most < deadline_ms ? begun + most : deadline_ms;
    while (!seen->let_in && !seen->not_let_in && !seen->crowded && now < end &&
           !(now - begun >= refused && kg_client_seen_no_hope(seen))) {
        int64_t look = refused_at > now && refused_at < end ? refused_at : end;
        if (wait_for(transport, NULL, look) == KG_CLIENT_STOPPED)
            return KG_CLIENT_INTERRUPTED;
        now = kg_client_now_ms();
    }
    if (seen->let_in)
        return KG_CLIENT_LET_IN;
    if (seen->crowded)
        return KG_CLIENT_CROWDED;
    return seen->not_let_in ? KG_CLIENT_NOT_LET_IN : KG_CLIENT_NOT_REACHED;
}

static kg_client_standing be_let_in(kg_client_transport *transport, bool haste, int64_t deadline_ms,
                                    char detail[static KG_CLIENT_DETAIL_BYTES])
{
    const char *endpoint = transport->access->requests;
    kg_client_standing standing = wait_until_let_in(transport, haste, deadline_ms);
    if (standing == KG_CLIENT_NOT_LET_IN)
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES,
                       _("The broker at %s does not know this key."), endpoint);
    else if (standing == KG_CLIENT_CROWDED)
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES, "%s",
                       _(kg_status_text(KG_STATUS_TOO_MANY_CONNECTIONS)));
    else if (standing == KG_CLIENT_NOT_REACHED)
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES, kg_client_seen_cause(&transport->seen),
                       endpoint);
    return standing;
}

static kg_client_standing connect_once(kg_client_transport *transport, bool haste,
                                       int64_t deadline_ms,
                                       char detail[static KG_CLIENT_DETAIL_BYTES])
{
    kg_client_standing standing = KG_CLIENT_UNUSABLE;
    kg_client_transport_drop(transport);
    transport->seen = (kg_client_seen){0};
    transport->requests = zmq_socket(transport->context, ZMQ_DEALER);
    if (!transport->requests || !prepare(transport, transport->requests) ||
        !set_routing_id(transport->requests) || !watch_connection(transport))
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES, _("No connection can be made: %s."),
                       zmq_strerror(zmq_errno()));
    else if (zmq_connect(transport->requests, transport->access->requests) != 0)
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES,
                       _("\"%s\" in the access file is no endpoint: %s."),
                       transport->access->requests, zmq_strerror(zmq_errno()));
    else
        standing = be_let_in(transport, haste, deadline_ms, detail);
    if (standing != KG_CLIENT_LET_IN)
        kg_client_transport_drop(transport);
    return standing;
}

/* A key that makes its connections too fast is let in a moment later. The last try may be cut short
 * by the deadline: what the broker said before stands then. */
kg_client_standing kg_client_transport_connect(kg_client_transport *transport, bool haste,
                                               int64_t deadline_ms,
                                               char detail[static KG_CLIENT_DETAIL_BYTES])
{
    int64_t now = kg_client_now_ms();
    int64_t end = now + LET_IN_MS_MAX < deadline_ms ? now + LET_IN_MS_MAX : deadline_ms;
    kg_client_standing standing = connect_once(transport, haste, end, detail);
    while (standing == KG_CLIENT_CROWDED && !haste && kg_client_now_ms() + CROWDED_MS < end) {
        char again[KG_CLIENT_DETAIL_BYTES] = "";
        if (kg_client_transport_pause(transport, kg_client_now_ms() + CROWDED_MS) ==
            KG_CLIENT_STOPPED)
            return KG_CLIENT_INTERRUPTED;
        kg_client_standing next = connect_once(transport, haste, end, again);
        if (next == KG_CLIENT_NOT_REACHED && kg_client_now_ms() >= end)
            break;
        standing = next;
        kg_text_format(detail, KG_CLIENT_DETAIL_BYTES, "%s", again);
    }
    return standing;
}

bool kg_client_transport_connected(kg_client_transport *transport)
{
    read_monitor(transport);
    return transport->requests && !transport->seen.lost;
}

void kg_client_transport_drop(kg_client_transport *transport)
{
    stop_monitor(transport);
    close_socket(&transport->requests);
    close_socket(&transport->monitor);
}

/* ---- messages ---- */

bool kg_client_transport_send(kg_client_transport *transport, const void *bytes, size_t count)
{
    return transport->requests &&
           zmq_send(transport->requests, bytes, count, ZMQ_DONTWAIT) == (int)count;
}

/* Takes a message, of which it keeps the first two frames. Returns how many it had. */
static int take_message(void *socket, zmq_msg_t frames[2])
{
    int count = 0;
    bool more = true;
    zmq_msg_init(&frames[0]);
    zmq_msg_init(&frames[1]);
    while (more && count < 2 && zmq_msg_recv(&frames[count], socket, ZMQ_DONTWAIT) >= 0)
        more = zmq_msg_more(&frames[count++]);
    for (; more && count >= 2; count++) {
        char rest;
        int again = 0;
        size_t size = sizeof again;
        if (zmq_recv(socket, &rest, sizeof rest, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_getsockopt(socket, ZMQ_RCVMORE, &again, &size) == 0 && again;
    }
    return count;
}

static void release(zmq_msg_t frames[2])
{
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
}

kg_client_event kg_client_transport_receive(kg_client_transport *transport, int64_t deadline_ms,
                                            uint8_t **bytes, size_t *count)
{
    while (transport->requests) {
        zmq_msg_t frames[2];
        int taken = take_message(transport->requests, frames);
        if (taken == 1) {
            *count = zmq_msg_size(&frames[0]);
            *bytes = kg_alloc(*count ? *count : 1, 1);
            memcpy(*bytes, zmq_msg_data(&frames[0]), *count);
        }
        release(frames);
        if (taken == 1)
            return KG_CLIENT_FRAME;
        if (taken > 1)
            continue;
        if (transport->seen.lost)
            return KG_CLIENT_LOST;
        kg_client_event event = wait_for(transport, transport->requests, deadline_ms);
        if (event != KG_CLIENT_FRAME)
            return event;
    }
    return KG_CLIENT_LOST;
}

/* ---- hints ---- */

static bool subscribe(kg_client_transport *transport)
{
    const char *organisation = transport->topic;
    size_t bytes = strlen(organisation);
    close_socket(&transport->hints);
    transport->hints = zmq_socket(transport->context, ZMQ_SUB);
    return transport->hints && prepare(transport, transport->hints) &&
           zmq_setsockopt(transport->hints, ZMQ_SUBSCRIBE, organisation, bytes) == 0 &&
           zmq_connect(transport->hints, transport->access->feeds) == 0;
}

bool kg_client_transport_subscribe(kg_client_transport *transport, const char *organisation)
{
    kg_text_format(transport->topic, sizeof transport->topic, "%s", organisation);
    return subscribe(transport);
}

/* Where the feeds' endpoint is none, no hint comes: what they would say is asked for anyway. */
void kg_client_transport_turn(kg_client_transport *transport, const kg_broker_access *access)
{
    kg_client_transport_drop(transport);
    if (transport->access == access)
        return;
    transport->access = access;
    if (transport->hints && !subscribe(transport))
        close_socket(&transport->hints);
}

/* A subscription is to every topic that begins so; a topic ends with a NUL. */
static bool read_hint(const kg_client_transport *transport, zmq_msg_t frames[2], uint64_t *number)
{
    size_t bytes = strlen(transport->topic) + 1;
    if (zmq_msg_size(&frames[0]) != bytes || zmq_msg_size(&frames[1]) != 8 ||
        memcmp(zmq_msg_data(&frames[0]), transport->topic, bytes) != 0)
        return false;
    const uint8_t *digits = zmq_msg_data(&frames[1]);
    *number = 0;
    for (int i = 0; i < 8; i++)
        *number = *number << 8 | digits[i];
    return true;
}

kg_client_event kg_client_transport_hint(kg_client_transport *transport, int64_t deadline_ms,
                                         uint64_t *number)
{
    for (;;) {
        zmq_msg_t frames[2];
        int taken = take_message(transport->hints, frames);
        bool ours = taken == 2 && read_hint(transport, frames, number);
        release(frames);
        if (ours)
            return KG_CLIENT_FRAME;
        if (taken > 0)
            continue;
        kg_client_event event = wait_for(transport, transport->hints, deadline_ms);
        if (event != KG_CLIENT_FRAME)
            return event;
    }
}

kg_client_event kg_client_transport_pause(kg_client_transport *transport, int64_t deadline_ms)
{
    kg_client_event event;
    do
        event = wait_for(transport, NULL, deadline_ms);
    while (event == KG_CLIENT_FRAME);
    return event;
}

/* ---- interrupts ---- */

void kg_client_transport_begin_interruptible(kg_client_transport *transport)
{
    transport->interruptible = true;
}

void kg_client_transport_end_interruptible(kg_client_transport *transport)
{
    uint64_t count;
    ssize_t got = read(transport->wake, &count, sizeof count);
    (void)got; /* nothing to read: nobody interrupted */
    transport->interruptible = false;
}

void kg_client_transport_interrupt(kg_client_transport *transport)
{
    uint64_t one = 1;
    int error = errno; /* of whom a signal handler interrupted */
    ssize_t written = write(transport->wake, &one, sizeof one);
    (void)written; /* it is readable already */
    errno = error;
}
