/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/plan_workbook.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../proto/helper_plan.h"

struct scene {
    kg_catalogue *catalogue;
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading;
};

static int set_up(void **state)
{
    struct scene *s = kg_alloc(1, sizeof *s);
    s->catalogue = small_catalogue();
    s->reading = (kg_plan_reading){.catalogue = s->catalogue, .languages = 1};
    kg_plan_init(&s->plan);
    kg_problems_init(&s->problems, "plan.xlsx");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    kg_plan_fini(&s->plan);
    kg_problems_fini(&s->problems);
    kg_catalogue_destroy(&s->catalogue);
    free(s);
    return 0;
}

static bool read_book(struct scene *s, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/tests/workbook/books/%s.xlsx", KG_SOURCE_DIR, name);
    kg_plan_fini(&s->plan);
    kg_plan_init(&s->plan);
    kg_problems_fini(&s->problems);
    kg_problems_init(&s->problems, "plan.xlsx");
    bool right = kg_workbook_read(path, &s->reading, &s->plan, &s->problems);
    assert_int_equal(right, s->problems.count == 0);
    return right;
}

static void need_right(struct scene *s, const char *name, size_t lines)
{
    if (!read_book(s, name))
        need_problems(&s->problems, 0);
    assert_int_equal(s->plan.count, lines);
}

static void need_date(kg_date date, const char *text)
{
    char out[KG_DATE_BYTES];
    kg_date_write(date, out);
    assert_string_equal(out, text);
}

/* Every form of the same line gives the same line. */
static void test_forms_agree(void **state)
{
    static const char *const forms[] = {"shared", "without_references", "days_of_1904",
                                        "plan_behind"};
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        need_right(s, forms[i], 1);
        const kg_plan_line *line = &s->plan.lines[0];
        assert_int_equal(line->quantity, 10);
        assert_int_equal(line->category, kg_category_find(s->catalogue, "laptop"));
        assert_string_equal(line->nuts.code, "BE211");
        need_date(line->delivery_from, "2027-01-01");
        need_date(line->delivery_to, "2027-06-30");
        assert_string_equal(line->line, i == 0 ? "K_1" : "A1");
    }
}

/* A template of a larger catalogue: its columns of criteria that this one lacks are empty. */
static void test_saved_by_libreoffice(void **state)
{
    struct scene *s = *state;
    assert_false(read_book(s, "libreoffice"));
    need_problem(&s->problems, KG_STATUS_NO_VALUE, 5, "value"); /* nor has it that price */
    need_problems(&s->problems, 1);
    const kg_plan_line *line = &s->plan.lines[0];
    assert_string_equal(line->title, "two rows");
    assert_int_equal(line->quantity, 12);
    assert_int_equal(line->unit_price_max_cents, 81250);
    assert_int_equal(line->conditions, KG_CONDITION_EITHER);
    assert_int_equal(line->track, KG_TRACK_KOPGROEP);
    assert_int_equal(line->commitment, KG_COMMITMENT_BINDING);
    assert_string_equal(line->nuts.code, "BE211");
    int place = kg_category_place(s->catalogue, line->category,
                                  kg_catalogue_criterion(s->catalogue, "warranty-years"));
    assert_int_equal(line->lo.rank[place], 3);
    assert_int_equal(line->hi.rank[place], 4);
}

/* Rich runs are joined, guides left out, escapes read: a line break in a title becomes a blank. */
static void test_shared_texts(void **state)
{
    struct scene *s = *state;
    need_right(s, "shared", 1);
    assert_string_equal(s->plan.lines[0].title, "two lines");
}

static void test_blank_rows_count_but_are_no_lines(void **state)
{
    struct scene *s = *state;
    need_right(s, "blank_rows", 2);
    assert_int_equal(s->reading.rows, 2);
}

static void test_lost_zeros(void **state)
{
    struct scene *s = *state;
    need_right(s, "zeros", 1);
    assert_int_equal(s->plan.lines[0].cpv, 9310000);
    assert_string_equal(s->plan.lines[0].line, "00007");
    assert_int_equal(s->plan.lines[0].value_given_cents, 10010);
}

/* All at once, with the rows that the program shows. */
static void test_bad_lines(void **state)
{
    struct scene *s = *state;
    assert_false(read_book(s, "bad_lines"));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 9, "quantity");
    need_problem(&s->problems, KG_STATUS_DUPLICATE_LINE, 12, "line");
    const kg_problem *date = need_problem(&s->problems, KG_STATUS_DATE, 13, "delivery_from");
    assert_string_equal(date->value, "2027");
    const kg_problem *quantity = need_problem(&s->problems, KG_STATUS_QUANTITY, 7, "quantity");
    assert_string_equal(quantity->value, "ten");
    need_problems(&s->problems, 4);
}

static void test_hostile(void **state)
{
    static const struct {
        const char *name, *says;
    } cases[] = {
        {"dtd", "document type"},
        {"zip_bomb", "unpacks to far more"},
        {"deep", "nested deeper"},
        {"truncated", "damaged"},
        {"damaged", "damaged"},
        {"encrypted", "password"},
        {"no_workbook", "OpenDocument"},
        {"not_xml", "is no XML"},
        {"strings_missing", "not there"},
        {"rows_backwards", "not in order"},
        {"nested_cells", "cells of row 2 are not in order"},
        {"cell_outside_rows", "not in order"},
        {"long_tag", "longer than"},
        {"two_plans", "both look like a plan"},
        {"absent", "cannot be read"},
    };
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_book(s, cases[i].name));
        need_problems(&s->problems, 1);
        if (!strstr(s->problems.items[0].allowed, cases[i].says))
            fail_msg("%s: %s", cases[i].name, s->problems.items[0].allowed);
        assert_int_equal(s->problems.items[0].row, 0);
    }
}

static void test_what_is_a_workbook(void **state)
{
    (void)state;
    assert_true(kg_workbook_is(KG_SOURCE_DIR "/tests/workbook/books/shared.xlsx"));
    assert_true(kg_workbook_is(KG_SOURCE_DIR "/tests/workbook/books/encrypted.xlsx"));
    assert_false(kg_workbook_is(KG_SOURCE_DIR "/tests/workbook/make_books.py"));
    assert_false(kg_workbook_is(KG_SOURCE_DIR "/tests/workbook/books/absent.xlsx"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_forms_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_saved_by_libreoffice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shared_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_blank_rows_count_but_are_no_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lost_zeros, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
        cmocka_unit_test(test_what_is_a_workbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
