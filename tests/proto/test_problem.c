/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/problem.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void need_text(const kg_problems *problems, size_t index, const char *expected)
{
    char *text = kg_problem_write(&problems->items[index]);
    assert_string_equal(text, expected);
    free(text);
}

static void problems_are_written(void **state)
{
    kg_problems problems;
    kg_problems_init(&problems, "plan.csv");
    kg_problems_add(&problems, KG_STATUS_LIFETIME, 12, "lifetime_years", "99", NULL);
    kg_problems_add(&problems, KG_STATUS_MISSING, 1, "nuts", NULL, "Give %s.", "it");
    kg_problems_add(&problems, KG_STATUS_EMPTY, 0, NULL, NULL, NULL);
    need_text(&problems, 0,
              "plan.csv:12: lifetime_years: \"99\": lifetime_years is a whole number from 1 to 50. "
              "[LIFETIME]");
    need_text(&problems, 1, "plan.csv:1: nuts: Give it. [MISSING]");
    need_text(&problems, 2, "plan.csv: The file or the message has no lines. [EMPTY]");
    kg_problems_fini(&problems);
    (void)state;
}

static void a_message_has_no_file(void **state)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_problems_add(&problems, KG_STATUS_CPV, 3, "cpv", "1", "No.");
    kg_problems_add(&problems, KG_STATUS_INVALID, 0, NULL, "1", "No.");
    need_text(&problems, 0, "3: cpv: \"1\": No. [CPV]");
    need_text(&problems, 1, "\"1\": No. [INVALID]");
    kg_problems_fini(&problems);
    (void)state;
}

static void values_are_cut_and_harmless(void **state)
{
    static const struct {
        const char *value, *kept;
    } cases[] = {
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\x1b[31mred\n", "\\x1b[31mred\\x0a"},
        {"caf\xe9", "caf\\xe9"},
        {"\xc2\x9b", "\\xc2\\x9b"},
        {"1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
         "901234567890x",
         "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
         "901234567890..."},
        {"123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
         "890123456789\xc3\xa9",
         "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
         "890123456789..."},
    };
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_problems_add(&problems, KG_STATUS_INVALID, 1, NULL, cases[i].value, NULL);
        assert_string_equal(problems.items[i].value, cases[i].kept);
    }
    kg_problems_fini(&problems);
    (void)state;
}

static void rows_are_counted_once(void **state)
{
    static const long rows[] = {7, 0, 3, 7, 3, 12, 0};
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    assert_int_equal(kg_problems_rows(&problems), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        kg_problems_add(&problems, KG_STATUS_INVALID, rows[i], NULL, NULL, NULL);
    assert_int_equal(kg_problems_rows(&problems), 3);
    kg_problems_fini(&problems);
    (void)state;
}

static void problems_are_put_in_the_order_of_their_rows(void **state)
{
    static const long rows[] = {9, 5, 3, 0, 5, 1};
    static const char *const expected[] = {"a", "d", "f", "c", "b", "e"};
    char value[2] = "a";
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_problems_sort(&problems, 0);
    for (size_t i = 0; i < 6; i++, value[0]++)
        kg_problems_add(&problems, KG_STATUS_INVALID, rows[i], NULL, value, NULL);
    kg_problems_sort(&problems, 1); /* the first stays */
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(problems.items[i].value, expected[i]);
    kg_problems_fini(&problems);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_are_written),
        cmocka_unit_test(a_message_has_no_file),
        cmocka_unit_test(values_are_cut_and_harmless),
        cmocka_unit_test(rows_are_counted_once),
        cmocka_unit_test(problems_are_put_in_the_order_of_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
