/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    int number;
    const char *name;
} statuses[] = {
#define KG_STATUS(number, name, text) {number, #name},
#include "proto/status.def"
#undef KG_STATUS
};

#define COUNT (sizeof statuses / sizeof statuses[0])

static void numbers_and_names_are_unique(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(statuses[i].number, statuses[k].number);
            assert_string_not_equal(statuses[i].name, statuses[k].name);
        }
    }
    (void)state;
}

static void names_go_both_ways(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        assert_string_equal(kg_status_name((kg_status)statuses[i].number), statuses[i].name);
        assert_int_equal(kg_status_find(statuses[i].name), statuses[i].number);
    }
    assert_int_equal(KG_STATUS_OK, 0);
    assert_int_equal(kg_status_find("LINE_CLAIMED"), KG_STATUS_LINE_CLAIMED);
    assert_int_equal(kg_status_find("line_claimed"), -1);
    assert_int_equal(kg_status_find(""), -1);
    (void)state;
}

static void texts_end_with_a_full_stop(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        const char *text = kg_status_text((kg_status)statuses[i].number);
        size_t count = strlen(text);
        if (count < 5 || strchr(text, '\n') || text[count - 1] != '.')
            fail_msg("%s: %s", statuses[i].name, text);
    }
    (void)state;
}

static void a_number_of_a_later_build_is_named_as_such(void **state)
{
    assert_string_equal(kg_status_name((kg_status)9999), "UNKNOWN_STATUS");
    assert_non_null(kg_status_text((kg_status)9999));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_names_are_unique),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(texts_end_with_a_full_stop),
        cmocka_unit_test(a_number_of_a_later_build_is_named_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
