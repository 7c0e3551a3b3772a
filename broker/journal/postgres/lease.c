/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/postgres/lease.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_record.h"
#include "broker/journal/journal_thread.h"
#include "broker/journal/postgres/link.h"
#include "broker/journal/postgres/promises.h"
#include "broker/journal/postgres/statements.h"
#include "broker/journal/postgres/wait.h"
#include "proto/memory.h"
#include "proto/text.h"

struct kg_lease {
    kg_lease_terms terms;
    kg_link *link; /* owned; the thread's */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stopped;
    bool stopping, lost;
    int64_t until_ms; /* held at least so long; written by the thread, with the mutex */
    char error[400];  /* why it is lost, or would be if it ran out now */
};

/* With the mutex held. */
static void expect_to_lose(kg_lease *lease, const char *why)
{
    kg_text_format(lease->error, sizeof(lease->error), "the leader's lease ran out: %s", why);
}

static void lose(kg_lease *lease)
{
    pthread_mutex_lock(&lease->mutex);
    if (!lease->lost)
        kg_text_format(lease->error, sizeof(lease->error), "%s", kg_journal_error());
    lease->lost = true;
    pthread_mutex_unlock(&lease->mutex);
    if (lease->terms.wake)
        lease->terms.wake(lease->terms.wake_context);
}

static kg_link_result say(kg_lease *lease, const char *sql, bool with_ms, uint64_t *rows)
{
    uint8_t epoch[8], ms[8];
    kg_link_question question = {
        .sql = sql, .values = {{epoch, 8}, {ms, 8}}, .values_count = with_ms ? 2 : 1};
    kg_link_result result;

    kg_record_put_u64(epoch, lease->terms.epoch);
    kg_record_put_u64(ms, (uint64_t)lease->terms.lease_ms);
    result = kg_link_ask(lease->link, &question, 1);
    *rows = question.rows;
    return result;
}

static void hold_until(kg_lease *lease, int64_t until_ms)
{
    pthread_mutex_lock(&lease->mutex);
    lease->until_ms = until_ms;
    expect_to_lose(lease, "the journal's PostgreSQL gave no answer in time: it is stopped, out of "
                          "reach, or waits for a standby that is not there");
    pthread_mutex_unlock(&lease->mutex);
}

/* Whether it is lost for certain; else it was renewed, or that is to be tried again. */
static bool renew(kg_lease *lease)
{
    const int64_t asked_ms = kg_wait_now_ms();
    const int64_t left_ms = lease->until_ms - asked_ms;
    bool passing = false;
    uint64_t rows = 0;
    kg_link_result result;

    kg_link_patience(lease->link, left_ms > 1000 ? left_ms : 1000);
    if (!kg_link_is_open(lease->link) && !kg_link_open(lease->link))
        return false;
    /* A server that promises less than it did must not acknowledge anything more. */
    if (!kg_promises_hold(lease->link, lease->terms.alone, &passing))
        return false;
    result = say(lease, KG_SQL_RENEW, true, &rows);
    if (result == KG_LINK_DONE && rows == 0) {
        kg_journal_fail("another broker leads: the journal's epoch has moved on from %" PRIu64,
                        lease->terms.epoch);
        return true;
    }
    if (result == KG_LINK_DONE)
        hold_until(lease, asked_ms + lease->terms.lease_ms);
    return false;
}

/* With the mutex held; false when it is to end. */
static bool rest(kg_lease *lease, int64_t ms)
{
    struct timespec until = kg_wait_until(ms);

    while (!lease->stopping && pthread_cond_timedwait(&lease->stopped, &lease->mutex, &until) == 0)
        continue;
    return !lease->stopping;
}

static bool stay(kg_lease *lease)
{
    const int64_t before_ms = lease->until_ms;

    if (renew(lease))
        return false;
    if (lease->until_ms != before_ms)
        return true;
    pthread_mutex_lock(&lease->mutex);
    expect_to_lose(lease, kg_journal_error());
    pthread_mutex_unlock(&lease->mutex);
    return kg_lease_held(lease);
}

static void *work(void *context)
{
    kg_lease *lease = context;
    bool held = true;

    pthread_mutex_lock(&lease->mutex);
    while (held && rest(lease, lease->terms.lease_ms / 4)) {
        pthread_mutex_unlock(&lease->mutex);
        held = stay(lease);
        if (!held)
            lose(lease);
        pthread_mutex_lock(&lease->mutex);
    }
    pthread_mutex_unlock(&lease->mutex);
    return NULL;
}

kg_lease *kg_lease_start(const kg_lease_terms *terms)
{
    kg_lease *lease = kg_alloc(1, sizeof(*lease));

    lease->terms = *terms;
    lease->link = kg_link_new(terms->place, true);
    pthread_mutex_init(&lease->mutex, NULL);
    hold_until(lease, terms->taken_ms + terms->lease_ms);
    kg_wait_condition(&lease->stopped);
    lease->thread = kg_journal_thread(work, lease);
    return lease;
}

static void give_back(kg_lease *lease)
{
    uint64_t rows;

    kg_link_patience(lease->link, 1000);
    if (!lease->lost && (kg_link_is_open(lease->link) || kg_link_open(lease->link)))
        say(lease, KG_SQL_GIVE_BACK, false, &rows);
}

void kg_lease_stop(kg_lease **lease_p)
{
    kg_lease *lease = *lease_p;

    if (!lease)
        return;
    pthread_mutex_lock(&lease->mutex);
    lease->stopping = true;
    pthread_cond_signal(&lease->stopped);
    pthread_mutex_unlock(&lease->mutex);
    pthread_join(lease->thread, NULL);
    give_back(lease);
    kg_link_destroy(&lease->link);
    pthread_cond_destroy(&lease->stopped);
    pthread_mutex_destroy(&lease->mutex);
    free(lease);
    *lease_p = NULL;
}

bool kg_lease_held(kg_lease *lease)
{
    bool held;

    pthread_mutex_lock(&lease->mutex);
    /* By the clock: its thread may have been stopped with the process, or still ask a server. */
    lease->lost |= kg_wait_now_ms() >= lease->until_ms;
    held = !lease->lost;
    if (!held)
        kg_journal_fail("%s", lease->error);
    pthread_mutex_unlock(&lease->mutex);
    return held;
}
