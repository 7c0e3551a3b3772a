/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_record.h"

#include <inttypes.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "proto/tree_leaf.h"

enum {
    AT_SEQUENCE = 4,
    AT_TIME = 12,
    AT_SALT = 20,
    AT_KEY = AT_SALT + KG_SALT_BYTES,
    AT_COMMAND_BYTES = AT_KEY + KG_REQUEST_KEY_BYTES,
    AT_EVENT_BYTES = AT_COMMAND_BYTES + 4,
    HEAD_BYTES = AT_EVENT_BYTES + 4,
    TAIL_BYTES = KG_LEAF_BYTES + KG_CHAIN_BYTES
};

/* A stored record is one value of the backend, which counts in 32 bits. */
#define STORED_BYTES_MAX (UINT32_MAX - 4096u)

static const uint8_t format[4] = {'K', 'G', 'R', 2};

void kg_record_put_u32(uint8_t out[static 4], uint32_t value)
{
    for (int i = 3; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

uint32_t kg_record_get_u32(const uint8_t bytes[static 4])
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 8 | bytes[i];
    return value;
}

void kg_record_put_u64(uint8_t out[static 8], uint64_t value)
{
    kg_record_put_u32(out, (uint32_t)(value >> 32));
    kg_record_put_u32(out + 4, (uint32_t)value);
}

uint64_t kg_record_get_u64(const uint8_t bytes[static 8])
{
    return (uint64_t)kg_record_get_u32(bytes) << 32 | kg_record_get_u32(bytes + 4);
}

void kg_record_event_digest(kg_sha256 *hash, const kg_journal_record *record,
                            uint8_t out[KG_SHA256_BYTES])
{
    kg_sha256_add(hash, record->salt, KG_SALT_BYTES);
    kg_sha256_add(hash, record->event, record->event_bytes);
    kg_sha256_take(hash, out);
}

static void make_leaf(kg_sha256 *hash, const kg_journal_record *record,
                      const uint8_t event_digest[KG_SHA256_BYTES], uint8_t out[KG_LEAF_BYTES])
{
    kg_tree_leaf_content content = {.sequence = record->sequence, .time_ms = record->time_ms};
    kg_tree_hash leaf;

    memcpy(content.request_key, record->request_key, KG_REQUEST_KEY_BYTES);
    kg_sha256_add(hash, record->command, record->command_bytes);
    kg_sha256_take(hash, content.command);
    memcpy(content.event, event_digest, KG_SHA256_BYTES);
    kg_tree_leaf_of(hash, &content, &leaf);
    memcpy(out, leaf.bytes, KG_LEAF_BYTES);
}

static void make_chain(kg_sha256 *hash, const uint8_t before[KG_CHAIN_BYTES],
                       const uint8_t leaf[KG_LEAF_BYTES], uint8_t out[KG_CHAIN_BYTES])
{
    uint8_t both[KG_CHAIN_BYTES + KG_LEAF_BYTES];

    memcpy(both, before, KG_CHAIN_BYTES);
    memcpy(both + KG_CHAIN_BYTES, leaf, KG_LEAF_BYTES);
    kg_sha256_add(hash, both, sizeof(both));
    kg_sha256_take(hash, out);
}

size_t kg_record_size(const kg_journal_record *record)
{
    const size_t fixed = HEAD_BYTES + TAIL_BYTES;

    if (record->command_bytes > STORED_BYTES_MAX - fixed ||
        record->event_bytes > STORED_BYTES_MAX - fixed - record->command_bytes)
        return 0;
    return fixed + record->command_bytes + record->event_bytes;
}

void kg_record_encode(kg_sha256 *hash, kg_journal_record *record,
                      const uint8_t before[KG_CHAIN_BYTES], uint8_t *out)
{
    uint8_t *end = out + HEAD_BYTES;

    memcpy(out, format, sizeof(format));
    kg_record_put_u64(out + AT_SEQUENCE, record->sequence);
    kg_record_put_u64(out + AT_TIME, (uint64_t)record->time_ms);
    memcpy(out + AT_SALT, record->salt, KG_SALT_BYTES);
    memcpy(out + AT_KEY, record->request_key, KG_REQUEST_KEY_BYTES);
    kg_record_put_u32(out + AT_COMMAND_BYTES, (uint32_t)record->command_bytes);
    kg_record_put_u32(out + AT_EVENT_BYTES, (uint32_t)record->event_bytes);
    if (record->command_bytes > 0)
        memcpy(end, record->command, record->command_bytes);
    end += record->command_bytes;
    if (record->event_bytes > 0)
        memcpy(end, record->event, record->event_bytes);
    end += record->event_bytes;
    kg_record_event_digest(hash, record, record->event_digest);
    make_leaf(hash, record, record->event_digest, record->leaf);
    make_chain(hash, before, record->leaf, record->chain);
    memcpy(end, record->leaf, KG_LEAF_BYTES);
    memcpy(end + KG_LEAF_BYTES, record->chain, KG_CHAIN_BYTES);
}

static const char *damage(const uint8_t *bytes, size_t count, uint64_t sequence)
{
    if (count < HEAD_BYTES + TAIL_BYTES)
        return "is too short";
    if (memcmp(bytes, format, 3) != 0)
        return "is not a record";
    if (bytes[3] != format[3])
        return "has a format that this version does not know";
    if (kg_record_get_u64(bytes + AT_SEQUENCE) != sequence)
        return "carries another number";
    if ((uint64_t)kg_record_get_u32(bytes + AT_COMMAND_BYTES) +
            kg_record_get_u32(bytes + AT_EVENT_BYTES) !=
        count - HEAD_BYTES - TAIL_BYTES)
        return "has another length than it says";
    return NULL;
}

bool kg_record_decode(const uint8_t *bytes, size_t count, uint64_t sequence,
                      kg_journal_record *record)
{
    const char *what = damage(bytes, count, sequence);

    if (what)
        return kg_journal_fail("record %" PRIu64 " is damaged: it %s", sequence, what);
    record->sequence = sequence;
    record->time_ms = (int64_t)kg_record_get_u64(bytes + AT_TIME);
    memcpy(record->salt, bytes + AT_SALT, KG_SALT_BYTES);
    memcpy(record->request_key, bytes + AT_KEY, KG_REQUEST_KEY_BYTES);
    record->command_bytes = kg_record_get_u32(bytes + AT_COMMAND_BYTES);
    record->command = bytes + HEAD_BYTES;
    record->event_bytes = kg_record_get_u32(bytes + AT_EVENT_BYTES);
    record->event = record->command + record->command_bytes;
    memcpy(record->leaf, bytes + count - TAIL_BYTES, KG_LEAF_BYTES);
    memcpy(record->chain, bytes + count - KG_CHAIN_BYTES, KG_CHAIN_BYTES);
    return true;
}

bool kg_record_begins(const uint8_t *bytes, size_t left)
{
    return memcmp(bytes, format, left < sizeof(format) ? left : sizeof(format)) == 0;
}

size_t kg_record_length(const uint8_t *bytes, size_t left)
{
    uint64_t length = HEAD_BYTES + TAIL_BYTES;

    if (left < length || memcmp(bytes, format, sizeof(format)) != 0)
        return 0;
    length += kg_record_get_u32(bytes + AT_COMMAND_BYTES);
    length += kg_record_get_u32(bytes + AT_EVENT_BYTES);
    return length <= left ? (size_t)length : 0;
}

bool kg_record_chained(kg_sha256 *hash, const kg_journal_record *record,
                       const uint8_t before[KG_CHAIN_BYTES])
{
    uint8_t event_digest[KG_SHA256_BYTES], leaf[KG_LEAF_BYTES], chain[KG_CHAIN_BYTES];

    kg_record_event_digest(hash, record, event_digest);
    make_leaf(hash, record, event_digest, leaf);
    make_chain(hash, before, leaf, chain);
    return memcmp(leaf, record->leaf, KG_LEAF_BYTES) == 0 &&
           memcmp(chain, record->chain, KG_CHAIN_BYTES) == 0;
}

bool kg_record_has_request(const kg_journal_record *record)
{
    static const uint8_t none[KG_REQUEST_KEY_BYTES];

    return memcmp(record->request_key, none, sizeof(none)) != 0;
}
