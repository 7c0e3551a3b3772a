/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "broker/net/endpoint.h"
#include "broker/net/net.h"
#include "broker/net/zap.h"
#include "proto/identity.h"
#include "proto/limits.h"
#include "proto/memory.h"
#include "proto/text.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
/* ZMQ_ZAP_ENFORCE_DOMAIN: without it a socket with a domain but without a handler lets everybody
 * in. Its name is a draft in zmq.h; the library takes the number. */
#define ZAP_ENFORCE_DOMAIN 93

#define HANDSHAKE_MS 3000
#define HEARTBEAT_MS 10000
#define PEER_DEAD_MS 30000
#define PEER_QUEUE 100
/* Until a peer's side of a line has told that it took half of it, what it took still counts. */
#define PEER_REPLIES (2 * KG_NET_IN_FLIGHT_MAX)
#define BACKLOG 1024
#define SELF_TEST_MS 5000
#define STOP_MS 500
#define BIND_PAUSE_MS 20
/* CURVE adds to a frame: a command's name, a nonce, an authenticator, flags. */
#define CURVE_BYTES (8 + 8 + 16 + 1)

/* What is waited for: the sockets, and behind them their monitors. */
#define POLLED_COUNT (KG_SOCKETS_COUNT + KG_SOCKETS_OUTSIDE)

struct kg_sockets {
    void *context;
    void *sockets[KG_SOCKETS_COUNT];
    void *monitors[KG_SOCKETS_OUTSIDE];
    char endpoints[KG_SOCKETS_OUTSIDE][256];
    zmq_msg_t heard; /* the last one */
    bool touched[POLLED_COUNT]; /* whatever its descriptor tells, there may be something */
};

static const int types[KG_SOCKETS_COUNT] = {ZMQ_ROUTER, ZMQ_XPUB, ZMQ_REP};
static const char *const monitor_endpoints[KG_SOCKETS_OUTSIDE] = {"inproc://monitor/requests",
                                                                  "inproc://monitor/feeds"};

/* ---- opening ---- */

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

/* No limit: a monitor tells blocking, and would hold up the context's own thread. */
static bool watch(kg_sockets *sockets, kg_socket of)
{
    const char *endpoint = monitor_endpoints[of];
    void *monitor = sockets->monitors[of] = zmq_socket(sockets->context, ZMQ_PAIR);
    return monitor && set_int(monitor, ZMQ_LINGER, 0) && set_int(monitor, ZMQ_RCVHWM, 0) &&
           zmq_socket_monitor(sockets->sockets[of], endpoint,
                              ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED |
                                  ZMQ_EVENT_DISCONNECTED) == 0 &&
           zmq_connect(monitor, endpoint) == 0;
}

/* Who has the port may be just ending. */
static bool bind_in_time(void *socket, const char *endpoint, int wait_ms)
{
    int rc;
    while ((rc = zmq_bind(socket, endpoint)) != 0 && zmq_errno() == EADDRINUSE && wait_ms > 0) {
        poll(NULL, 0, BIND_PAUSE_MS);
        wait_ms -= BIND_PAUSE_MS;
    }
    return rc == 0;
}

static bool bind_socket(kg_sockets *sockets, kg_socket of, const char *endpoint, int wait_ms,
                        char error[static 300])
{
    void *socket = sockets->sockets[of];
    size_t size = sizeof sockets->endpoints[of];
    if (!set_int(socket, ZMQ_IPV6, strchr(endpoint, '[') != NULL) ||
        !bind_in_time(socket, endpoint, wait_ms))
        return fail(error, "cannot listen at", endpoint);
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, sockets->endpoints[of], &size) != 0)
        return fail(error, "cannot tell the port of", endpoint);
    return true;
}

static bool make_sockets(kg_sockets *sockets)
{
    bool good = true;
    for (int i = 0; i < KG_SOCKETS_COUNT; i++)
        good = (sockets->sockets[i] = zmq_socket(sockets->context, types[i])) && good;
    return good;
}

