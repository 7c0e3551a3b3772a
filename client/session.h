/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the library: a session, and how one request goes out and its reply comes in. */
#ifndef KG_CLIENT_SESSION_H
#define KG_CLIENT_SESSION_H

#include "client/kopgroep.h"
#include "client/transport.h"
#include "proto/codec.h"
#include "proto/envelope.h"

struct kopgroep_session {
    kg_broker_access access;
    kg_identity *identity;    /* owned */
    kg_transport *transport;  /* owned */
    int timeout_ms;
    kg_buffer last;           /* the last command, sealed, for sending it again */
    uint8_t last_request[KG_REQUEST_ID_BYTES];
    kg_catalogue *catalogue;  /* owned; the broker's, once it was asked for */
};

/* Sets outcome and detail. */
__attribute__((format(printf, 3, 4))) void kg_client_say(kopgroep_answer *answer,
                                                         kopgroep_outcome outcome,
                                                         const char *format, ...);
/* Moves problems into the answer (outcome LOCAL) with their texts. */
void kg_client_take_problems(kopgroep_answer *answer, kg_problems *problems);
/* What a reply says, into the answer; takes the reply's problems. `rows` (may be NULL) maps a
 * place in the message (from 1) to a row of `file`. */
void kg_client_take_reply(kopgroep_answer *answer, kg_reply *reply, const char *file,
                          const long *rows, size_t rows_count);

/* Seals a body under a fresh request id, sends it, waits for its reply. A command without an
 * answer is sent once more over a fresh connection. False: the answer says why (NOT_REACHED for
 * a question, UNKNOWN for a command). The reply is initialised in either case. */
bool kg_client_request(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                       kg_reply *reply, kopgroep_answer *answer);
/* The broker's catalogue; borrowed, or NULL with the answer set. */
const kg_catalogue *kg_client_catalogue(kopgroep_session *session, kopgroep_answer *answer);
/* Sends a command and takes its reply. */
void kg_client_command(kopgroep_session *session, kg_command *command,
                       const kg_catalogue *catalogue, kopgroep_answer *answer);
/* Asks, all pages. */
bool kg_client_ask(kopgroep_session *session, const kg_query *query, kopgroep_answer *answer);

#endif
