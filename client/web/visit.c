/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/visit.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "client/language/language.h"

/* "127.0.0.1:PORT" or "localhost:PORT", behind `before`. */
static bool names_us(const char *text, const char *before, unsigned port)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    char wanted[60];
    bool found = false;
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++) {
        snprintf(wanted, sizeof wanted, "%s%s:%u", before, names[i], port);
        found = found || strcmp(text, wanted) == 0;
    }
    return found;
}

bool web_secret_is(const char *given, const char *secret)
{
    unsigned char differ = 0;
    if (!given || strlen(given) != WEB_SECRET_CHARACTERS)
        return false;
    for (size_t i = 0; i < WEB_SECRET_CHARACTERS; i++)
        differ |= (unsigned char)(given[i] ^ secret[i]);
    return differ == 0;
}

static bool has_secret(const char *authorization, const char *secret)
{
    static const char scheme[] = "Bearer ";
    return authorization && strncmp(authorization, scheme, sizeof scheme - 1) == 0 &&
           web_secret_is(authorization + sizeof scheme - 1, secret);
}

const char *web_visit_refused(const web_visit *visit, unsigned port, const char *secret)
{
    if (!names_us(visit->host, "", port))
        return N_("This page answers to 127.0.0.1 and localhost only.");
    if (visit->asks && !has_secret(visit->authorization, secret))
        return N_("Open the address that kopgroep web printed: it holds the secret of this run.");
    if (visit->changes && !names_us(visit->origin, "http://", port))
        return N_("Only the page itself may change something.");
    return NULL;
}
