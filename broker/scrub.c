/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/scrub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "proto/memory.h"

#define NICE 10 /* behind what clients wait for */

struct kg_scrub {
    pthread_t thread;
    kg_journal *journal; /* borrowed */
    uint64_t to, read;
    kg_scrub_done done;
    void *context;
    atomic_bool stop;
};

static bool go_on(void *context, const kg_journal_record *record)
{
    kg_scrub *scrub = context;
    scrub->read = record->sequence;
    return scrub->read < scrub->to && !atomic_load(&scrub->stop);
}

static void *read_all(void *context)
{
    kg_scrub *scrub = context;
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICE); /* of this thread only; if not, not */
    bool good = kg_journal_follow(scrub->journal, 1, true, go_on, scrub);
    if (!good || scrub->read == scrub->to)
        scrub->done(scrub->context, scrub->read, good ? NULL : kg_journal_error());
    return NULL;
}

kg_scrub *kg_scrub_start(kg_journal *journal, uint64_t to, kg_scrub_done done, void *context)
{
    kg_scrub *scrub = kg_alloc(1, sizeof *scrub);
    scrub->journal = journal;
    scrub->to = to;
    scrub->done = done;
    scrub->context = context;
    if (pthread_create(&scrub->thread, NULL, read_all, scrub) != 0)
        abort();
    return scrub;
}

void kg_scrub_stop(kg_scrub **scrub)
{
    if (!*scrub)
        return;
    atomic_store(&(*scrub)->stop, true);
    pthread_join((*scrub)->thread, NULL);
    free(*scrub);
    *scrub = NULL;
}
