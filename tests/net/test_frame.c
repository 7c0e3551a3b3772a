/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

#define ROUNDS 3000

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static const uint8_t payload[KG_FRAME_PAYLOAD_BYTES_MAX + 1] = {1, 2, 3};

/* Bytes that a kind has, by what its shape allows. */
static size_t random_count(kg_frame_kind kind, uint32_t *seed)
{
    switch (kind) {
    case KG_FRAME_REQUEST:
    case KG_FRAME_REPLY:
        return next_random(seed) % 8 ? next_random(seed) % 300 : KG_FRAME_BYTES_MAX;
    case KG_FRAME_OPENED:
        return sizeof(kg_frame_opened);
    case KG_FRAME_FAILED:
        return 1 + next_random(seed) % 299;
    case KG_FRAME_COUNTS:
        return sizeof(kg_frame_counts);
    case KG_FRAME_BEGIN:
        return sizeof(kg_frame_begin);
    case KG_FRAME_ADMIT:
    case KG_FRAME_DISMISS:
        return KG_KEY_BYTES;
    default:
        return 0;
    }
}

static kg_frame random_frame(uint32_t *seed)
{
    kg_frame frame = {.kind = next_random(seed) % KG_FRAME_KINDS, .bytes = payload};
    const kg_frame_kind kind = frame.kind;
    frame.count = random_count(kind, seed);
    if (kind == KG_FRAME_REQUEST || kind == KG_FRAME_REPLY) {
        frame.peer.count = (uint8_t)(1 + next_random(seed) % sizeof frame.peer.bytes);
        memset(frame.peer.bytes, (int)(next_random(seed) % 256), frame.peer.count);
    }
    if (kind == KG_FRAME_REQUEST || kind == KG_FRAME_ADMIT || kind == KG_FRAME_HINT)
        memset(frame.organisation, 'A' + (int)(next_random(seed) % 26),
               1 + next_random(seed) % KG_ID_BYTES_MAX);
    if (kind == KG_FRAME_HINT)
        frame.number = next_random(seed);
    return frame;
}

static bool is_doors(kg_frame_kind kind)
{
    return kind <= KG_FRAME_COUNTS;
}

static void expect_same(const kg_frame *a, const kg_frame *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->peer.count, b->peer.count);
    assert_memory_equal(a->peer.bytes, b->peer.bytes, sizeof a->peer.bytes);
    assert_string_equal(a->organisation, b->organisation);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->count, b->count);
    if (a->count > 0)
        assert_memory_equal(a->bytes, b->bytes, a->count);
}

/* What is written is read again by the right side, from no fewer bytes, and not by the other. */
static void frames_come_back(void **state)
{
    uint32_t seed = 1;
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        size_t taken = 0;
        kg_frame read, frame = random_frame(&seed);
        kg_buffer out;
        kg_buffer_init(&out);
        kg_frame_write(&frame, &out);
        const uint8_t *bytes = (const uint8_t *)out.bytes;
        assert_int_equal(kg_frame_read(bytes, out.count, is_doors(frame.kind), &read, &taken),
                         KG_FRAME_WHOLE);
        assert_int_equal(taken, out.count);
        expect_same(&frame, &read);
        size_t part = next_random(&seed) % out.count;
        assert_int_equal(kg_frame_read(bytes, part, is_doors(frame.kind), &read, &taken),
                         KG_FRAME_PART);
        assert_int_equal(kg_frame_read(bytes, out.count, !is_doors(frame.kind), &read, &taken),
                         KG_FRAME_WRONG);
        kg_buffer_fini(&out);
    }
}

/* Whatever bytes a door sends: what is read of them keeps every promise of a frame. Each is read
 * from memory of its very size, so that a step beyond is seen. */
static void hostile_bytes_do_no_harm(void **state)
{
    uint32_t seed = 2;
    size_t whole = 0;
    (void)state;
    for (int i = 0; i < 20 * ROUNDS; i++) {
        size_t taken = 0;
        kg_frame read, frame = random_frame(&seed);
        kg_buffer out;
        frame.count = frame.count > 400 && frame.kind == KG_FRAME_REQUEST ? 400 : frame.count;
        kg_buffer_init(&out);
        kg_frame_write(&frame, &out);
        for (uint32_t changes = next_random(&seed) % 4; changes > 0; changes--)
            out.bytes[next_random(&seed) % (next_random(&seed) % 2 ? 16 : out.count)] ^=
                (char)(1u << next_random(&seed) % 8);
        const size_t count = next_random(&seed) % 4 ? out.count : next_random(&seed) % out.count;
        uint8_t *bytes = kg_alloc(count, 1);
        memcpy(bytes, out.bytes, count);
        if (kg_frame_read(bytes, count, true, &read, &taken) == KG_FRAME_WHOLE) {
            whole++;
            assert_true(is_doors(read.kind) && taken <= count && taken >= 16);
            assert_true(read.count <= KG_FRAME_BYTES_MAX);
            assert_true(read.count == 0 || read.bytes + read.count <= bytes + count);
            assert_true(read.peer.count <= sizeof read.peer.bytes);
            assert_true(read.kind != KG_FRAME_REQUEST ||
                        (read.peer.count > 0 && kg_id_valid(read.organisation)));
        }
        free(bytes);
        kg_buffer_fini(&out);
    }
    assert_true(whole > ROUNDS); /* it was not all refused at the door */
}

static kg_frame of_opened(const kg_frame_opened *opened)
{
    return (kg_frame){
        .kind = KG_FRAME_OPENED, .bytes = (const uint8_t *)opened, .count = sizeof *opened};
}

static void opened_texts_end_and_are_one_line(void **state)
{
    kg_frame_opened opened = {"tcp://127.0.0.1:1", "tcp://127.0.0.1:2", ""}, read;
    (void)state;
    kg_frame frame = of_opened(&opened);
    assert_true(kg_frame_read_opened(&frame, &read));
    assert_string_equal(read.feeds, "tcp://127.0.0.1:2");
    strcpy(opened.missing, "two\nlines");
    assert_false(kg_frame_read_opened(&frame, &read));
    strcpy(opened.missing, "Landlock");
    assert_true(kg_frame_read_opened(&frame, &read));
    memset(opened.feeds, 'x', sizeof opened.feeds);
    assert_false(kg_frame_read_opened(&frame, &read));
    opened.feeds[0] = '\0';
    assert_false(kg_frame_read_opened(&frame, &read));
}

static void a_failure_is_a_line(void **state)
{
    char out[300];
    const char good[] = "cannot listen", bad[] = "cannot\nlisten";
    kg_frame frame = {.kind = KG_FRAME_FAILED, .bytes = (const uint8_t *)good};
    (void)state;
    frame.count = strlen(good);
    assert_true(kg_frame_read_failed(&frame, out));
    assert_string_equal(out, good);
    frame.bytes = (const uint8_t *)bad;
    frame.count = strlen(bad);
    assert_false(kg_frame_read_failed(&frame, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_back),
        cmocka_unit_test(hostile_bytes_do_no_harm),
        cmocka_unit_test(opened_texts_end_and_are_one_line),
        cmocka_unit_test(a_failure_is_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
