/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_wire.h"
#include "proto/envelope.h"
#include "proto/memory.h"

#define ORGANISATION "BE-0316380940"

typedef struct scene {
    kg_identity *identity;
    kg_public_key key;
    kg_envelope sent;
    kg_buffer bytes; /* `sent`, sealed */
} scene;

static int set_up(void **state)
{
    static const uint8_t body[] = "the body";
    scene *s = kg_alloc(1, sizeof *s);
    s->identity = kg_identity_generate(ORGANISATION);
    kg_identity_public(s->identity, &s->key);
    s->sent.version = KG_PROTOCOL_VERSION;
    s->sent.kind = 20;
    s->sent.expires_ms = 1900000000000;
    s->sent.body = body;
    s->sent.body_bytes = sizeof body;
    kg_random(s->sent.deployment, sizeof s->sent.deployment);
    kg_random(s->sent.request_id, sizeof s->sent.request_id);
    kg_key_id(s->key.sign, s->sent.key_id);
    strcpy(s->sent.organisation, ORGANISATION);
    kg_buffer_init(&s->bytes);
    kg_envelope_seal(&s->sent, s->identity, &s->bytes);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scene *s = *state;
    kg_identity_destroy(&s->identity);
    kg_buffer_fini(&s->bytes);
    free(s);
    return 0;
}

static kg_status open_buffer(const kg_buffer *bytes, kg_envelope *out)
{
    return kg_envelope_open((const uint8_t *)bytes->bytes, bytes->count, out);
}

static void need_same(const kg_envelope *a, const kg_envelope *b)
{
    assert_int_equal(a->version, b->version);
    assert_memory_equal(a->deployment, b->deployment, sizeof a->deployment);
    assert_string_equal(a->organisation, b->organisation);
    assert_memory_equal(a->key_id, b->key_id, sizeof a->key_id);
    assert_memory_equal(a->request_id, b->request_id, sizeof a->request_id);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->expires_ms, b->expires_ms);
    assert_int_equal(a->body_bytes, b->body_bytes);
    assert_memory_equal(a->body, b->body, a->body_bytes);
}

static void sealed_message_opens(void **state)
{
    scene *s = *state;
    kg_envelope got;
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    need_same(&s->sent, &got);
    assert_true(kg_envelope_signed_by(&got, s->key.sign));
}

static void opened_message_borrows_the_bytes(void **state)
{
    scene *s = *state;
    kg_envelope got;
    const uint8_t *first = (const uint8_t *)s->bytes.bytes;
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    assert_true(got.signed_bytes >= first);
    assert_true(got.signed_bytes + got.signed_count <= first + s->bytes.count);
    assert_true(got.body >= got.signed_bytes);
    assert_true(got.body + got.body_bytes <= got.signed_bytes + got.signed_count);
}

static void another_key_does_not_fit(void **state)
{
    scene *s = *state;
    kg_envelope got;
    kg_public_key other;
    kg_identity *stranger = kg_identity_generate(ORGANISATION);
    kg_identity_public(stranger, &other);
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    assert_false(kg_envelope_signed_by(&got, other.sign));
    kg_identity_destroy(&stranger);
}

static void any_altered_byte_is_noticed(void **state)
{
    scene *s = *state;
    static const uint8_t flips[] = {0x01, 0x08, 0x80, 0xff};
    for (size_t i = 0; i < s->bytes.count; i++) {
        for (size_t flip = 0; flip < sizeof flips; flip++) {
            kg_envelope got;
            s->bytes.bytes[i] = (char)(s->bytes.bytes[i] ^ flips[flip]);
            if (open_buffer(&s->bytes, &got) == KG_STATUS_OK)
                assert_false(kg_envelope_signed_by(&got, s->key.sign));
            s->bytes.bytes[i] = (char)(s->bytes.bytes[i] ^ flips[flip]);
        }
    }
}

static void every_cut_is_malformed(void **state)
{
    scene *s = *state;
    for (size_t count = 0; count < s->bytes.count; count++) {
        kg_envelope got;
        uint8_t *cut = kg_alloc(count, 1); /* of exactly its size, for the sanitizer */
        memcpy(cut, s->bytes.bytes, count);
        assert_int_equal(kg_envelope_open(cut, count, &got), KG_STATUS_MALFORMED);
        free(cut);
    }
}

/* ---- tags ---- */

static const uint8_t shared[KG_SHARED_BYTES] = "shared by two, and nobody else.";

static void tagged_message_opens(void **state)
{
    scene *s = *state;
    kg_envelope got;
    s->bytes.count = 0;
    kg_envelope_tag(&s->sent, shared, &s->bytes);
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    need_same(&s->sent, &got);
    assert_true(got.tagged);
    assert_true(kg_envelope_tagged_by(&got, shared));
    assert_false(kg_envelope_signed_by(&got, s->key.sign));
}

