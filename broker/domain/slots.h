/* SPDX-License-Identifier: EUPL-1.2 */
/* Slots: finds numbered things by a hash of their name, at 8 bytes a slot: a handle of uthash takes
 * 56, and there are millions of lines. Whoever asks compares the names. Nothing is ever removed. */
#ifndef KG_SLOTS_H
#define KG_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include "proto/archive.h"

typedef struct kg_slot {
    uint32_t hash, value; /* value UINT32_MAX: free */
} kg_slot;

typedef struct kg_slots {
    kg_slot *items;  /* owned */
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} kg_slots;

void kg_slots_init(kg_slots *slots);
void kg_slots_fini(kg_slots *slots);
/* Makes room for so many more. */
void kg_slots_reserve(kg_slots *slots, size_t count);
/* The same name must not be added twice; the value is below UINT32_MAX. */
void kg_slots_add(kg_slots *slots, uint32_t hash, uint32_t value);
/* The first value with this hash, then the next ones; UINT32_MAX after the last. `at` is the
 * walk's own. */
uint32_t kg_slots_first(const kg_slots *slots, uint32_t hash, size_t *at);
uint32_t kg_slots_next(const kg_slots *slots, uint32_t hash, size_t *at);

/* Fetches ahead what a search for this hash will read. */
void kg_slots_prefetch(const kg_slots *slots, uint32_t hash);

uint32_t kg_slots_hash(const char *name);

void kg_slots_archive(kg_slots *slots, const kg_archive *archive);

#endif
