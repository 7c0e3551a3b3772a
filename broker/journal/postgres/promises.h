/* SPDX-License-Identifier: EUPL-1.2 */
/* What a commit on a server is worth: asked of the server, whatever files say. */
#ifndef KG_POSTGRES_PROMISES_H
#define KG_POSTGRES_PROMISES_H

#include <stdbool.h>

#include "broker/journal/postgres/link.h"

/* Makes the connection's commits wait for a standby, and asks whether they do: synced to the
 * primary's disk, and flushed on a standby that is there. `alone`: no standby is wanted. False with
 * the sentence that says what to set; `*passing` where it may soon be otherwise: the server did not
 * answer, or no standby is there just now. */
bool kg_promises_hold(kg_link *link, bool alone, bool *passing);

#endif
