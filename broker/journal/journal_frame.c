/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_frame.h"

#include <string.h>

#include "proto/identity.h"

enum { AT_BYTES = 8, AT_FIRST = 16, AT_COUNT = 24, AT_SUM = 28, AT_BEFORE = 32 };

static uint32_t sum_of(const uint8_t head[static KG_FRAME_HEAD_BYTES])
{
    uint8_t bytes[KG_FRAME_HEAD_BYTES], sum[KG_SHA256_BYTES];

    memcpy(bytes, head, sizeof(bytes));
    kg_record_put_u32(bytes + AT_SUM, 0);
    kg_sha256_once(bytes, sizeof(bytes), sum);
    return kg_record_get_u32(sum);
}

void kg_frame_encode(const kg_frame *frame, const uint8_t mark[KG_MARK_BYTES],
                     uint8_t out[static KG_FRAME_HEAD_BYTES])
{
    memcpy(out, mark, KG_MARK_BYTES);
    kg_record_put_u64(out + AT_BYTES, frame->bytes);
    kg_record_put_u64(out + AT_FIRST, frame->first);
    kg_record_put_u32(out + AT_COUNT, frame->count);
    memcpy(out + AT_BEFORE, frame->before, KG_CHAIN_BYTES);
    kg_record_put_u32(out + AT_SUM, sum_of(out));
}

bool kg_frame_decode(const uint8_t bytes[static KG_FRAME_HEAD_BYTES],
                     const uint8_t mark[KG_MARK_BYTES], uint64_t left, kg_frame *out)
{
    out->bytes = kg_record_get_u64(bytes + AT_BYTES);
    out->first = kg_record_get_u64(bytes + AT_FIRST);
    out->count = kg_record_get_u32(bytes + AT_COUNT);
    memcpy(out->before, bytes + AT_BEFORE, KG_CHAIN_BYTES);
    return memcmp(bytes, mark, KG_MARK_BYTES) == 0 &&
           kg_record_get_u32(bytes + AT_SUM) == sum_of(bytes) && out->bytes <= left &&
           out->count > 0 && out->first > 0;
}

/* `point` and `at` are moved on past the record there. */
static bool pass_record(kg_sha256 *hash, const kg_frame *frame, const uint8_t *records,
                        kg_point *point, uint64_t *at)
{
    const uint8_t *bytes = records + *at;
    const size_t length = kg_record_length(bytes, (size_t)(frame->bytes - *at));
    kg_journal_record record;

    if (length == 0 || !kg_record_decode(bytes, length, point->sequence + 1, &record) ||
        !kg_record_chained(hash, &record, point->chain))
        return false;
    point->sequence++;
    memcpy(point->chain, record.chain, KG_CHAIN_BYTES);
    *at += length;
    return true;
}

bool kg_frame_whole(const kg_frame *frame, const uint8_t *records, kg_point *end)
{
    kg_point point = *end;
    uint64_t at = 0;
    kg_sha256 *hash;
    bool good = true;

    if (frame->first != point.sequence + 1 ||
        memcmp(frame->before, point.chain, KG_CHAIN_BYTES) != 0)
        return false;
    hash = kg_sha256_new();
    for (uint32_t i = 0; i < frame->count && good; i++)
        good = pass_record(hash, frame, records, &point, &at);
    kg_sha256_destroy(&hash);
    if (!good || at != frame->bytes)
        return false;
    *end = point;
    return true;
}
