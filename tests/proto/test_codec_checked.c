/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_event.h"
#include "proto/catalogue_file.h"

static kg_plan_line bare_line(const char *key)
{
    kg_plan_line line = {
        .line = key,
        .title = "",
        .conditions = KG_CONDITION_NEW,
        .unit_price_max_cents = -1,
        .value_given_cents = 1000,
        .value_cents = 1000,
        .value_max_cents = 1000,
        .delivery_from = 20850,
        .delivery_to = 20900,
        .order_by = KG_DATE_NONE,
        .nuts = {"BE211"},
        .languages = 1,
        .lo = kg_levels_fill(0),
        .hi = kg_levels_fill(KG_LEVEL_ANY),
    };
    return line;
}

static kg_plan_line full_line(const struct event_scene *scene, const char *key)
{
    kg_plan_line line = bare_line(key);
    line.title = "Laptops – fase é";
    line.cpv = 30213100;
    line.category = kg_category_find(scene->catalogue, "laptop");
    line.conditions = KG_CONDITION_EITHER;
    line.track = KG_TRACK_KOPGROEP;
    line.commitment = KG_COMMITMENT_BINDING;
    line.lifetime_years = KG_LIFETIME_YEARS_MAX;
    line.has_quantity = true;
    line.quantity = KG_QUANTITY_MAX;
    line.quantity_min = 1;
    line.quantity_max = KG_QUANTITY_MAX;
    line.unit_price_max_cents = 85000;
    line.value_given_cents = -1;
    line.value_cents = KG_VALUE_CENTS_MAX - 1;
    line.value_max_cents = KG_VALUE_CENTS_MAX;
    line.order_by = 20700;
    strcpy(line.nuts.code, "FRK");
    line.languages = 0x1000000000005;
    for (int i = 0; i < kg_category_criteria(scene->catalogue, line.category); i++) {
        const kg_criterion *criterion = kg_category_criterion(scene->catalogue, line.category, i);
        line.lo.rank[i] = (uint8_t)(i % 2);
        line.hi.rank[i] = (uint8_t)(criterion->levels_count - 1);
    }
    return line;
}

static void set_lines(struct event_scene *scene, const kg_plan_line *lines, size_t count)
{
    event_start(scene, KG_KIND_SUBMIT);
    scene->sent->lines = kg_alloc(count, sizeof *lines);
    memcpy(scene->sent->lines, lines, count * sizeof *lines);
    scene->sent->lines_count = count;
}

static void need_lines(const struct event_scene *scene)
{
    assert_int_equal(scene->got->lines_count, scene->sent->lines_count);
    for (size_t i = 0; i < scene->sent->lines_count; i++) {
        const kg_plan_line *got = &scene->got->lines[i], *sent = &scene->sent->lines[i];
        assert_true(kg_plan_line_equal(got, sent));
        assert_string_equal(got->line, sent->line);
        assert_ptr_equal(got->organisation, scene->got->actor);
    }
}

static void full_and_bare_lines_come_through(void **state)
{
    struct event_scene *scene = *state;
    kg_plan_line lines[] = {full_line(scene, "first"), bare_line("second"),
                            full_line(scene, "third é"), bare_line("4")};
    lines[3].category = kg_category_find(scene->catalogue, "monitor");
    lines[1].category = kg_category_find(scene->catalogue, "cpv:7200");
    for (size_t first = 0; first < 4; first++) {
        for (size_t count = 1; first + count <= 4; count++) {
            set_lines(scene, lines + first, count);
            event_send(scene);
            need_lines(scene);
        }
    }
}

static void the_plan_of_a_part_comes_through(void **state)
{
    struct event_scene *scene = *state;
    kg_line_draft draft = {.text = {"drafts are not kept"}};
    kg_plan_line line = bare_line("1");
    set_lines(scene, &line, 1);
    memcpy(scene->sent->command.submit.plan_id, "0123456789abcdef", 16);
    scene->sent->command.submit.part = 3;
    scene->sent->command.submit.parts = 4;
    scene->sent->command.submit.drafts = &draft;
    scene->sent->command.submit.count = 1;
    event_send(scene);
    const kg_submit *got = &scene->got->command.submit;
    assert_memory_equal(got->plan_id, "0123456789abcdef", 16);
    assert_int_equal(got->part, 3);
    assert_int_equal(got->parts, 4);
    assert_int_equal(got->count, 0);
    char *json = kg_codec_event_json((const uint8_t *)scene->bytes.bytes, scene->bytes.count);
    assert_non_null(strstr(json, "\"lines\":1,\"part\":3,\"parts\":4,"
                                 "\"plan\":\"30313233343536373839616263646566\""));
    free(json);
}

