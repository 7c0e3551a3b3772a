/* SPDX-License-Identifier: EUPL-1.2 */
/* Checking signatures, with libsodium: OpenSSL takes 1.75 times as long for it, and a broker does
 * little else for messages of a line. The only place that knows libsodium, which is there wherever
 * CURVE is. */
#include "proto/identity.h"

#include <sodium.h>

_Static_assert(KG_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "an Ed25519 key");
_Static_assert(KG_SIGNATURE_BYTES == crypto_sign_BYTES, "an Ed25519 signature");

bool kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                        const uint8_t signature[KG_SIGNATURE_BYTES])
{
    /* sodium_init() may be called again and by any thread; less than 0: the system is unusable. */
    return sodium_init() >= 0 && crypto_sign_verify_detached(signature, bytes, count, key) == 0;
}
