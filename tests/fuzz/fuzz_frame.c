/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as what comes over the line between the broker and its door, either way: frames that
 * lie within them and are written the same, until more is needed or none begins like this. */
#include <stdlib.h>
#include <string.h>

#include "broker/net/frame.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"

static bool one_line(const char *text, size_t size)
{
    const size_t length = strnlen(text, size);
    return length < size && !memchr(text, '\n', length) && !memchr(text, '\r', length);
}

static void need_texts(const kg_frame *frame)
{
    kg_frame_opened opened;
    char why[300];
    if (frame->kind == KG_FRAME_OPENED && kg_frame_read_opened(frame, &opened))
        fuzz_need(opened.requests[0] && one_line(opened.requests, sizeof opened.requests) &&
                  opened.feeds[0] && one_line(opened.feeds, sizeof opened.feeds) &&
                  one_line(opened.missing, sizeof opened.missing));
    if (frame->kind == KG_FRAME_FAILED && kg_frame_read_failed(frame, why))
        fuzz_need(why[0] && one_line(why, sizeof why) && strlen(why) <= frame->count);
}

/* What the keeper and the door take for granted of a kind. */
static void need_shape(const kg_frame *frame, bool from_door)
{
    const bool peer = frame->kind == KG_FRAME_REQUEST || frame->kind == KG_FRAME_REPLY;
    const bool organisation = frame->kind == KG_FRAME_REQUEST || frame->kind == KG_FRAME_ADMIT ||
                              frame->kind == KG_FRAME_HINT;
    fuzz_need(from_door == (frame->kind <= KG_FRAME_COUNTS) && frame->kind < KG_FRAME_KINDS);
    fuzz_need(frame->peer.count <= sizeof frame->peer.bytes && (frame->peer.count > 0) == peer);
    fuzz_need(organisation ? kg_id_valid(frame->organisation) : !frame->organisation[0]);
    fuzz_need(frame->kind == KG_FRAME_HINT || frame->number == 0);
    fuzz_need(frame->kind != KG_FRAME_REQUEST || frame->count <= KG_FRAME_BYTES_MAX);
    fuzz_need(frame->kind != KG_FRAME_COUNTS || frame->count == sizeof(kg_frame_counts));
    fuzz_need(frame->kind != KG_FRAME_BEGIN || frame->count == sizeof(kg_frame_begin));
    fuzz_need((frame->kind != KG_FRAME_ADMIT && frame->kind != KG_FRAME_DISMISS) ||
              frame->count == KG_KEY_BYTES);
}

/* From memory of its very size. */
static void need_whole(const uint8_t *data, size_t size, bool from_door)
{
    uint8_t *bytes = kg_alloc(size, 1);
    kg_frame frame, other;
    kg_buffer again;
    size_t taken = 0;
    memcpy(bytes, data, size);
    fuzz_need(kg_frame_read(bytes, size, from_door, &frame, &taken) == KG_FRAME_WHOLE);
    fuzz_need(taken == size && frame.count <= size);
    fuzz_need(frame.bytes == bytes + size - frame.count);
    need_shape(&frame, from_door);
    need_texts(&frame);
    kg_buffer_init(&again);
    kg_frame_write(&frame, &again);
    fuzz_need(again.count == size && memcmp(again.bytes, bytes, size) == 0);
    kg_buffer_fini(&again);
    fuzz_need(kg_frame_read(bytes, size - 1, from_door, &other, &taken) == KG_FRAME_PART);
    fuzz_need(kg_frame_read(bytes, size, !from_door, &other, &taken) == KG_FRAME_WRONG);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const bool from_door = data[0] & 1;
    for (data++, size--;;) {
        kg_frame frame;
        size_t taken = 0;
        kg_frame_found found = kg_frame_read(data, size, from_door, &frame, &taken);
        /* The line has room for so much, and waits for no more. */
        fuzz_need(found != KG_FRAME_PART || taken <= KG_FRAME_WHOLE_BYTES_MAX);
        fuzz_need(found != KG_FRAME_PART || taken > size || size < 16);
        if (found != KG_FRAME_WHOLE)
            return 0;
        fuzz_need(taken >= 16 && taken <= size);
        need_whole(data, taken, from_door);
        data += taken;
        size -= taken;
    }
}
