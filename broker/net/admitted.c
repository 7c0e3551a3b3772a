/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/admitted.h"

#include <pthread.h>
#include <stdlib.h>

#include "proto/hash_table.h"
#include "proto/memory.h"

typedef struct kg_admission {
    uint8_t key[KG_KEY_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    int64_t second; /* of its last handshake */
    unsigned handshakes; /* in it */
    UT_hash_handle hh;
} kg_admission;

struct kg_admitted {
    pthread_mutex_t mutex;
    kg_admission *list;
};

kg_admitted *kg_admitted_new(void)
{
    kg_admitted *admitted = kg_alloc(1, sizeof *admitted);
    pthread_mutex_init(&admitted->mutex, NULL);
    return admitted;
}

void kg_admitted_destroy(kg_admitted **admitted)
{
    kg_admission *admission, *next;
    if (!*admitted)
        return;
    HASH_ITER(hh, (*admitted)->list, admission, next)
    {
        HASH_DEL((*admitted)->list, admission);
        free(admission);
    }
    pthread_mutex_destroy(&(*admitted)->mutex);
    free(*admitted);
    *admitted = NULL;
}

static kg_admission *find(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES])
{
    kg_admission *admission;
    HASH_FIND(hh, admitted->list, key, KG_KEY_BYTES, admission);
    return admission;
}

void kg_admitted_add(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES],
                     const char *organisation)
{
    pthread_mutex_lock(&admitted->mutex);
    kg_admission *admission = find(admitted, key);
    if (!admission) {
        admission = kg_alloc(1, sizeof *admission);
        memcpy(admission->key, key, KG_KEY_BYTES);
        HASH_ADD(hh, admitted->list, key, KG_KEY_BYTES, admission);
    }
    kg_text_format(admission->organisation, sizeof admission->organisation, "%s", organisation);
    pthread_mutex_unlock(&admitted->mutex);
}

void kg_admitted_remove(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES])
{
    pthread_mutex_lock(&admitted->mutex);
    kg_admission *admission = find(admitted, key);
    if (admission) {
        HASH_DEL(admitted->list, admission);
        free(admission);
    }
    pthread_mutex_unlock(&admitted->mutex);
}

bool kg_admitted_pace(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES], int64_t now_ms,
                      unsigned most)
{
    bool good = true;
    pthread_mutex_lock(&admitted->mutex);
    kg_admission *admission = find(admitted, key);
    if (admission && admission->second != now_ms / 1000) {
        admission->second = now_ms / 1000;
        admission->handshakes = 0;
    }
    if (admission)
        good = most == 0 || admission->handshakes++ < most;
    pthread_mutex_unlock(&admitted->mutex);
    return good;
}

bool kg_admitted_find(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES],
                      char organisation[static KG_ID_BYTES_MAX + 1])
{
    pthread_mutex_lock(&admitted->mutex);
    const kg_admission *admission = find(admitted, key);
    if (admission)
        kg_text_format(organisation, KG_ID_BYTES_MAX + 1, "%s", admission->organisation);
    pthread_mutex_unlock(&admitted->mutex);
    return admission != NULL;
}

void kg_admitted_each(kg_admitted *admitted,
                      void (*each)(void *context, const uint8_t key[KG_KEY_BYTES],
                                   const char *organisation),
                      void *context)
{
    pthread_mutex_lock(&admitted->mutex);
    for (const kg_admission *one = admitted->list; one; one = one->hh.next)
        each(context, one->key, one->organisation);
    pthread_mutex_unlock(&admitted->mutex);
}
