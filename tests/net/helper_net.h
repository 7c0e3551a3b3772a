/* SPDX-License-Identifier: EUPL-1.2 */
/* A network side on loopback and raw ZeroMQ clients for it. Every wait has a deadline and fails
 * the test when it passes. */
#ifndef KG_HELPER_NET_H
#define KG_HELPER_NET_H

#include "broker/net/net.h"

typedef struct net_keys {
    uint8_t public_key[KG_KEY_BYTES], secret_key[KG_KEY_BYTES];
} net_keys;

typedef struct net_client {
    void *socket, *monitor;
} net_client;

#define NET_CLIENTS_MAX 64

typedef struct net_world {
    kg_net *net;
    net_keys broker, member; /* the member is let in as "BE-MEMBER" */
    void *context;           /* of the clients */
    net_client clients[NET_CLIENTS_MAX]; /* not closed yet: a test that fails leaves them */
    size_t clients_count, clients_made;
} net_world;

#define NET_MEMBER "BE-MEMBER"

void net_keys_make(net_keys *keys);
/* Options for any free ports; the keys are borrowed. */
kg_net_options net_options(const net_keys *broker);

/* For cmocka: a net_world with default bounds. */
int net_setup(void **state);
int net_teardown(void **state);
/* The same with bounds of one's own. */
net_world *net_world_new(size_t inbound_max, size_t outbound_max);
/* With quotas of a key. */
net_world *net_world_limited(unsigned connections_max, unsigned handshakes_max);
/* With the sockets in a process of its own. */
net_world *net_world_apart(void (*tell)(void *context, kg_net_news news, const char *text));
void net_world_destroy(net_world **world);

/* Connects a socket of this type (DEALER: to the requests, SUB: to the feeds). */
net_client net_connect(net_world *world, int type, const net_keys *keys);
/* The same as the member, once it was let in. */
net_client net_join(net_world *world);
/* A DEALER of the member that gives its connection a name. */
net_client net_connect_as(net_world *world, const void *id, size_t count);
/* A DEALER that takes one message and little more, and so stalls its sender soon. */
net_client net_join_narrow(net_world *world);
void net_close(net_world *world, net_client *client);
/* Waits for the next event of the client's monitor. */
int net_event(net_client *client);
/* How the next handshake of the client ends: one of ZMQ_EVENT_HANDSHAKE_*. */
int net_handshake(net_client *client);
/* Waits for this event of the client's monitor. */
void net_await_event(net_client *client, int event);

void net_send(net_client *client, const void *bytes, size_t count);
void net_send_text(net_client *client, const char *text);
/* Waits for a message of one frame, and compares. */
void net_expect_text(net_client *client, const char *text);
/* Bytes of the next frame, or -1 when none comes within `timeout_ms`. */
int net_receive(net_client *client, void *out, size_t size, int timeout_ms);

/* As the core: waits until `count` messages came; the caller frees their bytes. */
void net_take(net_world *world, kg_net_message *out, size_t count);
/* Takes one message of this text from NET_MEMBER; returns whom to answer. */
kg_peer net_take_text(net_world *world, const char *text);
void net_reply_text(net_world *world, const kg_peer *peer, const char *text);
/* Asks and answers once: the world is alive. */
void net_expect_service(net_world *world);

/* As the core that waits a moment. */
void net_expect_nothing(net_world *world);
kg_net_counts net_counts(const net_world *world);
/* Waits until this many replies were sent or dropped, which is counted after the fact; fails when
 * there are more. */
void net_await_sent(const net_world *world, uint64_t replies);
/* Loops while the deadline of 10 s has not passed: for (net_wait w = ...; net_waiting(&w);). */
typedef struct net_wait {
    int64_t deadline_ms;
} net_wait;
net_wait net_wait_begin(void);
/* Pauses a moment; false, after failing the test, when the time is over. */
bool net_waiting(const net_wait *wait);

int64_t net_now_ms(void);

#endif
