/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/frame.h"

#include <string.h>

typedef struct head {
    uint32_t count;
    uint8_t kind, peer_bytes, organisation_bytes, zero;
    uint64_t number;
} head;

_Static_assert(sizeof(head) == 16, "KG_FRAME_WHOLE_BYTES_MAX counts on it");

/* What a frame of a kind has to have. */
static const struct {
    bool from_door, peer, organisation, number;
    size_t count_min, count_max;
} shapes[KG_FRAME_KINDS] = {
    [KG_FRAME_REQUEST] = {true, true, true, false, 0, KG_FRAME_BYTES_MAX},
    [KG_FRAME_OPENED] = {true, false, false, false, sizeof(kg_frame_opened),
                         sizeof(kg_frame_opened)},
    [KG_FRAME_FAILED] = {true, false, false, false, 1, 299},
    [KG_FRAME_COUNTS] = {true, false, false, false, sizeof(kg_frame_counts),
                         sizeof(kg_frame_counts)},
    [KG_FRAME_BEGIN] = {false, false, false, false, sizeof(kg_frame_begin), sizeof(kg_frame_begin)},
    [KG_FRAME_ADMIT] = {false, false, true, false, KG_KEY_BYTES, KG_KEY_BYTES},
    [KG_FRAME_DISMISS] = {false, false, false, false, KG_KEY_BYTES, KG_KEY_BYTES},
    [KG_FRAME_OPEN] = {false, false, false, false, 0, 0},
    [KG_FRAME_REPLY] = {false, true, false, false, 0, KG_FRAME_PAYLOAD_BYTES_MAX},
    [KG_FRAME_HINT] = {false, false, true, true, 0, 0},
    [KG_FRAME_SOON] = {false, false, false, false, 0, 0},
    [KG_FRAME_STOP] = {false, false, false, false, 0, 0},
};

void kg_frame_write(const kg_frame *frame, kg_buffer *out)
{
    const size_t organisation = strlen(frame->organisation);
    const head begin = {
        (uint32_t)frame->count, (uint8_t)frame->kind, frame->peer.count, (uint8_t)organisation, 0,
        frame->number};
    kg_buffer_add(out, &begin, sizeof begin);
    kg_buffer_add(out, frame->peer.bytes, frame->peer.count);
    kg_buffer_add(out, frame->organisation, organisation);
    if (frame->count > 0)
        kg_buffer_add(out, frame->bytes, frame->count);
}

static bool head_is_right(const head *begin, bool from_door)
{
    if (begin->kind >= KG_FRAME_KINDS || shapes[begin->kind].from_door != from_door)
        return false;
    return begin->zero == 0 && (begin->peer_bytes > 0) == shapes[begin->kind].peer &&
           begin->peer_bytes <= sizeof((kg_peer){0}.bytes) &&
           (begin->organisation_bytes > 0) == shapes[begin->kind].organisation &&
           begin->organisation_bytes <= KG_ID_BYTES_MAX &&
           (shapes[begin->kind].number || begin->number == 0) &&
           begin->count >= shapes[begin->kind].count_min &&
           begin->count <= shapes[begin->kind].count_max;
}

/* A NUL inside ends the text before its length, and none is an id. */
static bool organisation_is_right(const kg_frame *frame, const head *begin)
{
    return begin->organisation_bytes == 0 ||
           (strlen(frame->organisation) == begin->organisation_bytes &&
            kg_id_valid(frame->organisation));
}

kg_frame_found kg_frame_read(const uint8_t *bytes, size_t count, bool from_door, kg_frame *out,
                             size_t *taken)
{
    head begin;
    if (count < sizeof begin)
        return KG_FRAME_PART;
    memcpy(&begin, bytes, sizeof begin);
    if (!head_is_right(&begin, from_door))
        return KG_FRAME_WRONG;
    const uint8_t *peer = bytes + sizeof begin;
    const uint8_t *organisation = peer + begin.peer_bytes;
    const uint8_t *payload = organisation + begin.organisation_bytes;
    *taken = sizeof begin + begin.peer_bytes + begin.organisation_bytes + begin.count;
    if (count < *taken)
        return KG_FRAME_PART;
    *out = (kg_frame){.kind = begin.kind, .number = begin.number};
    memcpy(out->peer.bytes, peer, begin.peer_bytes);
    out->peer.count = begin.peer_bytes;
    memcpy(out->organisation, organisation, begin.organisation_bytes);
    out->bytes = payload;
    out->count = begin.count;
    return organisation_is_right(out, &begin) ? KG_FRAME_WHOLE : KG_FRAME_WRONG;
}

static bool ends(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

bool kg_frame_read_opened(const kg_frame *frame, kg_frame_opened *out)
{
    memcpy(out, frame->bytes, sizeof *out);
    return ends(out->requests, sizeof out->requests) && ends(out->feeds, sizeof out->feeds) &&
           ends(out->missing, sizeof out->missing) &&
           kg_text_valid(out->requests, sizeof out->requests) &&
           kg_text_valid(out->feeds, sizeof out->feeds) &&
           (!out->missing[0] || kg_text_valid(out->missing, sizeof out->missing));
}

bool kg_frame_read_failed(const kg_frame *frame, char out[static 300])
{
    kg_text_format(out, 300, "%.*s", (int)frame->count, (const char *)frame->bytes);
    return kg_text_valid(out, 300);
}
