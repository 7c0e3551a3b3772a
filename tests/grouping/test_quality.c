/* SPDX-License-Identifier: EUPL-1.2 */
/* The stored medium set against the bounds stored with it: 2, 2 and 5 % summed over the set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "helper_medium.h"

typedef struct totals {
    int64_t binding, binding_bound, bodies, bodies_bound;
    double ambition, ambition_bound;
} totals;

static void add_sample(int index, totals *sum)
{
    char path[4096];
    sample s;
    medium_bounds bounds;
    snprintf(path, sizeof path, KG_SOURCE_DIR "/tests/grouping/medium/%02d.txt", index);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(medium_read(file, &s, &bounds));
    fclose(file);
    kg_grouping_input input = sample_input(&s);
    kg_outcome *outcome = kg_grouping_run(&input);
    assert_null(sample_check(&s, outcome));
    int64_t binding = (int64_t)outcome->score.binding, bodies = (int64_t)outcome->score.bodies;
    sum->binding += binding;
    sum->binding_bound += bounds.binding;
    sum->bodies += bodies;
    sum->bodies_bound += bounds.bodies;
    /* The bound on ambition was made for a result that places as many: with fewer placed it says
     * nothing, and then such a result counts for nothing. */
    if (binding >= bounds.held_binding && bodies >= bounds.held_bodies)
        sum->ambition += (double)outcome->score.ambition_value;
    sum->ambition_bound += (double)bounds.ambition;
    kg_outcome_destroy(&outcome);
    sample_fini(&s);
}

static void medium_set_is_near_its_bounds(void **state)
{
    (void)state;
    totals sum = {0};
    for (int i = 0; i < MEDIUM_COUNT; i++)
        add_sample(i, &sum);
    print_message("binding %ld of %ld, bodies %ld of %ld, ambition %.0f of %.0f: %.2f %%\n",
                  (long)sum.binding, (long)sum.binding_bound, (long)sum.bodies,
                  (long)sum.bodies_bound, sum.ambition, sum.ambition_bound,
                  100 * sum.ambition / sum.ambition_bound);
    assert_true(sum.binding_bound > 0 && sum.binding * 100 >= sum.binding_bound * 98);
    assert_true(sum.bodies_bound > 0 && sum.bodies * 100 >= sum.bodies_bound * 98);
    assert_true(sum.ambition_bound > 0 && sum.ambition * 100 >= sum.ambition_bound * 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(medium_set_is_near_its_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
