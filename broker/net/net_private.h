/* SPDX-License-Identifier: EUPL-1.2 */
/* What the two sides of the network share: net.c, which owns the sockets, and net_core.c, which
 * the core calls. */
#ifndef KG_NET_PRIVATE_H
#define KG_NET_PRIVATE_H

#include <stdatomic.h>

#include "broker/net/admitted.h"
#include "broker/net/conveyor.h"
#include "broker/net/net.h"
#include "broker/net/queue.h"

typedef enum kg_outbound_kind {
    KG_OUTBOUND_REPLY,
    KG_OUTBOUND_HINT,
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
    void *context, *requests, *feeds, *zap; /* sockets: the thread's own once it runs */
    kg_admitted *admitted;
    kg_conveyor *inbound; /* of kg_net_message */
    kg_queue outbound;    /* of kg_outbound */
    kg_net_preparing preparing;
    pthread_t thread;
    bool running;
    char requests_endpoint[256], feeds_endpoint[256];
    atomic_uint_fast64_t connections, refused, received, replied, dropped, malformed;
};

#endif
