/* SPDX-License-Identifier: EUPL-1.2 */
/* The client's sockets: one DEALER for requests, one SUB for hints, both under CURVE. The only
 * place of the client that knows ZeroMQ. One thread, but for kg_transport_interrupt(). */
#ifndef KG_TRANSPORT_H
#define KG_TRANSPORT_H

#include "proto/access_file.h"
#include "proto/identity.h"

typedef struct kg_transport kg_transport;

/* How being let in ended. */
typedef enum kg_entry {
    KG_ENTRY_GRANTED,
    KG_ENTRY_NOT_REACHED, /* nobody listens there, or the network drops it */
    KG_ENTRY_REFUSED,     /* the broker said that it does not know the key */
    KG_ENTRY_BROKEN,      /* connected, but the handshake was broken off or never ended: most
                             likely another broker's key, or no broker at all */
    KG_ENTRY_FAILED       /* no socket could be made */
} kg_entry;

/* Borrows both for as long as it lives. Nothing is connected yet. */
kg_transport *kg_transport_new(const kg_broker_access *access, const kg_identity *identity);
void kg_transport_destroy(kg_transport **transport);

/* (Re)connects with a fresh routing id and waits at most `timeout_ms` until let in. */
kg_entry kg_transport_connect(kg_transport *transport, int timeout_ms);

/* Queues a message for the broker. False when it cannot be queued. */
bool kg_transport_send(kg_transport *transport, const void *bytes, size_t count);
/* Waits for a message; NULL when none came in time. Returns owned (free). */
uint8_t *kg_transport_receive(kg_transport *transport, int timeout_ms, size_t *count);

/* Starts to hear hints of a topic. False when no socket could be made. */
bool kg_transport_listen(kg_transport *transport, const char *topic);

typedef enum kg_heard { KG_HEARD_NOTHING, KG_HEARD_HINT, KG_HEARD_INTERRUPT } kg_heard;
/* Waits for a hint of exactly this topic, the interrupt, or the time to be over. */
kg_heard kg_transport_hear(kg_transport *transport, const char *topic, int timeout_ms,
                           uint64_t *number);
/* From any thread or a signal handler. */
void kg_transport_interrupt(kg_transport *transport);
bool kg_transport_interrupted(const kg_transport *transport);

#endif
