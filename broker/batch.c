/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/batch.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

kg_batch *kg_batch_new(void)
{
    kg_batch *batch = kg_alloc(1, sizeof *batch);
    batch->withdrawals_only = true;
    return batch;
}

void kg_batch_destroy(kg_batch **batch)
{
    if (!*batch)
        return;
    kg_batch_clear(*batch);
    free((*batch)->waiters);
    free((*batch)->admissions);
    free(*batch);
    *batch = NULL;
}

void kg_batch_clear(kg_batch *batch)
{
    for (size_t i = 0; i < batch->records_count; i++) {
        free((void *)(uintptr_t)batch->records[i].command);
        free((void *)(uintptr_t)batch->records[i].event);
    }
    for (size_t i = 0; i < batch->waiters_count; i++)
        free(batch->waiters[i].bytes);
    free(batch->news);
    batch->news = NULL;
    memset(batch->buckets, 0, sizeof batch->buckets);
    batch->records_count = batch->bytes = batch->waiters_count = batch->waiting_bytes = 0;
    batch->news_count = batch->admissions_count = 0;
    batch->withdrawals_only = true;
    batch->done = batch->in_tree = false;
    batch->following = NULL;
}

bool kg_batch_full(const kg_batch *batch)
{
    return batch->records_count == KG_BATCH_RECORDS_MAX || batch->bytes >= KG_BATCH_BYTES_MAX;
}

bool kg_batch_crowded(const kg_batch *batch)
{
    return batch->records_count + KG_BATCH_MESSAGES_MAX >= KG_BATCH_RECORDS_MAX;
}

/* A request key is a hash already. */
static size_t bucket_of(const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    uint32_t start;
    memcpy(&start, request_key, sizeof start);
    return start % KG_BATCH_RECORDS_MAX;
}

size_t kg_batch_add_record(kg_batch *batch, const kg_journal_record *record, kg_buffer *event)
{
    size_t place = batch->records_count++, bucket = bucket_of(record->request_key);
    kg_journal_record *added = &batch->records[place];
    *added = *record;
    added->event = (const uint8_t *)event->bytes;
    added->event_bytes = event->count;
    *event = (kg_buffer){0};
    batch->bytes += added->command_bytes + added->event_bytes;
    batch->next[place] = batch->buckets[bucket];
    batch->buckets[bucket] = (uint32_t)place + 1;
    return place;
}

size_t kg_batch_find(const kg_batch *batch, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    uint32_t link = batch->buckets[bucket_of(request_key)];
    while (link > 0 && memcmp(batch->records[link - 1].request_key, request_key,
                              KG_REQUEST_KEY_BYTES) != 0)
        link = batch->next[link - 1];
    return link > 0 ? link - 1 : SIZE_MAX;
}

void kg_batch_add_waiter(kg_batch *batch, const kg_waiter *waiter)
{
    batch->waiters = kg_grow(batch->waiters, batch->waiters_count, &batch->waiters_capacity,
                             sizeof *batch->waiters);
    batch->waiters[batch->waiters_count++] = *waiter;
    batch->waiting_bytes += sizeof *waiter + waiter->count;
}

void kg_batch_add_admission(kg_batch *batch, const kg_admission *admission)
{
    batch->admissions = kg_grow(batch->admissions, batch->admissions_count,
                                &batch->admissions_capacity, sizeof *batch->admissions);
    batch->admissions[batch->admissions_count++] = *admission;
}

void kg_batch_take_news(kg_batch *batch, const kg_state *state, const kg_effects *effects)
{
    batch->news = kg_alloc(effects->count, sizeof *batch->news);
    batch->news_count = effects->count;
    for (size_t i = 0; i < effects->count; i++) {
        const kg_member *member = kg_state_member(state, effects->members[i]);
        batch->news[i] = (kg_news){effects->members[i], member->feed.count};
    }
}
