/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_pb.h"

#include <string.h>

#define DATE_FIRST (-25567) /* 1900-01-01 */
#define DATE_LAST 376199    /* 2999-12-31 */
#define ARENA_STEP 16       /* in what steps an arena gives memory */

void kg_reader_init(kg_reader *in, kg_arena *arena, const kg_catalogue *catalogue,
                    size_t memory_max, char *detail)
{
    *in = (kg_reader){.arena = arena,
                      .catalogue = catalogue,
                      .memory_left = memory_max,
                      .status = KG_STATUS_OK,
                      .detail = detail};
    detail[0] = '\0';
}

bool kg_reader_fail(kg_reader *in, kg_status status, const char *field, const char *format, ...)
{
    char sentence[KG_DETAIL_BYTES];
    va_list arguments;
    if (in->status != KG_STATUS_OK)
        return false;
    va_start(arguments, format);
    kg_text_vformat(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    in->status = status;
    kg_text_format(in->detail, KG_DETAIL_BYTES, "%s: %s", field, sentence);
    return false;
}

bool kg_reader_good(const kg_reader *in)
{
    return in->status == KG_STATUS_OK;
}

/* One byte more than asked, and the arena zeroes: so every field of bytes ends with a NUL and can
 * be used as a text where it lies. */
static void *take_memory(void *context, size_t size)
{
    kg_reader *in = context;
    size_t taken = size / ARENA_STEP * ARENA_STEP + ARENA_STEP;
    if (taken > in->memory_left) {
        in->exhausted = true;
        in->memory_left = 0;
        return NULL;
    }
    in->memory_left -= taken;
    return kg_arena_alloc(in->arena, size + 1);
}

static void leave_memory(void *context, void *memory)
{
    (void)context; /* the arena is given back as a whole */
    (void)memory;
}

static bool has_known_fields(kg_reader *in, const ProtobufCMessage *message);

static bool has_known_parts(kg_reader *in, const ProtobufCMessage *message,
                            const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        const ProtobufCMessage *part = *(ProtobufCMessage *const *)(base + field->offset);
        return !part || has_known_fields(in, part);
    }
    size_t count = *(const size_t *)(base + field->quantifier_offset);
    ProtobufCMessage *const *parts = *(ProtobufCMessage *const *const *)(base + field->offset);
    for (size_t i = 0; i < count; i++)
        if (!has_known_fields(in, parts[i]))
            return false;
    return true;
}

/* As deep as the schema, which has no message within itself. */
static bool has_known_fields(kg_reader *in, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    if (message->n_unknown_fields > 0)
        return kg_reader_fail(in, KG_STATUS_UNKNOWN_FIELD, type->short_name,
                              "Field %u is not known here.",
                              (unsigned)message->unknown_fields[0].tag);
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE &&
            !has_known_parts(in, message, &type->fields[i]))
            return false;
    return true;
}

const void *kg_reader_message(kg_reader *in, const ProtobufCMessageDescriptor *type,
                              const uint8_t *bytes, size_t count)
{
    ProtobufCAllocator allocator = {take_memory, leave_memory, in};
    if (!kg_reader_good(in))
        return NULL;
    const ProtobufCMessage *message =
        protobuf_c_message_unpack(type, &allocator, count, count > 0 ? bytes : (const uint8_t *)"");
    if (!message && in->exhausted)
        kg_reader_fail(in, KG_STATUS_OVERSIZE, type->short_name,
                       "It takes too much memory to read. Send it in parts.");
    else if (!message)
        kg_reader_fail(in, KG_STATUS_MALFORMED, type->short_name, "The bytes are no such message.");
    return message && has_known_fields(in, message) ? message : NULL;
}

/* `least` is the least byte that may stand: 0, or 1 to refuse a NUL. Eight bytes at once while they
 * are ASCII: none has its high bit, nor gets it when `least` is taken off. */
