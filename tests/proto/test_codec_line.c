/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_codec.h"

static kg_line_draft full_draft(void)
{
    kg_line_draft draft = {.text = {NULL}};
    const char *const texts[] = {"laptops-2027",
                                 "Laptops voor de gemeenteraad – fase é",
                                 "30213100-6",
                                 "laptop",
                                 "either",
                                 "120",
                                 "100",
                                 "140",
                                 "850,00",
                                 "",
                                 "EUR",
                                 "2027-03-01",
                                 "2027-05-31",
                                 "2027-02-01",
                                 "BE211",
                                 "nl fr",
                                 "kopgroep",
                                 "binding",
                                 "warranty-years=3",
                                 "battery-cycles=800",
                                 "core",
                                 "5"};
    _Static_assert(sizeof texts / sizeof *texts == KG_COLUMN_ORGANISATION, "every column but one");
    memcpy(draft.text, texts, sizeof texts);
    return draft;
}

static void need_draft(const kg_line_draft *got, const kg_line_draft *sent)
{
    for (int i = 0; i < KG_COLUMNS; i++) {
        const char *text = sent->text[i];
        bool absent = !text || !*text || i == KG_COLUMN_ORGANISATION;
        codec_need_text(got->text[i], absent ? NULL : text);
    }
}

static void set_drafts(struct codec_scene *scene, kg_line_draft *drafts, size_t count)
{
    codec_start(scene, KG_KIND_SUBMIT);
    scene->sent.submit.drafts = drafts;
    scene->sent.submit.count = count;
}

static void every_column_comes_through(void **state)
{
    struct codec_scene *scene = *state;
    kg_line_draft drafts[] = {full_draft(), {.text = {NULL}}, full_draft()};
    drafts[2].text[KG_COLUMN_LINE] = "another";
    drafts[2].text[KG_COLUMN_ORGANISATION] = "BE-1"; /* not sent: it is who signs */
    set_drafts(scene, drafts, 3);
    memcpy(scene->sent.submit.plan_id, "0123456789abcdef", KG_REQUEST_ID_BYTES);
    scene->sent.submit.part = 2;
    scene->sent.submit.parts = 3;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_string_equal(scene->detail, "");
    assert_int_equal(scene->got.kind, KG_KIND_SUBMIT);
    assert_int_equal(scene->got.submit.part, 2);
    assert_int_equal(scene->got.submit.parts, 3);
    assert_memory_equal(scene->got.submit.plan_id, "0123456789abcdef", KG_REQUEST_ID_BYTES);
    assert_int_equal(scene->got.submit.count, 3);
    for (int i = 0; i < 3; i++)
        need_draft(&scene->got.submit.drafts[i], &drafts[i]);
}

static void each_column_comes_through_alone(void **state)
{
    struct codec_scene *scene = *state;
    for (int column = 0; column < KG_COLUMN_ORGANISATION; column++) {
        kg_line_draft draft = {.text = {NULL}};
        draft.text[column] = kg_column_name((kg_column)column);
        set_drafts(scene, &draft, 1);
        assert_int_equal(codec_send(scene), KG_STATUS_OK);
        need_draft(&scene->got.submit.drafts[0], &draft);
    }
}

/* Absent parts are "1 of 1"; the numbers of the columns are those of the schema. */
static void what_another_encoder_writes_is_read(void **state)
{
    struct codec_scene *scene = *state;
    kg_buffer line;
    kg_buffer_init(&line);
    for (unsigned field = KG_COLUMN_ORGANISATION; field >= 1; field--)
        wire_text(&line, field, kg_column_name((kg_column)(field - 1)));
    wire_part(&scene->bytes, 4, &line);
    assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), KG_STATUS_OK);
    assert_int_equal(scene->got.submit.part, 1);
    assert_int_equal(scene->got.submit.parts, 1);
    for (int i = 0; i < KG_COLUMN_ORGANISATION; i++)
        assert_string_equal(scene->got.submit.drafts[0].text[i], kg_column_name((kg_column)i));
    kg_buffer_fini(&line);
}

static void texts_live_as_long_as_the_command(void **state)
{
    struct codec_scene *scene = *state;
    kg_line_draft draft = full_draft();
    set_drafts(scene, &draft, 1);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    memset(scene->bytes.bytes, 'x', scene->bytes.count);
    need_draft(&scene->got.submit.drafts[0], &draft);
}

static void draft_bytes_add_up_to_the_body(void **state)
{
    struct codec_scene *scene = *state;
    char text[KG_TEXT_BYTES_MAX + 1] = "";
    kg_line_draft drafts[] = {full_draft(), {.text = {NULL}}, {.text = {NULL}}, full_draft()};
    memset(text, 'a', KG_TEXT_BYTES_MAX);
    drafts[2].text[KG_COLUMN_CRITERIA] = text;
    drafts[3].text[KG_COLUMN_ACCEPTS] = text + KG_TEXT_BYTES_MAX - 150;
    size_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum += kg_codec_draft_bytes(&drafts[i]);
    set_drafts(scene, drafts, 4);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    size_t with_lines = scene->bytes.count;
    scene->sent.submit.count = 0;
    scene->bytes.count = 0;
    kg_codec_command_encode(&scene->sent, scene->catalogue, &scene->bytes);
    assert_int_equal(with_lines - scene->bytes.count, sum);
}

