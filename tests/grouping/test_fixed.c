/* SPDX-License-Identifier: EUPL-1.2 */
/* Lots that stand: they keep their members, level vector, condition and language, and gain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper_oracle.h"

static size_t gained, standing;

static void compare_with_oracle(size_t lines, uint64_t seed)
{
    random_source random = {.state = seed};
    sample_recipe recipe = sample_recipe_random(&random, lines);
    sample s;
    uint32_t own[ORACLE_LINES_MAX], expected[ORACLE_LINES_MAX];
    sample_init(&s, &recipe, &random);
    sample_fix_lots(&s, (size_t)random_between(&random, 1, 3), &random);
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
    standing += s.fixed_count;
    for (size_t l = 0; l < outcome->lots_count; l++)
        if (outcome->lots[l].fixed != KG_NO_LOT)
            gained += outcome->lots[l].members_count -
                      s.fixed[outcome->lots[l].fixed].members_count;
    kg_outcome_destroy(&outcome);
    sample_fini(&s);
}

static void lots_that_stand_gain_optimally(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20000; seed++)
        compare_with_oracle(2 + seed % 7, 5000000 + seed);
    assert_true(standing > 1000);
    assert_true(gained > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lots_that_stand_gain_optimally),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
