/* SPDX-License-Identifier: EUPL-1.2 */
/* The network side: owns every socket (ROUTER for requests, XPUB for hints, the ZAP handler) and
 * meets the core only through a bounded conveyor inwards and a bounded queue outwards. It is a
 * thread of this process or, `apart`, a process of its own, the door (door.h): then a thread here
 * carries messages to and fro, and starts another door when one is lost. CURVE always; who may
 * connect is an allow-list of transport keys, enforced by ZAP; a connection's identity is its ZAP
 * User-Id = organisation. */
#ifndef KG_NET_H
#define KG_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/organisation.h"

typedef struct kg_net kg_net;

/* A peer that asks no more than this without having read the answers loses none. */
#define KG_NET_IN_FLIGHT_MAX 64

/* Whom a reply goes to; opaque, plain, copied. */
typedef struct kg_peer {
    uint8_t bytes[32];
    uint8_t count;
    uint32_t door; /* which one it came by: another gives the same bytes to somebody else */
} kg_peer;

typedef struct kg_net_message {
    kg_peer peer;
    char organisation[KG_ID_BYTES_MAX + 1]; /* User-Id: never empty */
    uint8_t *bytes; /* owned by the receiver: free() */
    size_t count;
    void *prepared; /* what `prepare` made of it, owned by the receiver; else NULL */
} kg_net_message;

/* What is done with every message on its way to the core, by several threads at once (those of the
 * network, and the core's while it waits); messages keep their order. */
typedef struct kg_net_preparing {
    void (*prepare)(void *context, kg_net_message *message); /* NULL: nothing */
    void (*discard)(void *context, void *prepared); /* of messages that nobody received */
    void *context;
    int threads;
} kg_net_preparing;

/* What becomes of a door; `text` says more. */
typedef enum kg_net_news {
    KG_NET_DOOR_OPENED, /* which process it is */
    KG_NET_DOOR_LESS,   /* what its sandbox lacks on this system */
    KG_NET_DOOR_CROWDED, /* connections are cut off: how many there are, "N of M" */
    KG_NET_DOOR_LOST     /* why; another one is started */
} kg_net_news;

typedef struct kg_net_options {
    const char *requests; /* endpoint of the ROUTER, "tcp://127.0.0.1:7411"; port * = any free */
    const char *feeds;    /* endpoint of the XPUB */
    const uint8_t *transport_public, *transport_secret; /* CURVE keys of the broker; 32 bytes */
    unsigned connections_max; /* of one key at once, to both; 0: no limit */
    unsigned handshakes_max;  /* of one key in a second; 0: no limit */
    size_t inbound_max;  /* messages waiting for the core; 0 = 4096. More: answered by nobody, the
                            sockets are not read until there is room */
    size_t inbound_bytes_max; /* of those messages; 0 = 16 MiB */
    size_t outbound_max; /* replies waiting for the sockets; 0 = 16384 */
    /* Called before anything is bound, to let in with kg_net_admit() who is known: else a member
     * that connects while the broker begins is told that it is not. May be NULL. */
    void (*admit)(void *context, kg_net *net);
    void *context;
    kg_net_preparing preparing;
    int bind_wait_ms; /* how long to try for a port that another process has */
    /* A process of its own: this executable, started as `PROGRAM door`, must call kg_door_run(). */
    bool apart;
    /* From the thread that carries; may be NULL. Nothing of the net may be called in it. */
    void (*tell)(void *context, kg_net_news news, const char *text);
} kg_net_options;

/* Binds the ZAP handler first, then the sockets; starts the thread; proves with a stranger's key
 * that a stranger is refused. NULL with a sentence in `error` (300 bytes). */
kg_net *kg_net_start(const kg_net_options *options, char error[static 300]);
/* Replies already queued are sent (at most for 500 ms); joins the thread. */
void kg_net_stop(kg_net **net);
/* The version of the library behind the sockets, as it says itself; static. */
const char *kg_net_library(void);
/* The endpoints as bound ("*" resolved); live as long as the net. */
const char *kg_net_requests(const kg_net *net);
const char *kg_net_feeds(const kg_net *net);

/* Lets a transport key in, as an organisation; again: changes the organisation. As what follows, of
 * a net with a process of its own the core's thread only. */
void kg_net_admit(kg_net *net, const uint8_t key[KG_KEY_BYTES], const char *organisation);
/* No new connection with this key, and those it has are closed. */
void kg_net_dismiss(kg_net *net, const uint8_t key[KG_KEY_BYTES]);

/* Waits until a message came, kg_net_wake() was called or the time is over, then takes up to
 * `max` messages without waiting more. Returns how many. One thread only: the core's. */
size_t kg_net_receive(kg_net *net, kg_net_message *out, size_t max, int timeout_ms);
/* Nothing waits to be received. */
bool kg_net_quiet(kg_net *net);
/* From any thread: makes kg_net_receive() return. Also safe in a signal handler. */
void kg_net_wake(kg_net *net);
/* Queues a reply; takes `bytes` (from kg_alloc). Never waits: a peer that is gone or stalled
 * (KG_NET_IN_FLIGHT_MAX replies or more not read) loses the reply and asks again by request id. */
void kg_net_reply(kg_net *net, const kg_peer *peer, uint8_t *bytes, size_t count);
/* What was queued leaves at once: else, at times, with the next kg_net_receive() only. As that, the
 * core's thread only. */
void kg_net_flush(kg_net *net);
/* A reply follows within a moment: who carries it can be awake by then. As that, the core's thread
 * only. */
void kg_net_soon(kg_net *net);
/* Tells those of ORGANISATION who subscribed, and nobody else, "your feed is at N": frames:
 * organisation with its NUL, number as 8 bytes big-endian. */
void kg_net_hint(kg_net *net, const char *organisation, uint64_t number);

typedef struct kg_net_counts {
    uint64_t connections, refused, received, replied, dropped, malformed;
    uint64_t limited; /* connections of known keys that were more than allowed */
    uint64_t crowded;    /* connections cut off since there were as many as there may be */
    uint64_t unaccepted; /* that could not even be accepted: no descriptor was left */
    uint64_t standing, standing_max; /* connections at this moment, let in or not; and at most */
    uint64_t doors_lost;
    uint64_t lone; /* of those received: the core's thread carried them itself */
} kg_net_counts;
/* What a door counts is told in time only while kg_net_receive() is called again and again. */
void kg_net_counts_read(const kg_net *net, kg_net_counts *counts);
/* What waits at this moment: for the core, and for the sockets. */
void kg_net_waiting(kg_net *net, size_t *inbound, size_t *outbound);

#endif
