/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal of the plan workload: a catalogue, organisations with keys, submissions of signed
 * lines, decided and encoded as the broker does it. */
#ifndef STATE_JOURNAL_H
#define STATE_JOURNAL_H

#include <stddef.h>

/* When all was submitted. */
#define STATE_JOURNAL_MS INT64_C(1764000000000) /* 2025-11-24 */
#define STATE_JOURNAL_DAY 20416

typedef struct state_journal_options {
    size_t lines;
    size_t lines_in_submission;
    unsigned unique_titles; /* percent of the lines whose title nobody else has */
} state_journal_options;

/* Into an empty folder. Ends the program when it cannot. Prints what the domain took. */
void state_journal_write(const char *folder, const state_journal_options *options);

#endif
