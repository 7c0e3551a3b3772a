/* SPDX-License-Identifier: EUPL-1.2 */
/* A frame of the log: what was written and synced at once. Its head, in big-endian numbers:
 *    0  the file's mark (8)   8  bytes of the records (8)   16  sequence of the first record (8)
 *   24  records (4)          28  sum (4)                    32  chain value before them (32)
 * then the records in their stored form, one after another. The sum is the beginning of SHA-256
 * over the head with zeros in its place: a head may be cut in two. */
#ifndef KG_JOURNAL_FRAME_H
#define KG_JOURNAL_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

#define KG_FRAME_HEAD_BYTES 64
#define KG_MARK_BYTES 8

typedef struct kg_frame {
    uint64_t bytes; /* of the records */
    uint64_t first; /* sequence */
    uint32_t count; /* records, at least one */
    uint8_t before[KG_CHAIN_BYTES];
} kg_frame;

void kg_frame_encode(const kg_frame *frame, const uint8_t mark[KG_MARK_BYTES],
                     uint8_t out[static KG_FRAME_HEAD_BYTES]);
/* Whether the bytes are a head that can be right, in a file where so many bytes follow it. */
bool kg_frame_decode(const uint8_t bytes[static KG_FRAME_HEAD_BYTES],
                     const uint8_t mark[KG_MARK_BYTES], uint64_t left, kg_frame *out);

/* Whether all of the frame's records are there and chained; `end`, where it begins, is moved to
 * where it ends. */
bool kg_frame_whole(const kg_frame *frame, const uint8_t *records, kg_point *end);

#endif
