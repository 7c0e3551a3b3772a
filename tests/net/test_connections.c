/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/connections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define A "192.0.2.1"
#define B "192.0.2.2"
#define PLACES 40

static const uint8_t one[KG_KEY_BYTES] = "one", two[KG_KEY_BYTES] = "two";

static void a_connection_counts_until_it_is_closed(void **state)
{
    (void)state;
    kg_connections *all = kg_connections_new(2);
    kg_connections_opened(all, 5, A);
    uint64_t first = kg_connections_enter(all, one, A);
    assert_true(first > 0);
    assert_false(kg_connections_any_silent(all)); /* 5 can be nobody else's */
    kg_connections_opened(all, 6, A);
    kg_connections_opened(all, 7, A);
    uint64_t second = kg_connections_enter(all, one, A);
    assert_true(kg_connections_any_silent(all)); /* 6 or 7 */
    assert_int_equal(kg_connections_enter(all, one, A), 0);
    assert_true(kg_connections_enter(all, two, A) > 0);
    kg_connections_heard(all, second, 7);
    kg_connections_closed(all, 6); /* two's: the only one left that is not known */
    assert_int_equal(kg_connections_count(all, two), 0);
    assert_int_equal(kg_connections_count(all, one), 2);
    kg_connections_closed(all, 5);
    kg_connections_closed(all, 7);
    kg_connections_closed(all, 7);
    assert_int_equal(kg_connections_count(all, one), 0);
    kg_connections_destroy(&all);
}

/* A stranger's connections, opened and closed beside, make no room. */
static void strangers_make_no_room(void **state)
{
    (void)state;
    kg_connections *all = kg_connections_new(3);
    for (int i = 0; i < 10; i++)
        kg_connections_opened(all, i, A);
    for (int i = 0; i < 3; i++)
        assert_true(kg_connections_enter(all, one, A) > 0);
    for (int i = 9; i >= 3; i--)
        kg_connections_closed(all, i);
    assert_int_equal(kg_connections_count(all, one), 3);
    for (int i = 10; i < 50; i++) {
        kg_connections_opened(all, i, A);
        kg_connections_closed(all, i);
        assert_int_equal(kg_connections_enter(all, one, A), 0);
    }
    kg_connections_closed(all, 0);
    assert_int_equal(kg_connections_count(all, one), 2);
    kg_connections_destroy(&all);
}

/* A message that was read after its connection's end, and whose descriptor is another's by now. */
static void a_late_message_is_put_right(void **state)
{
    (void)state;
    kg_connections *all = kg_connections_new(0);
    kg_connections_opened(all, 1, B);
    kg_connections_opened(all, 5, A);
    kg_connections_opened(all, 6, A);
    uint64_t gone = kg_connections_enter(all, one, A);
    kg_connections_closed(all, 5);
    kg_connections_opened(all, 5, A);
    uint64_t next = kg_connections_enter(all, two, A);
    kg_connections_heard(all, gone, 5);
    kg_connections_heard(all, next, 5);
    assert_int_equal(kg_connections_count(all, one), 0);
    assert_int_equal(kg_connections_count(all, two), 1);
    kg_connections_heard(all, gone, 5);
    kg_connections_heard(all, 999, 6);
    kg_connections_heard(all, next, 999);
    kg_connections_closed(all, 5);
    assert_int_equal(kg_connections_count(all, two), 0);
    kg_connections_destroy(&all);
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return z ^ z >> 31;
}

/* Whatever happens, no key is counted less than it has, and nothing when all is closed. */
static void no_key_is_counted_less_than_it_has(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int round = 0; round < 200; round++) {
        kg_connections *all = kg_connections_new(0);
        int open[PLACES] = {0}; /* 0 closed, 1 a stranger, 2 one, 3 two */
        uint64_t number[PLACES] = {0};
        size_t truth[2] = {0};
        for (int step = 0; step < 400; step++) {
            int at = (int)(next_random(&random) % PLACES);
            const char *address = at % 2 ? A : B;
            if (!open[at]) {
                open[at] = 1 + (int)(next_random(&random) % 3);
                kg_connections_opened(all, at, address);
                if (open[at] > 1) {
                    number[at] = kg_connections_enter(all, open[at] == 2 ? one : two, address);
                    truth[open[at] - 2]++;
                }
            } else if (open[at] > 1 && next_random(&random) % 2) {
                kg_connections_heard(all, number[at], at);
            } else {
                truth[0] -= open[at] == 2;
                truth[1] -= open[at] == 3;
                open[at] = 0;
                kg_connections_closed(all, at);
            }
            size_t said = kg_connections_count(all, one) + kg_connections_count(all, two);
            assert_true(said >= truth[0] + truth[1]);
        }
        for (int at = 0; at < PLACES; at++)
            kg_connections_closed(all, at);
        assert_int_equal(kg_connections_count(all, one) + kg_connections_count(all, two), 0);
        kg_connections_destroy(&all);
    }
}

