/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/seen.h"

#include "client/language/language.h"

bool kg_client_seen_no_hope(const kg_client_seen *seen)
{
    return seen->closed || seen->foreign || (seen->retried && !seen->connected);
}

const char *kg_client_seen_cause(const kg_client_seen *seen)
{
    if (seen->foreign)
        return _(
            "What listens at %s is no Kopgroep broker. Check the endpoint in the access file.");
    if (seen->closed)
        return _(
            "%s closes the connection before it lets anybody in: it is not the broker of your "
            "access file, or no Kopgroep broker. Ask the administrator for a new access file.");
    if (seen->connected)
        return _(
            "%s takes the connection, but does not answer. The broker is stuck or has too much "
            "to do, or it is not the broker of your access file: check the endpoint there.");
    if (seen->refused)
        return _("Nobody answers at %s: the connection is refused. Is the broker running?");
    if (seen->retried && !seen->tried)
        return _("There is no such host or port: %s. Check the endpoint in the access file.");
    return _("Nobody answers at %s. Is the host up, and does a firewall let you through?");
}