/* ZAP first: a socket that is bound before its handler could let a stranger in. */
static bool open_all(kg_sockets *sockets, const kg_net_options *options, char error[static 300])
{
    const uint8_t *secret = options->transport_secret;
    if (!make_sockets(sockets))
        return fail(error, "cannot make", "sockets");
    void *requests = sockets->sockets[KG_SOCKET_REQUESTS], *zap = sockets->sockets[KG_SOCKET_ZAP];
    if (!set_int(zap, ZMQ_LINGER, 0) || zmq_bind(zap, ZAP_ENDPOINT) != 0)
        return fail(error, "cannot serve", ZAP_ENDPOINT);
    if (!secure(requests, secret) || !secure(sockets->sockets[KG_SOCKET_FEEDS], secret) ||
        !set_int(requests, ZMQ_ROUTER_MANDATORY, 1) ||
        !set_int(requests, ZMQ_SNDHWM, PEER_REPLIES) ||
        !set_int(sockets->sockets[KG_SOCKET_FEEDS], ZMQ_XPUB_MANUAL, 1))
        return fail(error, "cannot secure", "sockets");
    if (!watch(sockets, KG_SOCKET_REQUESTS) || !watch(sockets, KG_SOCKET_FEEDS))
        return fail(error, "cannot watch", "sockets");
    const int wait_ms = options->bind_wait_ms;
    return bind_socket(sockets, KG_SOCKET_REQUESTS, options->requests, wait_ms, error) &&
           bind_socket(sockets, KG_SOCKET_FEEDS, options->feeds, wait_ms, error);
}

/* The names of connections that give themselves none are a zero and a number that libzmq counts up,
 * from rand() on, which it does not seed. Who knows the number takes the next one's name, and
 * libzmq aborts. */
static void seed_names(void)
{
    unsigned seed;
    kg_random(&seed, sizeof seed);
    srand(seed);
}

kg_sockets *kg_sockets_open(const kg_net_options *options, char error[static 300])
{
    kg_sockets *sockets = kg_alloc(1, sizeof *sockets);
    zmq_msg_init(&sockets->heard);
    memset(sockets->touched, true, sizeof sockets->touched);
    seed_names();
    sockets->context = zmq_ctx_new();
    if (!sockets->context)
        kg_text_format(error, 300, "no descriptor or thread left: raise the limits of both");
    if (!sockets->context || !open_all(sockets, options, error))
        kg_sockets_close(&sockets);
    return sockets;
}

/* A monitor is stopped before its reader is closed: it tells blocking. */
void kg_sockets_close(kg_sockets **sockets)
{
    kg_sockets *self = *sockets;
    if (!self)
        return;
    for (int i = 0; i < KG_SOCKETS_OUTSIDE; i++)
        if (self->sockets[i])
            zmq_socket_monitor(self->sockets[i], NULL, 0);
    for (int i = 0; i < KG_SOCKETS_OUTSIDE; i++)
        if (self->monitors[i])
            zmq_close(self->monitors[i]);
    for (int i = 0; i < KG_SOCKETS_COUNT; i++)
        if (self->sockets[i])
            zmq_close(self->sockets[i]);
    zmq_msg_close(&self->heard);
    if (self->context)
        zmq_ctx_term(self->context);
    free(self);
    *sockets = NULL;
}

const char *kg_sockets_endpoint(const kg_sockets *sockets, kg_socket socket)
{
    return sockets->endpoints[socket];
}

/* ---- at work ---- */

static const unsigned ready[POLLED_COUNT] = {KG_READY_REQUESTS, KG_READY_FEEDS, KG_READY_ZAP,
                                             KG_READY_MONITOR, KG_READY_MONITOR};

static void *polled(const kg_sockets *sockets, int which)
{
    return which < KG_SOCKETS_COUNT ? sockets->sockets[which]
                                    : sockets->monitors[which - KG_SOCKETS_COUNT];
}

static int get_int(void *socket, int option)
{
    int value = 0;
    size_t size = sizeof value;
    return zmq_getsockopt(socket, option, &value, &size) == 0 ? value : 0;
}

