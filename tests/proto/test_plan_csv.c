/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "helper_plan.h"

#define NL ((kg_languages)1 << KG_LANGUAGE_NL)
#define HEADER "line,category,quantity,delivery_from,delivery_to,nuts"
#define CELLS "laptop,10,2027-01-01,2027-06-30,BE211"

struct scene {
    kg_catalogue *catalogue;
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading;
    long rows_sum; /* of the rows that the callback was told of */
    size_t rows;
};

static int set_up(void **state)
{
    struct scene *s = kg_alloc(1, sizeof *s);
    s->catalogue = small_catalogue();
    kg_plan_init(&s->plan);
    kg_problems_init(&s->problems, "plan.csv");
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

static void count_row(void *context, long row, const kg_line_draft *draft)
{
    struct scene *s = context;
    assert_non_null(draft);
    s->rows_sum += row;
    s->rows++;
}

static void start(struct scene *s, bool offline)
{
    kg_plan_fini(&s->plan);
    kg_plan_init(&s->plan);
    kg_problems_fini(&s->problems);
    kg_problems_init(&s->problems, "plan.csv");
    s->reading = (kg_plan_reading){.catalogue = s->catalogue, .languages = NL,
                                   .organisation_column = offline, .row = count_row,
                                   .context = s};
    s->rows = 0;
    s->rows_sum = 0;
}

/* From a copy of exactly that size, so that reading beyond its end is seen. */
static bool read_bytes(struct scene *s, const char *bytes, size_t count)
{
    char *copy = malloc(count ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    bool right = kg_plan_read_bytes(copy, count, &s->reading, &s->plan, &s->problems);
    free(copy);
    assert_int_equal(right, s->problems.count == 0);
    return right;
}

static bool read_text(struct scene *s, const char *text)
{
    start(s, false);
    return read_bytes(s, text, strlen(text));
}

static void every_form_gives_the_same_lines(void **state)
{
    static const char *const forms[] = {
        HEADER "\nl1," CELLS "\nl2," CELLS "\n",
        HEADER "\nl1," CELLS "\nl2," CELLS,
        HEADER "\r\nl1," CELLS "\r\nl2," CELLS "\r\n",
        HEADER "\rl1," CELLS "\rl2," CELLS "\r",
        "\xef\xbb\xbf" HEADER "\nl1," CELLS "\nl2," CELLS "\n",
        "\"line\",\"category\",\"quantity\",\"delivery_from\",\"delivery_to\",\"nuts\"\n"
        "\"l1\",\"laptop\",\"10\",\"2027-01-01\",\"2027-06-30\",\"BE211\"\n"
        "\" l2 \", laptop , 10 ,2027-01-01,2027-06-30, \"BE211\" \n",
        "line;category;quantity;delivery_from;delivery_to;nuts\n"
        "l1;laptop;10;2027-01-01;2027-06-30;BE211\nl2;laptop;10;2027-01-01;2027-06-30;BE211\n",
        HEADER ",\nl1," CELLS ",\nl2," CELLS ",,,\n",
        "title," HEADER "\n,l1," CELLS "\n\"\",l2," CELLS "\n",
    };
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bool right = read_text(s, forms[i]);
        need_problems(&s->problems, 0);
        assert_true(right);
        assert_int_equal(s->plan.count, 2);
        assert_int_equal(s->reading.rows, 2);
        assert_int_equal(s->rows, 2);
        assert_string_equal(s->plan.lines[0].line, "l1");
        assert_string_equal(s->plan.lines[1].line, "l2");
        assert_true(kg_plan_line_equal(&s->plan.lines[0], &s->plan.lines[1]));
        assert_int_equal(s->plan.lines[0].value_cents, 800000);
        assert_int_equal(s->plan.lines[0].languages, NL);
    }
}

static void semicolons_leave_room_for_decimal_commas(void **state)
{
    struct scene *s = *state;
    assert_true(read_text(s, "line;cpv;unit_price_max;quantity;delivery_from;delivery_to;nuts;"
                             "languages;criteria;title\n"
                             "l1;30213100-6;799,50;2;2027-01-01;2027-06-30;BE2;nl,fr;"
                             "warranty-years=3, take-back=yes;\"a, b; \"\"c\"\"\"\n"));
    assert_int_equal(s->plan.lines[0].value_cents, 159900);
    assert_int_equal(s->plan.lines[0].languages, NL | (kg_languages)1 << KG_LANGUAGE_FR);
    assert_string_equal(s->plan.lines[0].title, "a, b; \"c\"");
    assert_int_equal(kg_levels_steps(&s->plan.lines[0].lo), 4);
}

static void quotes_in_the_header_do_not_choose_the_separator(void **state)
{
    struct scene *s = *state;
    read_text(s, "\"a;b;c;d;e;f;g;h\"," HEADER "\n,l1," CELLS "\n");
    need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 1, NULL);
    need_problems(&s->problems, 1);
}

