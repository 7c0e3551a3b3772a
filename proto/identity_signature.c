/* SPDX-License-Identifier: EUPL-1.2 */
/* Signatures, with libsodium: OpenSSL takes twice as long to check or make one, and a broker does
 * little else for messages of a line. The only place that knows libsodium, which is there wherever
 * CURVE is. */
#include "proto/identity_text.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

_Static_assert(KG_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "an Ed25519 key");
_Static_assert(KG_SIGNATURE_BYTES == crypto_sign_BYTES, "an Ed25519 signature");

bool kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                        const uint8_t signature[KG_SIGNATURE_BYTES])
{
    /* sodium_init() may be called again and by any thread; less than 0: the system is unusable. */
    return sodium_init() >= 0 && crypto_sign_verify_detached(signature, bytes, count, key) == 0;
}

void kg_signature_make(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES],
                       const void *bytes, size_t count, uint8_t out[KG_SIGNATURE_BYTES])
{
    uint8_t both[crypto_sign_SECRETKEYBYTES]; /* what libsodium calls the secret key */
    memcpy(both, secret, KG_KEY_BYTES);
    memcpy(both + KG_KEY_BYTES, key, KG_KEY_BYTES);
    if (sodium_init() < 0 || crypto_sign_detached(out, NULL, bytes, count, both) != 0)
        abort(); /* the system is unusable */
    kg_wipe(both, sizeof both);
}

const char *kg_signature_library(void)
{
    return sodium_version_string();
}
