/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a message: refused, or an envelope that lies within them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool condition)
{
    if (!condition)
        abort();
}

static bool within(const uint8_t *part, size_t count, const uint8_t *whole, size_t size)
{
    return part >= whole && count <= size && (size_t)(part - whole) <= size - count;
}

static void need_right(const kg_envelope *envelope, const uint8_t *data, size_t size)
{
    uint8_t request_key[KG_SHA256_BYTES];
    need(envelope->version == KG_PROTOCOL_VERSION);
    need(kg_id_valid(envelope->organisation));
    need(envelope->expires_ms >= 0);
    need(envelope->body_bytes <= KG_BODY_BYTES_MAX);
    need(within(envelope->signed_bytes, envelope->signed_count, data, size));
    need(within(envelope->body, envelope->body_bytes, envelope->signed_bytes,
                envelope->signed_count));
    kg_envelope_request_key(envelope, request_key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[KG_KEY_BYTES] = {1};
    kg_envelope envelope;
    kg_status status = kg_envelope_open(data, size, &envelope);
    need(status == KG_STATUS_OK || status == KG_STATUS_MALFORMED || status == KG_STATUS_VERSION ||
         status == KG_STATUS_OVERSIZE || status == KG_STATUS_UNKNOWN_FIELD);
    if (status != KG_STATUS_OK)
        return 0;
    need_right(&envelope, data, size);
    need(!kg_envelope_signed_by(&envelope, key)); /* nobody has signed with this one */
    return 0;
}
