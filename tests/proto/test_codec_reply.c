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
    kg_reply sent, got;
    kg_problems problems;
} scene;

static int set_up(void **state)
{
    scene *s = kg_alloc(1, sizeof *s);
    kg_buffer_init(&s->bytes);
    kg_reply_init(&s->sent);
    kg_reply_init(&s->got);
    kg_problems_init(&s->problems, NULL);
    memcpy(s->sent.request_id, "0123456789abcdef", KG_REQUEST_ID_BYTES);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scene *s = *state;
    kg_buffer_fini(&s->bytes);
    kg_reply_fini(&s->sent);
    kg_reply_fini(&s->got);
    kg_problems_fini(&s->problems);
    free(s);
    return 0;
}

static bool take(scene *s)
{
    kg_reply_fini(&s->got);
    return kg_codec_reply_decode((const uint8_t *)s->bytes.bytes, s->bytes.count, &s->got);
}

static void send(scene *s)
{
    s->bytes.count = 0;
    kg_codec_reply_encode(&s->sent, &s->bytes);
    assert_true(s->bytes.count <= KG_FRAME_BYTES_MAX);
    assert_true(take(s));
    assert_memory_equal(s->got.request_id, s->sent.request_id, KG_REQUEST_ID_BYTES);
    assert_int_equal(s->got.status, s->sent.status);
}

static void a_bare_reply_comes_through(void **state)
{
    scene *s = *state;
    send(s);
    assert_int_equal(s->got.status, KG_STATUS_OK);
    assert_string_equal(s->got.detail, "");
    assert_string_equal(s->got.result, "");
    assert_int_equal(s->got.problems_count, 0);
    assert_int_equal(s->got.problems_total, 0);
    assert_false(s->got.has_receipt);
    assert_false(s->got.has_page);
}

static void receipts_come_through(void **state)
{
    scene *s = *state;
    s->sent.has_receipt = true;
    s->sent.sequence = UINT64_MAX;
    s->sent.time_ms = 1900000000123;
    memset(s->sent.chain, 0xc5, sizeof s->sent.chain);
    memset(s->sent.event_digest, 0xd6, sizeof s->sent.event_digest);
    memset(&s->sent.tree, 0xe7, sizeof s->sent.tree);
    memset(s->sent.result, 'r', KG_TEXT_BYTES_MAX);
    send(s);
    assert_true(s->got.has_receipt);
    assert_true(s->got.sequence == UINT64_MAX);
    assert_int_equal(s->got.time_ms, 1900000000123);
    assert_memory_equal(s->got.chain, s->sent.chain, sizeof s->sent.chain);
    assert_memory_equal(s->got.event_digest, s->sent.event_digest, sizeof s->sent.event_digest);
    assert_memory_equal(&s->got.tree, &s->sent.tree, sizeof s->sent.tree);
    assert_string_equal(s->got.result, s->sent.result);
}

static void refusals_come_through_with_their_problems(void **state)
{
    scene *s = *state;
    kg_problems_add(&s->problems, KG_STATUS_NUTS, 3, "nuts", "BE9", "Use %s.", "NUTS 2024");
    kg_problems_add(&s->problems, KG_STATUS_MISSING, 0, NULL, NULL, NULL);
    kg_problems_add(&s->problems, KG_STATUS_VALUE, 7, "value", "", "Give it.");
    kg_reply_take_problems(&s->sent, &s->problems);
    s->sent.status = KG_STATUS_INVALID;
    strcpy(s->sent.detail, "2 regels zijn fout – zie hieronder.");
    send(s);
    assert_string_equal(s->got.detail, s->sent.detail);
    assert_int_equal(s->got.problems_total, 3);
    assert_int_equal(s->got.problems_count, 3);
    const kg_problem *got = s->got.problems;
    assert_int_equal(got[0].status, KG_STATUS_NUTS);
    assert_int_equal(got[0].row, 3);
    assert_string_equal(got[0].column, "nuts");
    assert_string_equal(got[0].value, "BE9");
    assert_string_equal(got[0].allowed, "Use NUTS 2024.");
    assert_int_equal(got[1].row, 0);
    assert_null(got[1].column);
    assert_null(got[1].value);
    assert_string_equal(got[1].allowed, kg_status_text(KG_STATUS_MISSING));
    assert_string_equal(got[2].value, "");
}

