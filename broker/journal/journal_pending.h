/* SPDX-License-Identifier: EUPL-1.2 */
/* What goes to the log, or is in it, and is not in the tables yet: request keys, and room that the
 * tables will need. One thread adds, one removes, any may ask. */
#ifndef KG_JOURNAL_PENDING_H
#define KG_JOURNAL_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

typedef struct kg_pending_keys kg_pending_keys;

kg_pending_keys *kg_pending_keys_new(void); /* owned */
void kg_pending_keys_destroy(kg_pending_keys **keys);

/* Adds records in the order of their sequences; false when a request key is there already. */
bool kg_pending_keys_add(kg_pending_keys *keys, const kg_journal_record *records, size_t count);
/* Removes all up to a sequence. */
void kg_pending_keys_remove(kg_pending_keys *keys, uint64_t sequence);
/* The sequence of the record with this key; 0 = none. */
uint64_t kg_pending_keys_find(kg_pending_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES]);
/* What all of them take in the tables, at most. */
uint64_t kg_pending_keys_cost(kg_pending_keys *keys);

/* What a record of so many stored bytes takes in the tables, at most. */
uint64_t kg_tables_cost(size_t stored_bytes);

#endif