/* Asks those that may have something. */
static unsigned look(kg_sockets *sockets, bool requests)
{
    unsigned out = 0;
    for (int i = 0; i < POLLED_COUNT; i++) {
        if (!sockets->touched[i] || (i == KG_SOCKET_REQUESTS && !requests))
            continue;
        sockets->touched[i] = get_int(polled(sockets, i), ZMQ_EVENTS) & ZMQ_POLLIN;
        out |= sockets->touched[i] ? ready[i] : 0;
    }
    return out;
}

/* A socket's descriptor tells only what the library has not looked at: so each that was used since
 * is asked first. zmq_poll() asks all, before and after, which for a lone message takes longer than
 * all else that is done with it here. */
unsigned kg_sockets_wait(kg_sockets *sockets, int wake, bool writes, bool requests)
{
    struct pollfd waiting[POLLED_COUNT + 1] = {
        [POLLED_COUNT] = {wake, (short)(POLLIN | (writes ? POLLOUT : 0)), 0}};
    unsigned out = look(sockets, requests);
    for (int i = 0; i < POLLED_COUNT; i++)
        waiting[i] = (struct pollfd){get_int(polled(sockets, i), ZMQ_FD), POLLIN, 0};
    if (!requests)
        waiting[KG_SOCKET_REQUESTS].fd = -1;
    poll(waiting, POLLED_COUNT + 1, out ? 0 : -1);
    for (int i = 0; i < POLLED_COUNT; i++)
        sockets->touched[i] = sockets->touched[i] || waiting[i].revents;
    return look(sockets, requests) | (waiting[POLLED_COUNT].revents ? KG_READY_WAKE : 0);
}

static bool has_more(void *socket)
{
    int more = 0;
    size_t size = sizeof more;
    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more;
}

int kg_sockets_read(kg_sockets *sockets, kg_socket socket, void *bytes, size_t max, bool *more)
{
    sockets->touched[socket] = true;
    int got = zmq_recv(sockets->sockets[socket], bytes, max, ZMQ_DONTWAIT);
    *more = got >= 0 && has_more(sockets->sockets[socket]);
    return got;
}

static void drain(void *socket)
{
    char rest[256];
    while (has_more(socket) && zmq_recv(socket, rest, sizeof rest, ZMQ_DONTWAIT) >= 0)
        continue;
}

void kg_sockets_drain(kg_sockets *sockets, kg_socket socket)
{
    sockets->touched[socket] = true;
    drain(sockets->sockets[socket]);
}

bool kg_sockets_send(kg_sockets *sockets, kg_socket socket, const void *bytes, size_t count,
                     bool more)
{
    int how = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    sockets->touched[socket] = true;
    return zmq_send(sockets->sockets[socket], bytes, count, how) >= 0;
}

bool kg_sockets_hear(kg_sockets *sockets, kg_socket socket, bool numbers, kg_heard *out)
{
    zmq_msg_t *frame = &sockets->heard;
    sockets->touched[socket] = true;
    if (zmq_msg_recv(frame, sockets->sockets[socket], ZMQ_DONTWAIT) < 0)
        return false;
    *out = (kg_heard){
        .bytes = zmq_msg_data(frame),
        .count = zmq_msg_size(frame),
        .more = zmq_msg_more(frame),
        .user = zmq_msg_gets(frame, "User-Id"),
        .number = numbers ? zmq_msg_gets(frame, KG_CONNECTION_PROPERTY) : NULL,
        .descriptor = numbers ? zmq_msg_get(frame, ZMQ_SRCFD) : -1,
    };
    return true;
}

/* In libzmq's manual mode it is the sender of the last subscription that was heard. */
void kg_sockets_let_hear(kg_sockets *sockets, const char *topic, size_t count)
{
    sockets->touched[KG_SOCKET_FEEDS] = true;
    zmq_setsockopt(sockets->sockets[KG_SOCKET_FEEDS], ZMQ_SUBSCRIBE, topic, count);
}

