/* SPDX-License-Identifier: EUPL-1.2 */
/* What a template holds is read back as it was meant, in every language. */
#include "client/workbook/write_template.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../proto/helper_plan.h"
#include "client/workbook/cell_text.h"
#include "client/workbook/plan_sheet.h"

static char folder[] = "/tmp/kopgroep-template.XXXXXX";
static char path[sizeof folder + 20];

static int set_up(void **state)
{
    *state = small_catalogue();
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/plan.xlsx", folder);
    return 0;
}

static int tear_down(void **state)
{
    kg_catalogue *catalogue = *state;
    kg_catalogue_destroy(&catalogue);
    unlink(path);
    return rmdir(folder);
}

static void write_book(const kg_catalogue *catalogue, int language, const char *category)
{
    kg_form form;
    char why[600];
    kg_form_init(&form, catalogue, language, category);
    if (!kg_template_write(path, &form, "BE", why, sizeof why))
        fail_msg("%s", why);
    kg_form_fini(&form);
}

/* Every column that the form has is known again, by the template's names and without them. */
static void test_headings_are_known_again(void **state)
{
    const kg_catalogue *catalogue = *state;
    for (int language = 0; language < KG_NAMES; language++) {
        kg_problems problems;
        kg_plan_sheet *sheet = kg_alloc(1, sizeof *sheet);
        kg_problems_init(&problems, "plan.xlsx");
        write_book(catalogue, language, NULL);
        if (!kg_plan_sheet_open(sheet, path, catalogue, &problems))
            need_problems(&problems, 0);
        assert_int_equal(sheet->language, language);
        assert_int_equal(sheet->columns, KG_COLUMNS - 3 + 2 * (int)catalogue->criteria_count);
        for (int without_names = 0; without_names < 2; without_names++) {
            for (int i = 0; i < sheet->columns; i++)
                assert_true(sheet->headings[i].kind >= KG_HEADING_COLUMN);
            assert_int_equal(kg_plan_sheet_name(sheet, &sheet->sheet, NULL), sheet->columns);
        }
        kg_plan_sheet_close(sheet);
        kg_problems_fini(&problems);
        free(sheet);
        unlink(path);
    }
}

static void test_criteria_of_one_category(void **state)
{
    kg_catalogue *catalogue = *state;
    kg_form form;
    kg_form_init(&form, catalogue, KG_NAME_NL, "monitor");
    assert_string_equal(form.columns[form.count - 2].name, "criteria:warranty-years");
    assert_string_equal(form.columns[form.count - 1].name, "accepts:warranty-years");
    assert_int_equal(form.count, KG_COLUMNS - 3 + 2);
    kg_form_fini(&form);
}

static void test_never_over_a_file(void **state)
{
    kg_form form;
    char why[600];
    write_book(*state, KG_NAME_NL, NULL);
    kg_form_init(&form, *state, KG_NAME_NL, NULL);
    assert_false(kg_template_write(path, &form, NULL, why, sizeof why));
    assert_non_null(strstr(why, strerror(EEXIST)));
    kg_form_fini(&form);
}

static void need_cell(kg_column column, kg_cell cell, bool from_1904, const char *expected)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_cell_write(&cell, column, from_1904, &out);
    assert_string_equal(out.bytes, expected);
    kg_buffer_fini(&out);
}

static void test_every_word_is_read(void **state)
{
    (void)state;
    for (const kg_word *word = kg_words(); word->value; word++)
        for (int language = 0; language < KG_NAMES; language++)
            need_cell(word->column, (kg_cell){.text = word->words[language]}, false, word->value);
}

static void test_cells(void **state)
{
    const kg_style day = {.date = true};
    (void)state;
    need_cell(KG_COLUMN_NUTS, (kg_cell){.text = "BE211 \xe2\x80\x93 Arr. Antwerpen"}, false,
              "BE211");
    need_cell(KG_COLUMN_TITLE, (kg_cell){.text = "a \xe2\x80\x93 b"}, false, "a \xe2\x80\x93 b");
    need_cell(KG_COLUMN_LINE, (kg_cell){.text = "=\"00123\""}, false, "00123");
    need_cell(KG_COLUMN_DELIVERY_TO,
              (kg_cell){.kind = KG_CELL_NUMBER, .number = 46388, .style = day}, false,
              "2027-01-01");
    need_cell(KG_COLUMN_DELIVERY_TO, (kg_cell){.kind = KG_CELL_NUMBER, .number = 46388 - 1462},
              true, "2027-01-01");
    need_cell(KG_COLUMN_DELIVERY_TO, (kg_cell){.kind = KG_CELL_NUMBER, .number = 20270101}, false,
              "20270101");
    need_cell(KG_COLUMN_TITLE, (kg_cell){.kind = KG_CELL_NUMBER, .number = 59, .style = day}, false,
              "1900-02-28");
    need_cell(KG_COLUMN_VALUE, (kg_cell){.kind = KG_CELL_NUMBER, .number = 0.1 + 0.2}, false,
              "0.3");
    need_cell(KG_COLUMN_QUANTITY, (kg_cell){.kind = KG_CELL_NUMBER, .number = 1e9}, false,
              "1000000000");
}

static void test_number_formats(void **state)
{
    static const struct {
        const char *format;
        bool date;
        int zeros;
    } cases[] = {
        {"General", false, 0},
        {"yyyy\\-mm\\-dd", true, 0},
        {"00000", false, 5},
        {"[$-413]d mmmm yyyy;@", true, 0},
        {"0", false, 0},
        {"[Red]0.00", false, 0},
        {"0 \"days\"", false, 0},
        {"h:mm", false, 0},
        {"\"unended yy", false, 0},
        {"#,##0.00\\ \"dd\"", false, 0},
        {"\\", false, 0},
        {"[unended yy", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_style style = kg_style_of(cases[i].format);
        assert_int_equal(style.date, cases[i].date);
        assert_int_equal(style.zeros, cases[i].zeros);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_headings_are_known_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_criteria_of_one_category, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_never_over_a_file, set_up, tear_down),
        cmocka_unit_test(test_every_word_is_read),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_number_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
