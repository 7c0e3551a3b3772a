/* SPDX-License-Identifier: EUPL-1.2 */
/* A simulated store behind journal.h: batches are durable a while after they were given, or fail;
 * what was on its way when the broker is killed is kept up to some batch, and lost from there on.
 * A batch is whole or not there: that is what journal.h promises. */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include "broker/journal/journal.h"

/* An empty disk; and nothing held any more. */
void sim_journal_begin(void);
void sim_journal_end(void);
/* Records that are durable, whatever the broker knows of it. */
uint64_t sim_journal_records(void);
/* One of them; lives until the end. */
void sim_journal_record(uint64_t sequence, kg_journal_record *out);
/* When something can be reaped that could not before; INT64_MAX: nothing is on its way. */
int64_t sim_journal_ready_us(void);
/* The broker was killed at this moment. */
void sim_journal_killed(void);

#endif
