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
    int64_t until_ms; /* the thread's: held at least so long */
    char error[400];
};

static void lose(kg_lease *lease)
{
    pthread_mutex_lock(&lease->mutex);
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
        lease->until_ms = asked_ms + lease->terms.lease_ms;
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
    char why[300];

    if (renew(lease))
        return false;
    if (kg_wait_now_ms() < lease->until_ms)
        return true;
    kg_text_format(why, sizeof(why), "%s", kg_journal_error());
    return kg_journal_fail("the leader's lease ran out: %s", why);
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
    lease->until_ms = terms->taken_ms + terms->lease_ms;
    pthread_mutex_init(&lease->mutex, NULL);
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
    held = !lease->lost;
    if (!held)
        kg_journal_fail("%s", lease->error);
    pthread_mutex_unlock(&lease->mutex);
    return held;
}