static void rows_are_numbered_as_in_a_spreadsheet(void **state)
{
    struct scene *s = *state;
    read_text(s, "title," HEADER "\n"
                 "\"two\nrows\",l1," CELLS "\n" /* 2 */
                 "\r\n"                         /* 3 */
                 ",,,,,,\n"                     /* 4 */
                 "  \n"                         /* 5 */
                 ",l2,laptob,10,2027-01-01,2027-06-30,BE211\r\n"
                 "\r\n"
                 ",l3,laptop,ten,2027-01-01,2027-06-30,BE211");
    need_problem(&s->problems, KG_STATUS_UNKNOWN_CATEGORY, 6, "category");
    need_problem(&s->problems, KG_STATUS_QUANTITY, 8, "quantity");
    need_problems(&s->problems, 2);
    assert_int_equal(s->reading.rows, 3);
    assert_int_equal(s->rows, 3);
    assert_int_equal(s->rows_sum, 2 + 6 + 8);
    assert_string_equal(s->plan.lines[0].title, "two rows");
}

static void empty_lines_may_stand_before_the_header(void **state)
{
    struct scene *s = *state;
    assert_true(read_text(s, "\r\n\n" HEADER "\nl1," CELLS "\n"));
    assert_int_equal(s->rows_sum, 4);
}

static void columns_are_told_once_and_lines_still_checked(void **state)
{
    struct scene *s = *state;
    read_text(s, "line,catgory,quantty,delivery_from,delivery_to,nuts,nuts,\n"
                 "l1,laptop,10,2027-01-01,2027-06-30,BE9,BE2,\n"
                 "l2,laptop,10,2027-01-01,2027-06-31,BE211,BE2,x\n");
    const kg_problem *unknown = need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 1, NULL);
    assert_string_equal(unknown->value, "catgory");
    assert_non_null(strstr(unknown->allowed, "Did you mean category?"));
    assert_non_null(strstr(unknown->allowed, "line title cpv category"));
    assert_null(strstr(unknown->allowed, "organisation"));
    need_problem(&s->problems, KG_STATUS_DUPLICATE_COLUMN, 1, "nuts");
    need_problem(&s->problems, KG_STATUS_MISSING, 1, "category");
    need_problem(&s->problems, KG_STATUS_MISSING, 1, "quantity");
    need_problem(&s->problems, KG_STATUS_NUTS, 2, "nuts");
    need_problem(&s->problems, KG_STATUS_DATE, 3, "delivery_to");
    need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 3, NULL);
    need_problems(&s->problems, 8);
}

/* What may stand under a name that is not known is not missed in each row. */
static void one_mistake_in_the_header_is_one_problem(void **state)
{
    static const char *const headers[] = {
        "line,cpv,categorie,quantity,value,delivery_from,delivery_to,nuts\n"
        "l1,,laptop,10,,2027-01-01,2027-06-30,BE211\nl2,,laptop,10,,2027-01-01,2027-06-30,BE211\n",
        "line,category,aantal,value,delivery_from,delivery_to,nuts\n"
        "l1,laptop,10,,2027-01-01,2027-06-30,BE211\nl2,laptop,10,,2027-01-01,2027-06-30,BE211\n",
        "line,cpv,quantity,price,value,delivery_from,delivery_to,nuts\n"
        "l1,39000000,10,5.00,,2027-01-01,2027-06-30,BE211\n",
    };
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        read_text(s, headers[i]);
        need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 1, NULL);
        need_problems(&s->problems, 1);
    }
}

