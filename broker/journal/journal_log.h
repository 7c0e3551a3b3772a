/* SPDX-License-Identifier: EUPL-1.2 */
/* The log: what is durable, and not in the tables yet. It is kept in two files, "log.0" and
 * "log.1", in turn; once all that a file holds is in the tables, it is written over from its
 * start. So to make a frame durable costs one write and one sync, of bytes that the file has
 * already. Each begins with 512 bytes: "KGL" and the format's version (4), a mark that is the
 * file's own (8), the deployment (16), SHA-256 over these (32), zeros; then come frames. What
 * follows the last frame is zeros or frames of an earlier round, which have lower sequences.
 *
 * Failures leave a sentence in kg_journal_error(). One thread appends, one lets go
 * (kg_log_let_go()), and any may read. */
#ifndef KG_JOURNAL_LOG_H
#define KG_JOURNAL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

typedef struct kg_log kg_log;

/* Opens a folder's log, or makes it; a reader takes one that is absent for empty. Owned, or NULL.
 * kg_log_look() comes next. */
kg_log *kg_log_open(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES],
                    bool read_only);
void kg_log_close(kg_log **log);

typedef enum kg_log_looked {
    KG_LOG_FOUND,
    KG_LOG_GAP, /* records come later that do not follow: damage, or they were let go just now */
    KG_LOG_LOST /* the disk failed, or a file's beginning is damaged */
} kg_log_looked;
/* Finds the frames that follow `end`, where the tables end, and moves it on to where they end.
 * A frame at the end that is not whole was cut short before it was acknowledged. A reader may
 * look again; what it finds is made durable first. */
kg_log_looked kg_log_look(kg_log *log, kg_point *end);

/* Appends records, chained to `end`, which is moved on, and makes them durable. Waits while much
 * is to be let go first. After a failure nothing may be appended. */
typedef struct kg_log_batch {
    kg_journal_record *records; /* borrowed; get their chain values */
    size_t count;
} kg_log_batch;
bool kg_log_append(kg_log *log, const kg_log_batch *batches, size_t count, kg_point *end);
/* The same in its two steps: until kg_log_sync() nothing is durable. Between them there may be
 * kg_log_hasten(), which lets the disk begin while something else is done. */
bool kg_log_write(kg_log *log, const kg_log_batch *batches, size_t count, kg_point *end);
void kg_log_hasten(const kg_log *log);
bool kg_log_sync(kg_log *log);

/* Bytes of memory that frames are read into, used again from one reading to the next. */
typedef struct kg_log_bytes {
    uint8_t *bytes; /* owned: free() */
    size_t room;
    kg_stored *stored; /* owned: free(); borrow from `bytes` */
    size_t count, stored_room;
} kg_log_bytes;
void kg_log_bytes_fini(kg_log_bytes *bytes);

typedef enum kg_log_read_result {
    KG_LOG_READ,
    KG_LOG_READ_NONE, /* not there, or let go meanwhile */
    KG_LOG_READ_FAILED
} kg_log_read_result;
/* Reads the frame that holds the record, and those after it as far as they come to no more than
 * `bytes_max` together. */
kg_log_read_result kg_log_read(kg_log *log, uint64_t sequence, uint64_t bytes_max,
                               kg_log_bytes *out);

/* Records up to this one are durable elsewhere. */
void kg_log_let_go(kg_log *log, uint64_t sequence);
/* Nothing will be let go any more: who waits for that fails. */
void kg_log_abandon(kg_log *log);

/* Where all was let go: makes the files empty, so that they say nothing of what the tables have.
 * False when that failed. */
bool kg_log_clear(kg_log *log);

/* Bytes in frames that were not let go. */
uint64_t kg_log_held_bytes(kg_log *log);

#endif
