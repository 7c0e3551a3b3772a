/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_pending.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proto/hash_table.h"
#include "proto/memory.h"

/* A record's place in two tables. */
#define RECORD_COST_BYTES 128
#define PAGE_BYTES 4096

typedef struct entry {
    uint8_t key[KG_REQUEST_KEY_BYTES];
    bool keyed;
    uint64_t sequence, cost;
    struct entry *next;
    UT_hash_handle hh;
} entry;

struct kg_pending_keys {
    pthread_mutex_t mutex;
    entry *by_key, *oldest, *youngest;
    uint64_t cost;
};

uint64_t kg_tables_cost(size_t stored_bytes)
{
    /* a long one has pages of its own */
    return stored_bytes + RECORD_COST_BYTES + (stored_bytes > PAGE_BYTES / 2 ? PAGE_BYTES : 0);
}

kg_pending_keys *kg_pending_keys_new(void)
{
    kg_pending_keys *keys = kg_alloc(1, sizeof(*keys));

    pthread_mutex_init(&keys->mutex, NULL);
    return keys;
}

void kg_pending_keys_destroy(kg_pending_keys **keys_p)
{
    kg_pending_keys *keys = *keys_p;

    if (!keys)
        return;
    kg_pending_keys_remove(keys, UINT64_MAX);
    pthread_mutex_destroy(&keys->mutex);
    free(keys);
    *keys_p = NULL;
}

static bool add(kg_pending_keys *keys, const kg_journal_record *record)
{
    entry *one = kg_alloc(1, sizeof(*one)), *same = NULL;

    one->sequence = record->sequence;
    one->cost = kg_tables_cost(kg_record_size(record));
    one->keyed = kg_record_has_request(record);
    memcpy(one->key, record->request_key, KG_REQUEST_KEY_BYTES);
    if (one->keyed)
        HASH_FIND(hh, keys->by_key, one->key, KG_REQUEST_KEY_BYTES, same);
    if (same) {
        free(one);
        return false;
    }
    if (one->keyed)
        HASH_ADD(hh, keys->by_key, key, KG_REQUEST_KEY_BYTES, one);
    if (keys->youngest)
        keys->youngest->next = one;
    else
        keys->oldest = one;
    keys->youngest = one;
    keys->cost += one->cost;
    return true;
}

bool kg_pending_keys_add(kg_pending_keys *keys, const kg_journal_record *records, size_t count)
{
    bool good = true;

    pthread_mutex_lock(&keys->mutex);
    for (size_t i = 0; i < count && good; i++)
        good = add(keys, &records[i]);
    pthread_mutex_unlock(&keys->mutex);
    return good;
}

void kg_pending_keys_remove(kg_pending_keys *keys, uint64_t sequence)
{
    pthread_mutex_lock(&keys->mutex);
    while (keys->oldest && keys->oldest->sequence <= sequence) {
        entry *one = keys->oldest;

        keys->oldest = one->next;
        if (!keys->oldest)
            keys->youngest = NULL;
        if (one->keyed)
            HASH_DEL(keys->by_key, one);
        keys->cost -= one->cost;
        free(one);
    }
    pthread_mutex_unlock(&keys->mutex);
}

uint64_t kg_pending_keys_find(kg_pending_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES])
{
    uint64_t sequence;
    entry *one;

    pthread_mutex_lock(&keys->mutex);
    HASH_FIND(hh, keys->by_key, key, KG_REQUEST_KEY_BYTES, one);
    sequence = one ? one->sequence : 0;
    pthread_mutex_unlock(&keys->mutex);
    return sequence;
}

uint64_t kg_pending_keys_cost(kg_pending_keys *keys)
{
    uint64_t cost;

    pthread_mutex_lock(&keys->mutex);
    cost = keys->cost;
    pthread_mutex_unlock(&keys->mutex);
    return cost;
}