static void what_is_no_plan_is_told_once(void **state)
{
    static const char *const texts[] = {"# Notes\n\nsome, more, text\n\"half\n",
                                        "l1,laptop,10,2027-01-01\nl2,laptop,10,2027-01-01\n"};
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        read_text(s, texts[i]);
        const kg_problem *problem = need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 1, NULL);
        assert_non_null(strstr(problem->allowed, "none of the columns of a plan: line title"));
        need_problems(&s->problems, 1);
    }
}

static void dates_of_a_spreadsheet_are_told_apart(void **state)
{
    static const char *const dates[] = {"31/01/2027", "31.1.2027", "46418", "31-01-2027",
                                        "2027-02-30"};
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        char text[300];
        kg_text_format(text, sizeof text,
                       "line,category,quantity,delivery_from,delivery_to,nuts\n"
                       "l1,laptop,10,2027-01-01,%s,BE211\n",
                       dates[i]);
        read_text(s, text);
        const kg_problem *date = need_problem(&s->problems, KG_STATUS_DATE, 2, "delivery_to");
        assert_int_equal(i < 4, strstr(date->allowed, "yyyy-mm-dd") != NULL);
    }
}

static void every_required_column_is_missed_once(void **state)
{
    static const char *const columns[] = {"line", "category", "quantity", "delivery_from",
                                          "delivery_to", "nuts"};
    struct scene *s = *state;
    read_text(s, "title\na\nb\nc\n");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        need_problem(&s->problems, KG_STATUS_MISSING, 1, columns[i]);
    need_problems(&s->problems, 6);
    assert_int_equal(s->reading.rows, 3);
}

static void the_organisation_column_is_for_offline_files(void **state)
{
    static const char text[] = "organisation," HEADER "\no1,l1," CELLS "\n,l1," CELLS
                               "\na b,l2," CELLS "\no2,l1," CELLS "\no1,l1," CELLS "\n";
    struct scene *s = *state;
    read_text(s, "organisation," HEADER "\no1,l1," CELLS "\n");
    const kg_problem *online = need_problem(&s->problems, KG_STATUS_UNKNOWN_COLUMN, 1, NULL);
    assert_non_null(strstr(online->allowed, "offline"));
    need_problems(&s->problems, 1);

    start(s, true);
    read_bytes(s, text, sizeof text - 1);
    need_problem(&s->problems, KG_STATUS_MISSING, 3, "organisation");
    need_problem(&s->problems, KG_STATUS_ORGANISATION, 4, "organisation");
    const kg_problem *twice = need_problem(&s->problems, KG_STATUS_DUPLICATE_LINE, 6, "line");
    assert_non_null(strstr(twice->allowed, "row 2"));
    need_problems(&s->problems, 3);
    assert_string_equal(s->plan.lines[0].organisation, "o1");

    start(s, true);
    read_bytes(s, HEADER "\nl1," CELLS "\n", sizeof HEADER + sizeof "l1," CELLS);
    need_problem(&s->problems, KG_STATUS_MISSING, 1, "organisation");
    need_problems(&s->problems, 1);
}

static void a_key_stands_once(void **state)
{
    struct scene *s = *state;
    read_text(s, HEADER "\nl1," CELLS "\nl2," CELLS "\nl1,laptob,10,2027-01-01,2027-06-30,BE211\n"
                        "L1," CELLS "\nl1," CELLS "\n");
    need_problem(&s->problems, KG_STATUS_DUPLICATE_LINE, 4, "line");
    need_problem(&s->problems, KG_STATUS_UNKNOWN_CATEGORY, 4, "category");
    need_problem(&s->problems, KG_STATUS_DUPLICATE_LINE, 6, "line");
    need_problems(&s->problems, 3);
}

