/* SPDX-License-Identifier: EUPL-1.2 */
/* Protobuf bytes that no honest client sends: one field of a sound message, at any depth, made
 * extreme. Knows the wire format alone, no message. */
#ifndef HELPER_HOSTILE_H
#define HELPER_HOSTILE_H

#include "proto/sink.h"

/* Adds to `out` a copy of the message with one change: a number at an edge of its range, a text
 * empty, long, cut, or no UTF-8, a field left out, doubled, sent a thousand times, renumbered, of
 * another wire type, or moved. `random` is the state of the choices. */
void hostile_bytes(const uint8_t *bytes, size_t count, uint64_t *random, kg_buffer *out);

#endif
