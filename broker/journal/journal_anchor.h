/* SPDX-License-Identifier: EUPL-1.2 */
/* The head as it was last acknowledged, kept beside the journal: the store alone would pass for
 * whole if it fell back to an older state, since that one is consistent too. Written after a
 * batch is durable, without waiting for the disk: so it is never ahead of what must be there, and
 * may be behind or absent (a backup has none). */
#ifndef KG_JOURNAL_ANCHOR_H
#define KG_JOURNAL_ANCHOR_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

#define KG_ANCHOR_BYTES (20 + 1 + 2 * KG_CHAIN_BYTES + 1 + 2 * 8 + 1)

/* What will stand there, so that no time is lost on it once it may. */
typedef struct kg_anchor_line {
    char text[KG_ANCHOR_BYTES + 1];
} kg_anchor_line;

/* A descriptor to write with, -1 on failure. */
int kg_anchor_open(const char *folder);
void kg_anchor_prepare(const kg_point *anchor, kg_anchor_line *out);
bool kg_anchor_write(int descriptor, const char *folder, const kg_anchor_line *line);
/* One that is absent or cut is none: sequence 0. False when it cannot be read, which does not pass
 * for absent: then an older state of the store might pass for whole. */
bool kg_anchor_read(const char *folder, kg_point *out);
/* Says that records up to the anchor are lost. Always false. */
bool kg_anchor_fail(const char *folder, const kg_point *anchor, uint64_t head);

#endif
