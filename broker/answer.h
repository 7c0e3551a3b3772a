/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers to queries, as the state stands: the first page of a new document, or the next of one. */
#ifndef KG_ANSWER_H
#define KG_ANSWER_H

#include "broker/core.h"

/* False: not yet, since what it asks for has to be made first; the reply is to be left alone. Where
 * the answer shows members' lines to their coordinator, the event that says so, with the message as
 * it was signed, is staged before. */
bool kg_answer_query(kg_core *core, const kg_caller *caller, const kg_query *query,
                     const kg_net_message *message, kg_reply *reply);
void kg_answer_page(kg_core *core, const kg_caller *caller, const kg_page *page, kg_reply *reply);

#endif
