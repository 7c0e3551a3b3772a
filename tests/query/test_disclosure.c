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
    bool safe;
} table_row;

static const table_row table[] = {
    {"five equal ones", {10, 10, 10, 10, 10}, 5, true},
    {"four are too few", {10, 10, 10, 10}, 4, false},
    {"none", {0}, 0, false},
    {"one has 60 %: just allowed", {60, 10, 10, 10, 10}, 5, true},
    {"one has more than 60 %", {61, 10, 10, 9, 10}, 5, false},
    {"two have 80 %: just allowed", {40, 40, 7, 7, 6}, 5, true},
    {"two have more than 80 %", {41, 40, 7, 6, 6}, 5, false},
    {"two have 81 of 100: the two largest alone refuse", {41, 40, 7, 6, 6}, 5, false},
    {"what hides the largest is just 15 % of it", {40, 40, 14, 3, 3}, 5, true},
    {"what hides the largest is less: p % alone refuses", {40, 40, 15, 3, 2}, 5, false},
    {"nothing at all is told of zeros", {0, 0, 0, 0, 0}, 5, true},
};

static void rules_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const table_row *row = &table[i];
        if (kg_disclosure_safe(&rules, row->amounts, row->count) != row->safe)
            fail_msg("%s: not %d", row->what, row->safe);
    }
}

/* Each rule alone: the others let everything through. */
static void each_rule_decides_alone(void **state)
{
    static const struct {
        kg_disclosure_rules rules;
        table_row row;
    } cases[] = {
        {{6, 100, 100, 1}, {"number", {10, 10, 10, 10, 10}, 5, false}},
        {{5, 100, 100, 1}, {"number", {10, 10, 10, 10, 10}, 5, true}},
        {{3, 59, 100, 1}, {"largest", {60, 10, 10, 10, 10}, 5, false}},
        {{3, 60, 100, 1}, {"largest", {60, 10, 10, 10, 10}, 5, true}},
        {{3, 100, 79, 1}, {"two", {40, 40, 10, 5, 5}, 5, false}},
        {{3, 100, 80, 1}, {"two", {40, 40, 10, 5, 5}, 5, true}},
        {{3, 100, 100, 25}, {"p %", {40, 30, 20, 5, 5}, 5, true}},
        {{3, 100, 100, 26}, {"p %", {40, 30, 20, 5, 5}, 5, false}},
        {{2, 100, 100, 1}, {"three at least", {10, 10}, 2, false}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const table_row *row = &cases[i].row;
        if (kg_disclosure_safe(&cases[i].rules, row->amounts, row->count) != row->safe)
            fail_msg("%zu, %s: not %d", i, row->what, row->safe);
    }
}

/* Whatever the second and third largest tell each other. */
static void no_two_others_bound_the_largest(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        int64_t amounts[8], total = 0, first = 0, second = 0, third = 0;
        for (size_t i = 0; i < 8; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            amounts[i] = (int64_t)(random >> 33) % 1000;
            amounts[i] *= amounts[i] * (round % 3);
            total += amounts[i];
            if (amounts[i] > first) {
                third = second;
                second = first;
                first = amounts[i];
            } else if (amounts[i] > second) {
                third = second;
                second = amounts[i];
            } else if (amounts[i] > third) {
                third = amounts[i];
            }
        }
        if (kg_disclosure_safe(&rules, amounts, 8))
            assert_true((total - first - second - third) * 100 >= first * rules.p_percent);
    }
}

static const char *band_of(const kg_bands *bands, int64_t amount)
{
    static char text[48];
    const kg_band band = kg_disclosure_band(bands, amount);
    assert_true(band.begin <= amount && amount < band.end);
    kg_disclosure_band_write(&band, 1, false, text);
    return text;
}

static void bands_hold_the_amount(void **state)
{
    (void)state;
    static const kg_bands plain = {.unit = 1};
    static const struct {
        int64_t amount;
        const char *band;
    } cases[] = {{0, "0-0"},       {1, "1-2"},         {2, "1-2"},      {3, "3-9"},
                 {9, "3-9"},       {10, "10-29"},      {29, "10-29"},   {30, "30-99"},
                 {999, "300-999"}, {1000, "1000-2999"}, {123456, "100000-299999"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(band_of(&plain, cases[i].amount), cases[i].band);
}

/* No band ends beside a limit, and none at it, which would say of another sum what the limit is. */
static void bands_keep_from_limits(void **state)
{
    (void)state;
    static const kg_bands bands = {.unit = 1, .limits = {216, 1900}, .limits_count = 2};
    static const struct {
        int64_t amount;
        const char *band;
    } cases[] = {{99, "30-99"}, {100, "100-9999"}, {216, "100-9999"}, {10000, "10000-29999"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(band_of(&bands, cases[i].amount), cases[i].band);
}

/* Wherever a limit stands, what is left of a band on its side of the limit ends no nearer than at
 * twice what it begins with; and amounts of one band have that band, so that it tells nothing
 * else. */
static void no_band_is_short(void **state)
{
    (void)state;
    for (int64_t limit = 1; limit < 3000; limit += 7) {
        const kg_bands bands = {.unit = 1, .limits = {limit}, .limits_count = 1};
        for (int64_t amount = 1; amount < 6000; amount += 3) {
            const kg_band band = kg_disclosure_band(&bands, amount);
            const kg_band first = kg_disclosure_band(&bands, band.begin);
            const kg_band last = kg_disclosure_band(&bands, band.end - 1);
            assert_true(first.begin == band.begin && first.end == band.end);
            assert_true(last.begin == band.begin && last.end == band.end);
            bool below = amount < limit;
            kg_int128 least = !below && limit > band.begin ? limit : band.begin;
            kg_int128 end = below && limit < band.end ? limit : band.end;
            assert_true(end >= 2 * least);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_hold),
        cmocka_unit_test(each_rule_decides_alone),
        cmocka_unit_test(no_two_others_bound_the_largest),
        cmocka_unit_test(bands_hold_the_amount),
        cmocka_unit_test(bands_keep_from_limits),
        cmocka_unit_test(no_band_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
