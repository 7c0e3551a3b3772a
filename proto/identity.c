/* SPDX-License-Identifier: EUPL-1.2 */
/* Hashes, random bytes and keys over OpenSSL. Where a call of it can fail only for
 * want of memory or of the algorithm, the process ends, as in memory.h. */
#include "proto/identity_text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/pkcs12.h>

#include "proto/memory.h"

/* What a passphrase costs to try: OWASP's least for scrypt that stays within the 32 MiB which
 * OpenSSL grants when it reads the file. */
#define SCRYPT_N 16384
#define SCRYPT_R 8
#define SCRYPT_P 5
#define SCRYPT_SALT_BYTES 16

#define ORGANISATION_LABEL "organisation: "

struct kg_sha256 {
    EVP_MD_CTX *context;
};

struct kg_identity {
    char organisation[KG_ID_BYTES_MAX + 1];
    EVP_PKEY *sign;
    uint8_t sign_public[KG_KEY_BYTES], sign_secret[KG_KEY_BYTES];
    uint8_t transport_public[KG_KEY_BYTES], transport_secret[KG_KEY_BYTES];
};

static void require(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "kopgroep: OpenSSL cannot %s; the process ends.\n", what);
    fflush(stderr); /* a broker's log is buffered */
    abort();
}

/* What EVP_sha256() stands for is looked up at each use, which takes longer than to hash a short
 * message: so it is looked up once. */
static EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void fetch_sha256(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    require(sha256 != NULL, "compute SHA-256");
}

static const EVP_MD *md_sha256(void)
{
    pthread_once(&sha256_once, fetch_sha256);
    return sha256;
}

kg_sha256 *kg_sha256_new(void)
{
    kg_sha256 *hash = kg_alloc(1, sizeof *hash);
    hash->context = EVP_MD_CTX_new();
    require(hash->context && EVP_DigestInit_ex(hash->context, md_sha256(), NULL) == 1,
            "compute SHA-256");
    return hash;
}

void kg_sha256_add(kg_sha256 *hash, const void *bytes, size_t count)
{
    require(EVP_DigestUpdate(hash->context, bytes, count) == 1, "compute SHA-256");
}

void kg_sha256_take(kg_sha256 *hash, uint8_t out[KG_SHA256_BYTES])
{
    require(EVP_DigestFinal_ex(hash->context, out, NULL) == 1 &&
                EVP_DigestInit_ex(hash->context, NULL, NULL) == 1,
            "compute SHA-256");
}

void kg_sha256_end(kg_sha256 **hash, uint8_t out[KG_SHA256_BYTES])
{
    require(EVP_DigestFinal_ex((*hash)->context, out, NULL) == 1, "compute SHA-256");
    kg_sha256_destroy(hash);
}

void kg_sha256_destroy(kg_sha256 **hash)
{
    if (!*hash)
        return;
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
    require(EVP_Digest(bytes, count, out, NULL, md_sha256(), NULL) == 1, "compute SHA-256");
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

void kg_key_id(const uint8_t sign[KG_KEY_BYTES], uint8_t out[KG_KEY_ID_BYTES])
{
    uint8_t digest[KG_SHA256_BYTES];
    kg_sha256_once(sign, KG_KEY_BYTES, digest);
    memcpy(out, digest, KG_KEY_ID_BYTES);
}

/* Takes the keys. NULL when they are not an Ed25519 and an X25519 pair. CURVE's keys are raw X25519
 * keys. */
static kg_identity *identity_of(const char *organisation, EVP_PKEY *sign, EVP_PKEY *transport)
{
    kg_identity *identity = kg_alloc(1, sizeof *identity);
    size_t a = KG_KEY_BYTES, b = a, c = a, d = a;
    identity->sign = sign;
    kg_text_format(identity->organisation, sizeof identity->organisation, "%s", organisation);
    bool good = sign && transport && EVP_PKEY_get_id(sign) == EVP_PKEY_ED25519 &&
                EVP_PKEY_get_id(transport) == EVP_PKEY_X25519 &&
                EVP_PKEY_get_raw_public_key(sign, identity->sign_public, &a) == 1 &&
                EVP_PKEY_get_raw_public_key(transport, identity->transport_public, &b) == 1 &&
                EVP_PKEY_get_raw_private_key(transport, identity->transport_secret, &c) == 1 &&
                EVP_PKEY_get_raw_private_key(sign, identity->sign_secret, &d) == 1;
    EVP_PKEY_free(transport);
    if (!good)
        kg_identity_destroy(&identity);
    return identity;
}

kg_identity *kg_identity_generate(const char *organisation)
{
    if (!kg_id_valid(organisation)) {
        kg_identity_fail("%s", kg_status_text(KG_STATUS_ORGANISATION));
        return NULL;
    }
    kg_identity *identity = identity_of(organisation, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
                                        EVP_PKEY_Q_keygen(NULL, NULL, "X25519"));
    require(identity != NULL, "make a key");
    return identity;
}

void kg_identity_destroy(kg_identity **identity)
{
    if (!*identity)
        return;
    EVP_PKEY_free((*identity)->sign); /* wipes the key itself */
    kg_wipe(*identity, sizeof **identity);
    free(*identity);
    *identity = NULL;
}

const char *kg_identity_organisation(const kg_identity *identity)
{
    return identity->organisation;
}

void kg_identity_public(const kg_identity *identity, kg_public_key *out)
{
    memcpy(out->sign, identity->sign_public, KG_KEY_BYTES);
    memcpy(out->transport, identity->transport_public, KG_KEY_BYTES);
    out->roles = 0;
}

const uint8_t *kg_identity_transport_secret(const kg_identity *identity)
{
    return identity->transport_secret;
}

void kg_identity_sign(const kg_identity *identity, const void *bytes, size_t count,
                      uint8_t out[KG_SIGNATURE_BYTES])
{
    kg_signature_make(identity->sign_secret, identity->sign_public, bytes, count, out);
}

bool kg_identity_share(const kg_identity *identity, bool asks, const uint8_t other[KG_KEY_BYTES],
                       uint8_t out[KG_SHARED_BYTES])
{
    return kg_shared_make(identity->sign_secret, identity->sign_public, asks, other, out);
}

void kg_wipe(void *bytes, size_t count)
{
    OPENSSL_cleanse(bytes, count);
}

static void write_key(BIO *text, EVP_PKEY *key, const char *passphrase)
{
    PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
    require(plain != NULL, "write a key");
    if (!passphrase) {
        require(PEM_write_bio_PKCS8_PRIV_KEY_INFO(text, plain) == 1, "write a key");
    } else {
        uint8_t salt[SCRYPT_SALT_BYTES];
        kg_random(salt, sizeof salt);
        X509_ALGOR *scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, sizeof salt, NULL,
                                                   SCRYPT_N, SCRYPT_R, SCRYPT_P);
        require(scheme != NULL, "derive a key from a passphrase");
        X509_SIG *sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), plain, scheme);
        require(sealed && PEM_write_bio_PKCS8(text, sealed) == 1, "encrypt a key");
        X509_SIG_free(sealed);
    }
    PKCS8_PRIV_KEY_INFO_free(plain);
}

