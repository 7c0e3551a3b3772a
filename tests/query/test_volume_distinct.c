/* SPDX-License-Identifier: EUPL-1.2 */
/* Exact counts of who was seen in which group, whatever the shape, against a table of all pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "broker/query/volume_distinct.h"
#include "proto/memory.h"

#include <stdlib.h>

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* So many pairs of groups and members, of which `known` groups were told before. */
typedef struct shape {
    size_t groups, members, known, pairs;
} shape;

static void counts_as_a_table_does(const shape *of, uint64_t seed)
{
    kg_distinct distinct;
    bool *seen = kg_alloc(of->groups * of->members, sizeof *seen);
    uint32_t *expected = kg_alloc(of->groups, sizeof *expected);
    uint32_t *told = kg_alloc(of->groups, sizeof *told);
    kg_distinct_init(&distinct, of->known, of->members, of->pairs / 2);
    for (size_t i = 0; i < of->pairs; i++) {
        uint32_t group = (uint32_t)(next(&seed) % of->groups);
        uint32_t member = (uint32_t)(next(&seed) % of->members);
        kg_distinct_prefetch(&distinct, group, member);
        told[group] += kg_distinct_add(&distinct, group, member);
        expected[group] += !seen[group * of->members + member];
        seen[group * of->members + member] = true;
    }
    kg_distinct_settle(&distinct, told, of->groups);
    assert_memory_equal(told, expected, of->groups * sizeof *told);
    kg_distinct_fini(&distinct);
    free(seen);
    free(expected);
    free(told);
}

static void every_shape_counts_exactly(void **state)
{
    static const shape shapes[] = {
        {1, 1, 0, 1},           {1, 1000, 1, 5000},      {72, 5000, 72, 60000},
        {72, 5000, 0, 60000},   {3000, 40, 0, 9000},     {9000, 300, 0, 200000},
        {9000, 300, 8, 90000},  {40000, 100, 0, 150000}, {2, 900000, 0, 120000},
        {500, 2000, 0, 900000}, {40, 20000, 0, 400000},  {700, 9000, 0, 300000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            counts_as_a_table_does(&shapes[i], seed);
}

/* One pair a hundred thousand times: its part is large, and holds one. */
static void the_same_pair_counts_once(void **state)
{
    kg_distinct distinct;
    uint32_t told[70000] = {0};
    (void)state;
    kg_distinct_init(&distinct, 0, 1u << 20, 0);
    for (uint32_t i = 0; i < 70000; i++)
        told[i] += kg_distinct_add(&distinct, i, i);
    for (uint32_t i = 0; i < 100000; i++)
        told[7] += kg_distinct_add(&distinct, 7, 7);
    assert_true(kg_distinct_settle(&distinct, told, 70000));
    for (uint32_t i = 0; i < 70000; i++)
        assert_int_equal(told[i], 1);
    kg_distinct_fini(&distinct);
}

static void few_pairs_need_no_settling(void **state)
{
    kg_distinct distinct;
    uint32_t told[2] = {0};
    (void)state;
    kg_distinct_init(&distinct, 0, 100, 10);
    assert_true(kg_distinct_add(&distinct, 1, 5));
    assert_false(kg_distinct_add(&distinct, 1, 5));
    assert_false(kg_distinct_settle(&distinct, told, 2));
    kg_distinct_fini(&distinct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_counts_exactly),
        cmocka_unit_test(the_same_pair_counts_once),
        cmocka_unit_test(few_pairs_need_no_settling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
