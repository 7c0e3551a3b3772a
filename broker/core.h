/* SPDX-License-Identifier: EUPL-1.2 */
/* The core: takes what has arrived, decides and applies it one by one, commits all of it at once,
 * and only then answers, publishes and shows it to queries. One thread. A failed commit ends the
 * process: nobody was told anything yet. */
#ifndef KG_CORE_H
#define KG_CORE_H

#include <stdatomic.h>

#include "broker/batch.h"
#include "broker/config.h"
#include "broker/documents.h"
#include "broker/machine.h"
#include "broker/store.h"
#include "broker/worker.h"

/* Who asks, proven by the signature; outlives the message. */
typedef struct kg_caller {
    kg_peer peer; /* count 0: the broker itself, nobody waits for an answer */
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1]; /* "": the broker itself */
    uint8_t key_id[KG_KEY_ID_BYTES];        /* which of its keys signed */
    uint32_t roles;                         /* of that key */
} kg_caller;

/* A command that waits for its grouping. */
typedef struct kg_pending {
    kg_caller caller;
    kg_command command; /* owned */
    uint8_t *message;   /* owned; the envelope as received */
    size_t message_bytes;
    uint8_t request_key[KG_REQUEST_KEY_BYTES];
    char round[KG_ID_BYTES_MAX + 1];
    struct kg_pending *next;
} kg_pending;

/* A query that waits for the commit. */
typedef struct kg_asked {
    kg_caller caller;
    kg_query query; /* owned */
    kg_page page;
    bool is_page;
} kg_asked;

typedef struct kg_core {
    const kg_config *config; /* borrowed */
    kg_store store;
    kg_net *net;       /* owned */
    kg_worker *worker; /* owned */
    kg_documents documents;
    kg_batch batch;
    kg_effects effects; /* of the batch */
    kg_pending *pending; /* owned */
    kg_asked asked[KG_BATCH_MAX];
    size_t asked_count;
    kg_moment now;     /* of the batch; never before the last record's */
    int64_t started_ms;
    char machine[KG_MACHINE_BYTES]; /* what it runs on */
    bool read_only;    /* too little room: only withdrawals and queries */
    bool failed;       /* the journal cannot be read: nothing more is answered, the process ends */
} kg_core;

/* Runs until `stop` is set (and kg_net_wake called). False when the journal failed. */
bool kg_core_run(kg_core *core, const atomic_bool *stop);

/* For request.c and grouped.c: stages an accepted event: encodes, applies, adds its record to the
 * batch; fills the reply's result. Takes the event. Returns the record's place. */
size_t kg_core_stage(kg_core *core, kg_event **event, const uint8_t *message,
                     size_t message_bytes,
                     const uint8_t request_key[KG_REQUEST_KEY_BYTES], kg_reply *reply);
/* Queues a reply for after the commit; takes it. `record` is SIZE_MAX for one without. */
void kg_core_answer(kg_core *core, const kg_caller *caller, kg_reply *reply, size_t record);
/* Makes the batch durable, then answers all who wait. False: end the process. */
bool kg_core_commit(kg_core *core);

#endif