static void problems_move_into_a_reply(void **state)
{
    scene *s = *state;
    for (int i = 0; i < KG_PROBLEMS_REPLY_MAX + 50; i++)
        kg_problems_add(&s->problems, KG_STATUS_NUTS, i + 1, "nuts", "BE9", NULL);
    kg_reply_take_problems(&s->sent, &s->problems);
    assert_int_equal(s->problems.count, 0);
    assert_int_equal(s->sent.problems_count, KG_PROBLEMS_REPLY_MAX);
    assert_int_equal(s->sent.problems_total, KG_PROBLEMS_REPLY_MAX + 50);
    assert_int_equal(s->sent.problems[KG_PROBLEMS_REPLY_MAX - 1].row, KG_PROBLEMS_REPLY_MAX);
    send(s);
    assert_int_equal(s->got.problems_count, KG_PROBLEMS_REPLY_MAX);
    assert_int_equal(s->got.problems_total, KG_PROBLEMS_REPLY_MAX + 50);
    kg_problems_add(&s->problems, KG_STATUS_CPV, 1, "cpv", "x", NULL);
    kg_reply_take_problems(&s->sent, &s->problems); /* in place of those before */
    assert_int_equal(s->sent.problems_count, 1);
    kg_reply_take_problems(&s->sent, &s->problems);
    assert_int_equal(s->sent.problems_count, 0);
}

static void as_many_problems_as_fit_are_sent(void **state)
{
    scene *s = *state;
    char allowed[2000];
    memset(allowed, 'a', sizeof allowed);
    for (int i = 0; i < 100; i++)
        kg_problems_add(&s->problems, KG_STATUS_NUTS, i + 1, "nuts", "BE9", "%.*s",
                        (int)sizeof allowed, allowed);
    kg_reply_take_problems(&s->sent, &s->problems);
    send(s);
    assert_int_equal(s->got.problems_total, 100);
    assert_in_range(s->got.problems_count, 30, 33);
    assert_true(s->bytes.count > KG_FRAME_BYTES_MAX - 3000);
}

/* A sentence that quotes what a stranger sent must neither be lost nor act on a terminal. */
static void sentences_that_are_no_text_are_mended(void **state)
{
    scene *s = *state;
    strcpy(s->sent.detail, "cut \xc3");
    strcpy(s->sent.result, "\x1b[2J \xe2\x82 two\nlines");
    kg_problems_add(&s->problems, KG_STATUS_NUTS, 1, "n\tuts", NULL, "%s", "a sentence");
    free(s->problems.items[0].allowed); /* which would have been made printable */
    s->problems.items[0].allowed = kg_strdup("\xff\xc3\xa9");
    kg_reply_take_problems(&s->sent, &s->problems);
    send(s);
    assert_string_equal(s->got.detail, "cut ?");
    assert_string_equal(s->got.result, "?[2J ?? two?lines");
    assert_string_equal(s->got.problems[0].column, "n?uts");
    assert_string_equal(s->got.problems[0].allowed, "?\xc3\xa9");
}

