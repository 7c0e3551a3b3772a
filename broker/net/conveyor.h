/* SPDX-License-Identifier: EUPL-1.2 */
/* A bounded line of plain items from one thread to another, in order, with workers on the way: an
 * item may be taken once its work is done and everything before it was taken. Any number of
 * workers are busy with different items at once; who waits for items works too when there is
 * nothing else to do, so that a lone item changes threads once. Bounded in items and in bytes. */
#ifndef KG_CONVEYOR_H
#define KG_CONVEYOR_H

#include <stdbool.h>
#include <stddef.h>

typedef struct kg_conveyor kg_conveyor;

typedef struct kg_conveyor_options {
    size_t capacity, bytes_max; /* an item is let in while fewer bytes than that wait */
    size_t item_bytes;
    void (*work)(void *context, void *item); /* NULL: none to be done */
    void *context;
    int threads; /* workers of its own; 0 with `work`: who waits does it all */
} kg_conveyor_options;

/* NULL when the system gives no descriptor or thread. */
kg_conveyor *kg_conveyor_new(const kg_conveyor_options *options);
/* Ends the workers; items that wait are given to `drop` first. */
void kg_conveyor_destroy(kg_conveyor **conveyor, void (*drop)(void *context, void *item),
                         void *context);
/* Copies an item in; false when full. `bytes` is what it holds on to. One thread only. */
bool kg_conveyor_push(kg_conveyor *conveyor, const void *item, size_t bytes);
/* As that, by the thread that takes: it is not woken, and one item is left to it. */
bool kg_conveyor_push_own(kg_conveyor *conveyor, const void *item, size_t bytes);
bool kg_conveyor_full(kg_conveyor *conveyor);
bool kg_conveyor_empty(kg_conveyor *conveyor);
/* Somebody waits for an item. */
bool kg_conveyor_awaited(kg_conveyor *conveyor);
/* How many items were not taken yet. */
size_t kg_conveyor_waiting(kg_conveyor *conveyor);
/* Waits until an item is ready, somebody woke it, or the time is over; then takes up to `max`
 * items without waiting more. `was_full` (may be NULL): there was no room before. One thread
 * only. */
size_t kg_conveyor_take(kg_conveyor *conveyor, void *items, size_t max, int timeout_ms,
                        bool *was_full);
/* There is something to take; else the descriptor is readable once there is, or somebody woke it.
 * The thread that takes only: it works, as when it waits. */
bool kg_conveyor_ready(kg_conveyor *conveyor);
int kg_conveyor_descriptor(const kg_conveyor *conveyor);
/* Makes kg_conveyor_take() return; safe in a signal handler. */
void kg_conveyor_wake(kg_conveyor *conveyor);

#endif
