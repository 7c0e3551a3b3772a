/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the library: what witnesses have cosigned. */
#ifndef KG_CLIENT_WITNESS_H
#define KG_CLIENT_WITNESS_H

#include <jansson.h>

#include "client/session.h"

/* Holds the cosignatures of a document (of kg_client_history_now()) against what is demanded: of
 * at least `size` records; size 0: of late. False: the answer is set. */
bool kg_client_witnessed(kopgroep_session *session, const json_t *document,
                         const kg_tree_head *head, const kopgroep_witnesses *witnesses,
                         uint64_t size, kopgroep_answer *answer);

#endif