static void pages_come_through(void **state)
{
    scene *s = *state;
    s->sent.has_page = true;
    s->sent.document = 77;
    s->sent.total_bytes = 200000;
    s->sent.offset = 57344;
    s->sent.head = 123456;
    s->sent.page_bytes = KG_PAGE_BYTES_MAX;
    s->sent.page = kg_alloc(KG_PAGE_BYTES_MAX, 1);
    for (size_t i = 0; i < KG_PAGE_BYTES_MAX; i++)
        s->sent.page[i] = (uint8_t)i;
    send(s);
    assert_true(s->got.has_page);
    assert_int_equal(s->got.document, 77);
    assert_int_equal(s->got.total_bytes, 200000);
    assert_int_equal(s->got.offset, 57344);
    assert_int_equal(s->got.head, 123456);
    assert_int_equal(s->got.page_bytes, KG_PAGE_BYTES_MAX);
    assert_memory_equal(s->got.page, s->sent.page, KG_PAGE_BYTES_MAX);
}

static void empty_pages_come_through(void **state)
{
    scene *s = *state;
    s->sent.has_page = true;
    s->sent.page = kg_alloc(1, 1);
    send(s);
    assert_true(s->got.has_page);
    assert_int_equal(s->got.page_bytes, 0);
    assert_non_null(s->got.page);
}

static void statuses_of_a_newer_broker_are_kept(void **state)
{
    scene *s = *state;
    s->sent.status = (kg_status)999;
    send(s);
    assert_string_equal(kg_status_name(s->got.status), "UNKNOWN_STATUS");
}

static void start(scene *s)
{
    s->bytes.count = 0;
    wire_text(&s->bytes, 1, "0123456789abcdef");
    wire_number(&s->bytes, 2, 0);
}

static void what_is_no_reply_is_refused(void **state)
{
    scene *s = *state;
    assert_false(take(s));
    wire_number(&s->bytes, 2, 0);
    assert_false(take(s)); /* to which request? */
    start(s);
    assert_true(take(s));
    wire_number(&s->bytes, 15, 0);
    assert_false(take(s)); /* unknown field */
    start(s);
    wire_number(&s->bytes, 6, 1);
    assert_false(take(s)); /* a receipt without time and chain */
    start(s);
    wire_text(&s->bytes, 3, "\xff");
    assert_false(take(s));
    start(s);
    for (int i = 0; i <= KG_PROBLEMS_REPLY_MAX; i++)
        wire_bytes(&s->bytes, 4, "", 0);
    assert_false(take(s)); /* too many problems */
    start(s);
    wire_text(&s->bytes, 1, "short");
    assert_false(take(s));
    start(s);
    wire_varint(&s->bytes, UINT64_MAX);
    assert_false(take(s));
}

static void pages_lie_within_their_answer(void **state)
{
    scene *s = *state;
    static const struct {
        uint64_t total, offset;
        bool good;
    } cases[] = {{4, 0, true},
                 {9, 5, true},
                 {3, 0, false},
                 {9, 6, false},
                 {4, UINT64_MAX, false},
                 {0, 0, false},
                 {KG_DOCUMENT_BYTES_MAX + 1UL, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(s);
        wire_number(&s->bytes, 11, cases[i].total);
        wire_number(&s->bytes, 12, cases[i].offset);
        wire_text(&s->bytes, 14, "page");
        assert_int_equal(take(s), cases[i].good);
    }
}

static void long_sentences_are_refused(void **state)
{
    scene *s = *state;
    char text[KG_TEXT_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    start(s);
    wire_bytes(&s->bytes, 3, text, 599);
    assert_true(take(s));
    start(s);
    wire_bytes(&s->bytes, 3, text, 600);
    assert_false(take(s));
    start(s);
    wire_bytes(&s->bytes, 9, text, KG_TEXT_BYTES_MAX + 1);
    assert_false(take(s));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_bare_reply_comes_through),
        CASE(receipts_come_through),
        CASE(refusals_come_through_with_their_problems),
        CASE(problems_move_into_a_reply),
        CASE(as_many_problems_as_fit_are_sent),
        CASE(sentences_that_are_no_text_are_mended),
        CASE(pages_come_through),
        CASE(empty_pages_come_through),
        CASE(statuses_of_a_newer_broker_are_kept),
        CASE(what_is_no_reply_is_refused),
        CASE(pages_lie_within_their_answer),
        CASE(long_sentences_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
