/* SPDX-License-Identifier: EUPL-1.2 */
/* The checker of histories: it agrees with one that tries every order, on small random histories;
 * it tells histories that are known to be good or bad; and it is quick on long ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "linear.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define SMALL 6

static uint64_t seed = 1;

static int between(int low, int high)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return low + (int)((z ^ z >> 31) % (uint64_t)(high - low + 1));
}

/* --- every order, and no wit --- */

/* Does the order of moments respect that what returned before another's call came before it? */
static bool respects_time(const line_operation *operations, const size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (operations[order[j]].returned < operations[order[i]].called)
                return false;
    return true;
}

static bool is_an_answer(const line_operation *operations, size_t all, const size_t *order,
                         size_t count)
{
    int64_t value = LINE_ABSENT;
    for (size_t i = 0; i < all; i++) {
        bool there = operations[i].returned == RETURN_NEVER;
        for (size_t j = 0; j < count; j++)
            there = there || order[j] == i;
        if (!there)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!linear_step(&operations[order[i]], &value))
            return false;
    return respects_time(operations, order, count);
}

static bool naive(const line_operation *operations, size_t all, size_t *order, size_t count)
{
    if (is_an_answer(operations, all, order, count))
        return true;
    for (size_t i = 0; i < all && count < SMALL; i++) {
        bool used = false;
        for (size_t j = 0; j < count; j++)
            used = used || order[j] == i;
        order[count] = i;
        if (!used && naive(operations, all, order, count + 1))
            return true;
    }
    return false;
}

/* --- tests --- */

static line_operation random_operation(void)
{
    line_operation made = {.action = (line_action)between(LINE_SUBMIT, LINE_READ)};
    made.value = made.action == LINE_SUBMIT ? between(1, 3) : between(LINE_WITHDRAWN, 3);
    made.called = between(0, 20);
    made.returned = between(1, 6) == 1 ? RETURN_NEVER : made.called + between(1, 10);
    return made;
}

static void it_agrees_with_trying_every_order(void **state)
{
    size_t good = 0, bad = 0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        line_operation operations[SMALL];
        size_t order[SMALL], count = (size_t)between(1, SMALL);
        for (size_t k = 0; k < count; k++)
            operations[k] = random_operation();
        bool expected = naive(operations, count, order, 0);
        if (linear_check(operations, count) != expected)
            fail_msg("history %d is %s", i, expected ? "linearisable" : "not linearisable");
        good += expected;
        bad += !expected;
    }
    assert_true(good > 300 && bad > 300);
}

static void known_good_ones_pass(void **state)
{
    static const line_operation one_after_another[] = {
        {LINE_READ, LINE_ABSENT, 0, 1}, {LINE_SUBMIT, 1, 2, 3},
        {LINE_READ, 1, 4, 5},           {LINE_WITHDRAW, 0, 6, 7},
        {LINE_REFUSED, 0, 8, 9},        {LINE_READ, LINE_WITHDRAWN, 10, 11}};
    static const line_operation seen_before_it_returned[] = {{LINE_SUBMIT, 1, 0, 10},
                                                             {LINE_READ, 1, 2, 3}};
    static const line_operation unknown_that_happened_late[] = {
        {LINE_SUBMIT, 1, 0, RETURN_NEVER}, {LINE_READ, LINE_ABSENT, 5, 6}, {LINE_READ, 1, 7, 8}};
    static const line_operation unknown_that_never_happened[] = {
        {LINE_SUBMIT, 1, 0, 1}, {LINE_WITHDRAW, 0, 2, RETURN_NEVER}, {LINE_READ, 1, 3, 4}};
    (void)state;
    assert_true(linear_check(one_after_another, COUNT(one_after_another)));
    assert_true(linear_check(seen_before_it_returned, COUNT(seen_before_it_returned)));
    assert_true(linear_check(unknown_that_happened_late, COUNT(unknown_that_happened_late)));
    assert_true(linear_check(unknown_that_never_happened, COUNT(unknown_that_never_happened)));
    assert_true(linear_check(NULL, 0));
}

static void known_bad_ones_are_found(void **state)
{
    static const line_operation lost[] = {{LINE_SUBMIT, 1, 0, 1}, {LINE_READ, LINE_ABSENT, 2, 3}};
    static const line_operation stale[] = {
        {LINE_SUBMIT, 1, 0, 1}, {LINE_SUBMIT, 2, 2, 3}, {LINE_READ, 1, 4, 5}};
    static const line_operation back_and_forth[] = {{LINE_SUBMIT, 1, 0, 1},
                                                    {LINE_SUBMIT, 2, 2, 20},
                                                    {LINE_READ, 2, 3, 4},
                                                    {LINE_READ, 1, 5, 6}};
    static const line_operation done_twice[] = {{LINE_SUBMIT, 1, 0, RETURN_NEVER},
                                                {LINE_READ, 1, 1, 2},
                                                {LINE_SUBMIT, 2, 3, 4},
                                                {LINE_READ, 1, 5, 6}};
    static const line_operation refused_what_was_there[] = {{LINE_SUBMIT, 1, 0, 1},
                                                            {LINE_REFUSED, 0, 2, 3}};
    static const line_operation from_nowhere[] = {{LINE_READ, 7, 0, 1}};
    static const line_operation seen_before_it_was_called[] = {{LINE_READ, 1, 0, 1},
                                                               {LINE_SUBMIT, 1, 2, 3}};
    (void)state;
    assert_false(linear_check(lost, COUNT(lost)));
    assert_false(linear_check(stale, COUNT(stale)));
    assert_false(linear_check(back_and_forth, COUNT(back_and_forth)));
    assert_false(linear_check(done_twice, COUNT(done_twice)));
    assert_false(linear_check(refused_what_was_there, COUNT(refused_what_was_there)));
    assert_false(linear_check(from_nowhere, COUNT(from_nowhere)));
    assert_false(linear_check(seen_before_it_was_called, COUNT(seen_before_it_was_called)));
}

/* A register that is right gives them, whatever overlaps; one read changed, and it is not. */
static void long_ones_are_told_apart(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        line_operation operations[LINEAR_OPERATIONS_MAX];
        int64_t value = LINE_ABSENT;
        for (int k = 0; k < LINEAR_OPERATIONS_MAX; k++) {
            line_action action = (line_action[]){LINE_SUBMIT, LINE_READ, LINE_READ}[between(0, 2)];
            value = action == LINE_SUBMIT ? k + 1 : value;
            operations[k] =
                (line_operation){action, value, 10 * k - between(0, 30), 10 * k + between(1, 30)};
        }
        assert_true(linear_check(operations, COUNT(operations)));
        operations[60] = (line_operation){LINE_READ, 1000, 600, 605};
        assert_false(linear_check(operations, COUNT(operations)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_trying_every_order),
        cmocka_unit_test(known_good_ones_pass),
        cmocka_unit_test(known_bad_ones_are_found),
        cmocka_unit_test(long_ones_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
