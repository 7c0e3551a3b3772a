/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/batch.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

void kg_batch_init(kg_batch *batch)
{
    memset(batch, 0, sizeof *batch);
    batch->withdrawals_only = true;
}

void kg_batch_clear(kg_batch *batch)
{
    for (size_t i = 0; i < batch->records_count; i++) {
        free((void *)(uintptr_t)batch->records[i].command);
        free((void *)(uintptr_t)batch->records[i].event);
    }
    for (size_t i = 0; i < batch->waiters_count; i++)
        kg_reply_fini(&batch->waiters[i].reply);
    batch->records_count = batch->waiters_count = 0;
    batch->withdrawals_only = true;
}

bool kg_batch_full(const kg_batch *batch)
{
    return batch->records_count == KG_BATCH_MAX || batch->waiters_count == KG_BATCH_MAX;
}

static uint8_t *copy(const uint8_t *bytes, size_t count)
{
    uint8_t *out = kg_alloc(count ? count : 1, 1);
    if (count > 0)
        memcpy(out, bytes, count);
    return out;
}

size_t kg_batch_add_record(kg_batch *batch, const kg_journal_record *record, kg_buffer *event)
{
    kg_journal_record *place = &batch->records[batch->records_count];
    *place = *record;
    place->command = copy(record->command, record->command_bytes);
    place->event = (const uint8_t *)event->bytes;
    place->event_bytes = event->count;
    *event = (kg_buffer){0};
    return batch->records_count++;
}

size_t kg_batch_find(const kg_batch *batch, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    for (size_t i = 0; i < batch->records_count; i++)
        if (memcmp(batch->records[i].request_key, request_key, KG_REQUEST_KEY_BYTES) == 0)
            return i;
    return SIZE_MAX;
}

void kg_batch_add_waiter(kg_batch *batch, const kg_peer *peer, kg_reply *reply, size_t record)
{
    kg_waiter *waiter = &batch->waiters[batch->waiters_count++];
    waiter->peer = *peer;
    waiter->reply = *reply;
    waiter->record = record;
    kg_reply_init(reply);
}
