/* SPDX-License-Identifier: EUPL-1.2 */
/* A small HTTP server for pages that are made when they are asked for, on a thread of its own:
 * GET and HEAD, a few connections at a time, none of them for long. The one place that includes
 * microhttpd.h. */
#ifndef KG_HTTP_H
#define KG_HTTP_H

#include "broker/metrics/address.h"
#include "proto/sink.h"

typedef struct kg_http kg_http;

/* Makes the page of a path: adds its body, sets its type (static; else plain text), and returns
 * the status: 200, 404 ... On the server's thread. */
typedef unsigned (*kg_http_page)(void *context, const char *path, kg_buffer *body,
                                 const char **type);

/* Takes the address, so that nobody else does; no thread yet. NULL with half a sentence in `why`.
 */
kg_http *kg_http_listen(const kg_address *address, char why[static 200]);
/* Where it listens, the port as it came out. */
void kg_http_address(const kg_http *http, char out[static 64]);
/* Begins to answer. False with half a sentence in `why`. */
bool kg_http_start(kg_http *http, kg_http_page page, void *context, char why[static 200]);
/* Connections are cut; the page is not called any more. */
void kg_http_stop(kg_http **http);

#endif