static void signed_message_is_not_tagged(void **state)
{
    scene *s = *state;
    kg_envelope got;
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    assert_false(got.tagged);
    assert_false(kg_envelope_tagged_by(&got, shared));
}

static void any_altered_byte_breaks_a_tag(void **state)
{
    scene *s = *state;
    uint8_t other[KG_SHARED_BYTES];
    kg_envelope got;
    s->bytes.count = 0;
    kg_envelope_tag(&s->sent, shared, &s->bytes);
    for (size_t i = 0; i < s->bytes.count; i++) {
        s->bytes.bytes[i] = (char)(s->bytes.bytes[i] ^ 1);
        if (open_buffer(&s->bytes, &got) == KG_STATUS_OK)
            assert_false(kg_envelope_tagged_by(&got, shared));
        s->bytes.bytes[i] = (char)(s->bytes.bytes[i] ^ 1);
    }
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    for (size_t i = 0; i < sizeof other; i++) {
        memcpy(other, shared, sizeof other);
        other[i] ^= 1;
        assert_false(kg_envelope_tagged_by(&got, other));
    }
}

/* Neither, both, a tag of another length or type. */
static void one_proof_there_must_be(void **state)
{
    scene *s = *state;
    static const uint8_t zeros[KG_SIGNATURE_BYTES];
    static const struct {
        size_t signature, tag; /* bytes; 0: it is not there */
        kg_status status;
    } cases[] = {{0, 0, KG_STATUS_MALFORMED},   {64, 0, KG_STATUS_OK},
                 {0, 32, KG_STATUS_OK},         {64, 32, KG_STATUS_MALFORMED},
                 {0, 31, KG_STATUS_MALFORMED},  {0, 33, KG_STATUS_MALFORMED},
                 {63, 0, KG_STATUS_MALFORMED},  {0, 64, KG_STATUS_MALFORMED}};
    kg_envelope got;
    kg_buffer bytes;
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_envelope opened;
        kg_buffer_init(&bytes);
        wire_bytes(&bytes, 1, got.signed_bytes, got.signed_count);
        if (cases[i].signature > 0)
            wire_bytes(&bytes, 2, zeros, cases[i].signature);
        if (cases[i].tag > 0)
            wire_bytes(&bytes, 3, zeros, cases[i].tag);
        assert_int_equal(open_buffer(&bytes, &opened), cases[i].status);
        kg_buffer_fini(&bytes);
    }
    kg_buffer_init(&bytes);
    wire_bytes(&bytes, 1, got.signed_bytes, got.signed_count);
    wire_number(&bytes, 3, 1);
    assert_int_equal(open_buffer(&bytes, &got), KG_STATUS_MALFORMED);
    kg_buffer_fini(&bytes);
}

/* ---- what is covered ---- */

/* A signature over the same bytes without the prefix is one over something else. */
static void signature_without_the_prefix_is_refused(void **state)
{
    scene *s = *state;
    kg_envelope got;
    kg_buffer bytes;
    uint8_t signature[KG_SIGNATURE_BYTES];
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    kg_identity_sign(s->identity, got.signed_bytes, got.signed_count, signature);
    kg_buffer_init(&bytes);
    wire_bytes(&bytes, 1, got.signed_bytes, got.signed_count);
    wire_bytes(&bytes, 2, signature, sizeof signature);
    assert_int_equal(open_buffer(&bytes, &got), KG_STATUS_OK);
    assert_false(kg_envelope_signed_by(&got, s->key.sign));
    kg_buffer_fini(&bytes);
}

/* The fields of Signed, as a test changes them. */
typedef struct parts {
    unsigned left_out, twice; /* field number; 0 = none */
    unsigned unknown;         /* a further field of this number */
    uint64_t version, kind, expires;
    const char *organisation;
    size_t organisation_bytes, deployment_bytes, key_id_bytes, request_id_bytes, body_bytes;
} parts;

static const parts right = {.version = 1,
                            .kind = 20,
                            .expires = 1900000000000,
                            .organisation = ORGANISATION,
                            .organisation_bytes = 13,
                            .deployment_bytes = 16,
                            .key_id_bytes = 8,
                            .request_id_bytes = 16,
                            .body_bytes = 10};

static void put_field(kg_buffer *out, const parts *p, unsigned field)
{
    static const uint8_t bytes[KG_BODY_BYTES_MAX + 1];
    const size_t counts[] = {0, 0, p->deployment_bytes, 0, p->key_id_bytes, p->request_id_bytes,
                             0, 0, p->body_bytes};
    if (field == 1)
        wire_number(out, field, p->version);
    else if (field == 3)
        wire_bytes(out, field, p->organisation, p->organisation_bytes);
    else if (field == 6)
        wire_number(out, field, p->kind);
    else if (field == 7)
        wire_number(out, field, p->expires);
    else
        wire_bytes(out, field, bytes, counts[field]);
}

