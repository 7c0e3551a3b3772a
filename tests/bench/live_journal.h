/* SPDX-License-Identifier: EUPL-1.2 */
/* The journal of a broker that holds the comparison workload: what it would have after its 50,000
 * organisations were registered and had sent their lines, decided and encoded as the broker does
 * it, faster than 50,000 connections would be. */
#ifndef LIVE_JOURNAL_H
#define LIVE_JOURNAL_H

#include <stddef.h>

#include "proto/identity.h"

#define LIVE_ROUND "all"
#define LIVE_LINE_BYTES 24
#define LIVE_MEMBER "BE-0316380940" /* the organisation that has most lines */

/* Into FOLDER/journal, which kopgroepd init has made. `coordinator` may ask about the open round
 * LIVE_ROUND, in whose scope everything is; `member` is LIVE_MEMBER, `line` the key of one of its
 * lines. Ends the program when it cannot. */
void live_journal_fill(const char *folder, size_t lines, const kg_identity *coordinator,
                       const kg_identity *member, char line[static LIVE_LINE_BYTES]);

#endif
