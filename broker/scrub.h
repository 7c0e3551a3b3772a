/* SPDX-License-Identifier: EUPL-1.2 */
/* Scrubbing: after a start from a checkpoint, a thread reads and verifies the records before it,
 * which the start did not, while the broker is at work. */
#ifndef KG_SCRUB_H
#define KG_SCRUB_H

#include <stdbool.h>

#include "broker/journal/journal.h"

typedef struct kg_scrub kg_scrub;

/* Called from its thread when it has read all up to the record (error NULL), or found damage. Not
 * when it was stopped. */
typedef void (*kg_scrub_done)(void *context, uint64_t records, const char *error);

/* Returns owned; the journal must outlive it. */
kg_scrub *kg_scrub_start(kg_journal *journal, uint64_t to, kg_scrub_done done, void *context);
/* Waits until its thread has ended. NULL is nothing. */
void kg_scrub_stop(kg_scrub **scrub);

#endif