static void put_signed(kg_buffer *out, const parts *p, bool backwards)
{
    for (unsigned i = 1; i <= 8; i++) {
        unsigned field = backwards ? 9 - i : i;
        if (field != p->left_out)
            put_field(out, p, field);
        if (field == p->twice)
            put_field(out, p, field);
    }
    if (p->unknown)
        wire_number(out, p->unknown, 1);
}

static kg_status open_parts(const parts *p, bool backwards)
{
    static const uint8_t signature[KG_SIGNATURE_BYTES];
    kg_buffer covered, bytes;
    kg_envelope got;
    kg_buffer_init(&covered);
    kg_buffer_init(&bytes);
    put_signed(&covered, p, backwards);
    wire_part(&bytes, 1, &covered);
    wire_bytes(&bytes, 2, signature, sizeof signature);
    kg_status status = open_buffer(&bytes, &got);
    kg_buffer_fini(&covered);
    kg_buffer_fini(&bytes);
    return status;
}

static void fields_may_come_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(open_parts(&right, false), KG_STATUS_OK);
    assert_int_equal(open_parts(&right, true), KG_STATUS_OK);
}

static void each_field_must_be_there_once(void **state)
{
    (void)state;
    for (unsigned field = 1; field <= 8; field++) {
        parts p = right;
        p.left_out = field;
        assert_int_equal(open_parts(&p, false), KG_STATUS_MALFORMED);
        p = right;
        p.twice = field;
        assert_int_equal(open_parts(&p, false), KG_STATUS_MALFORMED);
    }
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
#define CHANGED(member, value)                                                                     \
    do {                                                                                           \
        parts p = right;                                                                           \
        p.member = (value);                                                                        \
        assert_int_equal(open_parts(&p, false), KG_STATUS_MALFORMED);                              \
    } while (0)
    CHANGED(deployment_bytes, 15);
    CHANGED(deployment_bytes, 17);
    CHANGED(key_id_bytes, 7);
    CHANGED(request_id_bytes, 0);
    CHANGED(organisation_bytes, 0);
    CHANGED(organisation, "BE 0316380940");
    CHANGED(organisation, "BE\0" "0316380940");
    CHANGED(kind, (uint64_t)UINT32_MAX + 1);
    CHANGED(expires, (uint64_t)INT64_MAX + 1);
    CHANGED(version, (uint64_t)UINT32_MAX + 1);
#undef CHANGED
}

static void long_organisation_is_refused(void **state)
{
    (void)state;
    parts p = right;
    char id[KG_ID_BYTES_MAX + 2];
    memset(id, 'a', sizeof id);
    p.organisation = id;
    p.organisation_bytes = KG_ID_BYTES_MAX;
    assert_int_equal(open_parts(&p, false), KG_STATUS_OK);
    p.organisation_bytes++;
    assert_int_equal(open_parts(&p, false), KG_STATUS_MALFORMED);
}

static void another_version_is_told_first(void **state)
{
    (void)state;
    parts p = right;
    p.version = 2;
    assert_int_equal(open_parts(&p, false), KG_STATUS_VERSION);
    p.unknown = 9;
    assert_int_equal(open_parts(&p, false), KG_STATUS_VERSION);
    p.left_out = 5;
    assert_int_equal(open_parts(&p, true), KG_STATUS_VERSION);
    p = right;
    p.version = 0;
    assert_int_equal(open_parts(&p, false), KG_STATUS_VERSION);
}

static void unknown_fields_are_refused(void **state)
{
    scene *s = *state;
    parts p = right;
    p.unknown = 9;
    assert_int_equal(open_parts(&p, false), KG_STATUS_UNKNOWN_FIELD);
    p.unknown = 536870911; /* the largest number that a field can have */
    assert_int_equal(open_parts(&p, false), KG_STATUS_UNKNOWN_FIELD);
    kg_envelope got;
    wire_number(&s->bytes, 4, 0);
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_UNKNOWN_FIELD);
}

static void fields_of_other_types_are_malformed(void **state)
{
    (void)state;
    static const uint8_t tags[] = {1 << 3 | 0, 1 << 3 | 3, 1 << 3 | 4, 2 << 3 | 1,
                                   2 << 3 | 5, 0 << 3 | 0, 1 << 3 | 6, 1 << 3 | 7};
    for (size_t i = 0; i < sizeof tags; i++) {
        uint8_t bytes[10] = {tags[i], 1, 1, 1, 1, 1, 1, 1, 1, 0};
        kg_envelope got;
        assert_int_equal(kg_envelope_open(bytes, sizeof bytes, &got), KG_STATUS_MALFORMED);
    }
}

