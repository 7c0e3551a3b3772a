/* SPDX-License-Identifier: EUPL-1.2 */
/* The brokers that a session may use: one, or several of one deployment, which hold the same
 * journal and sign its tree with the same key. The session uses one at a time and turns to the
 * next where it is not let in. */
#ifndef KG_CLIENT_BROKERS_H
#define KG_CLIENT_BROKERS_H

#include "client/kopgroep.h"
#include "client/transport.h"

#define KG_CLIENT_BROKERS_MAX 16

typedef struct kg_client_brokers {
    kg_broker_access items[KG_CLIENT_BROKERS_MAX]; /* in the order in which they were named */
    size_t count;                                  /* 1 at least */
    size_t at;                                     /* the one in use */
} kg_client_brokers;

/* Reads access files, "ONE" or "ONE,OTHER,...". False with the answer set, by the first that cannot
 * be read, is of another deployment or has another signing key than those before, or is one more
 * than KG_CLIENT_BROKERS_MAX. */
bool kg_client_brokers_read(const char *files, kg_client_brokers *out, kopgroep_answer *answer);
const kg_broker_access *kg_client_brokers_present(const kg_client_brokers *brokers);

/* Makes a connection with the one in use, else with the next that lets us in. Several are first
 * tried in haste, each once, then, as one alone, with patience. Where none lets us in: what the one
 * said that said most, which is in use then; the cause in words. */
kg_client_standing kg_client_brokers_reach(kg_client_brokers *brokers,
                                           kg_client_transport *transport, int64_t deadline_ms,
                                           char cause[static KG_CLIENT_DETAIL_BYTES]);
/* Drops the connection; the next one is made with the broker after this one, if there is another.
 */
void kg_client_brokers_turn(kg_client_brokers *brokers, kg_client_transport *transport);
/* The same, to the broker that takes requests at this endpoint, where the list names it; false, and
 * nothing is done, where it does not, or where it is the one in use. */
bool kg_client_brokers_turn_to(kg_client_brokers *brokers, kg_client_transport *transport,
                               const char *requests);

#endif