char *kg_identity_text_write(const kg_identity *identity, const char *passphrase, size_t *count)
{
    EVP_PKEY *transport = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
                                                       identity->transport_secret, KG_KEY_BYTES);
    BIO *text = BIO_new(BIO_s_mem());
    require(transport && text, "write a key");
    BIO_printf(text, ORGANISATION_LABEL "%s\n", identity->organisation);
    write_key(text, identity->sign, passphrase);
    write_key(text, transport, passphrase);
    char *bytes;
    *count = (size_t)BIO_get_mem_data(text, &bytes);
    char *copy = memcpy(kg_alloc(*count + 1, 1), bytes, *count);
    kg_wipe(bytes, *count);
    BIO_free(text);
    EVP_PKEY_free(transport);
    return copy;
}

/* One block as a key; NULL (with the reason in `failure`) when it is none. */
static EVP_PKEY *key_of_block(const char *name, const uint8_t *data, long count,
                              const char *passphrase, kg_identity_failure *failure)
{
    PKCS8_PRIV_KEY_INFO *plain = NULL;
    *failure = KG_IDENTITY_SYNTAX;
    if (strcmp(name, "PRIVATE KEY") == 0) {
        plain = d2i_PKCS8_PRIV_KEY_INFO(NULL, &data, count);
    } else if (strcmp(name, "ENCRYPTED PRIVATE KEY") == 0) {
        X509_SIG *sealed = d2i_X509_SIG(NULL, &data, count);
        if (sealed && !passphrase)
            *failure = KG_IDENTITY_NEEDS_PASSPHRASE;
        else if (sealed && !(plain = PKCS8_decrypt(sealed, passphrase, (int)strlen(passphrase))))
            *failure = KG_IDENTITY_WRONG_PASSPHRASE;
        X509_SIG_free(sealed);
    }
    EVP_PKEY *key = plain ? EVP_PKCS82PKEY(plain) : NULL;
    PKCS8_PRIV_KEY_INFO_free(plain);
    return key;
}

static EVP_PKEY *read_key(BIO *text, const char *passphrase, kg_identity_failure *failure)
{
    char *name = NULL, *header = NULL;
    unsigned char *data = NULL;
    long count = 0;
    EVP_PKEY *key = NULL;
    *failure = KG_IDENTITY_SYNTAX;
    if (PEM_read_bio(text, &name, &header, &data, &count) == 1)
        key = key_of_block(name, data, count, passphrase, failure);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, (size_t)count);
    return key;
}

/* The first line, which names the organisation. */
static bool read_organisation(const char *text, char out[static KG_ID_BYTES_MAX + 1])
{
    const size_t label = sizeof ORGANISATION_LABEL - 1;
    if (strncmp(text, ORGANISATION_LABEL, label) != 0)
        return false;
    size_t bytes = strcspn(text + label, "\r\n");
    if (bytes > KG_ID_BYTES_MAX)
        return false;
    memcpy(out, text + label, bytes);
    out[bytes] = '\0';
    return kg_id_valid(out);
}

kg_identity *kg_identity_text_read(const char *text, size_t count, const char *passphrase,
                                   kg_identity_failure *failure)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    *failure = KG_IDENTITY_SYNTAX;
    if (!read_organisation(text, organisation))
        return NULL;
    BIO *memory = BIO_new_mem_buf(text, (int)count);
    require(memory != NULL, "read a key");
    EVP_PKEY *sign = read_key(memory, passphrase, failure);
    EVP_PKEY *transport = sign ? read_key(memory, passphrase, failure) : NULL;
    BIO_free(memory);
    ERR_clear_error();
    return identity_of(organisation, sign, transport);
}

const char *kg_identity_library(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
