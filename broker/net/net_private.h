/* SPDX-License-Identifier: EUPL-1.2 */
/* What the sides of the network share: net_outside.c and what it calls, on the thread that has the
 * sockets, net_core.c, which the core calls, and, where the sockets are another process's, door.c
 * in that one and keeper.c in the core's. */
#ifndef KG_NET_PRIVATE_H
#define KG_NET_PRIVATE_H

#include <stdatomic.h>

#include "broker/net/admitted.h"
#include "broker/net/channel.h"
#include "broker/net/connections.h"
#include "broker/net/conveyor.h"
#include "broker/net/net.h"
#include "broker/net/queue.h"
#include "broker/net/sockets.h"

typedef enum kg_outbound_kind {
    KG_OUTBOUND_REPLY,
    KG_OUTBOUND_HINT,
    KG_OUTBOUND_ADMIT, /* to a door: a key, which `bytes` are, of an organisation */
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

struct kg_keeper;

/* In one process it has sockets, conveyor and queue; in a door sockets and a channel; in front of a
 * door a keeper, conveyor and queue. */
struct kg_net {
    kg_sockets *sockets; /* owned; the thread's own once it runs */
    kg_channel *channel; /* owned; likewise */
    struct kg_keeper *keeper; /* owned */
    kg_admitted *admitted;
    kg_connections *connections_of; /* the thread's own once it runs */
    unsigned handshakes_max;
    atomic_uint_fast64_t standing_max; /* connections; set once the sockets are open */
    kg_conveyor *inbound; /* of kg_net_message */
    kg_queue outbound;    /* of kg_outbound */
    kg_net_preparing preparing;
    pthread_t thread;
    bool running;
    kg_frame_counts told; /* a door's to the broker */
    bool soon;            /* the broker will have something for the door within a moment */
    atomic_uint_fast64_t connections, refused, received, replied, dropped, malformed, limited;
    atomic_uint_fast64_t crowded, unaccepted, standing;
    atomic_uint_fast64_t doors_lost, lone;
};

/* --- net.c --- */
/* With what every net has, and no sockets yet. NULL with a sentence in `error`. */
kg_net *kg_net_new(const kg_net_options *options, char error[static 300]);
/* Starts the thread. False with a sentence in `error`. */
bool kg_net_run(kg_net *net, void *(*loop)(void *net), char error[static 300]);
/* Ends the thread and waits for it. */
void kg_net_join(kg_net *net);
/* Opens the sockets, and proves that a stranger is refused; the thread serves them meanwhile. */
bool kg_net_open(kg_net *net, const kg_net_options *options, char error[static 300]);

/* Monotonic. */
int64_t kg_net_now_us(void);

/* --- net_outside.c --- */
/* Serves the sockets until it is told to stop. */
void *kg_net_serve(void *net);
void kg_net_send_reply(kg_net *net, const kg_peer *peer, const uint8_t *bytes, size_t count);
void kg_net_send_hint(kg_net *net, const char *organisation, uint64_t number);

/* --- net_zap.c --- */
void kg_net_serve_zap(kg_net *net);

/* --- net_monitor.c: which connections stand --- */
/* Notes what was opened and closed since. */
void kg_net_read_monitors(kg_net *net);
/* The next frame that came by a socket, whose sender is noted. False when there is none. */
bool kg_net_hear(kg_net *net, kg_socket socket, kg_heard *out);
void kg_net_close_all(kg_net *net, const uint8_t key[KG_KEY_BYTES]);

/* --- door.c: in a door, in place of the conveyor and the queue --- */
bool kg_door_has_room(const kg_net *net);
/* Hands a message on; it is copied. */
void kg_door_hand_on(kg_net *net, const kg_peer *peer, const kg_heard *heard);
/* Does what the broker says. False when the door is to stop. */
/* Where the broker said that something comes soon: until it came, or did not. */
void kg_door_look_awake(kg_net *net);
bool kg_door_obey(kg_net *net);
/* Sends what is kept, as far as it goes. False when the broker is gone. */
bool kg_door_send(kg_net *net);

/* --- keeper.c: in front of a door --- */
/* Starts a door and the thread that carries. False with a sentence in `error`. */
bool kg_keeper_start(kg_net *net, const kg_net_options *options, char error[static 300]);
void kg_keeper_destroy(struct kg_keeper **keeper);
/* Where the door listens. */
const char *kg_keeper_endpoint(const struct kg_keeper *keeper, kg_socket socket);
/* The core's thread, while few messages come, carries them itself: until there is something to be
 * taken, it is woken, or the time is over. False when the keeper carries. */
bool kg_keeper_await(struct kg_keeper *keeper, int timeout_ms);
/* The core's thread: what it queued leaves now, where it carries itself. */
void kg_keeper_flush(struct kg_keeper *keeper);
/* Wakes the door, which then looks awake for what comes. */
void kg_keeper_soon(struct kg_keeper *keeper);
/* From here on the keeper carries. */
void kg_keeper_hold(struct kg_keeper *keeper);
/* What the door was told is not all: it is replaced by one that is told all. Any thread. */
void kg_keeper_renew(struct kg_keeper *keeper);

#endif
