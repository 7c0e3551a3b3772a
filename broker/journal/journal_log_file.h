/* SPDX-License-Identifier: EUPL-1.2 */
/* One of the log's two files: whole reads and writes, and what its beginning says. */
#ifndef KG_JOURNAL_LOG_FILE_H
#define KG_JOURNAL_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal_frame.h"

#define KG_LOG_FILE_HEAD_BYTES 512

typedef struct kg_log_file {
    const char *folder; /* borrowed, for the sentences */
    int descriptor;     /* -1: there is none */
    uint8_t mark[KG_MARK_BYTES];
    uint64_t size; /* as this process made it, or found it at opening */
} kg_log_file;

/* Opens it, or, for a writer, makes it whole or not at all. False on failure; true, and no
 * descriptor, where there is none for a reader. */
bool kg_log_file_open(kg_log_file *file, const char *folder, const char *name,
                      const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES], bool read_only);
void kg_log_file_close(kg_log_file *file);

/* All of it, or false: what was written in part is not gone on with. */
bool kg_log_file_write(kg_log_file *file, uint64_t at, const void *bytes, size_t count);
/* Tells the disk to begin with what was written there, and waits for nothing. */
void kg_log_file_hasten(const kg_log_file *file, uint64_t at, size_t count);
bool kg_log_file_sync(const kg_log_file *file);
/* As many bytes as there are, at most `count`; -1 on failure. */
int64_t kg_log_file_read(const kg_log_file *file, uint64_t at, void *out, size_t count);
/* Makes it no longer than so many bytes. */
bool kg_log_file_cut(kg_log_file *file, uint64_t size);

/* All of it as it is by now, owned (free), NULL where there is none; false on failure. */
bool kg_log_file_take(const kg_log_file *file, uint8_t **bytes, size_t *count);

#endif
