/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/nuts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void codes_are_listed(void **state)
{
    static const char *const listed[] = {"BE", "BE2", "BE21", "BE211", "BEZZZ", "NL", "UK",
                                         "UKC11", "AL", "XK", "SE332"};
    static const char *const others[] = {"", "B", "be", "BE9", "BE2111", "GB", "EL9", "BE21 ",
                                         "ZZ", "~", "UKZ9"};
    for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++) {
        if (!kg_nuts_listed(listed[i]))
            fail_msg("%s is not listed", listed[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (kg_nuts_listed(others[i]))
            fail_msg("%s is listed", others[i]);
    }
    (void)state;
}

/* The first field of each row of the reference files is a code that is found, with a label. */
static void every_reference_code_is_compiled_in(void **state)
{
    static const char *const files[] = {"nuts.csv", "nuts_uk_2021.csv"};
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[500], row[1000];
        snprintf(path, sizeof path, "%s/config/reference/%s", KG_SOURCE_DIR, files[i]);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_non_null(fgets(row, sizeof row, file));
        while (fgets(row, sizeof row, file)) {
            row[strcspn(row, ",")] = '\0';
            if (!kg_nuts_listed(row) || !*kg_nuts_label(row))
                fail_msg("%s is missing", row);
            count++;
        }
        fclose(file);
    }
    assert_int_equal(count, 2087 + 236);
    (void)state;
}

static void numbers_are_in_the_order_of_the_codes(void **state)
{
    (void)state;
    for (int i = 0; i < kg_nuts_count(); i++) {
        assert_int_equal(i, kg_nuts_number(kg_nuts_code(i)));
        assert_true(i == 0 || strcmp(kg_nuts_code(i - 1), kg_nuts_code(i)) < 0);
    }
    assert_int_equal(-1, kg_nuts_number("BE2111111111"));
    assert_int_equal(-1, kg_nuts_number("\xff\xff"));
}

static void labels_levels_and_prefixes(void **state)
{
    assert_string_equal(kg_nuts_label("UKC11"), "Hartlepool and Stockton-on-Tees");
    assert_null(kg_nuts_label("BE9"));
    assert_int_equal(kg_nuts_level("BE"), 0);
    assert_int_equal(kg_nuts_level("BE211"), 3);
    assert_true(kg_nuts_within("BE211", "BE2"));
    assert_true(kg_nuts_within("BE211", ""));
    assert_true(kg_nuts_within("BE", "BE"));
    assert_false(kg_nuts_within("BE", "BE2"));
    assert_false(kg_nuts_within("BE211", "BE3"));
    (void)state;
}

static void what_stands_near_is_named(void **state)
{
    char near[400];
    kg_nuts_near("BE9", near, sizeof near);
    assert_string_equal(near, "BE1 BE2 BE3 BEZ");
    kg_nuts_near("BE2111", near, sizeof near); /* below a county there is nothing */
    assert_non_null(strstr(near, "BE211"));
    kg_nuts_near("??", near, sizeof near);
    assert_non_null(strstr(near, "AL AT BA BE"));
    kg_nuts_near("", near, 6);
    assert_string_equal(near, "AL AT");
    (void)state;
}

static void numbers_go_by_code(void **state)
{
    int first, end, within = 0;
    (void)state;
    assert_int_equal(-1, kg_nuts_number("BE9"));
    assert_int_equal(-1, kg_nuts_number(""));
    for (int i = 0; i < kg_nuts_count(); i++) {
        assert_int_equal(i, kg_nuts_number(kg_nuts_code(i)));
        assert_true(i == 0 || strcmp(kg_nuts_code(i - 1), kg_nuts_code(i)) < 0);
        within += kg_nuts_within(kg_nuts_code(i), "BE2");
    }
    kg_nuts_range("BE2", &first, &end);
    assert_int_equal(within, end - first);
    assert_string_equal("BE2", kg_nuts_code(first));
    assert_true(kg_nuts_within(kg_nuts_code(end - 1), "BE2"));
    kg_nuts_range("", &first, &end);
    assert_true(first == 0 && end == kg_nuts_count());
    kg_nuts_range("QQ", &first, &end);
    assert_int_equal(first, end);
    kg_nuts_range("ZZ", &first, &end);
    assert_int_equal(first, end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_listed),
        cmocka_unit_test(every_reference_code_is_compiled_in),
        cmocka_unit_test(numbers_are_in_the_order_of_the_codes),
        cmocka_unit_test(labels_levels_and_prefixes),
        cmocka_unit_test(what_stands_near_is_named),
        cmocka_unit_test(numbers_go_by_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
