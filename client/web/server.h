/* SPDX-License-Identifier: EUPL-1.2 */
/* The page's server: on 127.0.0.1 alone, in the calling thread, which has the session. */
#ifndef KOPGROEP_WEB_SERVER_H
#define KOPGROEP_WEB_SERVER_H

#include <signal.h>

#include "client/kopgroep.h"

typedef struct web_server web_server;

#define WEB_ADDRESS_BYTES 100

/* Listens; port 0: one that is free. The session is borrowed until the server is destroyed. NULL
 * where the port cannot be had (errno). */
web_server *web_server_new(kopgroep_session *session, unsigned port);
/* The address to open in a browser, with the secret of this run. */
void web_server_address(const web_server *server, char out[static WEB_ADDRESS_BYTES]);
/* Answers until `stop` is not 0: for half a second more at the latest, or until the request in hand
 * has its answer. False on failure. */
bool web_server_run(web_server *server, const volatile sig_atomic_t *stop);
void web_server_destroy(web_server **server);

#endif
