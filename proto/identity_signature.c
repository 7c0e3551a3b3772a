/* SPDX-License-Identifier: EUPL-1.2 */
/* Signatures and tags, with libsodium: OpenSSL takes twice as long to check or make a signature,
 * and a broker does little else for messages of a line. The only place that knows libsodium, which
 * is there wherever CURVE is. */
#include "proto/identity_text.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

_Static_assert(KG_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "an Ed25519 key");
_Static_assert(KG_SIGNATURE_BYTES == crypto_sign_BYTES, "an Ed25519 signature");
_Static_assert(KG_SHARED_BYTES == crypto_kx_SESSIONKEYBYTES, "an exchanged key");
_Static_assert(KG_SHARED_BYTES == crypto_auth_KEYBYTES, "the key of a tag");
_Static_assert(KG_TAG_BYTES == crypto_auth_BYTES, "a tag");

bool kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                        const uint8_t signature[KG_SIGNATURE_BYTES])
{
    /* sodium_init() may be called again and by any thread; less than 0: the system is unusable. */
    return sodium_init() >= 0 && crypto_sign_verify_detached(signature, bytes, count, key) == 0;
}

/* What libsodium calls the secret key; to be wiped. */
static void join(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES],
                 uint8_t out[crypto_sign_SECRETKEYBYTES])
{
    memcpy(out, secret, KG_KEY_BYTES);
    memcpy(out + KG_KEY_BYTES, key, KG_KEY_BYTES);
}

void kg_signature_make(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES],
                       const void *bytes, size_t count, uint8_t out[KG_SIGNATURE_BYTES])
{
    uint8_t both[crypto_sign_SECRETKEYBYTES];
    join(secret, key, both);
    if (sodium_init() < 0 || crypto_sign_detached(out, NULL, bytes, count, both) != 0)
        abort(); /* the system is unusable */
    kg_wipe(both, sizeof both);
}

/* A pair of keys is made of which each side sends with one: of the asker's, and the broker hears
 * with it. */
static bool exchange(bool asks, const uint8_t *key, const uint8_t *secret, const uint8_t *other,
                     uint8_t out[KG_SHARED_BYTES])
{
    uint8_t unused[crypto_kx_SESSIONKEYBYTES];
    bool good = asks ? crypto_kx_client_session_keys(unused, out, key, secret, other) == 0
                     : crypto_kx_server_session_keys(out, unused, key, secret, other) == 0;
    kg_wipe(unused, sizeof unused);
    return good;
}

bool kg_shared_make(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES], bool asks,
                    const uint8_t other[KG_KEY_BYTES], uint8_t out[KG_SHARED_BYTES])
{
    uint8_t both[crypto_sign_SECRETKEYBYTES], ours[crypto_kx_SECRETKEYBYTES];
    uint8_t our_key[crypto_kx_PUBLICKEYBYTES], other_key[crypto_kx_PUBLICKEYBYTES];
    join(secret, key, both);
    bool good = sodium_init() >= 0 && crypto_sign_ed25519_sk_to_curve25519(ours, both) == 0 &&
                crypto_sign_ed25519_pk_to_curve25519(our_key, key) == 0 &&
                crypto_sign_ed25519_pk_to_curve25519(other_key, other) == 0 &&
                exchange(asks, our_key, ours, other_key, out);
    kg_wipe(both, sizeof both);
    kg_wipe(ours, sizeof ours);
    return good;
}

void kg_tag_make(const uint8_t shared[KG_SHARED_BYTES], const void *bytes, size_t count,
                 uint8_t out[KG_TAG_BYTES])
{
    crypto_auth(out, bytes, count, shared);
}

bool kg_tag_check(const uint8_t shared[KG_SHARED_BYTES], const void *bytes, size_t count,
                  const uint8_t tag[KG_TAG_BYTES])
{
    return crypto_auth_verify(tag, bytes, count, shared) == 0;
}

const char *kg_signature_library(void)
{
    return sodium_version_string();
}