static void submissions_that_change_nothing_come_through(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_SUBMIT);
    event_send(scene);
    assert_int_equal(scene->got->lines_count, 0);
}

/* Every level of every criterion, required or accepted. */
static void every_level_comes_through(void **state)
{
    struct event_scene *scene = *state;
    kg_category laptop = kg_category_find(scene->catalogue, "laptop");
    kg_plan_line *lines = kg_alloc(200, sizeof *lines);
    size_t count = 0;
    for (int place = 0; place < kg_category_criteria(scene->catalogue, laptop); place++) {
        const kg_criterion *criterion = kg_category_criterion(scene->catalogue, laptop, place);
        for (int rank = 0; rank < criterion->levels_count; rank++) {
            for (int side = 0; side < 2; side++) {
                kg_plan_line *line = &lines[count++];
                *line = bare_line("x");
                line->category = laptop;
                (side ? &line->lo : &line->hi)->rank[place] = (uint8_t)rank;
            }
        }
    }
    set_lines(scene, lines, count);
    event_send(scene);
    need_lines(scene);
    free(lines);
}

/* Many of each name, so that the tables of names grow. */
static void many_names_come_through(void **state)
{
    struct event_scene *scene = *state;
    enum { COUNT = 3000 };
    kg_plan_line *lines = kg_alloc(COUNT, sizeof *lines);
    for (size_t i = 0; i < COUNT; i++) {
        char category[16];
        lines[i] = bare_line("key");
        kg_text_format(category, sizeof category, "cpv:%04u", (unsigned)(i * 7 % 10000));
        lines[i].category = kg_category_find(scene->catalogue, category);
        kg_text_format(lines[i].nuts.code, sizeof lines[i].nuts.code, "X%u", (unsigned)i % 1500);
        lines[i].languages = i + 1;
    }
    set_lines(scene, lines, COUNT);
    event_send(scene);
    need_lines(scene);
    free(lines);
}

/* Names and not numbers: another order, and more, in the catalogue changes nothing. */
static void another_catalogue_with_the_names_will_do(void **state)
{
    struct event_scene *scene = *state;
    static const char text[] =
        "criterion \"aaa\" { scale = {\"0\",\"1\"} type = \"technical\" }\n"
        "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\",\"3\"} type = \"technical\" }\n"
        "category \"barebone\" { cpv = {\"30200000\"} criteria = {\"aaa\"} }\n"
        "category \"laptop\" { cpv = {\"30213100\"} criteria = {\"aaa\",\"warranty-years\"} }\n";
    kg_problems problems;
    kg_plan_line line = bare_line("1");
    kg_category before = kg_category_find(scene->catalogue, "laptop");
    int place = kg_category_place(scene->catalogue, before,
                                  kg_catalogue_criterion(scene->catalogue, "warranty-years"));
    line.category = before;
    line.lo.rank[place] = 3;
    set_lines(scene, &line, 1);
    event_send(scene);
    kg_catalogue_destroy(&scene->catalogue);
    kg_problems_init(&problems, NULL);
    scene->catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    assert_non_null(scene->catalogue);
    assert_true(event_take(scene));
    kg_category after = kg_category_find(scene->catalogue, "laptop");
    assert_int_not_equal(after, before);
    assert_int_equal(scene->got->lines[0].category, after);
    place = kg_category_place(scene->catalogue, after,
                              kg_catalogue_criterion(scene->catalogue, "warranty-years"));
    assert_int_equal(scene->got->lines[0].lo.rank[place], 3);
    kg_problems_fini(&problems);
}

static void names_that_are_gone_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"category \"monitor\" { cpv = {\"30231000\"} }\n", "laptop is not in the catalogue"},
        {"category \"laptop\" { cpv = {\"30213100\"} }\n", "=yes is not in the catalogue"},
        {"criterion \"take-back\" { scale = {\"no\",\"all\"} type = \"clause\" }\n"
         "category \"laptop\" { cpv = {\"30213100\"} criteria = {\"take-back\"} }\n",
         "take-back=yes is not in the catalogue"},
    };
    kg_plan_line line = bare_line("1");
    line.category = kg_category_find(scene->catalogue, "laptop");
    line.lo.rank[kg_category_place(scene->catalogue, line.category,
                                   kg_catalogue_criterion(scene->catalogue, "take-back"))] = 1;
    set_lines(scene, &line, 1);
    event_send(scene);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        kg_catalogue_destroy(&scene->catalogue);
        scene->catalogue = kg_catalogue_read_text(cases[i].text, "catalogue", &problems);
        assert_non_null(scene->catalogue);
        assert_false(event_take(scene));
        assert_non_null(strstr(scene->error, cases[i].words));
        kg_problems_fini(&problems);
    }
    kg_catalogue_destroy(&scene->catalogue);
    assert_false(event_take(scene));
}

