/* SPDX-License-Identifier: EUPL-1.2 */
/* Where canonical bytes go: a hash, a file, a buffer. The writer knows only this. */
#ifndef KG_SINK_H
#define KG_SINK_H

#include <stddef.h>
#include <stdint.h>

typedef struct kg_sink {
    void (*write)(void *context, const void *bytes, size_t count);
    void *context;
} kg_sink;

/* Big-endian, fixed width. */
void kg_sink_u8(kg_sink sink, uint8_t value);
void kg_sink_u32(kg_sink sink, uint32_t value);
void kg_sink_u64(kg_sink sink, uint64_t value);
void kg_sink_i64(kg_sink sink, int64_t value);
/* Length (u32), then the bytes; NULL is written as length 0xffffffff. */
void kg_sink_text(kg_sink sink, const char *text);

/* A growing buffer as a sink. */
typedef struct kg_buffer {
    char *bytes; /* owned; always followed by a NUL */
    size_t count, capacity;
} kg_buffer;

void kg_buffer_init(kg_buffer *buffer);
void kg_buffer_fini(kg_buffer *buffer);
/* Adds `count` bytes that the caller fills; returns where. */
char *kg_buffer_extend(kg_buffer *buffer, size_t count);
void kg_buffer_add(kg_buffer *buffer, const void *bytes, size_t count);
__attribute__((format(printf, 2, 3))) void kg_buffer_format(kg_buffer *buffer, const char *format,
                                                            ...);
kg_sink kg_buffer_sink(kg_buffer *buffer);

#endif
