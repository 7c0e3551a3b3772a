/* SPDX-License-Identifier: EUPL-1.2 */
/* The lines of one CPV code in one country, by line, each with what a cell of month and track
 * needs of it, so that its columns need not be fetched. */
#ifndef KG_VOLUME_BUCKET_H
#define KG_VOLUME_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* line in the lower half; in the upper the member, month (since 2000-01) and track. */
typedef uint64_t kg_entry;
#define KG_ENTRY_MEMBERS_MAX (1u << 22)
#define KG_ENTRY_GONE UINT32_MAX

static inline kg_entry kg_entry_of(uint32_t line, uint32_t member, unsigned cell)
{
    return (uint64_t)(member << 10 | cell) << 32 | line;
}

static inline uint32_t kg_entry_line(kg_entry entry)
{
    return (uint32_t)entry;
}

static inline unsigned kg_entry_cell(kg_entry entry)
{
    return entry >> 32 & 1023;
}

static inline uint32_t kg_entry_member(kg_entry entry)
{
    return (uint32_t)(entry >> 42);
}

/* Withdrawn, or moved to another bucket: it only keeps the order. */
static inline bool kg_entry_gone(kg_entry entry)
{
    return entry >> 32 == KG_ENTRY_GONE;
}

typedef struct kg_bucket {
    kg_entry *entries; /* owned; up to `sorted` by line, then as they came */
    uint32_t count, sorted, capacity;
    uint32_t gone;
} kg_bucket;

void kg_bucket_fini(kg_bucket *bucket);
/* Makes room for so many in an empty one. */
void kg_bucket_reserve(kg_bucket *bucket, uint32_t capacity);
void kg_bucket_add(kg_bucket *bucket, kg_entry entry);
bool kg_bucket_has(const kg_bucket *bucket, uint32_t line);
/* The line must be in it. */
void kg_bucket_remove(kg_bucket *bucket, uint32_t line);

static inline uint32_t kg_bucket_lines(const kg_bucket *bucket)
{
    return bucket->count - bucket->gone;
}

#endif
