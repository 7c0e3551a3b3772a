/* SPDX-License-Identifier: EUPL-1.2 */
/* A batch: what is decided together and becomes durable together, and who waits for that. */
#ifndef KG_BATCH_H
#define KG_BATCH_H

#include "broker/domain/state.h"
#include "broker/journal/journal.h"
#include "broker/net/net.h"
#include "proto/codec.h"

#define KG_BATCH_RECORDS_MAX 2048
#define KG_BATCH_MESSAGES_MAX 128 /* handled before anything else is looked at */
#define KG_BATCH_BYTES_MAX (8u << 20) /* of records; the last one may go beyond */

/* Somebody who waits for the batch. */
typedef struct kg_waiter {
    kg_peer peer;
    size_t record; /* its record's place in the batch; SIZE_MAX: `bytes` are the reply, whole */
    uint8_t request_id[KG_REQUEST_ID_BYTES]; /* with a record */
    uint8_t *bytes; /* owned; the sentence of the receipt, or the whole reply */
    size_t count;
} kg_waiter;

/* A feed's new head. */
typedef struct kg_news {
    uint32_t member;
    uint64_t number;
} kg_news;

/* A member that may come in, or whose record has changed, or a key that may not come in any more,
 * once the batch is durable. */
typedef struct kg_admission {
    bool revoked; /* the key */
    bool has_key;
    kg_public_key key;
    kg_languages languages;
    char organisation[KG_ID_BYTES_MAX + 1];
} kg_admission;

/* What the log says of a record once it is durable. */
typedef struct kg_decided {
    kg_kind kind;
    char actor[KG_ID_BYTES_MAX + 1];
} kg_decided;

typedef struct kg_batch {
    kg_journal_record records[KG_BATCH_RECORDS_MAX]; /* command and event bytes are owned */
    kg_decided decided[KG_BATCH_RECORDS_MAX];        /* by record */
    uint32_t next[KG_BATCH_RECORDS_MAX]; /* by record: the one before it in its bucket */
    uint32_t buckets[KG_BATCH_RECORDS_MAX]; /* by request key: 1 + the last record; 0: none */
    size_t records_count, bytes;
    bool withdrawals_only; /* may use the journal's reserve */
    kg_waiter *waiters;    /* owned */
    size_t waiters_count, waiters_capacity, waiting_bytes;
    kg_news *news; /* owned */
    size_t news_count;
    kg_admission *admissions; /* owned */
    size_t admissions_count, admissions_capacity;
    int64_t sent_us; /* monotonic: when the journal got it */
    bool in_tree;    /* its leaves are in the journal's tree */
    bool done; /* what became of it: */
    kg_append_result result;
    struct kg_batch *following; /* the next one on its way to the disk */
} kg_batch;

kg_batch *kg_batch_new(void);
void kg_batch_destroy(kg_batch **batch);
/* Frees what the batch owns and empties it. */
void kg_batch_clear(kg_batch *batch);
bool kg_batch_full(const kg_batch *batch);
/* The places that are left are kept for messages. */
bool kg_batch_crowded(const kg_batch *batch);
/* Adds a record; takes its command bytes (NULL: none) and the `event` bytes. Returns its place. */
size_t kg_batch_add_record(kg_batch *batch, const kg_journal_record *record, kg_buffer *event);
/* The place of a record with this request key, or SIZE_MAX. */
size_t kg_batch_find(const kg_batch *batch, const uint8_t request_key[KG_REQUEST_KEY_BYTES]);
/* Takes `bytes`. */
void kg_batch_add_waiter(kg_batch *batch, const kg_waiter *waiter);
void kg_batch_add_admission(kg_batch *batch, const kg_admission *admission);
/* Notes where the feeds stand that the effects name. */
void kg_batch_take_news(kg_batch *batch, const kg_state *state, const kg_effects *effects);

#endif
