/* SPDX-License-Identifier: EUPL-1.2 */
/* The leader's lease: taken at opening, renewed by a thread on a connection of its own. Its epoch
 * fences every append, so a leader that does not know yet that it lost can do no harm; the lease
 * is for it to learn so, and for another one to know when it may begin. */
#ifndef KG_POSTGRES_LEASE_H
#define KG_POSTGRES_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#define KG_LEASE_MS 10000

typedef struct kg_lease kg_lease;

typedef struct kg_lease_terms {
    const char *place; /* borrowed */
    bool alone;        /* no standby is wanted */
    uint64_t epoch;
    int64_t lease_ms;
    int64_t taken_ms;            /* when it was asked for, on this machine's monotonic clock */
    void (*wake)(void *context); /* when it was lost; or NULL; on the lease's thread */
    void *wake_context;
} kg_lease_terms;

kg_lease *kg_lease_start(const kg_lease_terms *terms); /* owned */
/* Gives the lease back, so that the next one need not wait. */
void kg_lease_stop(kg_lease **lease);
/* False with the sentence once it was lost. Any thread. */
bool kg_lease_held(kg_lease *lease);

#endif
