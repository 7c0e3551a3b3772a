/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/scrub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "broker/clock.h"
#include "proto/memory.h"

#define NICE 10 /* behind what clients wait for */
#define LOOK_S 1 /* how often at the clock */
#define DAY_MS ((int64_t)86400000)

struct kg_scrub {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stopped; /* it is to stop */
    kg_journal *journal;    /* borrowed */
    uint64_t first, to, read;
    int64_t every_ms, last_ms; /* last_ms: when all was verified */
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

/* What is durable when it begins is the end, where that comes first. False when it is over. */
static bool read_to(kg_scrub *scrub, uint64_t to)
{
    scrub->to = to;
    scrub->read = 0;
    bool good = kg_journal_follow(scrub->journal, 1, true, go_on, scrub);
    if (good && scrub->read < to && atomic_load(&scrub->stop))
        return false;
    scrub->done(scrub->context, scrub->read, good ? NULL : kg_journal_error());
    return good;
}

/* False when it is to stop. */
static bool pause_a_moment(kg_scrub *scrub)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&scrub->mutex);
    while (!atomic_load(&scrub->stop) &&
           pthread_cond_timedwait(&scrub->stopped, &scrub->mutex, &until) == 0)
        continue;
    pthread_mutex_unlock(&scrub->mutex);
    return !atomic_load(&scrub->stop);
}

/* A clock that was put back does not put the next time off. */
static bool is_due(kg_scrub *scrub)
{
    const int64_t now_ms = kg_clock_now().time_ms;
    if (now_ms < scrub->last_ms)
        scrub->last_ms = now_ms;
    return now_ms - scrub->last_ms >= scrub->every_ms;
}

static void *scrub_on(void *context)
{
    kg_scrub *scrub = context;
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICE); /* of this thread only; if not, not */
    bool good = scrub->first == 0 || read_to(scrub, scrub->first);
    while (good && scrub->every_ms > 0 && pause_a_moment(scrub))
        if (is_due(scrub)) {
            good = read_to(scrub, UINT64_MAX);
            scrub->last_ms = kg_clock_now().time_ms;
        }
    return NULL;
}

kg_scrub *kg_scrub_start(kg_journal *journal, uint64_t first, int every_days, kg_scrub_done done,
                         void *context)
{
    pthread_condattr_t monotonic;
    if (first == 0 && every_days == 0)
        return NULL;
    kg_scrub *scrub = kg_alloc(1, sizeof *scrub);
    scrub->journal = journal;
    scrub->first = first;
    scrub->every_ms = every_days * DAY_MS;
    scrub->last_ms = kg_clock_now().time_ms;
    scrub->done = done;
    scrub->context = context;
    pthread_mutex_init(&scrub->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&scrub->stopped, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&scrub->thread, NULL, scrub_on, scrub) != 0)
        kg_memory_end();
    pthread_setname_np(scrub->thread, "scrub");
    return scrub;
}

void kg_scrub_stop(kg_scrub **scrub)
{
    kg_scrub *self = *scrub;
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    atomic_store(&self->stop, true);
    pthread_cond_signal(&self->stopped);
    pthread_mutex_unlock(&self->mutex);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->stopped);
    pthread_mutex_destroy(&self->mutex);
    free(self);
    *scrub = NULL;
}
