/* SPDX-License-Identifier: EUPL-1.2 */
/* A marked copy says the same as the workbook that was sent in: so it can be mended and sent. */
#include "client/workbook/write_marked.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../proto/helper_plan.h"
#include "client/workbook/plan_workbook.h"

static char folder[] = "/tmp/kopgroep-marked.XXXXXX";
static char copy[sizeof folder + 20], again[sizeof folder + 20];

/* All that was read: the rows' texts, then the problems. */
struct read {
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading;
    kg_buffer rows;
};

static int set_up(void **state)
{
    *state = small_catalogue();
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(copy, sizeof copy, "%s/copy.xlsx", folder);
    snprintf(again, sizeof again, "%s/again.xlsx", folder);
    return 0;
}

static int tear_down(void **state)
{
    kg_catalogue *catalogue = *state;
    kg_catalogue_destroy(&catalogue);
    unlink(copy);
    unlink(again);
    return rmdir(folder);
}

static void keep_row(void *context, long row, const kg_line_draft *draft)
{
    kg_buffer *rows = context;
    kg_buffer_format(rows, "%ld", row);
    for (int i = 0; i < KG_COLUMNS; i++)
        kg_buffer_format(rows, "|%s", draft->text[i] ? draft->text[i] : "");
    kg_buffer_format(rows, "\n");
}

static void read_book(struct read *read, const char *path, const kg_catalogue *catalogue)
{
    kg_buffer_init(&read->rows);
    kg_plan_init(&read->plan);
    kg_problems_init(&read->problems, "plan.xlsx");
    read->reading = (kg_plan_reading){
        .catalogue = catalogue, .languages = 1, .row = keep_row, .context = &read->rows};
    kg_workbook_read(path, &read->reading, &read->plan, &read->problems);
}

static void free_read(struct read *read)
{
    kg_buffer_fini(&read->rows);
    kg_plan_fini(&read->plan);
    kg_problems_fini(&read->problems);
}

static void book(const char *name, char out[static 400])
{
    snprintf(out, 400, "%s/tests/workbook/books/%s.xlsx", KG_SOURCE_DIR, name);
}

static void mark(const char *from, const char *to, const struct read *read,
                 const kg_catalogue *catalogue)
{
    char why[600];
    size_t count = read->problems.count;
    kg_mark *marks = kg_alloc(count + 1, sizeof *marks);
    for (size_t i = 0; i < count; i++) /* the last first: their order does not count */
        marks[count - 1 - i] =
            (kg_mark){read->problems.items[i].row, read->problems.items[i].column,
                      read->problems.items[i].value, read->problems.items[i].allowed};
    if (!kg_marked_write(from, to, catalogue, marks, count, why, sizeof why))
        fail_msg("%s", why);
    free(marks);
}

static void test_right_rows_are_kept(void **state)
{
    static const char *const books[] = {
        "shared", "zeros", "days_of_1904", "blank_rows", "without_references", "plan_behind"};
    for (size_t i = 0; i < sizeof books / sizeof books[0]; i++) {
        char path[400];
        struct read first, second;
        book(books[i], path);
        read_book(&first, path, *state);
        mark(path, copy, &first, *state);
        read_book(&second, copy, *state);
        need_problems(&second.problems, 0);
        assert_string_equal(first.rows.bytes, second.rows.bytes);
        free_read(&first);
        free_read(&second);
        unlink(copy);
    }
}

static void need_same_places(const kg_problems *a, const kg_problems *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        need_problem(b, b->items[i].status, a->items[i].row, a->items[i].column);
}

/* A copy of a copy is the same: the column of problems does not grow. Nor does it matter whether
 * the catalogue still has all criteria of the template. */
static void test_wrong_rows_stay_wrong(void **state)
{
    static const char *const books[] = {"bad_lines", "libreoffice"};
    for (size_t i = 0; i < sizeof books / sizeof books[0]; i++) {
        char path[400];
        struct read first, second, third;
        book(books[i], path);
        read_book(&first, path, *state);
        mark(path, copy, &first, *state);
        read_book(&second, copy, *state);
        need_same_places(&first.problems, &second.problems);
        mark(copy, again, &second, *state);
        read_book(&third, again, *state);
        need_same_places(&second.problems, &third.problems);
        assert_string_equal(second.rows.bytes, third.rows.bytes);
        free_read(&first);
        free_read(&second);
        free_read(&third);
        unlink(copy);
        unlink(again);
    }
}

static void test_never_over_a_file(void **state)
{
    char path[400], why[600];
    struct read read;
    book("shared", path);
    read_book(&read, path, *state);
    mark(path, copy, &read, *state);
    assert_false(kg_marked_write(path, copy, *state, NULL, 0, why, sizeof why));
    assert_int_equal(errno, EEXIST);
    free_read(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_right_rows_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_rows_stay_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_never_over_a_file, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
