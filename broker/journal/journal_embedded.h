/* SPDX-License-Identifier: EUPL-1.2 */
/* The embedded journal, for the files that make it up: journal_embedded.c, which appends;
 * journal_open.c, which opens, finds and copies; journal_follow.c, which reads in order;
 * journal_room.c; journal_verify.c. */
#ifndef KG_JOURNAL_EMBEDDED_H
#define KG_JOURNAL_EMBEDDED_H

#include "broker/journal/journal_backend.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_log.h"
#include "broker/journal/journal_pending.h"
#include "broker/journal/journal_settler.h"
#include "broker/journal/journal_tables.h"

typedef struct kg_embedded {
    kg_journal base;
    char *folder; /* base.place */
    kg_tables *tables;
    kg_log *log;
    kg_pending_keys *pending;
    int hold, anchor;            /* descriptors, -1 when read only */
    uint64_t disk_reserve_bytes; /* 0 = by the size of the file system */
    kg_settler *settler;         /* from the first append on, for what comes after */
    uint64_t settled;            /* at opening: where the tables end */
    kg_folder_space space;       /* as it was read last, by the owner's thread */
    int64_t space_us;            /* monotonic, when; 0: not yet */
    uint64_t space_taken;        /* at most, since then */
    /* The flight's thread's own: where the log ends. */
    kg_point written;
    bool broken;
    _Atomic uint64_t readable; /* its sequence, for all */
} kg_embedded;

bool kg_embedded_create(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES]);
kg_journal *kg_embedded_open(const char *folder, const kg_journal_options *options);
/* As kg_embedded_open(), and no child looks first. */
kg_journal *kg_embedded_open_at_once(const char *folder, const kg_journal_options *options);
bool kg_embedded_close(kg_journal *journal);
bool kg_embedded_verify(const char *folder, kg_journal_each each, void *context,
                        kg_journal_extent *out);
bool kg_embedded_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                        void *context);
bool kg_embedded_snapshot(kg_journal *journal, const char *folder);
kg_append_result kg_embedded_room(kg_journal *journal, uint64_t bytes, bool reserve);
void kg_embedded_usage(kg_journal *journal, kg_journal_usage *usage);

/* The thread that takes the log over into the tables; there from the first append on. */
kg_settler_work kg_embedded_settler_work(const kg_embedded *journal);

/* As kg_journal_follow(), up to a record; 0 = to the end. */
bool kg_embedded_follow_to(kg_embedded *journal, uint64_t from, uint64_t to, bool verify,
                           kg_journal_each each, void *context);
bool kg_embedded_tables_end(kg_tables *tables, const char *folder, kg_point *end);
/* Where the tables end, and then the log, as they are on the disk; a reader's, or at opening. */
bool kg_embedded_look(kg_embedded *journal, uint64_t *settled, kg_point *end);

#endif
