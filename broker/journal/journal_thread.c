/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_thread.h"

#include <signal.h>

#include "proto/memory.h"

pthread_t kg_journal_thread(void *(*run)(void *context), void *context)
{
    sigset_t all, before;
    pthread_t thread;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, run, context) != 0)
        kg_memory_end();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}
