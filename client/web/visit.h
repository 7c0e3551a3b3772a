/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether a request comes from the user's own page: other pages in the same browser, and other
 * users of the same machine, can reach the port too. Pure. */
#ifndef KOPGROEP_WEB_VISIT_H
#define KOPGROEP_WEB_VISIT_H

#include <stdbool.h>

#define WEB_SECRET_CHARACTERS 32

typedef struct web_visit {
    const char *host, *origin, *authorization; /* headers; NULL = absent */
    bool asks;                                 /* more than the page's own files */
    bool changes;                              /* asks for more than to be shown something */
} web_visit;

/* NULL where it may ask, else a sentence why not (static, to be translated). What asks brings the
 * secret as "Bearer SECRET": a cookie would reach every port of the host, so other users too. */
const char *web_visit_refused(const web_visit *visit, unsigned port, const char *secret);
/* Whether two secrets are the same; takes as long whatever they share. */
bool web_secret_is(const char *given, const char *secret);

#endif