/* The first frame of a monitor's message: the event, then its value. False when there is none. */
static bool read_monitor(void *monitor, int how, uint16_t *event, int32_t *value)
{
    uint8_t frame[sizeof *event + sizeof *value];
    if (zmq_recv(monitor, frame, sizeof frame, how) != (int)sizeof frame)
        return false;
    memcpy(event, frame, sizeof *event);
    memcpy(value, frame + sizeof *event, sizeof *value);
    drain(monitor);
    return true;
}

bool kg_sockets_read_event(kg_sockets *sockets, kg_socket socket, kg_connection_event *out)
{
    uint16_t event;
    int32_t descriptor;
    sockets->touched[KG_SOCKETS_COUNT + socket] = true;
    if (!read_monitor(sockets->monitors[socket], ZMQ_DONTWAIT, &event, &descriptor))
        return false;
    *out = (kg_connection_event){event == ZMQ_EVENT_ACCEPTED        ? KG_CONNECTION_OPENED
                                 : event == ZMQ_EVENT_ACCEPT_FAILED ? KG_CONNECTION_UNACCEPTED
                                                                    : KG_CONNECTION_CLOSED,
                                 descriptor};
    return true;
}

/* ---- the self-test ---- */

static kg_stranger read_handshake(void *monitor)
{
    uint16_t event;
    int32_t value;
    zmq_pollitem_t item = {monitor, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, SELF_TEST_MS) <= 0 || !read_monitor(monitor, 0, &event, &value))
        return KG_STRANGER_UNKNOWN;
    return event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? KG_STRANGER_LET_IN : KG_STRANGER_REFUSED;
}

static bool secure_stranger(void *stranger, const uint8_t *server_key)
{
    char public_key[41], secret_key[41];
    return zmq_curve_keypair(public_key, secret_key) == 0 && set_int(stranger, ZMQ_LINGER, 0) &&
           set_int(stranger, ZMQ_IPV6, 1) &&
           zmq_setsockopt(stranger, ZMQ_CURVE_SERVERKEY, server_key, KG_KEY_BYTES) == 0 &&
           zmq_setsockopt(stranger, ZMQ_CURVE_PUBLICKEY, public_key, 40) == 0 &&
           zmq_setsockopt(stranger, ZMQ_CURVE_SECRETKEY, secret_key, 40) == 0;
}

kg_stranger kg_sockets_try_stranger(kg_sockets *sockets, kg_socket socket,
                                    const uint8_t server_key[KG_KEY_BYTES])
{
    static const int peers[KG_SOCKETS_OUTSIDE] = {ZMQ_DEALER, ZMQ_SUB};
    char monitor_endpoint[300]; /* one a test: a closed one's name is free only later */
    char endpoint[256];
    kg_stranger found = KG_STRANGER_UNKNOWN;
    kg_endpoint_reachable(sockets->endpoints[socket], endpoint);
    kg_text_format(monitor_endpoint, sizeof monitor_endpoint, "inproc://self-test/%s", endpoint);
    void *stranger = zmq_socket(sockets->context, peers[socket]);
    void *monitor = zmq_socket(sockets->context, ZMQ_PAIR);
    if (stranger && monitor && secure_stranger(stranger, server_key) &&
        set_int(monitor, ZMQ_LINGER, 0) &&
        zmq_socket_monitor(stranger, monitor_endpoint,
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                               ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL) == 0 &&
        zmq_connect(monitor, monitor_endpoint) == 0 && zmq_connect(stranger, endpoint) == 0)
        found = read_handshake(monitor);
    /* A monitor tells blocking: without a reader it would hold up the context's thread for ever. */
    if (stranger) {
        zmq_socket_monitor(stranger, NULL, 0);
        zmq_close(stranger);
    }
    if (monitor)
        zmq_close(monitor);
    return found;
}

const char *kg_net_library(void)
{
    static char version[40];
    int major, minor, patch;

    zmq_version(&major, &minor, &patch);
    kg_text_format(version, sizeof version, "%d.%d.%d", major, minor, patch);
    return version;
}