/* A Submit event with CheckedLines of which a test writes the fields. */
static bool take_lines(struct event_scene *scene, const kg_buffer *lines)
{
    kg_buffer names, category;
    kg_buffer_init(&names);
    kg_buffer_init(&category);
    wire_text(&category, 1, "laptop");
    wire_part(&names, 1, &category);
    wire_text(&names, 3, "BE1");
    wire_text(&names, 4, "nl");
    scene->bytes.count = 0;
    wire_number(&scene->bytes, 2, 1);
    wire_number(&scene->bytes, 4, KG_KIND_SUBMIT);
    wire_bytes(&scene->bytes, 5, "", 0);
    wire_part(&scene->bytes, 6, &names);
    wire_part(&scene->bytes, 7, lines);
    kg_buffer_fini(&names);
    kg_buffer_fini(&category);
    return event_take(scene);
}

static void wrong_columns_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        unsigned field;
        const char *bytes;
        size_t count;
        bool good;
    } cases[] = {
        {1, NULL, 0, true},            /* two lines as they stand */
        {3, "a\0b", 4, true},          /* titles */
        {3, "a\0b", 3, false},         /* the last without its NUL */
        {3, "a", 2, false},            /* too few */
        {3, "\xff\0b", 4, false},      /* no UTF-8 */
        {4, "\x01", 1, false},         /* one for two */
        {4, "\x01\x02\x03", 3, false}, /* three for two */
        {4, "\x01\x02", 2, true},
        {5, "\x00\x00", 2, true},
        {5, "\x00\x01", 2, false}, /* no such category */
        {7, "\x00\x02", 2, false}, /* no such track */
        {8, "\x03\x00", 2, false}, /* no such commitment */
        {9, "\x00\x09\x01", 3, false},
        {10, "\x02\x04", 2, true},
        {10, "\x01\x00", 2, true},                                       /* -1: none */
        {13, "\x03\x01", 2, false},                                      /* below -1 */
        {15, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", 11, false}, /* above INT64_MAX */
        {20, "\x00\x01", 2, false},                                      /* no such NUTS code */
        {21, "\x01\x00", 2, false},                                      /* no such languages */
        {22, "\x01\x00\x00\x00", 4, false},                              /* no such level */
        {22, "\x00\x00", 2, false},                                      /* two numbers a line */
        {23, "\x00", 1, false}, /* levels that no line asks for */
        {24, "", 0, false},     /* unknown field */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_buffer lines;
        kg_buffer_init(&lines);
        wire_number(&lines, 1, 2);
        wire_bytes(&lines, 2, "k\0l", 4);
        wire_bytes(&lines, 6, "\x01\x03", 2);
        if (cases[i].bytes)
            wire_bytes(&lines, cases[i].field, cases[i].bytes, cases[i].count);
        if (take_lines(scene, &lines) != cases[i].good)
            fail_msg("case %zu: %s", i, scene->error);
        kg_buffer_fini(&lines);
    }
}

static void wrong_counts_and_conditions_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        uint64_t count;
        const char *keys;
        size_t bytes;
        const char *conditions;
    } cases[] = {
        {3, "k\0l", 4, "\x01\x01\x01"},      {5, "k\0l", 4, "\x01\x01\x01\x01\x01"},
        {UINT32_MAX, "k\0l", 4, "\x01\x01"}, {2, "k\0l", 3, "\x01\x01"},
        {2, "k\0l", 4, "\x01\x04"},          {2, "k\0\xff", 4, "\x01\x01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_buffer lines;
        kg_buffer_init(&lines);
        wire_number(&lines, 1, cases[i].count);
        wire_bytes(&lines, 2, cases[i].keys, cases[i].bytes);
        wire_text(&lines, 6, cases[i].conditions);
        assert_false(take_lines(scene, &lines));
        kg_buffer_fini(&lines);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, event_set_up, event_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(full_and_bare_lines_come_through),
        CASE(the_plan_of_a_part_comes_through),
        CASE(submissions_that_change_nothing_come_through),
        CASE(every_level_comes_through),
        CASE(many_names_come_through),
        CASE(another_catalogue_with_the_names_will_do),
        CASE(names_that_are_gone_are_damage),
        CASE(wrong_columns_are_damage),
        CASE(wrong_counts_and_conditions_are_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
