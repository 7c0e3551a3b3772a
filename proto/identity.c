/* SPDX-License-Identifier: EUPL-1.2 */
/* Hashes, random bytes and signatures over OpenSSL. A call of it that fails here means that it
 * has no memory or no such algorithm: the process ends, as in memory.h. */
#include "proto/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "proto/memory.h"

struct kg_sha256 {
    EVP_MD_CTX *context;
};

static void require(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "kopgroep: OpenSSL cannot %s; the process ends.\n", what);
    abort();
}

kg_sha256 *kg_sha256_new(void)
{
    kg_sha256 *hash = kg_alloc(1, sizeof *hash);
    hash->context = EVP_MD_CTX_new();
    require(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1,
            "compute SHA-256");
    return hash;
}

void kg_sha256_add(kg_sha256 *hash, const void *bytes, size_t count)
{
    require(EVP_DigestUpdate(hash->context, bytes, count) == 1, "compute SHA-256");
}

void kg_sha256_end(kg_sha256 **hash, uint8_t out[KG_SHA256_BYTES])
{
    require(EVP_DigestFinal_ex((*hash)->context, out, NULL) == 1, "compute SHA-256");
    EVP_MD_CTX_free((*hash)->context);
    free(*hash);
    *hash = NULL;
}

static void sink_write(void *context, const void *bytes, size_t count)
{
    kg_sha256_add(context, bytes, count);
}

kg_sink kg_sha256_sink(kg_sha256 *hash)
{
    return (kg_sink){.write = sink_write, .context = hash};
}

void kg_sha256_once(const void *bytes, size_t count, uint8_t out[KG_SHA256_BYTES])
{
    require(EVP_Digest(bytes, count, out, NULL, EVP_sha256(), NULL) == 1, "compute SHA-256");
}

void kg_random(void *out, size_t count)
{
    while (count > 0) {
        int part = count > 65536 ? 65536 : (int)count;
        require(RAND_bytes(out, part) == 1, "give random bytes");
        out = (char *)out + part;
        count -= (size_t)part;
    }
}

bool kg_bytes_equal(const void *a, const void *b, size_t count)
{
    return CRYPTO_memcmp(a, b, count) == 0;
}

bool kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                        const uint8_t signature[KG_SIGNATURE_BYTES])
{
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, KG_KEY_BYTES);
    require(public != NULL, "load an Ed25519 key");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    require(context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1,
            "check a signature");
    bool good = EVP_DigestVerify(context, signature, KG_SIGNATURE_BYTES, bytes, count) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public);
    return good;
}

void kg_key_id(const uint8_t sign[KG_KEY_BYTES], uint8_t out[KG_KEY_ID_BYTES])
{
    uint8_t digest[KG_SHA256_BYTES];
    kg_sha256_once(sign, KG_KEY_BYTES, digest);
    memcpy(out, digest, KG_KEY_ID_BYTES);
}