static void endless_numbers_are_malformed(void **state)
{
    (void)state;
    uint8_t bytes[16];
    kg_envelope got;
    memset(bytes, 0xff, sizeof bytes);
    for (size_t count = 0; count <= sizeof bytes; count++)
        assert_int_equal(kg_envelope_open(bytes, count, &got), KG_STATUS_MALFORMED);
    /* a length of 2^64 - 1 */
    memset(bytes + 1, 0xff, 9);
    bytes[0] = 1 << 3 | 2;
    bytes[10] = 1;
    assert_int_equal(kg_envelope_open(bytes, 11, &got), KG_STATUS_MALFORMED);
}

static void oversize_is_told(void **state)
{
    (void)state;
    parts p = right;
    p.body_bytes = KG_BODY_BYTES_MAX;
    assert_int_equal(open_parts(&p, false), KG_STATUS_OK);
    p.body_bytes++;
    assert_int_equal(open_parts(&p, false), KG_STATUS_OVERSIZE);
    uint8_t *large = kg_alloc(KG_FRAME_BYTES_MAX + 1, 1);
    kg_envelope got;
    assert_int_equal(kg_envelope_open(large, KG_FRAME_BYTES_MAX + 1, &got), KG_STATUS_OVERSIZE);
    free(large);
}

static void largest_body_fits_in_a_frame(void **state)
{
    scene *s = *state;
    uint8_t *body = kg_alloc(KG_BODY_BYTES_MAX, 1);
    kg_envelope got;
    memset(s->sent.organisation, 'a', KG_ID_BYTES_MAX);
    s->sent.organisation[KG_ID_BYTES_MAX] = '\0';
    s->sent.expires_ms = INT64_MAX;
    s->sent.kind = UINT32_MAX;
    s->sent.body = body;
    s->sent.body_bytes = KG_BODY_BYTES_MAX;
    s->bytes.count = 0;
    kg_envelope_seal(&s->sent, s->identity, &s->bytes);
    assert_true(s->bytes.count <= KG_FRAME_BYTES_MAX);
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_OK);
    need_same(&s->sent, &got);
    assert_true(kg_envelope_signed_by(&got, s->key.sign));
    free(body);
}

/* A reply to what cannot be read names the request where that can be read. */
static void request_id_is_known_where_it_can_be(void **state)
{
    scene *s = *state;
    kg_envelope got;
    s->sent.version = 9;
    s->bytes.count = 0;
    kg_envelope_seal(&s->sent, s->identity, &s->bytes);
    assert_int_equal(open_buffer(&s->bytes, &got), KG_STATUS_VERSION);
    assert_memory_equal(got.request_id, s->sent.request_id, sizeof got.request_id);
}

static void request_key_depends_on_both_its_parts(void **state)
{
    scene *s = *state;
    uint8_t a[KG_SHA256_BYTES], b[KG_SHA256_BYTES];
    kg_envelope other = s->sent;
    kg_envelope_request_key(&s->sent, a);
    other.kind++;
    kg_envelope_request_key(&other, b);
    assert_memory_equal(a, b, sizeof a);
    other.request_id[0] ^= 1;
    kg_envelope_request_key(&other, b);
    assert_memory_not_equal(a, b, sizeof a);
    other.request_id[0] ^= 1;
    strcpy(other.organisation, "BE-0316380941");
    kg_envelope_request_key(&other, b);
    assert_memory_not_equal(a, b, sizeof a);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sealed_message_opens),
        CASE(opened_message_borrows_the_bytes),
        CASE(another_key_does_not_fit),
        CASE(any_altered_byte_is_noticed),
        CASE(every_cut_is_malformed),
        CASE(tagged_message_opens),
        CASE(signed_message_is_not_tagged),
        CASE(any_altered_byte_breaks_a_tag),
        CASE(one_proof_there_must_be),
        CASE(signature_without_the_prefix_is_refused),
        CASE(fields_may_come_in_any_order),
        CASE(each_field_must_be_there_once),
        CASE(wrong_values_are_refused),
        CASE(long_organisation_is_refused),
        CASE(another_version_is_told_first),
        CASE(unknown_fields_are_refused),
        CASE(fields_of_other_types_are_malformed),
        CASE(endless_numbers_are_malformed),
        CASE(oversize_is_told),
        CASE(largest_body_fits_in_a_frame),
        CASE(request_id_is_known_where_it_can_be),
        CASE(request_key_depends_on_both_its_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
