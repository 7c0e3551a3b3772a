/* SPDX-License-Identifier: EUPL-1.2 */
/* What the sockets' monitors tell of connections. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>

#include "broker/net/net_private.h"

#define SOCKETS 2

static bool watch(kg_net *net, int socket, void *watched, const char *endpoint)
{
    /* No limit: a monitor tells blocking, and would hold up the context's own thread. */
    const int none = 0;
    void *monitor = net->monitors[socket] = zmq_socket(net->context, ZMQ_PAIR);
    return monitor && zmq_setsockopt(monitor, ZMQ_LINGER, &none, sizeof none) == 0 &&
           zmq_setsockopt(monitor, ZMQ_RCVHWM, &none, sizeof none) == 0 &&
           zmq_socket_monitor(watched, endpoint, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) ==
               0 &&
           zmq_connect(monitor, endpoint) == 0;
}

bool kg_net_watch(kg_net *net)
{
    return watch(net, 0, net->requests, "inproc://monitor/requests") &&
           watch(net, 1, net->feeds, "inproc://monitor/feeds");
}

void kg_net_unwatch(kg_net *net)
{
    if (net->requests)
        zmq_socket_monitor(net->requests, NULL, 0);
    if (net->feeds)
        zmq_socket_monitor(net->feeds, NULL, 0);
    for (int i = 0; i < SOCKETS; i++)
        if (net->monitors[i])
            zmq_close(net->monitors[i]);
}

/* As ZAP tells it; "" when the connection is gone already. */
static void address_of(int descriptor, char out[static KG_ADDRESS_BYTES])
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    out[0] = '\0';
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0 ||
        getnameinfo((struct sockaddr *)&peer, size, out, KG_ADDRESS_BYTES, NULL, 0,
                    NI_NUMERICHOST) != 0)
        out[0] = '\0';
}

static void note(kg_net *net, int socket, uint16_t event, int descriptor)
{
    char address[KG_ADDRESS_BYTES];
    int place = descriptor * SOCKETS + socket;
    if (event == ZMQ_EVENT_ACCEPTED) {
        address_of(descriptor, address);
        kg_connections_opened(net->connections_of, place, address);
    } else {
        kg_connections_closed(net->connections_of, place);
    }
}

void kg_net_read_monitors(kg_net *net)
{
    for (int i = 0; i < SOCKETS; i++) {
        uint8_t frame[6];
        char endpoint[256];
        while (zmq_recv(net->monitors[i], frame, sizeof frame, ZMQ_DONTWAIT) == (int)sizeof frame) {
            uint16_t event;
            int32_t descriptor;
            memcpy(&event, frame, sizeof event);
            memcpy(&descriptor, frame + sizeof event, sizeof descriptor);
            zmq_recv(net->monitors[i], endpoint, sizeof endpoint, ZMQ_DONTWAIT);
            note(net, i, event, descriptor);
        }
    }
}

void kg_net_note_sender(kg_net *net, int socket, void *frame)
{
    if (!kg_connections_any_silent(net->connections_of))
        return;
    const char *number = zmq_msg_gets(frame, KG_CONNECTION_PROPERTY);
    int descriptor = zmq_msg_get(frame, ZMQ_SRCFD);
    if (!number || descriptor < 0)
        return;
    kg_net_read_monitors(net);
    kg_connections_heard(net->connections_of, strtoull(number, NULL, 10),
                         descriptor * SOCKETS + socket);
}

static void shut(int place)
{
    shutdown(place / SOCKETS, SHUT_RDWR); /* the library closes it */
}

void kg_net_close_all(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    kg_net_read_monitors(net);
    kg_connections_each(net->connections_of, key, shut);
}
