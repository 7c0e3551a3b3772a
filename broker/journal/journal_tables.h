/* SPDX-License-Identifier: EUPL-1.2 */
/* What the journal asks of a local store, and no more: records by sequence, sequences by request
 * key, some facts about itself, and one durable transaction at a time. journal_lmdb.c keeps it.
 * Failures leave a sentence in kg_journal_error(). One thread at a time, except for views, which
 * any thread may hold while another writes. A process opens a folder's tables once. */
#ifndef KG_JOURNAL_TABLES_H
#define KG_JOURNAL_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

typedef struct kg_tables kg_tables;

typedef enum kg_tables_result {
    KG_TABLES_OK,
    KG_TABLES_NONE, /* not there */
    KG_TABLES_FULL, /* no room in the map: nothing was written */
    KG_TABLES_FAILED
} kg_tables_result;

/* Does the folder hold the tables' file? */
bool kg_tables_present(const char *folder);
/* Makes them empty, whole or not at all; the folder must hold none. The map's size is what
 * readers take until a writer gives another. */
bool kg_tables_make(const char *folder, const void *facts, size_t count, size_t map_bytes);
/* Returns owned, or NULL. map_bytes 0 = as it was last written. */
kg_tables *kg_tables_open(const char *folder, size_t map_bytes, bool read_only);
void kg_tables_close(kg_tables **tables);
/* False when the file ends before the last page it ever used: pages in use may be lost. */
bool kg_tables_whole(kg_tables *tables);

/* One consistent sight of the tables. A view keeps the writer from using freed pages again, so it
 * is to be ended soon. Bytes it gives live until it ends. */
typedef struct kg_tables_view kg_tables_view;
kg_tables_view *kg_tables_view_begin(kg_tables *tables); /* owned, or NULL */
void kg_tables_view_end(kg_tables_view **view);
kg_tables_result kg_tables_view_facts(kg_tables_view *view, const uint8_t **bytes, size_t *count);
bool kg_tables_view_counts(kg_tables_view *view, uint64_t *records, uint64_t *requests);
/* One record's stored form; cheapest in order. */
kg_tables_result kg_tables_view_record(kg_tables_view *view, uint64_t sequence,
                                       const uint8_t **bytes, size_t *count);
/* The highest sequence, whatever the count says. */
kg_tables_result kg_tables_view_last(kg_tables_view *view, uint64_t *sequence);
kg_tables_result kg_tables_view_find(kg_tables_view *view, const uint8_t key[KG_REQUEST_KEY_BYTES],
                                     uint64_t *sequence);

/* As kg_tables_view_find(), quicker for many single questions by the owner's thread. */
kg_tables_result kg_tables_find(kg_tables *tables, const uint8_t key[KG_REQUEST_KEY_BYTES],
                                uint64_t *sequence);

/* Writes records, at least one, that follow the last one, in one durable transaction. On FULL the
 * tables are as they were; after FAILED they must not be written again. */
kg_tables_result kg_tables_write(kg_tables *tables, const kg_stored *stored, size_t count);

/* Writes a compact copy into another folder while writing goes on; durable. */
bool kg_tables_copy(kg_tables *tables, const char *folder);
void kg_tables_uncopy(const char *folder); /* removes what a failed copy left */

typedef struct kg_tables_room {
    uint64_t map_bytes;
    uint64_t used_bytes; /* pages ever used, less those free again when `exact` was asked */
    uint64_t oldest_view; /* so many transactions ago it was taken, in whatever process; 0: none */
} kg_tables_room;
bool kg_tables_room_read(kg_tables *tables, bool exact, kg_tables_room *out);

#endif
