/* SPDX-License-Identifier: EUPL-1.2 */
/* The replicated journal, for the files that make it up: postgres.c, which makes and opens it;
 * postgres_write.c, which appends; postgres_read.c, which reads in order. */
#ifndef KG_POSTGRES_H
#define KG_POSTGRES_H

#include <pthread.h>

#include "broker/journal/journal_backend.h"
#include "broker/journal/postgres/keys.h"
#include "broker/journal/postgres/lease.h"
#include "broker/journal/postgres/link.h"

/* How long a server may be away before this process gives up. */
#define KG_POSTGRES_PATIENCE_MS 60000
#define KG_POSTGRES_FORMAT KG_FACTS_FORMAT
/* A statement with it must stay below a gigabyte. */
#define KG_POSTGRES_RECORD_BYTES_MAX (512u << 20)

typedef struct kg_postgres {
    kg_journal base;
    bool alone, later; /* as in the options */
    char *holder;      /* owned */
    int64_t lease_ms;
    _Atomic(kg_lease *) lease; /* NULL: it does not lead */
    kg_known_keys *keys; /* of all that is durable; NULL: a reader's for good */
    uint64_t keys_known; /* up to this record */
    kg_link *writer;     /* the flight's thread's */
    kg_link *asker;      /* the owner's thread's */
    pthread_mutex_t reading;
    kg_link *reader; /* whoever has the mutex */
    kg_point seen;   /* so, too: the last record that was read before it led */
    bool sure;       /* so, too: a standby has all that the reader's connection shows */
    _Atomic bool wary; /* it must have: what is read is shown to others */
    /* The flight's thread's own: where the journal ends. */
    kg_point written;
    kg_append_result broken; /* OK: it is not */
    _Atomic uint64_t readable;
} kg_postgres;

/* What the head row says. */
typedef struct kg_postgres_head {
    bool there;
    int64_t format;
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    uint64_t epoch;
    kg_point end;
} kg_postgres_head;

/* A statement that gives the head row; values may be none. Result as kg_link_ask(); with the
 * sentence, and REFUSED, where the row is not one of this version. */
kg_link_result kg_postgres_ask_head(kg_link *link, kg_link_question *question,
                                    kg_postgres_head *head);

/* The statement that appends, which the writer has prepared. */
extern const char kg_sql_append[];
/* Connects the writer anew. */
bool kg_postgres_open_writer(kg_postgres *journal);

bool kg_postgres_takes(const char *place);
uint64_t kg_postgres_cost(size_t stored_bytes);
kg_append_result kg_postgres_room(kg_journal *journal, uint64_t bytes, bool reserve);
void kg_postgres_write(void *context, kg_flying *first);
bool kg_postgres_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                        void *context);
bool kg_postgres_pursue(kg_journal *journal, const kg_point *after, kg_journal_each each,
                        void *context);
uint64_t kg_postgres_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                          bool *known);
/* All request keys up to the head become known. */
kg_link_result kg_postgres_read_keys(kg_postgres *journal);

/* postgres_lead.c: takes the lease, and says where the journal ends; waits for an earlier leader's
 * to run out, or not. */
kg_lead_result kg_postgres_take(kg_postgres *journal, bool patient);
kg_lead_result kg_postgres_lead(kg_journal *journal);
bool kg_postgres_leads(kg_journal *journal);
/* The journal stands where the head row says. */
void kg_postgres_stand_at(kg_postgres *journal, const kg_postgres_head *head);

#endif