/* A part's number twice is not what our encoder writes: so what follows is read by the library. */
static void read_by_library(struct codec_scene *scene, const kg_buffer *body)
{
    scene->bytes.count = 0;
    wire_number(&scene->bytes, 3, 1);
    kg_buffer_add(&scene->bytes, body->bytes, body->count);
}

static void need_read_alike(struct codec_scene *scene, const kg_buffer *body)
{
    kg_buffer quick, library;
    char said[sizeof scene->detail];
    kg_buffer_init(&quick);
    kg_buffer_init(&library);
    scene->bytes.count = 0;
    kg_buffer_add(&scene->bytes, body->bytes, body->count);
    kg_status status = codec_take(scene, KG_KIND_SUBMIT);
    memcpy(said, scene->detail, sizeof said);
    if (status == KG_STATUS_OK)
        kg_codec_command_encode(&scene->got, scene->catalogue, &quick);
    read_by_library(scene, body);
    assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), status);
    assert_string_equal(scene->detail, said);
    if (status == KG_STATUS_OK)
        kg_codec_command_encode(&scene->got, scene->catalogue, &library);
    assert_int_equal(quick.count, library.count);
    if (quick.count > 0)
        assert_memory_equal(quick.bytes, library.bytes, quick.count);
    kg_buffer_fini(&quick);
    kg_buffer_fini(&library);
}

/* Each byte of two lines, as each other byte; and cut off before it. */
static void broken_bytes_are_read_as_the_library_would(void **state)
{
    struct codec_scene *scene = *state;
    kg_line_draft drafts[] = {{.text = {"key", "title"}}, full_draft()};
    kg_buffer body;
    kg_buffer_init(&body);
    set_drafts(scene, drafts, 2);
    scene->sent.submit.part = scene->sent.submit.parts = 1;
    kg_codec_command_encode(&scene->sent, scene->catalogue, &body);
    for (size_t at = 4; at < body.count; at++) { /* after part and parts */
        char was = body.bytes[at];
        for (int byte = 0; byte < 256; byte++) {
            body.bytes[at] = (char)byte;
            need_read_alike(scene, &body);
        }
        body.bytes[at] = was;
        need_read_alike(scene, &(kg_buffer){.bytes = body.bytes, .count = at});
    }
    kg_buffer_fini(&body);
}

static void as_many_lines_as_allowed(void **state)
{
    struct codec_scene *scene = *state;
    kg_line_draft *drafts = kg_alloc(KG_SUBMIT_LINES_MAX + 1, sizeof *drafts);
    for (size_t i = 0; i <= KG_SUBMIT_LINES_MAX; i++)
        drafts[i].text[KG_COLUMN_LINE] = "l";
    set_drafts(scene, drafts, KG_SUBMIT_LINES_MAX);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_int_equal(scene->got.submit.count, KG_SUBMIT_LINES_MAX);
    scene->sent.submit.count++;
    assert_int_equal(codec_send(scene), KG_STATUS_TOO_MANY_LINES);
    assert_int_equal(scene->got.submit.count, 0);
    free(drafts);
}

static void no_lines_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_EMPTY, "lines");
    codec_need(scene, KG_KIND_WITHDRAW, KG_STATUS_EMPTY, "lines");
}

/* One line whose column `field` has these bytes. */
static void put_column(struct codec_scene *scene, unsigned field, const char *bytes, size_t count)
{
    kg_buffer line;
    kg_buffer_init(&line);
    wire_bytes(&line, field, bytes, count);
    scene->bytes.count = 0;
    wire_part(&scene->bytes, 4, &line);
    kg_buffer_fini(&line);
}

static void texts_that_are_none_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    static const struct {
        const char *bytes;
        size_t count;
    } cases[] = {
        {"\xff", 1},
        {"a\0b", 3},
        {"\0", 1},
        {"12345678\0", 9},
        {"1234567\0", 8},
        {"12345678901234\xc3", 15},
        {"\xc0\xaf", 2},                     /* overlong */
        {"\xed\xa0\x80", 3},                 /* surrogate */
        {"\xf4\x90\x80\x80", 4},             /* above U+10FFFF */
        {"aaaaaaaaaaaaaaaaaaaaaaa\x80", 24}, /* a continuation alone */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned field = 1; field <= KG_COLUMN_ORGANISATION; field++) {
            put_column(scene, field, cases[i].bytes, cases[i].count);
            codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_ENCODING,
                       kg_column_name((kg_column)(field - 1)));
        }
    }
}

/* What a column says is for the check of the line, which tells all that is wrong at once. */
static void any_text_is_left_to_the_check_of_the_line(void **state)
{
    struct codec_scene *scene = *state;
    static const char text[] = "two\nlines\tand \xe2\x82\xac \xf0\x9f\x92\xbb";
    for (unsigned field = 1; field <= KG_COLUMN_ORGANISATION; field++) {
        put_column(scene, field, text, sizeof text - 1);
        assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), KG_STATUS_OK);
        assert_string_equal(scene->got.submit.drafts[0].text[field - 1], text);
    }
    put_column(scene, 1, "", 0);
    assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), KG_STATUS_OK);
    assert_null(scene->got.submit.drafts[0].text[0]);
}

