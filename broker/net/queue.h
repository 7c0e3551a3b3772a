/* SPDX-License-Identifier: EUPL-1.2 */
/* A bounded queue of plain items between two threads, with a descriptor that is readable while
 * something waits (or somebody was woken), so that it can stand in a poll beside sockets. */
#ifndef KG_QUEUE_H
#define KG_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct kg_queue {
    pthread_mutex_t mutex;
    char *items; /* owned; a ring */
    size_t item_bytes, capacity, first, count;
    int wake; /* eventfd */
} kg_queue;

/* False when the system gives no descriptor. */
bool kg_queue_init(kg_queue *queue, size_t capacity, size_t item_bytes);
void kg_queue_fini(kg_queue *queue); /* the items' own memory is the caller's matter */
/* Copies an item in; false when full. */
bool kg_queue_push(kg_queue *queue, const void *item);
/* Takes up to `max` items; returns how many. `was_full` (may be NULL): there was no room before. */
size_t kg_queue_take(kg_queue *queue, void *items, size_t max, bool *was_full);
bool kg_queue_full(kg_queue *queue);
size_t kg_queue_waiting(kg_queue *queue);
/* Makes the descriptor readable; safe in a signal handler. */
void kg_queue_wake(kg_queue *queue);
/* Makes it unreadable again: before taking. */
void kg_queue_quiet(kg_queue *queue);

#endif
