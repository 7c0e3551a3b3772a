/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/channel.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"

#define FRAMES 3000

typedef struct line {
    kg_channel *door, *broker;
} line;

static int set_up(void **state)
{
    int ends[2];
    line *made = kg_alloc(1, sizeof *made);
    assert_true(kg_channel_pair(ends));
    made->door = kg_channel_new(ends[0], false);
    made->broker = kg_channel_new(ends[1], true);
    *state = made;
    return 0;
}

static int tear_down(void **state)
{
    line *made = *state;
    kg_channel_destroy(&made->door);
    kg_channel_destroy(&made->broker);
    free(made);
    return 0;
}

static uint8_t bytes[KG_FRAME_BYTES_MAX];

/* Numbered, and of sizes from nothing to the largest. */
static kg_frame request(uint32_t number)
{
    kg_frame frame = {.kind = KG_FRAME_REQUEST, .peer = {.count = sizeof number}, .bytes = bytes};
    memcpy(frame.peer.bytes, &number, sizeof number);
    strcpy(frame.organisation, "BE-1");
    frame.count = number % 20 == 0 ? sizeof bytes : (size_t)number * 37 % 3000;
    return frame;
}

/* Takes what came; each is the next one, whole. */
static void take(kg_channel *channel, uint32_t *number)
{
    kg_frame frame;
    kg_frame_found found;
    while ((found = kg_channel_next(channel, &frame)) == KG_FRAME_WHOLE) {
        const kg_frame sent = request(*number);
        assert_memory_equal(frame.peer.bytes, number, sizeof *number);
        assert_int_equal(frame.count, sent.count);
        assert_memory_equal(frame.bytes, bytes, frame.count);
        ++*number;
    }
    assert_int_equal(found, KG_FRAME_PART);
}

static void frames_arrive_once_in_order(void **state)
{
    line *made = *state;
    uint32_t added = 0, taken = 0;
    memset(bytes, 7, sizeof bytes);
    while (taken < FRAMES) {
        for (int i = 0; i < 10 && added < FRAMES; i++, added++) {
            kg_frame frame = request(added);
            kg_channel_add(made->door, &frame);
        }
        assert_true(kg_channel_send(made->door));
        assert_true(kg_channel_receive(made->broker));
        take(made->broker, &taken);
    }
    assert_int_equal(kg_channel_owed(made->door), 0);
}

/* Somebody who is always owed something does not make the buffer grow for ever. */
static void what_was_sent_makes_room(void **state)
{
    line *made = *state;
    uint32_t added = 0, taken = 0;
    while (added < FRAMES) {
        if (kg_channel_owed(made->door) < 2 * sizeof bytes) {
            kg_frame frame = request(added++);
            kg_channel_add(made->door, &frame);
        }
        assert_true(kg_channel_send(made->door));
        if (kg_channel_owed(made->door) >= sizeof bytes)
            assert_true(kg_channel_receive(made->broker));
        take(made->broker, &taken);
    }
    assert_true(made->door->out.capacity < 32 * sizeof bytes);
}

static void the_other_end_is_missed(void **state)
{
    line *made = *state;
    kg_frame frame = request(0);
    uint32_t taken = 0;
    kg_channel_add(made->door, &frame);
    assert_true(kg_channel_send(made->door) && kg_channel_owed(made->door) == 0);
    kg_channel_destroy(&made->door);
    assert_true(kg_channel_receive(made->broker)); /* what it said before is heard */
    take(made->broker, &taken);
    assert_int_equal(taken, 1);
    assert_false(kg_channel_receive(made->broker));
    frame = (kg_frame){.kind = KG_FRAME_STOP};
    kg_channel_add(made->broker, &frame);
    assert_false(kg_channel_send(made->broker));
}

static void a_wrong_frame_stays_wrong(void **state)
{
    line *made = *state;
    kg_frame frame = {.kind = KG_FRAME_STOP}; /* not a door's to say */
    kg_channel_add(made->door, &frame);
    assert_true(kg_channel_send(made->door));
    assert_true(kg_channel_receive(made->broker));
    for (int i = 0; i < 3; i++)
        assert_int_equal(kg_channel_next(made->broker, &frame), KG_FRAME_WRONG);
}

static void no_program_inherits_an_end(void **state)
{
    line *made = *state;
    assert_true(fcntl(made->door->descriptor, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(made->broker->descriptor, F_GETFD) & FD_CLOEXEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(frames_arrive_once_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_sent_makes_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_other_end_is_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_frame_stays_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_program_inherits_an_end, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
