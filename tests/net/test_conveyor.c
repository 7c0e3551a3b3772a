/* SPDX-License-Identifier: EUPL-1.2 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "broker/net/conveyor.h"

typedef struct item {
    int number, worked;
} item;

typedef struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int begun, let_through; /* items up to this number may end their work */
} gate;

static void gate_init(gate *g, int let_through)
{
    *g = (gate){.let_through = let_through};
    pthread_mutex_init(&g->mutex, NULL);
    pthread_cond_init(&g->changed, NULL);
}

/* Ends only when it is let through. */
static void work_at_gate(void *context, void *of)
{
    gate *g = context;
    item *it = of;
    pthread_mutex_lock(&g->mutex);
    g->begun++;
    pthread_cond_broadcast(&g->changed);
    while (it->number > g->let_through)
        pthread_cond_wait(&g->changed, &g->mutex);
    pthread_mutex_unlock(&g->mutex);
    it->worked = it->number * 2;
}

static void let_through(gate *g, int number)
{
    pthread_mutex_lock(&g->mutex);
    g->let_through = number;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->mutex);
}

static void wait_begun(gate *g, int count)
{
    pthread_mutex_lock(&g->mutex);
    while (g->begun < count)
        pthread_cond_wait(&g->changed, &g->mutex);
    pthread_mutex_unlock(&g->mutex);
}

static kg_conveyor *start(gate *g, size_t capacity, size_t bytes_max, int threads)
{
    const kg_conveyor_options options = {.capacity = capacity, .bytes_max = bytes_max,
                                         .item_bytes = sizeof(item), .threads = threads,
                                         .work = g ? work_at_gate : NULL, .context = g};
    kg_conveyor *conveyor = kg_conveyor_new(&options);
    assert_non_null(conveyor);
    return conveyor;
}

static void *push_many(void *conveyor)
{
    for (int i = 1; i <= 20000;)
        if (kg_conveyor_push(conveyor, &(item){i, 0}, 1))
            i++;
    return NULL;
}

static void order_is_kept_whoever_works(void **state)
{
    (void)state;
    for (int threads = 0; threads < 4; threads++) {
        gate g;
        item items[7];
        pthread_t thread;
        gate_init(&g, INT32_MAX);
        kg_conveyor *conveyor = start(&g, 50, SIZE_MAX, threads);
        assert_int_equal(pthread_create(&thread, NULL, push_many, conveyor), 0);
        for (int next = 1; next <= 20000;) {
            size_t count = kg_conveyor_take(conveyor, items, 7, 10000, NULL);
            for (size_t i = 0; i < count; i++, next++) {
                assert_int_equal(items[i].number, next);
                assert_int_equal(items[i].worked, 2 * next);
            }
        }
        assert_true(kg_conveyor_empty(conveyor));
        pthread_join(thread, NULL);
        kg_conveyor_destroy(&conveyor, NULL, NULL);
    }
}

static void a_slow_item_holds_up_those_behind_it(void **state)
{
    gate g;
    item items[4];
    (void)state;
    gate_init(&g, 0);
    kg_conveyor *conveyor = start(&g, 50, SIZE_MAX, 2);
    for (int i = 1; i <= 2; i++)
        assert_true(kg_conveyor_push(conveyor, &(item){i, 0}, 1));
    wait_begun(&g, 2); /* each of the two workers has one, so the taker has nothing to do */
    assert_int_equal(kg_conveyor_take(conveyor, items, 4, 0, NULL), 0);
    let_through(&g, 2);
    size_t count = 0;
    while (count < 2)
        count += kg_conveyor_take(conveyor, items + count, 4 - count, 10000, NULL);
    assert_int_equal(items[0].number, 1);
    assert_int_equal(items[1].number, 2);
    kg_conveyor_destroy(&conveyor, NULL, NULL);
}

static void full_by_count_or_by_bytes(void **state)
{
    item items[4];
    bool was_full;
    (void)state;
    kg_conveyor *conveyor = start(NULL, 3, 100, 0);
    assert_true(kg_conveyor_push(conveyor, &(item){1, 0}, 99));
    assert_false(kg_conveyor_full(conveyor));
    assert_true(kg_conveyor_push(conveyor, &(item){2, 0}, 1));
    assert_true(kg_conveyor_full(conveyor));
    assert_false(kg_conveyor_push(conveyor, &(item){3, 0}, 0));
    assert_int_equal(kg_conveyor_take(conveyor, items, 1, 0, &was_full), 1);
    assert_true(was_full);
    for (int i = 3; i <= 4; i++)
        assert_true(kg_conveyor_push(conveyor, &(item){i, 0}, 0));
    assert_true(kg_conveyor_full(conveyor));
    assert_int_equal(kg_conveyor_take(conveyor, items, 4, 0, &was_full), 3);
    assert_int_equal(items[2].number, 4);
    kg_conveyor_destroy(&conveyor, NULL, NULL);
}

static void *wake(void *conveyor)
{
    kg_conveyor_wake(conveyor);
    return NULL;
}

static void waking_ends_the_wait(void **state)
{
    item items[1];
    pthread_t thread;
    (void)state;
    kg_conveyor *conveyor = start(NULL, 3, 100, 0);
    assert_int_equal(pthread_create(&thread, NULL, wake, conveyor), 0);
    assert_int_equal(kg_conveyor_take(conveyor, items, 1, -1, NULL), 0); /* else it hangs */
    pthread_join(thread, NULL);
    kg_conveyor_wake(conveyor); /* also when nobody waits yet */
    assert_int_equal(kg_conveyor_take(conveyor, items, 1, -1, NULL), 0);
    kg_conveyor_destroy(&conveyor, NULL, NULL);
}

static void one_thread_pushes_and_takes(void **state)
{
    gate g;
    item taken[3];
    (void)state;
    gate_init(&g, 100);
    kg_conveyor *conveyor = start(&g, 8, 100, 1);
    assert_false(kg_conveyor_ready(conveyor));
    assert_true(kg_conveyor_push_own(conveyor, &(item){1, 0}, 1));
    assert_true(kg_conveyor_ready(conveyor)); /* no worker was called: the work is done here */
    assert_int_equal(kg_conveyor_take(conveyor, taken, 3, 0, NULL), 1);
    assert_int_equal(taken[0].worked, 2);
    for (int i = 1; i <= 3; i++)
        assert_true(kg_conveyor_push_own(conveyor, &(item){i, 0}, 1));
    for (size_t have = 0; have < 3;)
        have += kg_conveyor_take(conveyor, taken + have, 3 - have, 10000, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(taken[i].worked, 2 * (i + 1));
    kg_conveyor_destroy(&conveyor, NULL, NULL);
}

static void count_drop(void *context, void *of)
{
    *(int *)context += ((item *)of)->number;
}

static void what_is_left_is_dropped(void **state)
{
    int dropped = 0;
    (void)state;
    kg_conveyor *conveyor = start(NULL, 3, 100, 0);
    for (int i = 1; i <= 3; i++)
        kg_conveyor_push(conveyor, &(item){i, 0}, 1);
    kg_conveyor_destroy(&conveyor, count_drop, &dropped);
    assert_int_equal(dropped, 6);
    assert_null(conveyor);
    kg_conveyor_destroy(&conveyor, count_drop, &dropped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_kept_whoever_works),
        cmocka_unit_test(a_slow_item_holds_up_those_behind_it),
        cmocka_unit_test(full_by_count_or_by_bytes),
        cmocka_unit_test(waking_ends_the_wait),
        cmocka_unit_test(one_thread_pushes_and_takes),
        cmocka_unit_test(what_is_left_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
