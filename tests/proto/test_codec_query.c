/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_codec.h"

typedef struct scene {
    kg_buffer bytes;
    kg_query got;
    char detail[600];
} scene;

static int set_up(void **state)
{
    scene *s = kg_alloc(1, sizeof *s);
    kg_buffer_init(&s->bytes);
    kg_query_init(&s->got, KG_VIEW_STATUS);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scene *s = *state;
    kg_buffer_fini(&s->bytes);
    kg_query_fini(&s->got);
    free(s);
    return 0;
}

static kg_status take(scene *s)
{
    kg_query_fini(&s->got);
    return kg_codec_query_decode((const uint8_t *)s->bytes.bytes, s->bytes.count, &s->got,
                                 s->detail);
}

static void send(scene *s, const kg_query *query)
{
    s->bytes.count = 0;
    kg_codec_query_encode(query, &s->bytes);
    assert_int_equal(take(s), KG_STATUS_OK);
    assert_string_equal(s->detail, "");
}

static void need(scene *s, kg_status status, const char *field)
{
    assert_int_equal(take(s), status);
    assert_int_equal(strncmp(s->detail, field, strlen(field)), 0);
}

/* Bytes that ask for the volume. */
static void start(scene *s)
{
    s->bytes.count = 0;
    wire_number(&s->bytes, 1, KG_VIEW_VOLUME);
}

static void every_view_comes_through(void **state)
{
    scene *s = *state;
    for (kg_view view = KG_VIEW_STATUS; view <= KG_VIEW_PRACTICE; view++) {
        kg_query query;
        kg_query_init(&query, view);
        send(s, &query);
        assert_int_equal(s->got.view, view);
        kg_query_fini(&query);
    }
}

static void a_bare_query_comes_through(void **state)
{
    scene *s = *state;
    kg_query query;
    kg_query_init(&query, KG_VIEW_VOLUME);
    send(s, &query);
    assert_null(s->got.round);
    assert_null(s->got.lot);
    assert_null(s->got.tender);
    assert_null(s->got.line);
    assert_null(s->got.category);
    assert_null(s->got.cpv);
    assert_null(s->got.nuts);
    assert_false(s->got.proposed);
    assert_int_equal(s->got.from, KG_DATE_NONE);
    assert_int_equal(s->got.to, KG_DATE_NONE);
    assert_int_equal(s->got.track, -1);
    assert_int_equal(s->got.by_count, 0);
    assert_int_equal(s->got.since, 0);
    assert_int_equal(s->got.limit, 0);
    assert_int_equal(s->got.sequence, 0);
    assert_int_equal(s->got.tree_size, 0);
    assert_int_equal(s->got.old_tree_size, 0);
    kg_query_fini(&query);
}

static void a_question_of_the_tree_comes_through(void **state)
{
    scene *s = *state;
    kg_query query;
    kg_query_init(&query, KG_VIEW_INCLUSION);
    query.sequence = UINT64_MAX;
    query.tree_size = UINT64_MAX - 1;
    query.old_tree_size = 3;
    query.seen = 8;
    send(s, &query);
    assert_true(s->got.sequence == UINT64_MAX);
    assert_true(s->got.tree_size == UINT64_MAX - 1);
    assert_int_equal(s->got.old_tree_size, 3);
    assert_int_equal(s->got.seen, 8);
    kg_query_fini(&query);
}

static void a_cosignature_comes_through(void **state)
{
    scene *s = *state;
    kg_tree_head sent = {.size = 7, .time_ms = 1900000000123}, got;
    memset(sent.root.bytes, 0xa1, sizeof sent.root.bytes);
    memset(sent.signature, 0xb2, sizeof sent.signature);
    kg_codec_cosign_encode(&sent, &s->bytes);
    const uint8_t *bytes = (const uint8_t *)s->bytes.bytes;
    assert_int_equal(kg_codec_cosign_decode(bytes, s->bytes.count, &got), KG_STATUS_OK);
    assert_memory_equal(&got, &sent, sizeof sent);
    for (size_t count = 0; count < s->bytes.count; count++)
        assert_int_not_equal(kg_codec_cosign_decode(bytes, count, &got), KG_STATUS_OK);
}

