/* SPDX-License-Identifier: EUPL-1.2 */
/* A thread of the journal's own. */
#ifndef KG_JOURNAL_THREAD_H
#define KG_JOURNAL_THREAD_H

#include <pthread.h>

/* Signals are for the process's other threads. Ends the process where none can be had. */
pthread_t kg_journal_thread(void *(*run)(void *context), void *context);

#endif
