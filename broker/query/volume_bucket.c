/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_bucket.h"

#include <stdlib.h>

#include "proto/memory.h"

/* Lines that came out of order, at the most, before they are sorted in. */
#define TAIL_MAX 128

void kg_bucket_fini(kg_bucket *bucket)
{
    free(bucket->entries);
    *bucket = (kg_bucket){0};
}

static int by_line(const void *a, const void *b)
{
    uint32_t x = kg_entry_line(*(const kg_entry *)a), y = kg_entry_line(*(const kg_entry *)b);
    return (x > y) - (x < y);
}

/* Merges the tail in, from the back; those that are gone are dropped first. */
static void tidy(kg_bucket *bucket)
{
    kg_entry tail[TAIL_MAX], *entries = bucket->entries;
    uint32_t kept = 0, tail_count = 0;
    for (uint32_t i = 0; i < bucket->sorted; i++) {
        entries[kept] = entries[i];
        kept += !kg_entry_gone(entries[i]);
    }
    for (uint32_t i = bucket->sorted; i < bucket->count; i++)
        if (!kg_entry_gone(entries[i]))
            tail[tail_count++] = entries[i];
    qsort(tail, tail_count, sizeof *tail, by_line);
    bucket->count = bucket->sorted = kept + tail_count;
    bucket->gone = 0;
    for (uint32_t to = bucket->count; tail_count > 0;) {
        bool from_tail = kept == 0 || by_line(&tail[tail_count - 1], &entries[kept - 1]) > 0;
        entries[--to] = from_tail ? tail[--tail_count] : entries[--kept];
    }
}

/* By an eighth once it is large: what is spare is memory for nothing. */
static void make_room(kg_bucket *bucket)
{
    if (bucket->count < bucket->capacity)
        return;
    bucket->capacity += bucket->capacity < 64 ? bucket->capacity / 2 + 2 : bucket->capacity / 8;
    bucket->entries = kg_realloc(bucket->entries, bucket->capacity, sizeof *bucket->entries);
}

void kg_bucket_reserve(kg_bucket *bucket, uint32_t capacity)
{
    bucket->capacity = capacity;
    bucket->entries = kg_realloc(bucket->entries, capacity, sizeof *bucket->entries);
}

/* The first place among the sorted ones that is not before the line. */
static uint32_t lower_bound(const kg_bucket *bucket, uint32_t line)
{
    uint32_t low = 0, high = bucket->sorted;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kg_entry_line(bucket->entries[middle]) < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An amended line mostly comes back to where it was. */
static bool put_back(kg_bucket *bucket, kg_entry entry)
{
    uint32_t at = lower_bound(bucket, kg_entry_line(entry));
    if (at == bucket->sorted || kg_entry_line(bucket->entries[at]) != kg_entry_line(entry))
        return false;
    bucket->entries[at] = entry;
    bucket->gone--;
    return true;
}

void kg_bucket_add(kg_bucket *bucket, kg_entry entry)
{
    bool follows = bucket->count == 0 ||
                   kg_entry_line(bucket->entries[bucket->count - 1]) < kg_entry_line(entry);
    if (!follows && put_back(bucket, entry))
        return;
    if (bucket->count - bucket->sorted == TAIL_MAX)
        tidy(bucket);
    make_room(bucket);
    follows = bucket->count == 0 ||
              kg_entry_line(bucket->entries[bucket->count - 1]) < kg_entry_line(entry);
    bucket->sorted += bucket->sorted == bucket->count && follows;
    bucket->entries[bucket->count++] = entry;
}

static uint32_t find(const kg_bucket *bucket, uint32_t line)
{
    uint32_t at = lower_bound(bucket, line);
    if (at < bucket->sorted && kg_entry_line(bucket->entries[at]) == line &&
        !kg_entry_gone(bucket->entries[at]))
        return at;
    for (at = bucket->sorted; at < bucket->count; at++)
        if (kg_entry_line(bucket->entries[at]) == line && !kg_entry_gone(bucket->entries[at]))
            return at;
    return bucket->count;
}

bool kg_bucket_has(const kg_bucket *bucket, uint32_t line)
{
    return find(bucket, line) < bucket->count;
}

void kg_bucket_remove(kg_bucket *bucket, uint32_t line)
{
    uint32_t at = find(bucket, line);
    bucket->entries[at] = (uint64_t)KG_ENTRY_GONE << 32 | line;
    bucket->gone++;
    if (bucket->gone > 16 && bucket->gone > bucket->count / 4)
        tidy(bucket);
}
