/* SPDX-License-Identifier: EUPL-1.2 */
/* An organisation's lines, found by their keys, at 5 bytes a place: the line's number and a tag of
 * the key's hash. The key itself is read where the tag is the same. Nothing is ever removed. */
#ifndef KG_LINE_INDEX_H
#define KG_LINE_INDEX_H

#include "broker/domain/lines.h"

typedef struct kg_line_index {
    uint32_t *lines; /* owned; `capacity` places, and a tag for each behind them */
    uint32_t count, capacity;
} kg_line_index;

void kg_line_index_fini(kg_line_index *index);
size_t kg_line_index_bytes(const kg_line_index *index);

/* Makes room in an empty one for so many lines: growing reads every key again. */
void kg_line_index_reserve(kg_line_index *index, size_t count);
/* The line's key must be put, and not be in it yet. `hash` is kg_slots_hash() of it, here and
 * below. */
void kg_line_index_add(kg_line_index *index, const kg_lines *lines,
                       const kg_dictionary *dictionary, uint32_t line, uint32_t hash);
/* KG_NONE: there is none. */
uint32_t kg_line_index_find(const kg_line_index *index, const kg_lines *lines,
                            const kg_dictionary *dictionary, const char *key, uint32_t hash);
/* Fetches ahead what finding or adding this key will read. */
void kg_line_index_prefetch(const kg_line_index *index, uint32_t hash);
/* All lines, in no order, into an array of `count`. */
void kg_line_index_list(const kg_line_index *index, uint32_t *out);

void kg_line_index_archive(kg_line_index *index, const kg_archive *archive);

#endif
