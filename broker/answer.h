/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers to queries, after the commit: the first page of a new document, or the next of one. */
#ifndef KG_ANSWER_H
#define KG_ANSWER_H

#include "broker/core.h"

void kg_answer_query(kg_core *core, const kg_asked *asked, kg_reply *reply);

#endif
