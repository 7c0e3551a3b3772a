/* SPDX-License-Identifier: EUPL-1.2 */
/* Which connections stand, and whose they are, so that a key can have no more than it may, and
 * loses them when it is revoked. A socket's monitor tells that a descriptor was opened or closed,
 * ZAP that a key was let in, and neither of them both; a message tells which descriptor a
 * connection has. Until one came, a connection is silent: it counts, and of one address there are
 * never more silent ones than open descriptors of which nothing is known. Pure: no sockets. One
 * thread. */
#ifndef KG_CONNECTIONS_H
#define KG_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/organisation.h"

#define KG_ADDRESS_BYTES 64 /* a numeric one, with its NUL */

typedef struct kg_connections kg_connections;

kg_connections *kg_connections_new(unsigned most); /* of one key at once; 0: no limit */
void kg_connections_destroy(kg_connections **connections);

/* A descriptor, numbered so that two sockets' do not meet, was opened, or closed. */
void kg_connections_opened(kg_connections *connections, int place, const char *address);
void kg_connections_closed(kg_connections *connections, int place);
/* Descriptors that are open. */
size_t kg_connections_open(const kg_connections *connections);
/* A key is let in: the connection's number; 0: it has as many as it may. */
uint64_t kg_connections_enter(kg_connections *connections, const uint8_t key[KG_KEY_BYTES],
                              const char *address);
/* Is there a silent one? Else nobody needs to be heard. */
bool kg_connections_any_silent(const kg_connections *connections);
/* A message of a connection came by this descriptor. */
void kg_connections_heard(kg_connections *connections, uint64_t number, int place);

size_t kg_connections_count(const kg_connections *connections, const uint8_t key[KG_KEY_BYTES]);
/* Calls `each` with the descriptor of every connection of the key. Where one was silent, those are
 * all of its address of which nothing is known: its own is among them, and the others' clients, who
 * did not speak either, come back by themselves. One may be told more than once. */
void kg_connections_each(kg_connections *connections, const uint8_t key[KG_KEY_BYTES],
                         void (*each)(int place));

#endif
