/* SPDX-License-Identifier: EUPL-1.2 */
/* What the two sides of the network share: net.c and what it calls, on the thread that has the
 * sockets, and net_core.c, which the core calls. */
#ifndef KG_NET_PRIVATE_H
#define KG_NET_PRIVATE_H

#include <stdatomic.h>

#include "broker/net/admitted.h"
#include "broker/net/connections.h"
#include "broker/net/conveyor.h"
#include "broker/net/net.h"
#include "broker/net/queue.h"
#include "broker/net/sockets.h"

typedef enum kg_outbound_kind {
    KG_OUTBOUND_REPLY,
    KG_OUTBOUND_HINT,
    KG_OUTBOUND_CLOSE, /* the connections of a key, which `bytes` are */
    KG_OUTBOUND_STOP
} kg_outbound_kind;

typedef struct kg_outbound {
    kg_outbound_kind kind;
    kg_peer peer;
    uint8_t *bytes; /* owned */
    size_t count;
    char organisation[KG_ID_BYTES_MAX + 1];
    uint64_t number;
} kg_outbound;

struct kg_net {
    kg_sockets *sockets; /* owned; the thread's own once it runs */
    kg_admitted *admitted;
    kg_connections *connections_of; /* the thread's own once it runs */
    unsigned handshakes_max;
    kg_conveyor *inbound; /* of kg_net_message */
    kg_queue outbound;    /* of kg_outbound */
    kg_net_preparing preparing;
    pthread_t thread;
    bool running;
    atomic_uint_fast64_t connections, refused, received, replied, dropped, malformed, limited;
};

/* --- net_zap.c --- */
void kg_net_serve_zap(kg_net *net);

/* --- net_monitor.c: which connections stand --- */
/* Notes what was opened and closed since. */
void kg_net_read_monitors(kg_net *net);
/* The next frame that came by a socket, whose sender is noted. False when there is none. */
bool kg_net_hear(kg_net *net, kg_socket socket, kg_heard *out);
void kg_net_close_all(kg_net *net, const uint8_t key[KG_KEY_BYTES]);

#endif