static void too_many_fields_are_told(void **state)
{
    struct scene *s = *state;
    read_text(s, HEADER "\nl1," CELLS ",x\nl2," CELLS "\nl3,laptop\n");
    need_problem(&s->problems, KG_STATUS_FIELD_COUNT, 2, NULL);
    need_problem(&s->problems, KG_STATUS_MISSING, 4, "quantity");
    need_problem(&s->problems, KG_STATUS_MISSING, 4, "delivery_from");
    need_problem(&s->problems, KG_STATUS_MISSING, 4, "delivery_to");
    need_problem(&s->problems, KG_STATUS_MISSING, 4, "nuts");
    need_problems(&s->problems, 5);
}

static void a_hundred_errors_come_at_once(void **state)
{
    struct scene *s = *state;
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, HEADER "\n");
    for (int i = 0; i < 50; i++)
        kg_buffer_format(&text, "l%d,laptop,0,2027-01-01,2027-06-30,BE9\n", i);
    start(s, false);
    read_bytes(s, text.bytes, text.count);
    for (long row = 2; row < 52; row++) {
        need_problem(&s->problems, KG_STATUS_QUANTITY, row, "quantity");
        need_problem(&s->problems, KG_STATUS_NUTS, row, "nuts");
    }
    need_problems(&s->problems, 100);
    assert_int_equal(kg_problems_rows(&s->problems), 50);
    assert_string_equal(s->problems.items[0].file, "plan.csv");
    kg_buffer_fini(&text);
}

static char *temporary_file(char path[static 40], const char *bytes, size_t count)
{
    strcpy(path, "/tmp/kg_test_plan_XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, count), count);
    close(file);
    return path;
}

static void a_file_is_read_as_its_bytes(void **state)
{
    struct scene *s = *state;
    char path[40];
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, HEADER "\r\n");
    for (int i = 0; i < 5000; i++) /* many chunks */
        kg_buffer_format(&text, "\"l\"\"\n%d\"," CELLS "\r\n", i);
    temporary_file(path, text.bytes, text.count);
    start(s, false);
    assert_false(kg_plan_read(path, &s->reading, &s->plan, &s->problems));
    need_problems(&s->problems, 5000); /* a key is one line */
    for (char *at = text.bytes + sizeof HEADER; (at = strstr(at, "\"\n"));)
        memcpy(at, "\"-", 2);
    unlink(path);
    temporary_file(path, text.bytes, text.count);
    start(s, false);
    memset(text.bytes, 'x', text.count);
    assert_true(kg_plan_read(path, &s->reading, &s->plan, &s->problems));
    assert_int_equal(s->plan.count, 5000);
    assert_string_equal(s->plan.lines[4999].line, "l\"-4999");
    kg_plan_sort(&s->plan);
    assert_string_equal(s->plan.lines[4999].line, "l\"-999");
    unlink(path);
    kg_buffer_fini(&text);
}

static void a_file_that_is_not_there_is_a_problem(void **state)
{
    struct scene *s = *state;
    start(s, false);
    assert_false(kg_plan_read("/nowhere/plan.csv", &s->reading, &s->plan, &s->problems));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 0, NULL);
    start(s, false);
    assert_false(kg_plan_read("/", &s->reading, &s->plan, &s->problems));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 0, NULL);
    need_problems(&s->problems, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_gives_the_same_lines),
        cmocka_unit_test(semicolons_leave_room_for_decimal_commas),
        cmocka_unit_test(quotes_in_the_header_do_not_choose_the_separator),
        cmocka_unit_test(rows_are_numbered_as_in_a_spreadsheet),
        cmocka_unit_test(empty_lines_may_stand_before_the_header),
        cmocka_unit_test(columns_are_told_once_and_lines_still_checked),
        cmocka_unit_test(one_mistake_in_the_header_is_one_problem),
        cmocka_unit_test(what_is_no_plan_is_told_once),
        cmocka_unit_test(dates_of_a_spreadsheet_are_told_apart),
        cmocka_unit_test(every_required_column_is_missed_once),
        cmocka_unit_test(the_organisation_column_is_for_offline_files),
        cmocka_unit_test(a_key_stands_once),
        cmocka_unit_test(too_many_fields_are_told),
        cmocka_unit_test(a_hundred_errors_come_at_once),
        cmocka_unit_test(a_file_is_read_as_its_bytes),
        cmocka_unit_test(a_file_that_is_not_there_is_a_problem),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
