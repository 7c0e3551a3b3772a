/* SPDX-License-Identifier: EUPL-1.2 */
/* Which question or command an address stands for (README.md). */
#ifndef KOPGROEP_WEB_ROUTE_H
#define KOPGROEP_WEB_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/kopgroep.h"

typedef struct web_request {
    const char *path;                                                /* "/api/lot" */
    const char *(*parameter)(const void *context, const char *name); /* NULL = not given */
    const void *context;
    const char *body;
    size_t body_bytes;
} web_request;

typedef struct web_route web_route;

/* Of a path, "/api/lot"; NULL: there is none. */
const web_route *web_route_find(const char *path);
/* Whether it changes something, and so is asked by POST. */
bool web_route_changes(const web_route *route);
/* Asks or does it, in the language that is asked for, if any; the answer is the caller's to fini,
 * whatever came of it. */
void web_route_take(const web_route *route, kopgroep_session *session, const web_request *request,
                    kopgroep_answer *answer);

#endif
