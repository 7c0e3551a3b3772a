/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/transport.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/limits.h"
#include "proto/memory.h"

#define RECONNECT_MS 100
#define RECONNECT_MS_MAX 30000
#define HEARTBEAT_MS 10000
#define BROKER_DEAD_MS 30000
#define ROUTING_ID_BYTES 16

struct kg_transport {
    const kg_broker_access *access;
    const kg_identity *identity;
    void *context, *requests, *monitor, *hints;
    int wake; /* eventfd */
    atomic_bool interrupted;
    unsigned connections; /* for the monitors' names */
};

kg_transport *kg_transport_new(const kg_broker_access *access, const kg_identity *identity)
{
    kg_transport *transport = kg_alloc(1, sizeof *transport);
    transport->access = access;
    transport->identity = identity;
    transport->context = zmq_ctx_new();
    transport->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return transport;
}

static void close_socket(void **socket)
{
    if (*socket)
        zmq_close(*socket);
    *socket = NULL;
}

static void close_requests(kg_transport *transport)
{
    if (transport->requests)
        zmq_socket_monitor(transport->requests, NULL, 0);
    close_socket(&transport->monitor);
    close_socket(&transport->requests);
}

void kg_transport_destroy(kg_transport **transport)
{
    kg_transport *self = *transport;
    if (!self)
        return;
    close_requests(self);
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

static bool secure(const kg_transport *transport, void *socket)
{
    kg_public_key key;
    const int64_t most = KG_FRAME_BYTES_MAX;
    kg_identity_public(transport->identity, &key);
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, transport->access->key, KG_KEY_BYTES) ==
               0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key.transport, KG_KEY_BYTES) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY,
                          kg_identity_transport_secret(transport->identity),
                          KG_KEY_BYTES) == 0 &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
           set_int(socket, ZMQ_LINGER, 0) && set_int(socket, ZMQ_IPV6, 1) &&
           set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MS_MAX) &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, BROKER_DEAD_MS) &&
           set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
}

/* A broker ignores a second connection of an id that it knows, so each has its own; ids that
 * begin with 0 are the broker's. */
static bool set_routing_id(void *socket)
{
    uint8_t id[ROUTING_ID_BYTES];
    kg_random(id, sizeof id);
    id[0] |= 1;
    return zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, sizeof id) == 0;
}

static bool open_requests(kg_transport *transport)
{
    char name[64];
    kg_text_format(name, sizeof name, "inproc://entry-%u", transport->connections++);
    close_requests(transport);
    transport->requests = zmq_socket(transport->context, ZMQ_DEALER);
    transport->monitor = zmq_socket(transport->context, ZMQ_PAIR);
    return transport->requests && transport->monitor &&
           secure(transport, transport->requests) && set_routing_id(transport->requests) &&
           set_int(transport->monitor, ZMQ_LINGER, 0) &&
           zmq_socket_monitor(transport->requests, name,
                              ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                                  ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                  ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                  ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) == 0 &&
           zmq_connect(transport->monitor, name) == 0 &&
           zmq_connect(transport->requests, transport->access->requests) == 0;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

/* The next event of the monitor; 0 when the time is over. */
static int next_event(void *monitor, int64_t deadline)
{
    char frame[16];
    uint16_t event;
    int64_t left = deadline - now_ms();
    zmq_pollitem_t item = {monitor, 0, ZMQ_POLLIN, 0};
    if (left <= 0 || zmq_poll(&item, 1, (long)left) <= 0)
        return 0;
    if (zmq_recv(monitor, frame, sizeof frame, ZMQ_DONTWAIT) < (int)sizeof event)
        return 0;
    memcpy(&event, frame, sizeof event);
    drain_message(monitor);
    return event;
}

/* A connection that breaks during the handshake may be a broker that starts just now: it is tried
 * again until the time is over; a clear no is final. */
static kg_entry wait_for_entry(kg_transport *transport, int timeout_ms)
{
    int64_t deadline = now_ms() + timeout_ms;
    kg_entry entry = KG_ENTRY_NOT_REACHED;
    int event;
    while ((event = next_event(transport->monitor, deadline)) != 0) {
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return KG_ENTRY_GRANTED;
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            return KG_ENTRY_REFUSED;
        entry = KG_ENTRY_BROKEN;
    }
    return entry;
}

kg_entry kg_transport_connect(kg_transport *transport, int timeout_ms)
{
    if (!transport->context || transport->wake < 0 || !open_requests(transport))
        return KG_ENTRY_FAILED;
    return wait_for_entry(transport, timeout_ms);
}

bool kg_transport_send(kg_transport *transport, const void *bytes, size_t count)
{
    return zmq_send(transport->requests, bytes, count, ZMQ_DONTWAIT) >= 0;
}

static uint8_t *take_message(void *socket, size_t *count)
{
    zmq_msg_t message;
    uint8_t *out = NULL;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0) {
        *count = zmq_msg_size(&message);
        out = kg_alloc(*count ? *count : 1, 1);
        memcpy(out, zmq_msg_data(&message), *count);
    }
    zmq_msg_close(&message);
    drain_message(socket);
    return out;
}

uint8_t *kg_transport_receive(kg_transport *transport, int timeout_ms, size_t *count)
{
    zmq_pollitem_t item = {transport->requests, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, timeout_ms) <= 0)
        return NULL;
    return take_message(transport->requests, count);
}

bool kg_transport_listen(kg_transport *transport, const char *topic)
{
    close_socket(&transport->hints);
    transport->hints = zmq_socket(transport->context, ZMQ_SUB);
    return transport->hints && secure(transport, transport->hints) &&
           zmq_setsockopt(transport->hints, ZMQ_SUBSCRIBE, topic, strlen(topic)) == 0 &&
           zmq_connect(transport->hints, transport->access->feeds) == 0;
}

/* A subscription also brings topics that only begin like ours. */
static bool read_hint(void *socket, const char *topic, uint64_t *number)
{
    char name[KG_ID_BYTES_MAX + 1];
    uint8_t bytes[8];
    int got = zmq_recv(socket, name, sizeof name, ZMQ_DONTWAIT);
    int more = 0;
    size_t size = sizeof more;
    bool ours = got >= 0 && (size_t)got == strlen(topic) && memcmp(name, topic, (size_t)got) == 0;
    zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
    if (!more || zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT) != sizeof bytes)
        ours = false;
    drain_message(socket);
    *number = 0;
    for (int i = 0; ours && i < 8; i++)
        *number = *number << 8 | bytes[i];
    return ours;
}

kg_heard kg_transport_hear(kg_transport *transport, const char *topic, int timeout_ms,
                           uint64_t *number)
{
    int64_t deadline = now_ms() + timeout_ms;
    zmq_pollitem_t items[] = {{transport->hints, 0, ZMQ_POLLIN, 0},
                              {NULL, transport->wake, ZMQ_POLLIN, 0}};
    for (int64_t left = timeout_ms; left > 0; left = deadline - now_ms()) {
        if (atomic_load(&transport->interrupted))
            return KG_HEARD_INTERRUPT;
        if (zmq_poll(items, 2, (long)left) > 0 && items[0].revents &&
            read_hint(transport->hints, topic, number))
            return KG_HEARD_HINT;
    }
    return KG_HEARD_NOTHING;
}

void kg_transport_interrupt(kg_transport *transport)
{
    uint64_t one = 1;
    atomic_store(&transport->interrupted, true);
    ssize_t written = write(transport->wake, &one, sizeof one);
    (void)written; /* it is readable already */
}

bool kg_transport_interrupted(const kg_transport *transport)
{
    return atomic_load(&transport->interrupted);
}
