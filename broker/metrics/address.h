/* SPDX-License-Identifier: EUPL-1.2 */
/* Addresses to listen on, as texts: "127.0.0.1:9464", "[::1]:9464"; port *: any free one. Numbers
 * only, so that no resolver decides where something listens. */
#ifndef KG_ADDRESS_H
#define KG_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

typedef struct kg_address {
    struct sockaddr_storage bytes;
    socklen_t count;
} kg_address;

bool kg_address_parse(const char *text, kg_address *out);
/* Can it be reached from this machine only? */
bool kg_address_is_loopback(const kg_address *address);
/* The text again, with the port that it has. */
void kg_address_write(const kg_address *address, char out[static 64]);

#endif
