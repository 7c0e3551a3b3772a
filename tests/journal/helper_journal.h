/* SPDX-License-Identifier: EUPL-1.2 */
/* Journals for tests: a folder of their own, and records whose content follows from their
 * sequence, so that any record can be checked without remembering it. */
#ifndef KG_HELPER_JOURNAL_H
#define KG_HELPER_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal.h"

#define HELPER_RECORD_BYTES_MAX 16384

extern const uint8_t helper_deployment[KG_DEPLOYMENT_ID_BYTES];

/* A fresh empty folder; owned, to be given to helper_folder_remove(). */
char *helper_folder_new(void);
void helper_folder_remove(char **folder);
/* The same with an empty journal in it. */
char *helper_journal_new(void);
/* Returns owned (free): folder/name. */
char *helper_path(const char *folder, const char *name);

/* Bytes of a whole file; owned. */
uint8_t *helper_file_read(const char *path, size_t *count);
void helper_file_write(const char *path, const uint8_t *bytes, size_t count);

/* The records from `first` on; owned (helper_records_free). Among them are empty commands, empty
 * events, records without a request key, and long ones. */
kg_journal_record *helper_records(uint64_t first, size_t count);
void helper_records_free(kg_journal_record **records, size_t count);
/* Whether a record is what helper_records() makes. */
bool helper_record_equal(const kg_journal_record *record);

typedef struct helper_done {
    int calls;
    kg_append_result result;
    uint64_t head;
} helper_done;
void helper_note_done(void *context, kg_append_result result, uint64_t head);

/* Appends the next `count` records at the head. */
kg_append_result helper_append(kg_journal *journal, size_t count, bool reserve);

/* Follows from the first record and verifies, and compares each with what it must be: the number
 * of records, or -1 when anything is wrong. */
int64_t helper_verify(kg_journal *journal);

/* Runs `body` in a child; its exit status, or -signal. */
int helper_in_child(int (*body)(void *context), void *context);

#endif