static bool is_utf8(const char *bytes, size_t count, uint8_t least)
{
    const uint64_t high = 0x8080808080808080u, each = 0x0101010101010101u * least;
    size_t at = 0;
    while (at < count) {
        uint64_t eight;
        if (count - at >= sizeof eight) {
            memcpy(&eight, bytes + at, sizeof eight);
            if (((eight | (eight - each)) & high) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        uint8_t first = (uint8_t)bytes[at];
        size_t length = first < 0x80 ? 1 : kg_utf8_character(bytes + at, count - at);
        if (length == 0 || first < least)
            return false;
        at += length;
    }
    return true;
}

bool kg_reader_utf8(const ProtobufCBinaryData *value)
{
    return is_utf8((const char *)value->data, value->len, 1);
}

bool kg_reader_utf8_texts(const ProtobufCBinaryData *value)
{
    return is_utf8((const char *)value->data, value->len, 0);
}

const char *kg_reader_text(kg_reader *in, const char *field, protobuf_c_boolean has,
                           const ProtobufCBinaryData *value, size_t max)
{
    if (!has || value->len == 0 || !kg_reader_good(in))
        return NULL;
    const char *text = (const char *)value->data;
    if (value->len > max)
        kg_reader_fail(in, KG_STATUS_TOO_LONG, field, "It has %zu bytes; at most %zu are allowed.",
                       value->len, max);
    else if (memchr(text, '\0', value->len) || !kg_text_valid(text, max))
        kg_reader_fail(in, KG_STATUS_ENCODING, field, "%s", kg_status_text(KG_STATUS_ENCODING));
    return kg_reader_good(in) ? text : NULL;
}

const char *kg_reader_needed(kg_reader *in, const char *field, protobuf_c_boolean has,
                             const ProtobufCBinaryData *value, size_t max)
{
    if (!has || value->len == 0)
        kg_reader_fail(in, KG_STATUS_MISSING, field, "It must be given.");
    return kg_reader_text(in, field, has, value, max);
}

void kg_reader_texts(kg_reader *in, const char *field, size_t count,
                     const ProtobufCBinaryData *values, size_t count_max, size_t max, kg_texts *out)
{
    if (count > count_max)
        kg_reader_fail(in, KG_STATUS_OVERSIZE, field, "%zu are given; at most %zu are allowed.",
                       count, count_max);
    if (count == 0 || !kg_reader_good(in))
        return;
    out->items = kg_arena_alloc(in->arena, count * sizeof *out->items);
    for (size_t i = 0; i < count; i++)
        out->items[i] = kg_reader_needed(in, field, 1, &values[i], max);
    out->count = kg_reader_good(in) ? count : 0;
}

void kg_reader_fixed(kg_reader *in, const char *field, protobuf_c_boolean has,
                     const ProtobufCBinaryData *value, uint8_t *out, size_t count)
{
    if (!has)
        return;
    if (value->len != count)
        kg_reader_fail(in, KG_STATUS_MALFORMED, field, "It has %zu bytes; it must have %zu.",
                       value->len, count);
    if (kg_reader_good(in))
        memcpy(out, value->data, count);
}

int64_t kg_reader_number(kg_reader *in, const char *field, protobuf_c_boolean has, uint64_t value,
                         int64_t min, int64_t max, int64_t absent)
{
    if (!has || !kg_reader_good(in))
        return absent;
    if (value > INT64_MAX || (int64_t)value < min || (int64_t)value > max) {
        kg_reader_fail(in, KG_STATUS_INVALID, field, "It must be from %lld to %lld.",
                       (long long)min, (long long)max);
        return absent;
    }
    return (int64_t)value;
}

kg_date kg_reader_date(kg_reader *in, const char *field, protobuf_c_boolean has, int32_t days)
{
    if (!has || !kg_reader_good(in))
        return KG_DATE_NONE;
    if (days < DATE_FIRST || days > DATE_LAST) {
        kg_reader_fail(in, KG_STATUS_DATE, field, "It must be from 1900-01-01 to 2999-12-31.");
        return KG_DATE_NONE;
    }
    return days;
}

void kg_put_text(protobuf_c_boolean *has, ProtobufCBinaryData *field, const char *text)
{
    *has = text && *text;
    if (*has)
        *field = (ProtobufCBinaryData){strlen(text), (uint8_t *)(uintptr_t)text};
}

ProtobufCBinaryData *kg_put_texts(kg_arena *arena, const kg_texts *texts)
{
    ProtobufCBinaryData *out = kg_arena_alloc(arena, (texts->count + 1) * sizeof *out);
    protobuf_c_boolean has;
    for (size_t i = 0; i < texts->count; i++)
        kg_put_text(&has, &out[i], texts->items[i]);
    return out;
}

/* Measured first: the library's way into a growing buffer appends every number by itself. */
void kg_pack(const ProtobufCMessage *message, kg_buffer *out)
{
    const size_t count = protobuf_c_message_get_packed_size(message);
    protobuf_c_message_pack(message, (uint8_t *)kg_buffer_extend(out, count));
}

const char *kg_codec_library(void)
{
    return protobuf_c_version();
}
