/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/identity_text.h"
#include "proto/memory.h"

#define ORGANISATION "BE-0316380940"

typedef struct scene {
    char folder[64];
    char path[128];
    kg_identity *identity;
} scene;

static int set_up(void **state)
{
    scene *s = kg_alloc(1, sizeof *s);
    kg_text_format(s->folder, sizeof s->folder, "/tmp/kg_identity_XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    kg_text_format(s->path, sizeof s->path, "%s/me.key", s->folder);
    s->identity = kg_identity_generate(ORGANISATION);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scene *s = *state;
    unlink(s->path);
    assert_int_equal(rmdir(s->folder), 0);
    kg_identity_destroy(&s->identity);
    assert_null(s->identity);
    free(s);
    return 0;
}

static void assert_hex(const uint8_t *bytes, size_t count, const char *expected)
{
    char hex[2 * 64 + 1];
    kg_hex_write(bytes, count, hex);
    assert_string_equal(hex, expected);
}

/* FIPS 180-2, appendix B.1 and B.2, and the empty text. */
static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    uint8_t digest[KG_SHA256_BYTES];
    kg_sha256_once("abc", 3, digest);
    assert_hex(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    kg_sha256_once("", 0, digest);
    assert_hex(digest, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    kg_sha256 *hash = kg_sha256_new();
    kg_sink sink = kg_sha256_sink(hash);
    kg_sha256_add(hash, "abcdbcdecdefdefgefghfghi", 24);
    sink.write(sink.context, "ghijhijkijkljklmklmnlmnomnopnopq", 32);
    kg_sha256_end(&hash, digest);
    assert_null(hash);
    assert_hex(digest, 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void random_bytes_fill_all_and_differ(void **state)
{
    (void)state;
    enum { COUNT = 70000 };
    uint8_t *a = kg_alloc(COUNT, 1), *b = kg_alloc(COUNT, 1);
    kg_random(a, COUNT);
    kg_random(b, COUNT);
    assert_false(kg_bytes_equal(a, b, 16));
    assert_false(kg_bytes_equal(a + COUNT - 16, b + COUNT - 16, 16));
    memcpy(b, a, COUNT);
    assert_true(kg_bytes_equal(a, b, COUNT));
    free(a);
    free(b);
}

/* RFC 8032, section 7.1, test 3. */
static void signature_check_follows_rfc_8032(void **state)
{
    (void)state;
    uint8_t key[32], signature[64], message[2] = {0xaf, 0x82};
    kg_hex_parse("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", key, 32);
    kg_hex_parse("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
                 signature, 64);
    assert_true(kg_signature_check(key, message, 2, signature));
    message[0] ^= 1;
    assert_false(kg_signature_check(key, message, 2, signature));
}

/* The same test: the key in the form in which a file has it. */
static void signatures_are_made_as_rfc_8032_says(void **state)
{
    (void)state;
    static const char text[] =
        "organisation: RFC-8032\n"
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3\n"
        "-----END PRIVATE KEY-----\n"
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+S68CZKrF3+6UdsSwq\n"
        "-----END PRIVATE KEY-----\n";
    const uint8_t message[2] = {0xaf, 0x82};
    uint8_t expected[KG_SIGNATURE_BYTES], signature[KG_SIGNATURE_BYTES];
    kg_identity_failure failure;
    kg_identity *identity = kg_identity_text_read(text, sizeof text - 1, NULL, &failure);
    assert_non_null(identity);
    kg_identity_sign(identity, message, sizeof message, signature);
    kg_hex_parse("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
                 expected, sizeof expected);
    assert_memory_equal(signature, expected, sizeof expected);
    kg_identity_destroy(&identity);
}

static void what_two_share_is_theirs_alone(void **state)
{
    scene *s = *state;
    kg_public_key asker, broker, stranger;
    uint8_t asks[KG_SHARED_BYTES], hears[KG_SHARED_BYTES], turned[KG_SHARED_BYTES];
    uint8_t strange[KG_SHARED_BYTES];
    kg_identity *other = kg_identity_generate(ORGANISATION);
    kg_identity *third = kg_identity_generate(ORGANISATION);
    kg_identity_public(s->identity, &asker);
    kg_identity_public(other, &broker);
    kg_identity_public(third, &stranger);
    assert_true(kg_identity_share(s->identity, true, broker.sign, asks));
    assert_true(kg_identity_share(other, false, asker.sign, hears));
    assert_memory_equal(asks, hears, sizeof asks);
    assert_true(kg_identity_share(other, true, asker.sign, turned));
    assert_memory_not_equal(asks, turned, sizeof asks);
    assert_true(kg_identity_share(third, false, asker.sign, strange));
    assert_memory_not_equal(asks, strange, sizeof asks);
    assert_true(kg_identity_share(third, true, broker.sign, strange));
    assert_memory_not_equal(asks, strange, sizeof asks);
    kg_identity_destroy(&other);
    kg_identity_destroy(&third);
}

/* Points that are none, and such of which the share would be known to everybody. */
static void nothing_is_shared_with_what_is_no_key(void **state)
{
    scene *s = *state;
    static const char *const wrong[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
    uint8_t key[KG_KEY_BYTES], shared[KG_SHARED_BYTES];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(kg_hex_parse(wrong[i], key, sizeof key));
        assert_false(kg_identity_share(s->identity, true, key, shared));
        assert_false(kg_identity_share(s->identity, false, key, shared));
    }
}

static void tags_fit_their_bytes_and_key(void **state)
{
    (void)state;
    uint8_t shared[KG_SHARED_BYTES] = {1, 2, 3}, tag[KG_TAG_BYTES];
    uint8_t bytes[100] = {7};
    kg_tag_make(shared, bytes, sizeof bytes, tag);
    assert_true(kg_tag_check(shared, bytes, sizeof bytes, tag));
    assert_false(kg_tag_check(shared, bytes, sizeof bytes - 1, tag));
    for (size_t i = 0; i < 8 * sizeof tag; i++) {
        tag[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(kg_tag_check(shared, bytes, sizeof bytes, tag));
        tag[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    shared[31] ^= 1;
    assert_false(kg_tag_check(shared, bytes, sizeof bytes, tag));
}

static void any_altered_bit_breaks_a_signature(void **state)
{
    scene *s = *state;
    uint8_t text[40] = "what was written is what is signed";
    uint8_t signature[KG_SIGNATURE_BYTES];
    kg_public_key key;
    kg_identity_public(s->identity, &key);
    kg_identity_sign(s->identity, text, sizeof text, signature);
    assert_true(kg_signature_check(key.sign, text, sizeof text, signature));
    assert_false(kg_signature_check(key.sign, text, sizeof text - 1, signature));
    assert_false(kg_signature_check(key.transport, text, sizeof text, signature));
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] ^= 0x10;
        assert_false(kg_signature_check(key.sign, text, sizeof text, signature));
        text[i] ^= 0x10;
    }
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 1;
        assert_false(kg_signature_check(key.sign, text, sizeof text, signature));
        signature[i] ^= 1;
    }
}

static void key_id_is_the_start_of_the_digest(void **state)
{
    scene *s = *state;
    kg_public_key key;
    uint8_t id[KG_KEY_ID_BYTES], digest[KG_SHA256_BYTES];
    kg_identity_public(s->identity, &key);
    kg_key_id(key.sign, id);
    kg_sha256_once(key.sign, sizeof key.sign, digest);
    assert_memory_equal(id, digest, sizeof id);
    assert_int_equal(key.roles, 0);
}

static void generate_refuses_what_is_no_id(void **state)
{
    (void)state;
    assert_null(kg_identity_generate("no spaces"));
    assert_non_null(strstr(kg_identity_error(), "1 to 64"));
    assert_null(kg_identity_generate(""));
}

static void assert_same(const kg_identity *a, const kg_identity *b)
{
    kg_public_key of_a, of_b;
    uint8_t first[KG_SIGNATURE_BYTES], second[KG_SIGNATURE_BYTES];
    kg_identity_public(a, &of_a);
    kg_identity_public(b, &of_b);
    assert_memory_equal(of_a.sign, of_b.sign, KG_KEY_BYTES);
    assert_memory_equal(of_a.transport, of_b.transport, KG_KEY_BYTES);
    assert_memory_equal(kg_identity_transport_secret(a), kg_identity_transport_secret(b),
                        KG_KEY_BYTES);
    assert_string_equal(kg_identity_organisation(a), kg_identity_organisation(b));
    kg_identity_sign(a, "x", 1, first); /* Ed25519 has no chance in it */
    kg_identity_sign(b, "x", 1, second);
    assert_memory_equal(first, second, sizeof first);
}

static void read_back(scene *s, const char *passphrase)
{
    bool needs = true;
    assert_true(kg_identity_write(s->identity, s->path, passphrase));
    kg_identity *read = kg_identity_read(s->path, passphrase, &needs);
    assert_non_null(read);
    assert_false(needs);
    assert_same(s->identity, read);
    kg_identity_destroy(&read);
}

static void file_without_passphrase_reads_back(void **state)
{
    scene *s = *state;
    struct stat file;
    mode_t before = umask(0);
    read_back(s, NULL);
    umask(before);
    assert_int_equal(stat(s->path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
}

static char *contents(const scene *s)
{
    char *text = kg_alloc(16384, 1);
    FILE *file = fopen(s->path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, 16383, file) > 0);
    fclose(file);
    return text;
}

static void file_with_passphrase_reads_back(void **state)
{
    scene *s = *state;
    read_back(s, "twee eikels in 1 eik");
    char *text = contents(s);
    assert_non_null(strstr(text, "organisation: " ORGANISATION "\n"));
    assert_non_null(strstr(text, "BEGIN ENCRYPTED PRIVATE KEY"));
    assert_null(strstr(text, "BEGIN PRIVATE KEY"));
    free(text);
}

static void assert_unreadable(scene *s, const char *passphrase, bool needs_expected,
                              const char *words)
{
    bool needs = !needs_expected;
    assert_null(kg_identity_read(s->path, passphrase, &needs));
    assert_int_equal(needs, needs_expected);
    assert_non_null(strstr(kg_identity_error(), words));
    assert_non_null(strstr(kg_identity_error(), s->path));
}

static void wrong_or_missing_passphrase_is_told_apart(void **state)
{
    scene *s = *state;
    assert_true(kg_identity_write(s->identity, s->path, "right"));
    assert_unreadable(s, "wrong", false, "passphrase does not open");
    assert_unreadable(s, NULL, true, "needs its passphrase");
}

static void modes_that_let_others_in_are_refused(void **state)
{
    scene *s = *state;
    bool needs;
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    static const mode_t open_modes[] = {0644, 0640, 0620, 0610, 0604, 0602, 0601, 0666};
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        char mode[8];
        kg_text_format(mode, sizeof mode, "%04o", (unsigned)open_modes[i]);
        assert_int_equal(chmod(s->path, open_modes[i]), 0);
        assert_unreadable(s, NULL, false, mode);
        assert_unreadable(s, NULL, false, "chmod 600 ");
    }
    assert_int_equal(chmod(s->path, 0400), 0);
    kg_identity *read = kg_identity_read(s->path, NULL, &needs);
    assert_non_null(read);
    kg_identity_destroy(&read);
}

/* Before its mode is found fault with: the advice must not be to lock it up. */
static void the_public_half_is_named_as_what_it_is(void **state)
{
    scene *s = *state;
    kg_public_key key;
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_identity_public(s->identity, &key);
    assert_true(kg_public_key_write(s->path, ORGANISATION, &key));
    assert_unreadable(s, NULL, false, "public half of an identity");
    assert_int_equal(unlink(s->path), 0);
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    assert_false(kg_public_key_read(s->path, organisation, &key));
    assert_non_null(strstr(kg_identity_error(), "is an identity, with its secrets"));
}

static void another_users_file_is_refused(void **state)
{
    scene *s = *state;
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(s->path, 12345, (gid_t)-1), 0);
    assert_unreadable(s, NULL, false, "belongs to another user (12345)");
}

static void what_is_no_regular_file_is_refused(void **state)
{
    scene *s = *state;
    assert_unreadable(s, NULL, false, "No such file");
    assert_int_equal(mkfifo(s->path, 0600), 0);
    assert_unreadable(s, NULL, false, "not a regular file");
}

static void files_are_never_overwritten(void **state)
{
    scene *s = *state;
    kg_public_key key;
    bool needs;
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    kg_identity *other = kg_identity_generate(ORGANISATION);
    assert_false(kg_identity_write(other, s->path, NULL));
    assert_non_null(strstr(kg_identity_error(), "exists already"));
    kg_identity_public(other, &key);
    assert_false(kg_public_key_write(s->path, ORGANISATION, &key));
    kg_identity *read = kg_identity_read(s->path, NULL, &needs);
    assert_same(read, s->identity);
    kg_identity_destroy(&read);
    kg_identity_destroy(&other);
}

static void write_says_why_it_cannot(void **state)
{
    scene *s = *state;
    assert_false(kg_identity_write(s->identity, "/nonexistent/folder/me.key", NULL));
    assert_non_null(strstr(kg_identity_error(), "No such file or directory"));
}

static void failed_write_leaves_no_file(void **state)
{
    scene *s = *state;
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 50;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool written = kg_identity_write(s->identity, s->path, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_false(written);
    assert_non_null(strstr(kg_identity_error(), "File too large"));
    assert_int_equal(access(s->path, F_OK), -1);
}

static void put(const scene *s, const char *text, size_t count)
{
    unlink(s->path);
    FILE *file = fopen(s->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(s->path, 0600), 0);
}

/* Every prefix of a good file, and what else may stand in one. */
static void damaged_files_are_refused(void **state)
{
    scene *s = *state;
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    char *text = contents(s);
    size_t count = strlen(text);
    for (size_t cut = 0; cut < count - 1; cut += 7) {
        put(s, text, cut);
        assert_unreadable(s, NULL, false, "not an identity file");
    }
    char *second = strstr(strstr(text, "-----BEGIN") + 1, "-----BEGIN");
    put(s, second, strlen(second));
    assert_unreadable(s, NULL, false, "not an identity file");
    put(s, "organisation: a b\n", 18);
    assert_unreadable(s, NULL, false, "not an identity file");
    put(s, "organisation: \0b\n", 17);
    assert_unreadable(s, NULL, false, "not a key file");
    char *large = kg_alloc(20000, 1);
    memset(large, 'a', 20000);
    put(s, large, 20000);
    assert_unreadable(s, NULL, false, "not a key file");
    free(large);
    free(text);
}

/* Both keys of the wrong kind: the transport key first. */
static void keys_in_the_wrong_order_are_refused(void **state)
{
    scene *s = *state;
    assert_true(kg_identity_write(s->identity, s->path, NULL));
    char *text = contents(s), *swapped = kg_alloc(16384, 1);
    char *first = strstr(text, "-----BEGIN"), *second = strstr(first + 1, "-----BEGIN");
    kg_text_format(swapped, 16384, "%.*s%s%.*s", (int)(first - text), text, second,
                   (int)(second - first), first);
    put(s, swapped, strlen(swapped));
    assert_unreadable(s, NULL, false, "not an identity file");
    free(text);
    free(swapped);
}

static void public_file_reads_back(void **state)
{
    scene *s = *state;
    kg_public_key key, read;
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_identity_public(s->identity, &key);
    assert_true(kg_public_key_write(s->path, ORGANISATION, &key));
    assert_true(kg_public_key_read(s->path, organisation, &read));
    assert_string_equal(organisation, ORGANISATION);
    assert_memory_equal(key.sign, read.sign, KG_KEY_BYTES);
    assert_memory_equal(key.transport, read.transport, KG_KEY_BYTES);
    assert_int_equal(read.roles, 0);
}

static void wrong_public_files_are_refused(void **state)
{
    scene *s = *state;
    kg_public_key key;
    char organisation[KG_ID_BYTES_MAX + 1];
    static const char hex[] = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
    static const char z85[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    const struct {
        const char *format;
        bool good;
    } cases[] = {
        {"organisation a\nsign %s\ntransport %s\n", true},
        {"organisation a\r\nsign %s\r\ntransport %s\r\n\r\n", true},
        {"organisation a\nsign %s\ntransport %s", true},
        {"organisation a/b\nsign %s\ntransport %s\n", false},
        {"organisation a\nsign 0%s\ntransport %s\n", false},
        {"organisation a\nsign %s\ntransport %s0\n", false},
        {"organisation a\nsign %s\ntransport %s\nmore\n", false},
        {"organisationa\nsign %s\ntransport %s\n", false},
        {"sign %s\ntransport %s\norganisation a\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        kg_text_format(text, sizeof text, cases[i].format, hex, z85);
#pragma GCC diagnostic pop
        put(s, text, strlen(text));
        assert_int_equal(kg_public_key_read(s->path, organisation, &key), cases[i].good);
        if (!cases[i].good)
            assert_non_null(strstr(kg_identity_error(), "not a public key file"));
    }
}

/* ZeroMQ RFC 32 gives the first 8 bytes' text; the pair is that of zmq_curve(7). */
static void z85_follows_rfc_32(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES], back[KG_KEY_BYTES];
    char text[KG_Z85_KEY_CHARS + 1];
    kg_hex_parse("bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518", key, 32);
    kg_z85_write(key, text);
    assert_string_equal(text, "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID");
    assert_true(kg_z85_parse(text, back));
    assert_memory_equal(back, key, sizeof key);
    kg_hex_parse("7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888", key, 32);
    kg_z85_write(key, text);
    assert_string_equal(text, "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs");
    kg_hex_parse("864fd26fb559f75b864fd26fb559f75b864fd26fb559f75b864fd26fb559f75b", key, 32);
    kg_z85_write(key, text);
    assert_string_equal(text, "HelloWorldHelloWorldHelloWorldHelloWorld");
}

static void z85_refuses_what_it_does_not_write(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES];
    assert_false(kg_z85_parse("", key));
    assert_false(kg_z85_parse("HelloWorldHelloWorldHelloWorldHelloWorl", key));
    assert_false(kg_z85_parse("HelloWorldHelloWorldHelloWorldHelloWorldH", key));
    assert_false(kg_z85_parse("HelloWorldHelloWorldHello WorldHelloWorl", key));
    assert_false(kg_z85_parse("HelloWorldHelloWorldHelloWorldHello#####", key));
    assert_true(kg_z85_parse("HelloWorldHelloWorldHelloWorldHello%nSc0", key));
    assert_int_equal(key[31], 255);
    assert_false(kg_z85_parse("HelloWorldHelloWorldHelloWorldHello%nSc1", key));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sha256_gives_the_published_digests),
        CASE(random_bytes_fill_all_and_differ),
        CASE(signature_check_follows_rfc_8032),
        CASE(signatures_are_made_as_rfc_8032_says),
        CASE(what_two_share_is_theirs_alone),
        CASE(nothing_is_shared_with_what_is_no_key),
        CASE(tags_fit_their_bytes_and_key),
        CASE(any_altered_bit_breaks_a_signature),
        CASE(key_id_is_the_start_of_the_digest),
        CASE(generate_refuses_what_is_no_id),
        CASE(file_without_passphrase_reads_back),
        CASE(file_with_passphrase_reads_back),
        CASE(wrong_or_missing_passphrase_is_told_apart),
        CASE(modes_that_let_others_in_are_refused),
        CASE(the_public_half_is_named_as_what_it_is),
        CASE(another_users_file_is_refused),
        CASE(what_is_no_regular_file_is_refused),
        CASE(files_are_never_overwritten),
        CASE(write_says_why_it_cannot),
        CASE(failed_write_leaves_no_file),
        CASE(damaged_files_are_refused),
        CASE(keys_in_the_wrong_order_are_refused),
        CASE(public_file_reads_back),
        CASE(wrong_public_files_are_refused),
        CASE(z85_follows_rfc_32),
        CASE(z85_refuses_what_it_does_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
