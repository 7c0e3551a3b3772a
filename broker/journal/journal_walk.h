/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading the records in order, in views that are short enough not to hold back the writer,
 * and telling damage. */
#ifndef KG_JOURNAL_WALK_H
#define KG_JOURNAL_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal_tables.h"

typedef struct kg_walk {
    kg_tables *tables;
    const char *folder;   /* for the sentences */
    uint64_t from, to;    /* 1 = the first; to 0 = the head */
    bool verify;          /* recompute chain values, look up request keys */
    kg_journal_each each; /* NULL = only read */
    void *context;
} kg_walk;

/* Walks until `each` returns false. False on damage, with a sentence that names the sequence. */
bool kg_walk_run(const kg_walk *walk);

/* The head as a view sees it: its sequence and chain value, both zero when there is none. */
bool kg_walk_head(kg_tables_view *view, const char *folder, uint64_t *sequence,
                  uint8_t chain[KG_CHAIN_BYTES]);

#endif
