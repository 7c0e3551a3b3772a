/* SPDX-License-Identifier: EUPL-1.2 */
/* The broker's sockets: the one place that knows libzmq. They are secured before they are bound,
 * and ZAP is served before both. One thread at a time has them: who opens them, then the network's.
 * Nothing here waits but kg_sockets_wait() and kg_sockets_try_stranger(). */
#ifndef KG_SOCKETS_H
#define KG_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/net/net.h"

/* A connection's number, as ZAP gave it, travels with its messages under this name. */
#define KG_CONNECTION_PROPERTY "X-Connection"

typedef enum kg_socket {
    KG_SOCKET_REQUESTS,
    KG_SOCKET_FEEDS,
    KG_SOCKET_ZAP,
    KG_SOCKETS_COUNT
} kg_socket;
/* The first two accept connections from outside. */
#define KG_SOCKETS_OUTSIDE 2

typedef struct kg_sockets kg_sockets;

/* Returns owned, bound, or NULL with a sentence in `error`. */
kg_sockets *kg_sockets_open(const kg_net_options *options, char error[static 300]);
/* What was sent is given a moment to leave. NULL is nothing. */
void kg_sockets_close(kg_sockets **sockets);
/* Where it listens, with its port; lives as long as the sockets. Of those outside. */
const char *kg_sockets_endpoint(const kg_sockets *sockets, kg_socket socket);

/* What can be read: a set of these. */
enum {
    KG_READY_REQUESTS = 1 << KG_SOCKET_REQUESTS,
    KG_READY_FEEDS = 1 << KG_SOCKET_FEEDS,
    KG_READY_ZAP = 1 << KG_SOCKET_ZAP,
    KG_READY_MONITOR = 1 << 3, /* connections were opened or closed */
    KG_READY_WAKE = 1 << 4     /* the descriptor */
};
/* Waits until there is something to read, or the descriptor takes something where that is wanted;
 * requests count only when they are. */
unsigned kg_sockets_wait(kg_sockets *sockets, int wake, bool writes, bool requests);

/* Reads one frame of a message into `bytes`; what is longer is cut. Returns its length, or -1 when
 * there is none. `more`: another one of the message follows. */
int kg_sockets_read(kg_sockets *sockets, kg_socket socket, void *bytes, size_t max, bool *more);
/* Reads the rest of a message that is not of our form. */
void kg_sockets_drain(kg_sockets *sockets, kg_socket socket);
/* Sends one frame of a message, the last one without `more`. False when it cannot be sent now, or
 * to nobody: it is lost. */
bool kg_sockets_send(kg_sockets *sockets, kg_socket socket, const void *bytes, size_t count,
                     bool more);

/* A frame that came from outside, with who sent it. Lives until the next call on its sockets. */
typedef struct kg_heard {
    const uint8_t *bytes;
    size_t count;
    bool more;          /* another frame of the message follows */
    const char *user;   /* as ZAP named the sender, or NULL */
    const char *number; /* its connection's, or NULL; only when wanted */
    int descriptor;     /* its connection's, or -1; likewise */
} kg_heard;

/* False when there is none. `numbers`: of the connection as well. */
bool kg_sockets_hear(kg_sockets *sockets, kg_socket socket, bool numbers, kg_heard *out);

/* Whoever sent what was heard last from the feeds hears what is sent there under topics that begin
 * so, and nothing else: what it asked for does not count. Nothing where it is gone. */
void kg_sockets_let_hear(kg_sockets *sockets, const char *topic, size_t count);

/* What became of a connection. */
typedef enum kg_connection_news {
    KG_CONNECTION_OPENED,
    KG_CONNECTION_CLOSED,
    KG_CONNECTION_UNACCEPTED /* it has no descriptor */
} kg_connection_news;

typedef struct kg_connection_event {
    kg_connection_news news;
    int descriptor;
} kg_connection_event;
/* The next one of a socket; false when there is none. */
bool kg_sockets_read_event(kg_sockets *sockets, kg_socket socket, kg_connection_event *out);

typedef enum kg_stranger {
    KG_STRANGER_REFUSED,
    KG_STRANGER_LET_IN,
    KG_STRANGER_UNKNOWN /* nothing happened in five seconds */
} kg_stranger;
/* Tries to connect with a key that nobody registered. From another thread than the network's, which
 * must be serving ZAP. */
kg_stranger kg_sockets_try_stranger(kg_sockets *sockets, kg_socket socket,
                                    const uint8_t server_key[KG_KEY_BYTES]);

#endif
