/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands behind journal.h: what all journals have, and what each kind does in its own way.
 * journal.c takes batches, and gives them back; a backend keeps them. */
#ifndef KG_JOURNAL_BACKEND_H
#define KG_JOURNAL_BACKEND_H

#include "broker/journal/journal.h"
#include "broker/journal/journal_facts.h"
#include "broker/journal/journal_flight.h"
#include "broker/journal/journal_record.h"

typedef struct kg_backend kg_backend;

/* The beginning of each backend's own. A backend fills it in when it opens. */
struct kg_journal {
    const kg_backend *backend;
    char *place; /* owned; for sentences: without secrets */
    bool read_only;
    bool dead;                /* a batch failed, or it cannot be told what is there */
    kg_append_result refused; /* if dead: what is said of later batches, FAILED or LOST */
    _Atomic bool damaged;     /* a record that was read is not what it must be */
    char leader[256];         /* kg_journal_leader() */
    kg_facts facts;
    uint64_t head;         /* with what is on its way */
    uint64_t on_way_bytes; /* at most so many */
    kg_point durable;      /* as reaped */
    void (*meanwhile)(void *context); /* kg_journal_set_meanwhile() */
    void *meanwhile_context;
    kg_flight_owner owner;
    kg_flight *flight; /* from the first append on */
};

struct kg_backend {
    const char *(*durability)(const kg_journal *journal);
    bool waits; /* for other machines, so that batches are never written by the owner's thread */
    /* Whether a place is of this kind. */
    bool (*takes)(const char *place);
    /* kg_journal_keeps(); NULL: it always does. */
    bool (*keeps)(const char *place, bool alone);
    bool (*create)(const char *place, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES]);
    kg_journal *(*open)(const char *place, const kg_journal_options *options);
    /* Frees what is the backend's own; nothing is on its way any more. */
    bool (*close)(kg_journal *journal);
    bool (*verify)(const char *place, kg_journal_each each, void *context, kg_journal_extent *out);
    /* kg_journal_lead(); NULL: whoever opened it for writing does. */
    kg_lead_result (*lead)(kg_journal *journal);
    /* kg_journal_leads(); NULL: nobody else can. */
    bool (*leads)(kg_journal *journal);
    /* Before the first batch is written: for threads; or NULL. */
    void (*begin)(kg_journal *journal);
    /* At most so many bytes a stored record of this length takes; 0: it is too long. */
    uint64_t (*cost)(size_t stored_bytes);
    /* Whether there is room for a batch; the sentence says what is lacking. Owner's thread. */
    kg_append_result (*room)(kg_journal *journal, uint64_t bytes, bool reserve);
    /* kg_flight_owner's; its context is the journal. */
    void (*write)(void *context, kg_flying *first);
    bool (*follow)(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                   void *context);
    /* kg_journal_pursue(); NULL: nobody else writes. */
    bool (*pursue)(kg_journal *journal, const kg_point *after, kg_journal_each each,
                   void *context);
    /* Sequence, 0 where there is none; `*known` false where that cannot be told. */
    uint64_t (*find)(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                     bool *known);
    bool (*snapshot)(kg_journal *journal, const char *folder);
    void (*usage)(kg_journal *journal, kg_journal_usage *usage);
};

extern const kg_backend kg_embedded_backend, kg_postgres_backend;

/* Whether a batch that flies is to be written: it was not refused, and holds something. */
bool kg_journal_to_be_written(const kg_flying *batch);
/* Gives a batch a result other than OK, with the thread's sentence. */
void kg_journal_refuse(kg_flying *batch, kg_append_result result);
/* Where the journal ends after each of the batches, if those that may be are written after `end`.
 * Only once their records have chain values. */
void kg_journal_set_ends(kg_flying *first, kg_point end);

#endif
