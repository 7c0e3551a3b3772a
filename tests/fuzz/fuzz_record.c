/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a stored record, as the head of a log's frame with records after it, and as what a
 * journal says of itself: refused with a sentence, or within its bytes and written the same. */
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_facts.h"
#include "broker/journal/journal_frame.h"
#include "broker/journal/journal_record.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"

static void need_within(const uint8_t *part, size_t count, const uint8_t *whole, size_t size)
{
    fuzz_need(part >= whole && count <= size && (size_t)(part - whole) <= size - count);
}

/* All but leaf and chain value, which it gets anew; with these it is chained. */
static void need_stable(const kg_journal_record *record, const uint8_t *data, size_t size)
{
    static const uint8_t before[KG_CHAIN_BYTES] = {7};
    kg_journal_record again = *record, read;
    kg_sha256 *hash = kg_sha256_new();
    uint8_t *bytes = kg_alloc(size, 1);

    fuzz_need(kg_record_size(&again) == size);
    kg_record_encode(hash, &again, before, bytes);
    fuzz_need(memcmp(bytes, data, size - KG_LEAF_BYTES - KG_CHAIN_BYTES) == 0);
    fuzz_need(kg_record_decode(bytes, size, record->sequence, &read));
    fuzz_need(kg_record_chained(hash, &read, before));
    kg_sha256_destroy(&hash);
    free(bytes);
}

static void try_record(const uint8_t *data, size_t size)
{
    kg_journal_record record;
    const size_t length = kg_record_length(data, size);
    const uint64_t sequence = size >= 12 ? kg_record_get_u64(data + 4) : 1;

    fuzz_need(length <= size);
    fuzz_need(size < 4 || length == 0 || kg_record_begins(data, size));
    if (!kg_record_decode(data, size, sequence, &record)) {
        fuzz_need(kg_journal_error()[0] != '\0');
        return;
    }
    fuzz_need(length == size && record.sequence == sequence);
    need_within(record.command, record.command_bytes, data, size);
    need_within(record.event, record.event_bytes, data, size);
    need_stable(&record, data, size);
}

/* The head says what it will; its sum is made right. */
static void try_frame(const uint8_t *data, size_t size)
{
    uint8_t head[KG_FRAME_HEAD_BYTES];
    kg_frame frame = {0}, read;

    if (size < KG_FRAME_HEAD_BYTES)
        return;
    if (kg_frame_decode(data, data, size - KG_FRAME_HEAD_BYTES, &read))
        fuzz_need(read.bytes <= size - KG_FRAME_HEAD_BYTES && read.count > 0);
    frame.bytes = kg_record_get_u64(data + 8);
    frame.first = kg_record_get_u64(data + 16);
    frame.count = kg_record_get_u32(data + 24);
    memcpy(frame.before, data + 32, KG_CHAIN_BYTES);
    kg_frame_encode(&frame, data, head);
    if (!kg_frame_decode(head, data, size - KG_FRAME_HEAD_BYTES, &read))
        return;
    fuzz_need(read.bytes == frame.bytes && read.first == frame.first);
    kg_point end = {.sequence = read.first - 1};
    memcpy(end.chain, read.before, KG_CHAIN_BYTES);
    if (kg_frame_whole(&read, data + KG_FRAME_HEAD_BYTES, &end))
        fuzz_need(end.sequence == read.first - 1 + read.count);
}

static void try_facts(const uint8_t *data, size_t size)
{
    uint8_t again[KG_FACTS_BYTES];
    kg_facts facts;

    if (!kg_facts_decode(data, size, "folder", &facts)) {
        fuzz_need(kg_journal_error()[0] != '\0');
        return;
    }
    kg_facts_encode(&facts, again);
    fuzz_need(size == sizeof(again) && memcmp(again, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    kg_journal_fail("%s", "");
    if (data[0] % 3 == 0)
        try_record(data + 1, size - 1);
    else if (data[0] % 3 == 1)
        try_frame(data + 1, size - 1);
    else
        try_facts(data + 1, size - 1);
    return 0;
}
