/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads and writes `Envelope` and `Signed` of kopgroep.proto by itself: these bytes come from
 * anybody, before any signature is checked, so they are taken apart in place, without memory of
 * their own, and more strictly than a general decoder would: each field once, none unknown. */
#include "proto/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

/* What a signature or tag covers begins with this, its NUL too, so that it can never be one over
 * something else. */
static const char domain[] = "kopgroep-envelope-v1";

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* Field numbers of kopgroep.proto. */
enum { ENVELOPE_SIGNED = 1, ENVELOPE_SIGNATURE, ENVELOPE_TAG, ENVELOPE_FIELDS };
enum {
    SIGNED_VERSION = 1,
    SIGNED_DEPLOYMENT,
    SIGNED_ORGANISATION,
    SIGNED_KEY_ID,
    SIGNED_REQUEST_ID,
    SIGNED_KIND,
    SIGNED_EXPIRES,
    SIGNED_BODY,
    SIGNED_FIELDS
};

typedef struct field {
    bool seen;
    unsigned type;
    uint64_t number;      /* of a varint */
    const uint8_t *bytes; /* of bytes; borrowed */
    size_t count;
} field;

typedef struct cursor {
    const uint8_t *at, *end;
} cursor;

static bool take_varint(cursor *in, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t byte = *in->at++;
        if (shift == 63 && byte > 1)
            return false;
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool take_bytes(cursor *in, uint64_t count, field *out)
{
    if (count > (uint64_t)(in->end - in->at))
        return false;
    out->bytes = in->at;
    out->count = (size_t)count;
    in->at += count;
    return true;
}

static bool take_value(cursor *in, field *out)
{
    uint64_t count;
    switch (out->type) {
    case WIRE_VARINT:
        return take_varint(in, &out->number);
    case WIRE_64:
        return take_bytes(in, 8, out);
    case WIRE_32:
        return take_bytes(in, 4, out);
    case WIRE_BYTES:
        return take_varint(in, &count) && take_bytes(in, count, out);
    default:
        return false;
    }
}

/* Fills `fields` by number, 1 to count - 1; false when the bytes are no message or name one of
 * them twice. */
static bool take_fields(const uint8_t *bytes, size_t size, field *fields, size_t count,
                        bool *unknown)
{
    cursor in = {bytes, bytes + size};
    while (in.at < in.end) {
        uint64_t tag;
        if (!take_varint(&in, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
            return false;
        field value = {.seen = true, .type = (unsigned)(tag & 7)};
        if (!take_value(&in, &value))
            return false;
        if (tag >> 3 >= count) {
            *unknown = true;
            continue;
        }
        if (fields[tag >> 3].seen)
            return false;
        fields[tag >> 3] = value;
    }
    return true;
}

static bool get_number(const field *from, uint64_t max, uint64_t *out)
{
    *out = from->number;
    return from->seen && from->type == WIRE_VARINT && from->number <= max;
}

static bool get_bytes(const field *from, uint8_t *out, size_t count)
{
    if (!from->seen || from->type != WIRE_BYTES || from->count != count)
        return false;
    memcpy(out, from->bytes, count);
    return true;
}

static bool get_organisation(const field *from, char out[static KG_ID_BYTES_MAX + 1])
{
    if (!from->seen || from->type != WIRE_BYTES || from->count > KG_ID_BYTES_MAX)
        return false;
    memcpy(out, from->bytes, from->count);
    out[from->count] = '\0';
    return strlen(out) == from->count && kg_id_valid(out);
}

static kg_status read_signed(const field *fields, kg_envelope *out)
{
    uint64_t kind, expires;
    const field *body = &fields[SIGNED_BODY];
    bool good = get_bytes(&fields[SIGNED_REQUEST_ID], out->request_id, KG_REQUEST_ID_BYTES) &&
                get_bytes(&fields[SIGNED_DEPLOYMENT], out->deployment, KG_DEPLOYMENT_BYTES) &&
                get_organisation(&fields[SIGNED_ORGANISATION], out->organisation) &&
                get_bytes(&fields[SIGNED_KEY_ID], out->key_id, KG_KEY_ID_BYTES) &&
                get_number(&fields[SIGNED_KIND], UINT32_MAX, &kind) &&
                get_number(&fields[SIGNED_EXPIRES], INT64_MAX, &expires) && body->seen &&
                body->type == WIRE_BYTES;
    if (!good)
        return KG_STATUS_MALFORMED;
    out->kind = (uint32_t)kind;
    out->expires_ms = (int64_t)expires;
    out->body = body->bytes;
    out->body_bytes = body->count;
    return body->count > KG_BODY_BYTES_MAX ? KG_STATUS_OVERSIZE : KG_STATUS_OK;
}

/* One of the two. */
static bool get_proof(const field *fields, kg_envelope *out)
{
    const field *signature = &fields[ENVELOPE_SIGNATURE], *tag = &fields[ENVELOPE_TAG];
    out->tagged = tag->seen;
    if (signature->seen == tag->seen)
        return false;
    return tag->seen ? get_bytes(tag, out->tag, KG_TAG_BYTES)
                     : get_bytes(signature, out->signature, KG_SIGNATURE_BYTES);
}

kg_status kg_envelope_open(const uint8_t *bytes, size_t count, kg_envelope *out)
{
    field outer[ENVELOPE_FIELDS] = {0}, inner[SIGNED_FIELDS] = {0};
    const field *covered = &outer[ENVELOPE_SIGNED];
    uint64_t version;
    bool unknown = false;
    memset(out, 0, sizeof *out);
    if (count > KG_FRAME_BYTES_MAX)
        return KG_STATUS_OVERSIZE;
    if (count == 0)
        return KG_STATUS_MALFORMED;
    if (!take_fields(bytes, count, outer, ENVELOPE_FIELDS, &unknown) || !covered->seen ||
        covered->type != WIRE_BYTES || !get_proof(outer, out) ||
        !take_fields(covered->bytes, covered->count, inner, SIGNED_FIELDS, &unknown) ||
        !get_number(&inner[SIGNED_VERSION], UINT32_MAX, &version))
        return KG_STATUS_MALFORMED;
    out->signed_bytes = covered->bytes;
    out->signed_count = covered->count;
    out->version = (uint32_t)version;
    kg_status status = read_signed(inner, out);
    if (version != KG_PROTOCOL_VERSION) /* what its fields are is not known here */
        return KG_STATUS_VERSION;
    return unknown ? KG_STATUS_UNKNOWN_FIELD : status;
}

/* What is covered, its prefix with it. Owned; of sizeof domain + signed_count bytes. */
static uint8_t *covered_by(const kg_envelope *envelope)
{
    uint8_t *bytes = kg_realloc(NULL, sizeof domain + envelope->signed_count, 1);
    memcpy(bytes, domain, sizeof domain);
    memcpy(bytes + sizeof domain, envelope->signed_bytes, envelope->signed_count);
    return bytes;
}

bool kg_envelope_signed_by(const kg_envelope *envelope, const uint8_t key[KG_KEY_BYTES])
{
    if (envelope->tagged)
        return false;
    uint8_t *bytes = covered_by(envelope);
    bool good =
        kg_signature_check(key, bytes, sizeof domain + envelope->signed_count, envelope->signature);
    free(bytes);
    return good;
}

bool kg_envelope_tagged_by(const kg_envelope *envelope, const uint8_t shared[KG_SHARED_BYTES])
{
    if (!envelope->tagged)
        return false;
    uint8_t *bytes = covered_by(envelope);
    bool good = kg_tag_check(shared, bytes, sizeof domain + envelope->signed_count, envelope->tag);
    free(bytes);
    return good;
}

static void put_varint(kg_buffer *out, uint64_t value)
{
    uint8_t bytes[10];
    size_t count = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[count++] = (uint8_t)(value | 0x80);
    bytes[count++] = (uint8_t)value;
    kg_buffer_add(out, bytes, count);
}

static void put_number(kg_buffer *out, unsigned number, uint64_t value)
{
    put_varint(out, number << 3 | WIRE_VARINT);
    put_varint(out, value);
}

static void put_bytes(kg_buffer *out, unsigned number, const void *bytes, size_t count)
{
    put_varint(out, number << 3 | WIRE_BYTES);
    put_varint(out, count);
    kg_buffer_add(out, bytes, count);
}

/* What is to be covered, its prefix with it. */
static void put_covered(kg_buffer *out, const kg_envelope *envelope)
{
    kg_buffer_init(out);
    kg_buffer_add(out, domain, sizeof domain);
    put_number(out, SIGNED_VERSION, envelope->version);
    put_bytes(out, SIGNED_DEPLOYMENT, envelope->deployment, KG_DEPLOYMENT_BYTES);
    put_bytes(out, SIGNED_ORGANISATION, envelope->organisation, strlen(envelope->organisation));
    put_bytes(out, SIGNED_KEY_ID, envelope->key_id, KG_KEY_ID_BYTES);
    put_bytes(out, SIGNED_REQUEST_ID, envelope->request_id, KG_REQUEST_ID_BYTES);
    put_number(out, SIGNED_KIND, envelope->kind);
    put_number(out, SIGNED_EXPIRES, (uint64_t)envelope->expires_ms);
    put_bytes(out, SIGNED_BODY, envelope->body, envelope->body_bytes);
}

/* The covered part, and what proves it. */
static void put_envelope(kg_buffer *out, const kg_buffer *covered, unsigned number,
                         const uint8_t *proof, size_t count)
{
    put_bytes(out, ENVELOPE_SIGNED, covered->bytes + sizeof domain, covered->count - sizeof domain);
    put_bytes(out, number, proof, count);
}

void kg_envelope_seal(const kg_envelope *envelope, const kg_identity *identity, kg_buffer *out)
{
    uint8_t signature[KG_SIGNATURE_BYTES];
    kg_buffer covered;
    put_covered(&covered, envelope);
    kg_identity_sign(identity, covered.bytes, covered.count, signature);
    put_envelope(out, &covered, ENVELOPE_SIGNATURE, signature, sizeof signature);
    kg_buffer_fini(&covered);
}

void kg_envelope_tag(const kg_envelope *envelope, const uint8_t shared[KG_SHARED_BYTES],
                     kg_buffer *out)
{
    uint8_t tag[KG_TAG_BYTES];
    kg_buffer covered;
    put_covered(&covered, envelope);
    kg_tag_make(shared, covered.bytes, covered.count, tag);
    put_envelope(out, &covered, ENVELOPE_TAG, tag, sizeof tag);
    kg_buffer_fini(&covered);
}

void kg_envelope_request_key(const kg_envelope *envelope, uint8_t out[KG_SHA256_BYTES])
{
    uint8_t bytes[KG_ID_BYTES_MAX + 1 + KG_REQUEST_ID_BYTES];
    size_t count = strlen(envelope->organisation) + 1;
    memcpy(bytes, envelope->organisation, count);
    memcpy(bytes + count, envelope->request_id, KG_REQUEST_ID_BYTES);
    kg_sha256_once(bytes, count + KG_REQUEST_ID_BYTES, out);
}
