/* SPDX-License-Identifier: EUPL-1.2 */
/* Looking at a store in a child process: memory that maps a damaged file may end the process
 * that touches it (SIGBUS), so a child goes first. Only before there are threads. */
#ifndef KG_JOURNAL_CHILD_H
#define KG_JOURNAL_CHILD_H

#include <stdbool.h>

/* Runs `check` in a child and returns what it returned. Its sentence comes along; a child that a
 * signal ended gives one about damage in `folder`. */
bool kg_journal_child(const char *folder, bool (*check)(void *context), void *context);

#endif
