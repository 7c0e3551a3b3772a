/* SPDX-License-Identifier: EUPL-1.2 */
/* What the socket's monitor told of one connection, and what it means to a user who is not let in.
 */
#ifndef KG_CLIENT_SEEN_H
#define KG_CLIENT_SEEN_H

#include <stdbool.h>

typedef struct kg_client_seen {
    bool tried;     /* an address was tried */
    bool refused;   /* nobody listens there */
    bool retried;   /* it began again */
    bool connected; /* TCP is there */
    bool closed;    /* the other end closed it before anybody was let in */
    bool foreign;   /* the other end speaks something else */
    bool let_in, not_let_in;
    bool crowded; /* not let in, since the key has too many connections */
    bool lost;    /* after being let in */
} kg_client_seen;

/* Waiting longer will not help. */
bool kg_client_seen_no_hope(const kg_client_seen *seen);
/* The likely cause in the user's language: a format, which takes the endpoint. */
const char *kg_client_seen_cause(const kg_client_seen *seen);

#endif
