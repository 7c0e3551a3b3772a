/* SPDX-License-Identifier: EUPL-1.2 */
/* Takes what is durable in the log over into the tables, many frames in one transaction, on a
 * thread of its own; then the log is free to be written over. It begins when there is much, or
 * when it has been there for a while, or when it is asked. A disk without room makes it wait: the
 * log has all, and a commit that failed would end the process. */
#ifndef KG_JOURNAL_SETTLER_H
#define KG_JOURNAL_SETTLER_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal_log.h"
#include "broker/journal/journal_pending.h"
#include "broker/journal/journal_tables.h"

typedef struct kg_settler kg_settler;

/* What it works on, borrowed. */
typedef struct kg_settler_work {
    const char *folder; /* whose disk must have room; NULL: a commit that finds none fails */
    kg_log *log;
    kg_tables *tables;
    kg_pending_keys *pending;
} kg_settler_work;

/* Takes what is in the log after one record, up to another, over at once, on the caller's thread:
 * all, or as far as there is room on the disk. `settled` is moved on. */
bool kg_settle_now(const kg_settler_work *work, uint64_t *settled, uint64_t end);

/* Takes over what comes after `settled`; `known` is the last record that is in the log already. */
kg_settler *kg_settler_start(const kg_settler_work *work, uint64_t settled,
                             uint64_t known); /* owned */
/* Takes all over, if there is room for it, then ends the thread; false when that failed. */
bool kg_settler_stop(kg_settler **settler);

/* There are records up to this one in the log, with so many bytes held. */
void kg_settler_note(kg_settler *settler, uint64_t sequence, uint64_t held_bytes);
/* Waits until all that was noted is in the tables; false when that failed, or the disk has no room
 * for it, with the sentence. */
bool kg_settler_finish(kg_settler *settler);
/* Whether it failed; no more may be appended then. */
bool kg_settler_failed(kg_settler *settler);

#endif
