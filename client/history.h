/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the library: what a client knows of the broker's history. The newest head that it has
 * seen is kept in a file beside the identity, "IDENTITY.DEPLOYMENT.head" (the deployment's first
 * 16 digits); a later head must continue it, or the broker has changed what it signed. */
#ifndef KG_CLIENT_HISTORY_H
#define KG_CLIENT_HISTORY_H

#include <jansson.h>

#include "client/session.h"

/* Owned (free). */
char *kg_client_history_path(const kopgroep_session *session, const char *identity);

/* What was seen in earlier sessions is seen: as much as the head that is kept. */
void kg_client_history_seen(kopgroep_session *session);

/* Refuses: outcome REFUSED, with the status as its code. */
__attribute__((format(printf, 3, 4))) void
kg_client_refuse(kopgroep_answer *answer, kg_status status, const char *format, ...);

/* Does the broker's signature fit? If not, the answer is set. */
bool kg_client_history_signed(const kopgroep_session *session, const kg_tree_head *head,
                              kopgroep_answer *answer);
/* Does the one head continue the other? Asks for the proof. If not, the answer is set: REFUSED with
 * HISTORY or HISTORY_SHORTER, or why it could not be asked. */
bool kg_client_history_continues(kopgroep_session *session, const kg_tree_head *old,
                                 const kg_tree_head *head, kopgroep_answer *answer);
/* Holds a signed head against the one that is kept, and keeps it when it is newer. False: the
 * answer is set. `before` (NULL: not asked for) is what was kept, size 0 = nothing. */
bool kg_client_history_keep(kopgroep_session *session, const kg_tree_head *head,
                            kg_tree_head *before, kopgroep_answer *answer);
/* The head of an accepted command, into the answer that says so: what is wrong with the history
 * makes it REFUSED; what could not be found out is said in its detail. */
void kg_client_history_take(kopgroep_session *session, const kg_reply *reply,
                            kopgroep_answer *answer);
/* Asks for the present head, checks its signature, and keeps it. Returns the document, a new
 * reference; NULL with the answer set. */
json_t *kg_client_history_now(kopgroep_session *session, kg_tree_head *head, kg_tree_head *before,
                              kopgroep_answer *answer);
/* Asks that record `sequence` is among the first `size`. */
bool kg_client_history_inclusion(kopgroep_session *session, uint64_t sequence, uint64_t size,
                                 kg_tree_proof *proof, kopgroep_answer *answer);

#endif
