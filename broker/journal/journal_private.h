/* SPDX-License-Identifier: EUPL-1.2 */
/* What a journal is, for the files that make it up: journal.c, which appends; journal_open.c,
 * which opens, finds and copies; journal_follow.c, which reads in order; journal_room.c. */
#ifndef KG_JOURNAL_PRIVATE_H
#define KG_JOURNAL_PRIVATE_H

#include "broker/journal/journal.h"
#include "broker/journal/journal_facts.h"
#include "broker/journal/journal_flight.h"
#include "broker/journal/journal_log.h"
#include "broker/journal/journal_pending.h"
#include "broker/journal/journal_record.h"
#include "broker/journal/journal_settler.h"
#include "broker/journal/journal_tables.h"

struct kg_journal {
    char *folder;
    kg_tables *tables;
    kg_log *log;
    kg_pending_keys *pending;
    int hold, anchor; /* descriptors, -1 when read only */
    bool read_only, dead;
    uint64_t disk_reserve_bytes; /* 0 = by the size of the file system */
    uint64_t head;               /* with what is on its way */
    uint64_t on_way_bytes;       /* at most so many */
    kg_point durable;            /* as reaped */
    kg_facts facts;
    kg_flight_owner owner;
    kg_flight *flight;   /* from the first append on */
    kg_settler *settler; /* so, too */
    /* The flight's thread's own: where the log ends. */
    kg_point written;
    bool broken;
    _Atomic uint64_t readable; /* its sequence, for all */
};

/* As kg_journal_open(), and no child looks first. */
kg_journal *kg_journal_open_at_once(const char *folder, const kg_journal_options *options);

/* The thread that takes the log over into the tables; there from the first append on. */
kg_settler_work kg_journal_settler_work(const kg_journal *journal);

/* What must hold before a batch is taken; the sentence says what does not. */
kg_append_result kg_journal_room(kg_journal *journal, uint64_t bytes, bool reserve);

/* As kg_journal_follow(), up to a record; 0 = to the end. */
bool kg_journal_follow_to(kg_journal *journal, uint64_t from, uint64_t to, bool verify,
                          kg_journal_each each, void *context);
bool kg_journal_tables_end(kg_tables *tables, const char *folder, kg_point *end);
/* Where the tables end, and then the log, as they are on the disk; a reader's, or at opening. */
bool kg_journal_look(kg_journal *journal, uint64_t *settled, kg_point *end);

#endif
