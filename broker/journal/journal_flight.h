/* SPDX-License-Identifier: EUPL-1.2 */
/* Batches on their way to the disk. One thread writes them in order, all that wait at once; the
 * owner's thread adds them and gets them back in the same order. */
#ifndef KG_JOURNAL_FLIGHT_H
#define KG_JOURNAL_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal_record.h"

typedef struct kg_flying {
    kg_journal_record *records; /* borrowed */
    size_t count;
    uint64_t bytes; /* at most so many on the disk */
    kg_append_done done;
    void *context;
    kg_append_result result; /* other than OK before it is written: it is not to be */
    char error[512];         /* the sentence, where the result is not OK */
    bool here; /* it is written by the owner's thread, alone */
    kg_point end;            /* where the journal ends after it */
    struct kg_flying *next;
} kg_flying;

typedef struct kg_flight_owner {
    /* Makes all of the list durable and fills in results and ends. On the flight's thread, or in
     * kg_flight_add(); never on both at once. */
    void (*write)(void *context, kg_flying *first);
    void *context;
    void (*wake)(void *context); /* or NULL; on the flight's thread, when some came back */
    void *wake_context;
} kg_flight_owner;

typedef struct kg_flight kg_flight;
kg_flight *kg_flight_start(const kg_flight_owner *owner); /* owned */
/* Writes what waits, then ends the thread and frees what came back. */
void kg_flight_stop(kg_flight **flight);

/* Takes the batch. With `here`, and nothing on its way, it is written by this thread. */
void kg_flight_add(kg_flight *flight, kg_flying *batch, bool here);
/* All that came back, in order, owned; with `wait`, at least one, if any was added. */
kg_flying *kg_flight_take(kg_flight *flight, bool wait);

#endif
