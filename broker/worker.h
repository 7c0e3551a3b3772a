/* SPDX-License-Identifier: EUPL-1.2 */
/* Long work beside the core: runs groupings on the claimed lines; the outcome comes back to the
 * core, which decides and journals it. One thread that takes jobs in order, and helps itself to
 * more threads for the buckets of one job. */
#ifndef KG_WORKER_H
#define KG_WORKER_H

#include "broker/work.h"

typedef struct kg_worker kg_worker;

/* `done` is called on the worker's thread when something can be taken; it only wakes the core. */
kg_worker *kg_worker_start(int threads, void (*done)(void *context), void *context);
/* Waits for the job that runs; jobs not begun are dropped: their commands were never accepted. */
void kg_worker_stop(kg_worker **worker);
void kg_worker_give(kg_worker *worker, kg_work *work); /* takes */
kg_work *kg_worker_take(kg_worker *worker);            /* returns owned, or NULL */

#endif
