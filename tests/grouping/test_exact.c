/* SPDX-License-Identifier: EUPL-1.2 */
/* Small buckets against the oracle: the whole objective and the tie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper_oracle.h"

static void compare_with_oracle(size_t lines, uint64_t seed)
{
    random_source random = {.state = seed};
    sample_recipe recipe = sample_recipe_random(&random, lines);
    sample s;
    uint32_t own[ORACLE_LINES_MAX], expected[ORACLE_LINES_MAX];
    sample_init(&s, &recipe, &random);
    kg_grouping_input input = sample_input(&s);
    kg_outcome *outcome = kg_grouping_run(&input);
    oracle_solve(&s, expected);
    oracle_lots_of_outcome(&s, outcome, own);
    const char *wrong = sample_check(&s, outcome);
    if (wrong)
        fail_msg("seed %llu, %zu lines: %s", (unsigned long long)seed, lines, wrong);
    for (size_t i = 0; i < lines; i++)
        if (own[i] != expected[i])
            fail_msg("seed %llu, %zu lines: line %zu is in lot %d, not %d",
                     (unsigned long long)seed, lines, i, (int)own[i], (int)expected[i]);
    kg_outcome_destroy(&outcome);
    sample_fini(&s);
}

static void up_to_seven_lines_are_optimal(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20000; seed++)
        compare_with_oracle(1 + seed % 7, seed);
}

static void eight_lines_are_optimal(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++)
        compare_with_oracle(8, 1000000 + seed);
}

static void ten_lines_are_optimal(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++)
        compare_with_oracle(10, 2000000 + seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_to_seven_lines_are_optimal),
        cmocka_unit_test(eight_lines_are_optimal),
        cmocka_unit_test(ten_lines_are_optimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
