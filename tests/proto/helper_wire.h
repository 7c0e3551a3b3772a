/* SPDX-License-Identifier: EUPL-1.2 */
/* Protobuf bytes written by hand: what an encoder of ours would never write. */
#ifndef KG_TEST_HELPER_WIRE_H
#define KG_TEST_HELPER_WIRE_H

#include "proto/sink.h"

void wire_varint(kg_buffer *out, uint64_t value);
void wire_number(kg_buffer *out, unsigned field, uint64_t value);
void wire_signed(kg_buffer *out, unsigned field, int64_t value); /* sint32, sint64 */
void wire_bytes(kg_buffer *out, unsigned field, const void *bytes, size_t count);
void wire_text(kg_buffer *out, unsigned field, const char *text);
void wire_part(kg_buffer *out, unsigned field, const kg_buffer *part);

#endif
