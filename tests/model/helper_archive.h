/* SPDX-License-Identifier: EUPL-1.2 */
/* An archive in memory. */
#ifndef HELPER_ARCHIVE_H
#define HELPER_ARCHIVE_H

#include "proto/archive.h"
#include "proto/sink.h"

typedef struct memory_archive {
    kg_buffer bytes;
    size_t read;
} memory_archive;

/* The buffer is read from its start, or added to; what is read must be there. */
kg_archive memory_archive_write(memory_archive *memory);
kg_archive memory_archive_read(memory_archive *memory);

#endif
