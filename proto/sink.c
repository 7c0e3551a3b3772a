/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/sink.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"
#include "proto/text.h"

static void big_endian(kg_sink sink, uint64_t value, size_t count)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(value >> (8 * (count - 1 - i)));
    sink.write(sink.context, bytes, count);
}

void kg_sink_u8(kg_sink sink, uint8_t value)
{
    sink.write(sink.context, &value, 1);
}

void kg_sink_u32(kg_sink sink, uint32_t value)
{
    big_endian(sink, value, 4);
}

void kg_sink_u64(kg_sink sink, uint64_t value)
{
    big_endian(sink, value, 8);
}

void kg_sink_i64(kg_sink sink, int64_t value)
{
    big_endian(sink, (uint64_t)value, 8);
}

void kg_sink_text(kg_sink sink, const char *text)
{
    if (!text) {
        kg_sink_u32(sink, UINT32_MAX);
        return;
    }
    size_t bytes = strlen(text);
    kg_sink_u32(sink, (uint32_t)bytes);
    sink.write(sink.context, text, bytes);
}

void kg_buffer_init(kg_buffer *buffer)
{
    *buffer = (kg_buffer){.bytes = kg_alloc(1, 1), .capacity = 1};
}

void kg_buffer_fini(kg_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (kg_buffer){0};
}

/* Room for `count` more bytes and the NUL. */
static void reserve(kg_buffer *buffer, size_t count)
{
    size_t needed = buffer->count + count + 1;
    if (needed <= buffer->capacity)
        return;
    buffer->capacity = needed > buffer->capacity * 2 ? needed : buffer->capacity * 2;
    buffer->bytes = kg_realloc(buffer->bytes, buffer->capacity, 1);
}

char *kg_buffer_extend(kg_buffer *buffer, size_t count)
{
    reserve(buffer, count);
    char *added = buffer->bytes + buffer->count;
    buffer->count += count;
    buffer->bytes[buffer->count] = '\0';
    return added;
}

void kg_buffer_add(kg_buffer *buffer, const void *bytes, size_t count)
{
    char *added = kg_buffer_extend(buffer, count);
    if (count > 0)
        memcpy(added, bytes, count);
}

void kg_buffer_format(kg_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t count = kg_text_vformat(NULL, 0, format, arguments);
    va_end(arguments);
    reserve(buffer, count);
    va_start(arguments, format);
    kg_text_vformat(buffer->bytes + buffer->count, count + 1, format, arguments);
    va_end(arguments);
    buffer->count += count;
}

static void add_to_buffer(void *context, const void *bytes, size_t count)
{
    kg_buffer_add(context, bytes, count);
}

kg_sink kg_buffer_sink(kg_buffer *buffer)
{
    return (kg_sink){.write = add_to_buffer, .context = buffer};
}
