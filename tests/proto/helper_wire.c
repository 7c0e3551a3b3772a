/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_wire.h"

#include <string.h>

void wire_varint(kg_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        kg_buffer_add(out, &(uint8_t){(uint8_t)(value | 0x80)}, 1);
    kg_buffer_add(out, &(uint8_t){(uint8_t)value}, 1);
}

void wire_number(kg_buffer *out, unsigned field, uint64_t value)
{
    wire_varint(out, (uint64_t)field << 3);
    wire_varint(out, value);
}

void wire_signed(kg_buffer *out, unsigned field, int64_t value)
{
    wire_number(out, field, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void wire_bytes(kg_buffer *out, unsigned field, const void *bytes, size_t count)
{
    wire_varint(out, (uint64_t)field << 3 | 2);
    wire_varint(out, count);
    kg_buffer_add(out, bytes, count);
}

void wire_text(kg_buffer *out, unsigned field, const char *text)
{
    wire_bytes(out, field, text, strlen(text));
}

void wire_part(kg_buffer *out, unsigned field, const kg_buffer *part)
{
    wire_bytes(out, field, part->bytes, part->count);
}