static void a_full_query_comes_through(void **state)
{
    scene *s = *state;
    kg_query query;
    kg_query_init(&query, KG_VIEW_VOLUME);
    query.round = "2027-laptops";
    query.lot = "2027-laptops/laptop/BE/1";
    query.tender = "tender-1";
    query.line = "line é";
    query.organisation = "BE-0123456789";
    query.proposed = true;
    query.category = "cpv:7200";
    query.cpv = "302131";
    query.nuts = "BE2";
    query.from = 20819;
    query.to = 21183;
    query.track = KG_TRACK_PELOTON;
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++)
        query.by[i] = (kg_dimension)(KG_VOLUME_DIMENSIONS - 1 - i);
    query.by_count = KG_VOLUME_DIMENSIONS;
    query.since = UINT64_MAX;
    query.limit = UINT32_MAX;
    send(s, &query);
    codec_need_text(s->got.round, query.round);
    codec_need_text(s->got.lot, query.lot);
    codec_need_text(s->got.tender, query.tender);
    codec_need_text(s->got.line, query.line);
    codec_need_text(s->got.organisation, query.organisation);
    codec_need_text(s->got.category, query.category);
    codec_need_text(s->got.cpv, query.cpv);
    codec_need_text(s->got.nuts, query.nuts);
    assert_true(s->got.proposed);
    assert_int_equal(s->got.from, query.from);
    assert_int_equal(s->got.to, query.to);
    assert_int_equal(s->got.track, KG_TRACK_PELOTON);
    assert_int_equal(s->got.by_count, query.by_count);
    assert_memory_equal(s->got.by, query.by, sizeof query.by);
    assert_true(s->got.since == UINT64_MAX);
    assert_int_equal(s->got.limit, UINT32_MAX);
    kg_query_fini(&query);
}

static void views_must_be_known(void **state)
{
    scene *s = *state;
    need(s, KG_STATUS_MISSING, "view");
    static const uint64_t views[] = {0, 24, 80, UINT64_MAX};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        s->bytes.count = 0;
        wire_number(&s->bytes, 1, views[i]);
        need(s, KG_STATUS_INVALID, "view");
    }
}

static void dimensions_stand_once(void **state)
{
    scene *s = *state;
    start(s);
    wire_number(&s->bytes, 13, KG_BY_MONTH);
    wire_number(&s->bytes, 13, KG_BY_MONTH);
    need(s, KG_STATUS_INVALID, "by: month");
    start(s);
    wire_number(&s->bytes, 13, KG_VOLUME_DIMENSIONS);
    need(s, KG_STATUS_INVALID, "by");
    start(s);
    wire_number(&s->bytes, 13, UINT64_MAX);
    need(s, KG_STATUS_INVALID, "by");
    start(s);
    for (int i = 0; i <= KG_VOLUME_DIMENSIONS; i++)
        wire_number(&s->bytes, 13, 0);
    need(s, KG_STATUS_INVALID, "by");
}

static void filters_must_make_sense(void **state)
{
    scene *s = *state;
    start(s);
    wire_text(&s->bytes, 8, "30x");
    need(s, KG_STATUS_CPV, "cpv");
    start(s);
    wire_text(&s->bytes, 8, "302131001");
    need(s, KG_STATUS_TOO_LONG, "cpv");
    start(s);
    wire_text(&s->bytes, 9, "BE2345");
    need(s, KG_STATUS_TOO_LONG, "nuts");
    start(s);
    wire_number(&s->bytes, 12, 2);
    need(s, KG_STATUS_INVALID, "track");
    start(s);
    wire_signed(&s->bytes, 10, 400000);
    need(s, KG_STATUS_DATE, "from_days");
    start(s);
    wire_text(&s->bytes, 5, "a\nb");
    need(s, KG_STATUS_ENCODING, "line");
}

static void what_is_no_query_is_refused(void **state)
{
    scene *s = *state;
    start(s);
    wire_number(&s->bytes, 24, 1);
    need(s, KG_STATUS_UNKNOWN_FIELD, "Query: Field 24");
    start(s);
    wire_varint(&s->bytes, 1 << 3 | 7);
    need(s, KG_STATUS_MALFORMED, "Query");
    char *text = kg_alloc(KG_BODY_BYTES_MAX, 1);
    wire_bytes(&s->bytes, 2, text, KG_BODY_BYTES_MAX);
    need(s, KG_STATUS_OVERSIZE, "body");
    free(text);
}

static void pages_come_through(void **state)
{
    scene *s = *state;
    kg_page page = {UINT64_MAX, 57344}, got;
    kg_codec_page_encode(&page, &s->bytes);
    const uint8_t *bytes = (const uint8_t *)s->bytes.bytes;
    assert_int_equal(kg_codec_page_decode(bytes, s->bytes.count, &got), KG_STATUS_OK);
    assert_true(got.document == page.document);
    assert_int_equal(got.offset, page.offset);
    assert_int_equal(kg_codec_page_decode(bytes, 0, &got), KG_STATUS_MISSING);
    assert_int_equal(kg_codec_page_decode(bytes, 1, &got), KG_STATUS_MALFORMED);
    wire_number(&s->bytes, 3, 1);
    bytes = (const uint8_t *)s->bytes.bytes;
    assert_int_equal(kg_codec_page_decode(bytes, s->bytes.count, &got), KG_STATUS_UNKNOWN_FIELD);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_view_comes_through),    CASE(a_bare_query_comes_through),
        CASE(a_full_query_comes_through),
        CASE(a_question_of_the_tree_comes_through),
        CASE(a_cosignature_comes_through),  CASE(views_must_be_known),
        CASE(dimensions_stand_once),       CASE(filters_must_make_sense),
        CASE(what_is_no_query_is_refused), CASE(pages_come_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
