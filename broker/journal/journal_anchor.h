/* SPDX-License-Identifier: EUPL-1.2 */
/* The head as it was last acknowledged, kept beside the journal: the store alone would pass for
 * whole if it fell back to an older state, since that one is consistent too. Written after a
 * batch is durable, without waiting for the disk: so it is never ahead of what must be there, and
 * may be behind or absent (a backup has none). */
#ifndef KG_JOURNAL_ANCHOR_H
#define KG_JOURNAL_ANCHOR_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal.h"

typedef struct kg_anchor {
    uint64_t sequence; /* 0 = none known */
    uint8_t chain[KG_CHAIN_BYTES];
} kg_anchor;

/* A descriptor to write with, -1 on failure. */
int kg_anchor_open(const char *folder);
bool kg_anchor_write(int descriptor, const char *folder, const kg_anchor *anchor);
/* One that is absent or cut is none. */
void kg_anchor_read(const char *folder, kg_anchor *out);
/* Says that records up to the anchor are lost. Always false. */
bool kg_anchor_fail(const char *folder, const kg_anchor *anchor, uint64_t head);

#endif
