/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/gathering.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <cmocka.h>

#define TOOK_US 2000

/* A commit that took so long, while so many waited at once. */
static kg_gathering after_commit(size_t waited, int64_t took_us)
{
    kg_gathering gathering = {0};
    kg_gathering_see(&gathering, 1, waited, 1);
    kg_gathering_note(&gathering, took_us);
    kg_gathering_see(&gathering, 0, 0, 2);
    return gathering;
}

/* What is left at `now_us` of a batch that had its first record at 1000. */
static int64_t left(kg_gathering gathering, size_t open, size_t bytes, int64_t now_us)
{
    kg_gathering_see(&gathering, 1, 1, 1000);
    kg_gathering_see(&gathering, open, open, now_us);
    return kg_gathering_left_us(&gathering, open, bytes, now_us);
}

static void many_are_waited_for_as_long_as_a_commit_took(void **state)
{
    (void)state;
    kg_gathering gathering = after_commit(64, TOOK_US);
    assert_int_equal(TOOK_US, left(gathering, 1, 500, 1000));
    assert_int_equal(TOOK_US - 500, left(gathering, 31, 500, 1500));
    assert_int_equal(0, left(gathering, 31, 500, 1000 + TOOK_US));
    gathering = after_commit(64, 60 * KG_GATHERING_US_MAX);
    assert_int_equal(KG_GATHERING_US_MAX, left(gathering, 1, 500, 1000));
}

static void half_of_them_is_enough_and_so_are_many_bytes(void **state)
{
    (void)state;
    kg_gathering gathering = after_commit(64, TOOK_US);
    assert_int_equal(0, left(gathering, 32, 500, 1000));
    assert_int_equal(0, left(gathering, 3, KG_GATHERING_BYTES, 1000));
}

static void few_do_not_wait_for_each_other(void **state)
{
    (void)state;
    kg_gathering gathering = {0};
    assert_int_equal(0, left(gathering, 1, 500, 1000)); /* nothing was committed yet */
    assert_int_equal(0, left(after_commit(1, TOOK_US), 1, 500, 1000));
    assert_int_equal(0, left(after_commit(KG_GATHERING_FEW - 1, TOOK_US), 1, 500, 1000));
}

static void a_crowd_that_went_is_forgotten_after_two_commits(void **state)
{
    (void)state;
    kg_gathering gathering = after_commit(64, TOOK_US);
    kg_gathering_see(&gathering, 1, 1, 900);
    kg_gathering_note(&gathering, TOOK_US);
    kg_gathering_see(&gathering, 0, 0, 950);
    assert_int_equal(0, left(gathering, 1, 500, 1000));
}

static void the_next_batch_waits_anew(void **state)
{
    (void)state;
    kg_gathering gathering = after_commit(64, TOOK_US);
    kg_gathering_see(&gathering, 1, 1, 1000);
    kg_gathering_see(&gathering, 0, 1, 3000); /* it was sent off */
    kg_gathering_see(&gathering, 1, 2, 4000);
    assert_int_equal(TOOK_US, kg_gathering_left_us(&gathering, 1, 500, 4000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_are_waited_for_as_long_as_a_commit_took),
        cmocka_unit_test(half_of_them_is_enough_and_so_are_many_bytes),
        cmocka_unit_test(few_do_not_wait_for_each_other),
        cmocka_unit_test(a_crowd_that_went_is_forgotten_after_two_commits),
        cmocka_unit_test(the_next_batch_waits_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
