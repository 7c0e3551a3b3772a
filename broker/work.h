/* SPDX-License-Identifier: EUPL-1.2 */
/* A grouping as a piece of work: what it needs, and what comes of it. */
#ifndef KG_WORK_H
#define KG_WORK_H

#include "broker/domain/state.h"

/* What went in comes out, with the outcome. */
typedef struct kg_work {
    kg_job *job;         /* owned */
    kg_outcome *outcome; /* owned; set by kg_work_run() */
    char ruleset[65], input_digest[65]; /* set by kg_work_run() */
    int64_t took_ms;     /* set by kg_work_run() */
    void *context;       /* the core's */
} kg_work;

/* Groups, on this thread and `threads` - 1 more. */
void kg_work_run(kg_work *work, int threads);
void kg_work_destroy(kg_work **work); /* not its context */

#endif
