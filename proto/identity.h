/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys, signatures, hashes, random bytes: the only place that knows OpenSSL (and, for checking
 * signatures, libsodium). An identity file is
 * a line "organisation: ID", an Ed25519 private key and an X25519 one (which is what a CURVE key
 * is), both PKCS#8 PEM, encrypted (scrypt, AES-256) where there is a passphrase; mode 0600,
 * refused otherwise. The id is not secret and not protected: it only says whose keys they are, and
 * a broker knows that by itself. The public half is a file of its own, to be given to the
 * administrator. No call keeps state between calls, but for kg_identity_error(). */
#ifndef KG_IDENTITY_H
#define KG_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/limits.h"
#include "proto/organisation.h"
#include "proto/sink.h"

#define KG_SHA256_BYTES 32
#define KG_SIGNATURE_BYTES 64
#define KG_KEY_ID_BYTES 8    /* first bytes of SHA-256 of the Ed25519 public key */
#define KG_Z85_KEY_CHARS 40

/* Streaming SHA-256. */
typedef struct kg_sha256 kg_sha256;
kg_sha256 *kg_sha256_new(void);
void kg_sha256_add(kg_sha256 *hash, const void *bytes, size_t count);
/* Writes the digest; the hash begins anew, at less cost than a new one. */
void kg_sha256_take(kg_sha256 *hash, uint8_t out[KG_SHA256_BYTES]);
/* Writes the digest and frees. */
void kg_sha256_end(kg_sha256 **hash, uint8_t out[KG_SHA256_BYTES]);
void kg_sha256_destroy(kg_sha256 **hash);
kg_sink kg_sha256_sink(kg_sha256 *hash);
void kg_sha256_once(const void *bytes, size_t count, uint8_t out[KG_SHA256_BYTES]);

/* Cryptographically random; ends the process when there is no source. */
void kg_random(void *out, size_t count);
/* Constant time. */
bool kg_bytes_equal(const void *a, const void *b, size_t count);

/* A key pair of each kind. */
typedef struct kg_identity kg_identity;

/* Why an identity could not be read or written, as a sentence for the user; static, by thread. */
const char *kg_identity_error(void);

/* Fresh keys for an organisation. Returns owned; NULL when the id is not one. */
kg_identity *kg_identity_generate(const char *organisation);
/* Reads a file; refuses one that others may read (any of 0077), that another user owns (but
 * root) or that is no regular file, with a clear error. `passphrase` NULL = none; an encrypted
 * file without one gives `*needs_passphrase` true. NULL on failure. */
kg_identity *kg_identity_read(const char *path, const char *passphrase, bool *needs_passphrase);
/* Writes mode 0600 (created so, never widened), does not overwrite; fsynced. */
bool kg_identity_write(const kg_identity *identity, const char *path, const char *passphrase);
void kg_identity_destroy(kg_identity **identity); /* wipes */

const char *kg_identity_organisation(const kg_identity *identity);
void kg_identity_public(const kg_identity *identity, kg_public_key *out); /* roles 0 */
/* CURVE secret key, for the socket; 32 bytes. */
const uint8_t *kg_identity_transport_secret(const kg_identity *identity);
void kg_identity_sign(const kg_identity *identity, const void *bytes, size_t count,
                      uint8_t out[KG_SIGNATURE_BYTES]);

/* Checks one signature. */
bool kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                        const uint8_t signature[KG_SIGNATURE_BYTES]);
/* What the holders of two keys share and nobody else can know: X25519 of the Ed25519 keys
 * (crypto_kx). With it one shows to the other that a message is its own, at far less than a
 * signature costs (README), but neither can show it to a third. Of the two one only `asks`. False:
 * `other` is no key. */
#define KG_SHARED_BYTES 32
#define KG_TAG_BYTES 32
bool kg_identity_share(const kg_identity *identity, bool asks, const uint8_t other[KG_KEY_BYTES],
                       uint8_t out[KG_SHARED_BYTES]);
/* HMAC-SHA-512-256 (crypto_auth). */
void kg_tag_make(const uint8_t shared[KG_SHARED_BYTES], const void *bytes, size_t count,
                 uint8_t out[KG_TAG_BYTES]);
bool kg_tag_check(const uint8_t shared[KG_SHARED_BYTES], const void *bytes, size_t count,
                  const uint8_t tag[KG_TAG_BYTES]);

void kg_key_id(const uint8_t sign[KG_KEY_BYTES], uint8_t out[KG_KEY_ID_BYTES]);

/* The public file: three lines "organisation ID", "sign HEX", "transport Z85", in this order. Mode
 * 0644; like an identity it is never overwritten. Failure: kg_identity_error(). */
bool kg_public_key_write(const char *path, const char *organisation, const kg_public_key *key);
bool kg_public_key_read(const char *path, char organisation[static KG_ID_BYTES_MAX + 1],
                        kg_public_key *out);

/* Z85 (ZeroMQ RFC 32) of a 32-byte key. */
void kg_z85_write(const uint8_t key[KG_KEY_BYTES], char out[static KG_Z85_KEY_CHARS + 1]);
bool kg_z85_parse(const char *text, uint8_t out[KG_KEY_BYTES]);

/* Versions of OpenSSL and libsodium, as they say themselves; static. */
const char *kg_identity_library(void);
const char *kg_signature_library(void);

#endif
