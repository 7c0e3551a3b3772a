/* SPDX-License-Identifier: EUPL-1.2 */
/* A batch: what is decided together and becomes durable together. */
#ifndef KG_BATCH_H
#define KG_BATCH_H

#include "broker/journal/journal.h"
#include "broker/net/net.h"
#include "proto/codec.h"

#define KG_BATCH_MAX 512

/* Somebody who waits for the commit. */
typedef struct kg_waiter {
    kg_peer peer;
    kg_reply reply;
    size_t record; /* its record's place in the batch, or SIZE_MAX: nothing of it is journalled */
} kg_waiter;

typedef struct kg_batch {
    kg_journal_record records[KG_BATCH_MAX]; /* command and event bytes are owned */
    size_t records_count;
    bool withdrawals_only; /* may use the journal's reserve */
    kg_waiter waiters[KG_BATCH_MAX]; /* replies are owned */
    size_t waiters_count;
    kg_append_result result; /* of the last commit */
} kg_batch;

void kg_batch_init(kg_batch *batch);
/* Frees what the batch owns and empties it. */
void kg_batch_clear(kg_batch *batch);
bool kg_batch_full(const kg_batch *batch);
/* Adds a record; takes `event` bytes, copies the command. Returns its place. */
size_t kg_batch_add_record(kg_batch *batch, const kg_journal_record *record, kg_buffer *event);
/* The place of a record with this request key, or SIZE_MAX. */
size_t kg_batch_find(const kg_batch *batch, const uint8_t request_key[KG_REQUEST_KEY_BYTES]);
/* Takes the reply. */
void kg_batch_add_waiter(kg_batch *batch, const kg_peer *peer, kg_reply *reply, size_t record);

#endif
