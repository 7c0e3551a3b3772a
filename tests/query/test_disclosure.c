/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "broker/query/disclosure.h"

static const kg_disclosure_rules rules = {5, 60, 80, 15};

typedef struct table_row {
    const char *what;
    int64_t amounts[6];
    size_t count;
    size_t viewer;
    bool safe;
} table_row;

static const table_row table[] = {
    {"five equal ones", {10, 10, 10, 10, 10}, 5, SIZE_MAX, true},
    {"four are too few", {10, 10, 10, 10}, 4, SIZE_MAX, false},
    {"none", {0}, 0, SIZE_MAX, false},
    {"one has 60 %: just allowed", {60, 10, 10, 10, 10}, 5, SIZE_MAX, true},
    {"one has more than 60 %", {61, 10, 10, 9, 10}, 5, SIZE_MAX, false},
    {"two have 80 %: just allowed", {40, 40, 7, 7, 6}, 5, SIZE_MAX, true},
    {"two have more than 80 %", {41, 40, 7, 6, 6}, 5, SIZE_MAX, false},
    {"the others hide 15 % of the largest", {59, 21, 10, 5, 5}, 5, SIZE_MAX, true},
    {"a viewer takes its own part out", {10, 10, 10, 10, 10}, 5, 0, true},
    {"what hid the largest was the viewer's", {50, 50, 10, 10, 10}, 5, 1, false},
    {"six with a viewer", {20, 20, 20, 20, 20, 20}, 6, 3, true},
    {"nothing at all is told of zeros", {0, 0, 0, 0, 0}, 5, SIZE_MAX, true},
};

static void rules_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const table_row *row = &table[i];
        if (kg_disclosure_safe(&rules, row->amounts, row->count, row->viewer) != row->safe)
            fail_msg("%s: not %d", row->what, row->safe);
    }
}

/* Whatever one that is safe knows of itself: no other is pinned within p % by subtraction. */
static void the_second_largest_cannot_bound_the_largest(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        int64_t amounts[8], total = 0, first = 0, second = 0;
        for (size_t i = 0; i < 8; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            amounts[i] = (int64_t)(random >> 33) % 1000;
            amounts[i] *= amounts[i] * (round % 3);
            total += amounts[i];
            if (amounts[i] > first) {
                second = first;
                first = amounts[i];
            } else if (amounts[i] > second) {
                second = amounts[i];
            }
        }
        if (kg_disclosure_safe(&rules, amounts, 8, SIZE_MAX))
            assert_true((total - first - second) * 100 >= first * rules.p_percent);
    }
}

static void bands_hold_the_amount(void **state)
{
    char band[48];
    (void)state;
    static const struct {
        int64_t amount;
        const char *band;
    } cases[] = {{-3, "0"},        {0, "0"},           {1, "1-1"},          {2, "2-4"},
                 {4, "2-4"},       {5, "5-9"},         {9, "5-9"},          {10, "10-19"},
                 {19, "10-19"},    {20, "20-49"},      {499, "200-499"},    {500, "500-999"},
                 {999, "500-999"}, {1000, "1000-1999"}, {123456, "100000-199999"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_disclosure_band(cases[i].amount, band);
        assert_string_equal(band, cases[i].band);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_hold),
        cmocka_unit_test(the_second_largest_cannot_bound_the_largest),
        cmocka_unit_test(bands_hold_the_amount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
