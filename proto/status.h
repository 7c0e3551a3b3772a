/* SPDX-License-Identifier: EUPL-1.2 */
/* Stable codes of every verdict, with the text that says what is allowed or how to mend it. The
 * number travels on the wire and never changes its meaning; the name is what users see and look
 * up. KG_STATUS_OK is 0. A failure (I/O, memory, corruption) has no status: it ends the process. */
#ifndef KG_STATUS_H
#define KG_STATUS_H

typedef enum kg_status {
#define KG_STATUS(number, name, text) KG_STATUS_##name = number,
#include "proto/status.def"
#undef KG_STATUS
} kg_status;

/* "LINE_CLAIMED"; "UNKNOWN_STATUS" for a number that this build does not know. Static. */
const char *kg_status_name(kg_status status);
/* One or two sentences: what it means and how to mend it. Static. */
const char *kg_status_text(kg_status status);
/* By name; -1 when there is none. */
int kg_status_find(const char *name);

#endif
