/* SPDX-License-Identifier: EUPL-1.2 */
/* The client's sockets: one connection for requests, one subscription to hints. The one place of
 * the client that knows ZeroMQ. Each connection is made with a fresh random routing id: a broker
 * that still holds a dead one would ignore a second with the same id. One thread, but for
 * kg_client_transport_interrupt(). */
#ifndef KG_CLIENT_TRANSPORT_H
#define KG_CLIENT_TRANSPORT_H

#include "proto/access_file.h"
#include "proto/identity.h"

#define KG_CLIENT_DETAIL_BYTES 600

typedef struct kg_client_transport kg_client_transport;

typedef enum kg_client_standing {
    KG_CLIENT_LET_IN,
    KG_CLIENT_NOT_REACHED, /* nobody answers there, or what does is not this broker */
    KG_CLIENT_NOT_LET_IN,  /* the broker said that it does not know the key */
    KG_CLIENT_CROWDED,     /* the broker said that the key has too many connections */
    KG_CLIENT_UNUSABLE,    /* no socket can be made, or the endpoint is none */
    KG_CLIENT_INTERRUPTED
} kg_client_standing;

typedef enum kg_client_event {
    KG_CLIENT_FRAME,  /* something came */
    KG_CLIENT_SILENT, /* nothing did in time */
    KG_CLIENT_LOST,   /* the connection is gone: connect again */
    KG_CLIENT_STOPPED /* interrupted */
} kg_client_event;

/* Milliseconds of a clock that only goes forward; deadlines are told in it. */
int64_t kg_client_now_ms(void);

/* Borrows both for as long as it lives. Nothing is connected yet. NULL when the system gives no
 * descriptors. */
kg_client_transport *kg_client_transport_new(const kg_broker_access *access,
                                             const kg_identity *identity);
void kg_client_transport_destroy(kg_client_transport **transport);

/* Drops the connection; what is connected from now on is another broker, hints that were subscribed
 * to among it. Borrows. */
void kg_client_transport_turn(kg_client_transport *transport, const kg_broker_access *access);

/* Drops an earlier connection, makes one, and waits until the broker let us in: until the deadline
 * and 5 s at most; in `haste` only 1.5 s, not at all where nobody listens, and a crowded broker is
 * not tried again. `detail` tells the likely cause of a failure. */
kg_client_standing kg_client_transport_connect(kg_client_transport *transport, bool haste,
                                               int64_t deadline_ms,
                                               char detail[static KG_CLIENT_DETAIL_BYTES]);
/* Is there a connection, as far as is known? */
bool kg_client_transport_connected(kg_client_transport *transport);
void kg_client_transport_drop(kg_client_transport *transport);

/* Queues a message of one frame; false when there is no connection, or no room. */
bool kg_client_transport_send(kg_client_transport *transport, const void *bytes, size_t count);
/* The next message of one frame; `*bytes` is owned (free). */
kg_client_event kg_client_transport_receive(kg_client_transport *transport, int64_t deadline_ms,
                                            uint8_t **bytes, size_t *count);

/* Subscribes to the hints of a feed; the subscription outlives the broker's restarts. False when
 * the feeds' endpoint is none. */
bool kg_client_transport_subscribe(kg_client_transport *transport, const char *organisation);
/* FRAME: a hint of exactly this feed says that it is at `*number`. */
kg_client_event kg_client_transport_hint(kg_client_transport *transport, int64_t deadline_ms,
                                         uint64_t *number);
/* Waits for nothing: SILENT or STOPPED. */
kg_client_event kg_client_transport_pause(kg_client_transport *transport, int64_t deadline_ms);

/* Between begin and end an interrupt ends each wait, also one that came before begin; end forgets
 * it. */
void kg_client_transport_begin_interruptible(kg_client_transport *transport);
void kg_client_transport_end_interruptible(kg_client_transport *transport);
/* Any thread; safe in a signal handler. */
void kg_client_transport_interrupt(kg_client_transport *transport);

#endif
