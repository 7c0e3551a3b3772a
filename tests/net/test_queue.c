/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/queue.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct item {
    uint64_t number;
    char text[24];
} item;

static bool readable(const kg_queue *queue)
{
    struct pollfd waiting = {.fd = queue->wake, .events = POLLIN};
    return poll(&waiting, 1, 0) == 1;
}

static bool push(kg_queue *queue, uint64_t number)
{
    item one = {number, "text"};
    return kg_queue_push(queue, &one);
}

static void items_come_out_in_order(void **state)
{
    (void)state;
    kg_queue queue;
    item out[10];
    uint64_t in = 0, next = 0;
    assert_true(kg_queue_init(&queue, 7, sizeof(item)));
    for (int round = 0; round < 50; round++) { /* the ring's end passes at every place */
        while (in - next < 1 + (uint64_t)round % 7)
            assert_true(push(&queue, in++));
        size_t count = kg_queue_take(&queue, out, 1 + (size_t)round % 4, NULL);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(out[i].number, next++);
            assert_string_equal(out[i].text, "text");
        }
    }
    assert_int_equal(kg_queue_take(&queue, out, 10, NULL), in - next);
    assert_int_equal(kg_queue_take(&queue, out, 10, NULL), 0);
    kg_queue_fini(&queue);
}

static void full_queue_takes_nothing_more(void **state)
{
    (void)state;
    kg_queue queue;
    item out[3];
    bool was_full = false;
    assert_true(kg_queue_init(&queue, 3, sizeof(item)));
    for (uint64_t i = 0; i < 3; i++) {
        assert_false(kg_queue_full(&queue));
        assert_true(push(&queue, i));
    }
    assert_true(kg_queue_full(&queue));
    assert_false(push(&queue, 99));
    assert_int_equal(kg_queue_take(&queue, out, 1, &was_full), 1);
    assert_true(was_full);
    assert_int_equal(out[0].number, 0);
    assert_true(push(&queue, 3));
    assert_int_equal(kg_queue_take(&queue, out, 3, &was_full), 3);
    assert_true(was_full);
    assert_int_equal(out[2].number, 3);
    assert_int_equal(kg_queue_take(&queue, out, 3, &was_full), 0);
    assert_false(was_full);
    kg_queue_fini(&queue);
}

static void descriptor_is_readable_while_something_waits(void **state)
{
    (void)state;
    kg_queue queue;
    item out[2];
    assert_true(kg_queue_init(&queue, 4, sizeof(item)));
    assert_false(readable(&queue));
    for (uint64_t i = 0; i < 3; i++)
        push(&queue, i);
    assert_true(readable(&queue));
    kg_queue_quiet(&queue);
    kg_queue_take(&queue, out, 2, NULL);
    assert_true(readable(&queue)); /* one is left */
    kg_queue_quiet(&queue);
    kg_queue_take(&queue, out, 2, NULL);
    assert_false(readable(&queue));
    kg_queue_wake(&queue);
    assert_true(readable(&queue));
    kg_queue_quiet(&queue);
    kg_queue_quiet(&queue);
    assert_false(readable(&queue));
    kg_queue_fini(&queue);
}

#define PASSED 20000

static void *push_all(void *argument)
{
    kg_queue *queue = argument;
    for (uint64_t i = 0; i < PASSED;) {
        if (push(queue, i))
            i++;
        else
            poll(NULL, 0, 1);
    }
    return NULL;
}

static void threads_pass_everything_once(void **state)
{
    (void)state;
    kg_queue queue;
    pthread_t thread;
    item out[16];
    uint64_t next = 0;
    assert_true(kg_queue_init(&queue, 64, sizeof(item)));
    assert_int_equal(pthread_create(&thread, NULL, push_all, &queue), 0);
    while (next < PASSED) {
        struct pollfd waiting = {.fd = queue.wake, .events = POLLIN};
        assert_int_equal(poll(&waiting, 1, 10000), 1); /* no wake is lost */
        kg_queue_quiet(&queue);
        size_t count = kg_queue_take(&queue, out, 16, NULL);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(out[i].number, next++);
    }
    pthread_join(thread, NULL);
    kg_queue_fini(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order),
        cmocka_unit_test(full_queue_takes_nothing_more),
        cmocka_unit_test(descriptor_is_readable_while_something_waits),
        cmocka_unit_test(threads_pass_everything_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
