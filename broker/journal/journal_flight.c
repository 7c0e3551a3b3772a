/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_flight.h"

#include <pthread.h>
#include <stdlib.h>

#include "broker/journal/journal_thread.h"
#include "proto/memory.h"

typedef struct list {
    kg_flying *first, *last;
} list;

struct kg_flight {
    kg_flight_owner owner;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t added, written;
    list waiting, back;
    bool writing; /* some are neither waiting nor back */
    bool stopping;
};

static void append(list *to, kg_flying *first, kg_flying *last)
{
    if (to->last)
        to->last->next = first;
    else
        to->first = first;
    to->last = last;
}

static list take(list *from)
{
    list all = *from;

    *from = (list){0};
    return all;
}

/* Waits for batches, with the mutex held; none when the flight stops. */
static list next(kg_flight *flight)
{
    while (flight->writing || (!flight->waiting.first && !flight->stopping))
        pthread_cond_wait(&flight->added, &flight->mutex);
    return take(&flight->waiting);
}

static void *work(void *context)
{
    kg_flight *flight = context;
    list batches;

    pthread_mutex_lock(&flight->mutex);
    while ((batches = next(flight)).first) {
        flight->writing = true;
        pthread_mutex_unlock(&flight->mutex);
        flight->owner.write(flight->owner.context, batches.first);
        pthread_mutex_lock(&flight->mutex);
        append(&flight->back, batches.first, batches.last);
        flight->writing = false;
        pthread_cond_signal(&flight->written);
        if (flight->owner.wake) {
            pthread_mutex_unlock(&flight->mutex);
            flight->owner.wake(flight->owner.wake_context);
            pthread_mutex_lock(&flight->mutex);
        }
    }
    pthread_mutex_unlock(&flight->mutex);
    return NULL;
}

kg_flight *kg_flight_start(const kg_flight_owner *owner)
{
    kg_flight *flight = kg_alloc(1, sizeof(*flight));

    flight->owner = *owner;
    pthread_mutex_init(&flight->mutex, NULL);
    pthread_cond_init(&flight->added, NULL);
    pthread_cond_init(&flight->written, NULL);
    flight->thread = kg_journal_thread(work, flight);
    return flight;
}

void kg_flight_stop(kg_flight **flight_p)
{
    kg_flight *flight = *flight_p;

    if (!flight)
        return;
    pthread_mutex_lock(&flight->mutex);
    flight->stopping = true;
    pthread_cond_signal(&flight->added);
    pthread_mutex_unlock(&flight->mutex);
    pthread_join(flight->thread, NULL);
    for (kg_flying *batch = flight->back.first, *after; batch; batch = after) {
        after = batch->next;
        free(batch);
    }
    pthread_cond_destroy(&flight->written);
    pthread_cond_destroy(&flight->added);
    pthread_mutex_destroy(&flight->mutex);
    free(flight);
    *flight_p = NULL;
}

/* With the mutex held, which it gives away meanwhile. */
static void write_here(kg_flight *flight, kg_flying *batch)
{
    flight->writing = true;
    batch->here = true;
    pthread_mutex_unlock(&flight->mutex);
    flight->owner.write(flight->owner.context, batch);
    pthread_mutex_lock(&flight->mutex);
    append(&flight->back, batch, batch);
    flight->writing = false;
}

void kg_flight_add(kg_flight *flight, kg_flying *batch, bool here)
{
    batch->next = NULL;
    pthread_mutex_lock(&flight->mutex);
    if (here && !flight->writing && !flight->waiting.first) {
        write_here(flight, batch);
    } else {
        append(&flight->waiting, batch, batch);
        pthread_cond_signal(&flight->added);
    }
    pthread_mutex_unlock(&flight->mutex);
}

kg_flying *kg_flight_take(kg_flight *flight, bool wait)
{
    list back;

    pthread_mutex_lock(&flight->mutex);
    while (wait && !flight->back.first && (flight->writing || flight->waiting.first))
        pthread_cond_wait(&flight->written, &flight->mutex);
    back = take(&flight->back);
    pthread_mutex_unlock(&flight->mutex);
    return back.first;
}
