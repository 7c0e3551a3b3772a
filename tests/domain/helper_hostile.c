/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_hostile.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define FIELDS_MAX 2048
#define DEPTH_MAX 6

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

typedef struct field {
    uint64_t tag;
    size_t begin, value, content, end; /* of the tag, the value, a text's bytes, the field */
} field;

static size_t below(uint64_t *random, size_t limit)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(*random >> 33) % limit;
}

static bool read_varint(const uint8_t *bytes, size_t count, size_t *at, uint64_t *out)
{
    *out = 0;
    for (int shift = 0; shift < 64 && *at < count; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static void write_varint(uint64_t value, kg_buffer *out)
{
    uint8_t byte;
    for (; value >= 0x80; value >>= 7) {
        byte = (uint8_t)(value | 0x80);
        kg_buffer_add(out, &byte, 1);
    }
    byte = (uint8_t)value;
    kg_buffer_add(out, &byte, 1);
}

static bool read_field(const uint8_t *bytes, size_t count, size_t at, field *out)
{
    uint64_t length = 0;
    *out = (field){.begin = at};
    if (!read_varint(bytes, count, &at, &out->tag) || out->tag >> 3 == 0)
        return false;
    out->value = out->content = at;
    switch (out->tag & 7) {
    case VARINT:
        if (!read_varint(bytes, count, &at, &length))
            return false;
        length = 0;
        break;
    case FIXED64:
        length = 8;
        break;
    case FIXED32:
        length = 4;
        break;
    case LENGTH:
        if (!read_varint(bytes, count, &at, &length))
            return false;
        out->content = at;
        break;
    default:
        return false;
    }
    out->end = at + length;
    return length <= count - at;
}

/* 0 when the bytes are no message. */
static size_t read_fields(const uint8_t *bytes, size_t count, field *fields)
{
    size_t found = 0;
    for (size_t at = 0; at < count; at = fields[found++].end)
        if (found == FIELDS_MAX || !read_field(bytes, count, at, &fields[found]))
            return 0;
    return found;
}

static uint64_t edge(uint64_t *random)
{
    static const uint64_t edges[] = {0,
                                     1,
                                     2,
                                     0x7f,
                                     0x80,
                                     0xffff,
                                     0x10000,
                                     INT32_MAX,
                                     UINT64_C(0x80000000),
                                     UINT32_MAX,
                                     UINT64_C(0x100000000),
                                     1000000000,
                                     1000000001,
                                     UINT64_C(1000000000000),
                                     UINT64_C(1000000000001),
                                     INT64_MAX,
                                     UINT64_C(0x8000000000000000),
                                     UINT64_MAX};
    return edges[below(random, sizeof edges / sizeof *edges)];
}

static void write_content(uint64_t tag, const void *bytes, size_t count, kg_buffer *out)
{
    write_varint(tag, out);
    write_varint(count, out);
    kg_buffer_add(out, bytes, count);
}

static void write_text(const uint8_t *bytes, const field *f, uint64_t *random, kg_buffer *out)
{
    static const char *const texts[] = {"",  "\xff\xfe", "NaN", "-1", "1e999", "..", "\n", "\x01",
                                        "%s%n", "\xc0\x80"};
    size_t count = f->end - f->content;
    switch (below(random, 4)) {
    case 0: {
        const char *text = texts[below(random, sizeof texts / sizeof *texts)];
        write_content(f->tag, text, strlen(text), out);
        break;
    }
    case 1: { /* one byte more than texts may have, or many more */
        static const size_t lengths[] = {65, 301, 2001, 30000};
        size_t length = lengths[below(random, 4)];
        char *text = kg_alloc(length, 1);
        memset(text, 'x', length);
        write_content(f->tag, text, length, out);
        free(text);
        break;
    }
    case 2:
        write_content(f->tag, bytes + f->content, below(random, count + 1), out);
        break;
    default: { /* packed numbers, or any byte */
        uint8_t *copy = kg_alloc(count + 1, 1);
        memcpy(copy, bytes + f->content, count);
        copy[below(random, count + 1)] = (uint8_t)edge(random);
        write_content(f->tag, copy, count, out);
        free(copy);
    }
    }
}

static void write_value(const uint8_t *bytes, const field *f, uint64_t *random, kg_buffer *out)
{
    if ((f->tag & 7) == LENGTH) {
        write_text(bytes, f, random, out);
    } else if ((f->tag & 7) == VARINT) {
        write_varint(f->tag, out);
        write_varint(edge(random), out);
    } else {
        uint64_t value = edge(random);
        write_varint(f->tag, out);
        kg_buffer_add(out, &value, (f->tag & 7) == FIXED64 ? 8 : 4);
    }
}

static void write_same(const uint8_t *bytes, const field *f, kg_buffer *out)
{
    kg_buffer_add(out, bytes + f->begin, f->end - f->begin);
}

static void write_changed(const uint8_t *bytes, const field *f, uint64_t *random, kg_buffer *out)
{
    size_t times = 1;
    switch (below(random, 10)) {
    case 0: /* left out */
        break;
    case 1:
        times = below(random, 2) ? 2 : 1000;
        for (size_t i = 0; i < times; i++)
            write_same(bytes, f, out);
        break;
    case 2: /* renumbered, perhaps to what is known too */
        write_varint((1 + below(random, 40)) << 3 | (f->tag & 7), out);
        kg_buffer_add(out, bytes + f->value, f->end - f->value);
        break;
    case 3: /* of another wire type */
        write_varint((f->tag & ~UINT64_C(7)) | below(random, 8), out);
        kg_buffer_add(out, bytes + f->value, f->end - f->value);
        break;
    default:
        write_value(bytes, f, random, out);
    }
}

static void mutate(const uint8_t *bytes, size_t count, int depth, uint64_t *random, kg_buffer *out)
{
    field *fields = kg_alloc(FIELDS_MAX, sizeof *fields);
    size_t found = read_fields(bytes, count, fields);
    size_t chosen = found ? below(random, found) : 0;
    for (size_t i = 0; i < found; i++) {
        const field *f = &fields[i];
        bool message = (f->tag & 7) == LENGTH && depth < DEPTH_MAX && f->end - f->content > 2 &&
                       below(random, 4) > 0;
        kg_buffer inner;
        kg_buffer_init(&inner);
        if (i == chosen && message)
            mutate(bytes + f->content, f->end - f->content, depth + 1, random, &inner);
        if (i != chosen)
            write_same(bytes, f, out);
        else if (inner.count > 0)
            write_content(f->tag, inner.bytes, inner.count, out);
        else
            write_changed(bytes, f, random, out);
        kg_buffer_fini(&inner);
    }
    free(fields);
}

void hostile_bytes(const uint8_t *bytes, size_t count, uint64_t *random, kg_buffer *out)
{
    mutate(bytes, count, 0, random, out);
}
