/* SPDX-License-Identifier: EUPL-1.2 */
/* An answer of the library as JSON, and the HTTP status that says the same. */
#ifndef KOPGROEP_WEB_ANSWER_H
#define KOPGROEP_WEB_ANSWER_H

#include "client/kopgroep.h"

unsigned web_answer_status(const kopgroep_answer *answer);
/* The document of a question that was answered, as it came; else an object (README.md). Owned by
 * the caller (free). */
char *web_answer_text(const kopgroep_answer *answer);

#endif
