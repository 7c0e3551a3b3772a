/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/queue.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proto/memory.h"

bool kg_queue_init(kg_queue *queue, size_t capacity, size_t item_bytes)
{
    *queue = (kg_queue){.item_bytes = item_bytes, .capacity = capacity};
    queue->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    queue->items = kg_alloc(capacity, item_bytes);
    pthread_mutex_init(&queue->mutex, NULL);
    return queue->wake >= 0;
}

void kg_queue_fini(kg_queue *queue)
{
    if (queue->wake >= 0)
        close(queue->wake);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->items);
}

bool kg_queue_push(kg_queue *queue, const void *item)
{
    pthread_mutex_lock(&queue->mutex);
    bool room = queue->count < queue->capacity, was_empty = queue->count == 0;
    if (room) {
        size_t place = (queue->first + queue->count++) % queue->capacity;
        memcpy(queue->items + place * queue->item_bytes, item, queue->item_bytes);
    }
    pthread_mutex_unlock(&queue->mutex);
    if (was_empty) /* else whoever takes has been woken, and takes all or wakes itself again */
        kg_queue_wake(queue);
    return room;
}

size_t kg_queue_take(kg_queue *queue, void *items, size_t max, bool *was_full)
{
    char *out = items;
    size_t taken = 0;
    pthread_mutex_lock(&queue->mutex);
    if (was_full)
        *was_full = queue->count == queue->capacity;
    for (; taken < max && queue->count > 0; taken++, queue->count--) {
        memcpy(out + taken * queue->item_bytes, queue->items + queue->first * queue->item_bytes,
               queue->item_bytes);
        queue->first = (queue->first + 1) % queue->capacity;
    }
    bool more = queue->count > 0;
    pthread_mutex_unlock(&queue->mutex);
    if (more)
        kg_queue_wake(queue);
    return taken;
}

size_t kg_queue_waiting(kg_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t waiting = queue->count;
    pthread_mutex_unlock(&queue->mutex);
    return waiting;
}

bool kg_queue_full(kg_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool full = queue->count == queue->capacity;
    pthread_mutex_unlock(&queue->mutex);
    return full;
}

void kg_queue_wake(kg_queue *queue)
{
    uint64_t one = 1;
    ssize_t written = write(queue->wake, &one, sizeof one);
    (void)written; /* full counter: it is readable already */
}

void kg_queue_quiet(kg_queue *queue)
{
    uint64_t count;
    ssize_t got = read(queue->wake, &count, sizeof count);
    (void)got; /* nothing to read: it is quiet already */
}