static void long_columns_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    char text[KG_TEXT_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    put_column(scene, 20, text, KG_TEXT_BYTES_MAX);
    assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), KG_STATUS_OK);
    put_column(scene, 20, text, KG_TEXT_BYTES_MAX + 1);
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_TOO_LONG, "accepts: Line 1:");
}

static void parts_must_make_sense(void **state)
{
    struct codec_scene *scene = *state;
    static const struct {
        uint64_t part, parts;
        const char *field; /* NULL: right */
    } cases[] = {
        {1, 1, NULL},
        {KG_PLAN_PARTS_MAX, KG_PLAN_PARTS_MAX, NULL},
        {0, 1, "part"},
        {2, 1, "part"},
        {1, 0, "parts"},
        {1, KG_PLAN_PARTS_MAX + 1, "parts"},
        {4000000000, 1, "part"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_column(scene, 1, "l", 1);
        wire_number(&scene->bytes, 2, cases[i].part);
        wire_number(&scene->bytes, 3, cases[i].parts);
        wire_text(&scene->bytes, 1, "0123456789abcdef");
        if (cases[i].field)
            codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_INVALID, cases[i].field);
        else
            assert_int_equal(codec_take(scene, KG_KIND_SUBMIT), KG_STATUS_OK);
    }
    put_column(scene, 1, "l", 1);
    wire_number(&scene->bytes, 3, 2);
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_MISSING, "plan_id");
    wire_text(&scene->bytes, 1, "0123456789abcde");
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_MALFORMED, "plan_id");
}

static void unknown_fields_of_lines_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    kg_buffer line;
    kg_buffer_init(&line);
    wire_text(&line, 1, "first");
    wire_part(&scene->bytes, 4, &line);
    wire_text(&line, 23, "later");
    wire_part(&scene->bytes, 4, &line);
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_UNKNOWN_FIELD, "PlanLine: Field 23");
    kg_buffer_fini(&line);
}

/* 30,000 empty lines in 60 KB would take more than 16 MiB. */
static void memory_is_bounded(void **state)
{
    struct codec_scene *scene = *state;
    while (scene->bytes.count < KG_BODY_BYTES_MAX)
        wire_bytes(&scene->bytes, 4, "", 0);
    codec_need(scene, KG_KIND_SUBMIT, KG_STATUS_OVERSIZE, "Submit");
}

static void withdrawn_keys_come_through(void **state)
{
    struct codec_scene *scene = *state;
    const char *keys[] = {"a", "line é", "c"};
    codec_start(scene, KG_KIND_WITHDRAW);
    scene->sent.keys = (kg_texts){keys, 3};
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_texts(&scene->got.keys, &scene->sent.keys);
}

static void wrong_keys_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    char key[KG_LINE_KEY_BYTES_MAX + 1];
    memset(key, 'k', sizeof key);
    wire_bytes(&scene->bytes, 1, key, KG_LINE_KEY_BYTES_MAX);
    assert_int_equal(codec_take(scene, KG_KIND_WITHDRAW), KG_STATUS_OK);
    wire_bytes(&scene->bytes, 1, key, KG_LINE_KEY_BYTES_MAX + 1);
    codec_need(scene, KG_KIND_WITHDRAW, KG_STATUS_TOO_LONG, "lines");
    assert_int_equal(scene->got.keys.count, 0);
    scene->bytes.count = 0;
    wire_text(&scene->bytes, 1, "");
    codec_need(scene, KG_KIND_WITHDRAW, KG_STATUS_MISSING, "lines");
    scene->bytes.count = 0;
    wire_text(&scene->bytes, 1, "a\tb");
    codec_need(scene, KG_KIND_WITHDRAW, KG_STATUS_ENCODING, "lines");
    scene->bytes.count = 0;
    for (int i = 0; i <= KG_SUBMIT_LINES_MAX; i++)
        wire_text(&scene->bytes, 1, "a");
    codec_need(scene, KG_KIND_WITHDRAW, KG_STATUS_OVERSIZE, "lines");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_set_up, codec_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_column_comes_through),
        CASE(each_column_comes_through_alone),
        CASE(what_another_encoder_writes_is_read),
        CASE(texts_live_as_long_as_the_command),
        CASE(draft_bytes_add_up_to_the_body),
        CASE(broken_bytes_are_read_as_the_library_would),
        CASE(as_many_lines_as_allowed),
        CASE(no_lines_are_refused),
        CASE(texts_that_are_none_are_refused),
        CASE(any_text_is_left_to_the_check_of_the_line),
        CASE(long_columns_are_refused),
        CASE(parts_must_make_sense),
        CASE(unknown_fields_of_lines_are_refused),
        CASE(memory_is_bounded),
        CASE(withdrawn_keys_come_through),
        CASE(wrong_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
