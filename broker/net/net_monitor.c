/* SPDX-License-Identifier: EUPL-1.2 */
/* What the sockets' monitors tell of connections. */
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "broker/net/net_private.h"

/* A descriptor's number among those of both sockets, and back. */
static int place_of(kg_socket socket, int descriptor)
{
    return descriptor * KG_SOCKETS_OUTSIDE + (int)socket;
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

/* A listener that finds no descriptor left tries again and again, which takes a core and lets in
 * nobody. So the last ones are never given away: who comes then is cut off, and may come back. */
static void open_or_cut(kg_net *net, int place, int descriptor)
{
    char address[KG_ADDRESS_BYTES];
    address_of(descriptor, address);
    kg_connections_opened(net->connections_of, place, address);
    if (kg_connections_open(net->connections_of) <= net->standing_max)
        return;
    shutdown(descriptor, SHUT_RDWR); /* the library closes it */
    atomic_fetch_add(&net->crowded, 1);
}

static void note(kg_net *net, kg_socket socket, const kg_connection_event *event)
{
    int place = place_of(socket, event->descriptor);
    switch (event->news) {
    case KG_CONNECTION_OPENED:
        open_or_cut(net, place, event->descriptor);
        break;
    case KG_CONNECTION_CLOSED:
        kg_connections_closed(net->connections_of, place);
        break;
    case KG_CONNECTION_UNACCEPTED:
        atomic_fetch_add(&net->unaccepted, 1);
        break;
    }
    atomic_store(&net->standing, kg_connections_open(net->connections_of));
}

void kg_net_read_monitors(kg_net *net)
{
    kg_connection_event event;
    for (kg_socket socket = 0; socket < KG_SOCKETS_OUTSIDE; socket++)
        while (kg_sockets_read_event(net->sockets, socket, &event))
            note(net, socket, &event);
}

bool kg_net_hear(kg_net *net, kg_socket socket, kg_heard *out)
{
    bool numbers = kg_connections_any_silent(net->connections_of);
    if (!kg_sockets_hear(net->sockets, socket, numbers, out))
        return false;
    if (out->number && out->descriptor >= 0) {
        kg_net_read_monitors(net);
        kg_connections_heard(net->connections_of, strtoull(out->number, NULL, 10),
                             place_of(socket, out->descriptor));
    }
    return true;
}

static void shut(int place)
{
    shutdown(place / KG_SOCKETS_OUTSIDE, SHUT_RDWR); /* the library closes it */
}

void kg_net_close_all(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    kg_net_read_monitors(net);
    kg_connections_each(net->connections_of, key, shut);
}
