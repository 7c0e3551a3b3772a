/* SPDX-License-Identifier: EUPL-1.2 */
/* Scrubbing: a thread reads and verifies the journal while the broker is at work. After a start
 * from a checkpoint, the records before it, which the start did not read; then, every so many days,
 * all of it, since a disk may spoil what nobody reads. Days are the wall clock's. */
#ifndef KG_SCRUB_H
#define KG_SCRUB_H

#include <stdbool.h>

#include "broker/journal/journal.h"

typedef struct kg_scrub kg_scrub;

/* Called from its thread when it has read all up to that record (error NULL), or found damage, with
 * which it ends. Not when it was stopped. */
typedef void (*kg_scrub_done)(void *context, uint64_t records, const char *error);

/* The records up to `first` at once (0: none); all of them every so many days (0: never). Returns
 * owned; NULL where there is nothing to do. The journal must outlive it. */
kg_scrub *kg_scrub_start(kg_journal *journal, uint64_t first, int every_days, kg_scrub_done done,
                         void *context);
/* Waits until its thread has ended. NULL is nothing. */
void kg_scrub_stop(kg_scrub **scrub);

#endif
