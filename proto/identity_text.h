/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the identity module: between the text of an identity file (identity.c, which knows
 * OpenSSL), the file itself (identity_store.c, which knows the file system) and signatures
 * (identity_signature.c, which knows libsodium). */
#ifndef KG_IDENTITY_TEXT_H
#define KG_IDENTITY_TEXT_H

#include "proto/identity.h"

typedef enum kg_identity_failure {
    KG_IDENTITY_SYNTAX, /* not an identity file */
    KG_IDENTITY_NEEDS_PASSPHRASE,
    KG_IDENTITY_WRONG_PASSPHRASE
} kg_identity_failure;

/* The text of a file; returns owned, secret: wipe, then free. */
char *kg_identity_text_write(const kg_identity *identity, const char *passphrase, size_t *count);
/* The other way; `text` is NUL-ended after `count` bytes. NULL with `failure` set. */
kg_identity *kg_identity_text_read(const char *text, size_t count, const char *passphrase,
                                   kg_identity_failure *failure);
/* identity_signature.c: an Ed25519 signature by a secret key, of which `key` is the public half. */
void kg_signature_make(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES],
                       const void *bytes, size_t count, uint8_t out[KG_SIGNATURE_BYTES]);
/* The same keys' share with another one: kg_identity_share(). */
bool kg_shared_make(const uint8_t secret[KG_KEY_BYTES], const uint8_t key[KG_KEY_BYTES], bool asks,
                    const uint8_t other[KG_KEY_BYTES], uint8_t out[KG_SHARED_BYTES]);
/* Overwrites so that the compiler does not leave it out. */
void kg_wipe(void *bytes, size_t count);
/* Sets what kg_identity_error() tells. Gives false, so that a caller can return it. */
__attribute__((format(printf, 1, 2))) bool kg_identity_fail(const char *format, ...);

#endif