/* ---- whom a revoked key's end reaches ---- */

static bool reached[PLACES];

static void reach(int place)
{
    reached[place] = true;
}

static void a_silent_connection_is_reached(void **state)
{
    (void)state;
    kg_connections *all = kg_connections_new(0);
    memset(reached, 0, sizeof reached);
    for (int at = 0; at < 4; at++)
        kg_connections_opened(all, at, at < 3 ? A : B);
    kg_connections_enter(all, one, A); /* 0, 1 or 2 */
    uint64_t speaks = kg_connections_enter(all, two, A);
    kg_connections_heard(all, speaks, 2);
    kg_connections_each(all, one, reach);
    assert_true(reached[0] && reached[1]);
    assert_false(reached[2] || reached[3]);
    kg_connections_destroy(&all);
}

/* Two are silent at one address and one of them ends: whose it was is not known. */
static void who_ended_is_not_guessed(void **state)
{
    (void)state;
    kg_connections *all = kg_connections_new(0);
    memset(reached, 0, sizeof reached);
    kg_connections_opened(all, 0, A);
    kg_connections_opened(all, 1, A);
    kg_connections_enter(all, one, A); /* at 0 */
    kg_connections_enter(all, two, A); /* at 1 */
    kg_connections_closed(all, 1);
    kg_connections_each(all, one, reach);
    assert_true(reached[0]);
    memset(reached, 0, sizeof reached);
    kg_connections_closed(all, 0);
    kg_connections_opened(all, 2, A);
    kg_connections_each(all, one, reach);
    assert_false(reached[2]); /* it was opened when all of hers had ended */
    kg_connections_destroy(&all);
}

/* Whatever happens, and however late a message of an earlier connection is read, every connection
 * of the key is among those that are reached. */
static void every_connection_of_a_key_is_reached(void **state)
{
    (void)state;
    uint64_t random = 2;
    for (int round = 0; round < 200; round++) {
        kg_connections *all = kg_connections_new(0);
        int open[PLACES] = {0}; /* 0 closed, 1 a stranger, 2 one, 3 two */
        uint64_t number[PLACES] = {0}, before[PLACES] = {0};
        for (int step = 0; step < 400; step++) {
            int at = (int)(next_random(&random) % PLACES);
            const char *address = at % 2 ? A : B;
            if (!open[at]) {
                open[at] = 1 + (int)(next_random(&random) % 3);
                kg_connections_opened(all, at, address);
                if (open[at] > 1)
                    number[at] = kg_connections_enter(all, open[at] == 2 ? one : two, address);
            } else if (next_random(&random) % 4 == 0) {
                kg_connections_heard(all, before[at], at);
            } else if (open[at] > 1 && next_random(&random) % 2) {
                kg_connections_heard(all, number[at], at);
            } else {
                before[at] = open[at] > 1 ? number[at] : before[at];
                open[at] = 0;
                kg_connections_closed(all, at);
            }
            memset(reached, 0, sizeof reached);
            kg_connections_each(all, one, reach);
            for (int i = 0; i < PLACES; i++)
                assert_true(open[i] != 2 || reached[i]);
        }
        kg_connections_destroy(&all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_counts_until_it_is_closed),
        cmocka_unit_test(strangers_make_no_room),
        cmocka_unit_test(a_late_message_is_put_right),
        cmocka_unit_test(no_key_is_counted_less_than_it_has),
        cmocka_unit_test(a_silent_connection_is_reached),
        cmocka_unit_test(who_ended_is_not_guessed),
        cmocka_unit_test(every_connection_of_a_key_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
