/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/postgres/keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_record.h"
#include "proto/identity.h"
#include "proto/memory.h"

#define PLACES_MIN 1024 /* a power of two, as all numbers of places */

/* Open addressing; 0 is an empty place. Where a key begins to look is secret, so that nobody can
 * choose request ids that meet there. */
struct kg_known_keys {
    pthread_mutex_t mutex;
    uint64_t *places; /* owned */
    size_t room, count;
    uint64_t secret; /* odd */
};

kg_known_keys *kg_known_keys_new(void)
{
    kg_known_keys *keys = kg_alloc(1, sizeof(*keys));

    pthread_mutex_init(&keys->mutex, NULL);
    keys->room = PLACES_MIN;
    keys->places = kg_alloc(keys->room, sizeof(*keys->places));
    kg_random(&keys->secret, sizeof(keys->secret));
    keys->secret |= 1;
    return keys;
}

void kg_known_keys_destroy(kg_known_keys **keys_p)
{
    kg_known_keys *keys = *keys_p;

    if (!keys)
        return;
    pthread_mutex_destroy(&keys->mutex);
    free(keys->places);
    free(keys);
    *keys_p = NULL;
}

/* Where the beginning of a key stands, or would. */
static uint64_t *place_of(const kg_known_keys *keys, uint64_t beginning)
{
    size_t at = (size_t)((beginning * keys->secret) >> 24) & (keys->room - 1);

    while (keys->places[at] != 0 && keys->places[at] != beginning)
        at = (at + 1) & (keys->room - 1);
    return &keys->places[at];
}

static void grow(kg_known_keys *keys)
{
    uint64_t *before = keys->places;
    const size_t count = keys->room;

    keys->room *= 2;
    keys->places = kg_alloc(keys->room, sizeof(*keys->places));
    for (size_t i = 0; i < count; i++)
        if (before[i] != 0)
            *place_of(keys, before[i]) = before[i];
    free(before);
}

static uint64_t beginning_of(const uint8_t key[KG_REQUEST_KEY_BYTES])
{
    const uint64_t beginning = kg_record_get_u64(key);

    return beginning ? beginning : 1;
}

void kg_known_keys_add(kg_known_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES])
{
    const uint64_t beginning = beginning_of(key);
    uint64_t *place;

    pthread_mutex_lock(&keys->mutex);
    if (keys->count >= keys->room / 3 * 2)
        grow(keys);
    place = place_of(keys, beginning);
    keys->count += *place == 0;
    *place = beginning;
    pthread_mutex_unlock(&keys->mutex);
}

bool kg_known_keys_may_have(kg_known_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES])
{
    bool has;

    pthread_mutex_lock(&keys->mutex);
    has = *place_of(keys, beginning_of(key)) != 0;
    pthread_mutex_unlock(&keys->mutex);
    return has;
}
