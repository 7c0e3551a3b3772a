/* SPDX-License-Identifier: EUPL-1.2 */
/* Medium and large buckets of every kind: whatever is found keeps every rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper_instances.h"

static kg_outcome *run_checked(const sample *s, uint64_t seed)
{
    kg_grouping_input input = sample_input(s);
    kg_outcome *outcome = kg_grouping_run(&input);
    const char *wrong = sample_check(s, outcome);
    if (wrong)
        fail_msg("seed %llu, %zu lines: %s", (unsigned long long)seed, s->lines_count, wrong);
    return outcome;
}

static void run_sample(size_t lines, size_t fixed, uint64_t seed, size_t *placed)
{
    random_source random = {.state = seed};
    sample_recipe recipe = sample_recipe_random(&random, lines);
    sample s;
    sample_init(&s, &recipe, &random);
    if (fixed)
        sample_fix_lots(&s, fixed, &random);
    kg_outcome *outcome = run_checked(&s, seed);
    *placed += outcome->members_count;
    kg_outcome_destroy(&outcome);
    sample_fini(&s);
}

static void medium_buckets_keep_the_rules(void **state)
{
    (void)state;
    size_t placed = 0;
    for (uint64_t seed = 0; seed < 8; seed++)
        run_sample(15 + seed * 3, 0, 700 + seed, &placed);
    assert_true(placed > 100);
}

static void medium_buckets_with_standing_lots_keep_the_rules(void **state)
{
    (void)state;
    size_t placed = 0;
    for (uint64_t seed = 0; seed < 8; seed++)
        run_sample(20 + seed * 3, 1 + seed % 4, 800 + seed, &placed);
    assert_true(placed > 100);
}

static void large_buckets_keep_the_rules(void **state)
{
    (void)state;
    size_t placed = 0;
    for (uint64_t seed = 0; seed < 3; seed++)
        run_sample(300 + seed * 500, seed, 900 + seed, &placed);
    assert_true(placed > 300);
}

static void no_lines_no_lots(void **state)
{
    (void)state;
    size_t placed = 0;
    run_sample(0, 0, 1, &placed);
    assert_int_equal(placed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medium_buckets_keep_the_rules),
        cmocka_unit_test(medium_buckets_with_standing_lots_keep_the_rules),
        cmocka_unit_test(large_buckets_keep_the_rules),
        cmocka_unit_test(no_lines_no_lots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
