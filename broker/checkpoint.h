/* SPDX-License-Identifier: EUPL-1.2 */
/* A checkpoint: a file with what followed from a journal up to one of its records, so that a start
 * need not read those again. It may be missing, damaged, old or another program's: that is told
 * before anything is read from it, and only costs time. It holds memory as this very program laid
 * it out, so only the same executable reads it. One thread. */
#ifndef KG_CHECKPOINT_H
#define KG_CHECKPOINT_H

#include "proto/archive.h"
#include "broker/journal/journal.h"

/* Where it was taken. */
typedef struct kg_checkpoint_point {
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    uint64_t sequence;             /* of the last record in it */
    uint8_t chain[KG_CHAIN_BYTES]; /* that record's */
    int64_t time_ms;
} kg_checkpoint_point;

typedef struct kg_checkpoint kg_checkpoint;

/* Begins a file beside `path`, which takes its place in the end. Returns owned, or NULL with half
 * a sentence in `why`. */
kg_checkpoint *kg_checkpoint_create(const char *path, const kg_checkpoint_point *point,
                                    char why[static 200]);
/* Opens one whose bytes are all as they were written, by this program. NULL with half a sentence
 * in `why`; "" where there is none. */
kg_checkpoint *kg_checkpoint_open(const char *path, kg_checkpoint_point *point,
                                  char why[static 200]);
/* Writes to it, or reads from it; lives as long. Where reading fails after all (the disk), the
 * process ends. */
const kg_archive *kg_checkpoint_archive(kg_checkpoint *checkpoint);
/* Frees; a written one takes its place. False, with `why`, when that failed or not all that was
 * written was read. */
bool kg_checkpoint_close(kg_checkpoint **checkpoint, char why[static 200]);

#endif
