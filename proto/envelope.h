/* SPDX-License-Identifier: EUPL-1.2 */
/* The envelope: one message that is signed, or, a question of which nothing is kept, tagged. Bytes
 * on the wire are a protobuf `Envelope` whose first field is the covered part as bytes and whose
 * second is the signature, or third the tag, over a domain-separating prefix followed by exactly
 * those bytes, as received, never re-encoded. */
#ifndef KG_ENVELOPE_H
#define KG_ENVELOPE_H

#include "proto/identity.h"
#include "proto/status.h"

#define KG_PROTOCOL_VERSION 1
#define KG_DEPLOYMENT_BYTES 16

typedef struct kg_envelope {
    uint32_t version;
    uint8_t deployment[KG_DEPLOYMENT_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    uint8_t key_id[KG_KEY_ID_BYTES];
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    uint32_t kind;      /* kg_kind of codec.h */
    int64_t expires_ms; /* since 1970; a message that arrives later is refused */
    const uint8_t *body; /* borrows from the bytes that were opened */
    size_t body_bytes;
    const uint8_t *signed_bytes; /* likewise: what the signature or tag covers */
    size_t signed_count;
    bool tagged; /* has a tag, not a signature: who opens it must ask for what it needs */
    uint8_t signature[KG_SIGNATURE_BYTES], tag[KG_TAG_BYTES]; /* the other is zero */
} kg_envelope;

/* Takes a message apart without checking signature or tag. KG_STATUS_OK, MALFORMED, VERSION,
 * OVERSIZE or UNKNOWN_FIELD. Each field must be there once, in any order, with no other. The
 * envelope borrows from `bytes`; the caller keeps them. Takes no memory. On failure what could be
 * read is set (the request id, say, for the reply) and the rest is zero. */
kg_status kg_envelope_open(const uint8_t *bytes, size_t count, kg_envelope *out);
/* Is it signed, and does the signature fit the key? */
bool kg_envelope_signed_by(const kg_envelope *envelope, const uint8_t key[KG_KEY_BYTES]);
/* Is it tagged, and does the tag fit what both share (kg_identity_share())? */
bool kg_envelope_tagged_by(const kg_envelope *envelope, const uint8_t shared[KG_SHARED_BYTES]);
/* Signs and writes a message; fields but signature and signed bytes are taken from `envelope`. */
void kg_envelope_seal(const kg_envelope *envelope, const kg_identity *identity, kg_buffer *out);
/* Tags and writes one, likewise. */
void kg_envelope_tag(const kg_envelope *envelope, const uint8_t shared[KG_SHARED_BYTES],
                     kg_buffer *out);
/* SHA-256 of (organisation, request id): the journal's request key. */
void kg_envelope_request_key(const kg_envelope *envelope, uint8_t out[KG_SHA256_BYTES]);

#endif
