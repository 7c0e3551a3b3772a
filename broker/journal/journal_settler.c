/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_settler.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_thread.h"
#include "proto/memory.h"
#include "proto/text.h"

#define MUCH_BYTES (8u << 20)        /* is taken over without waiting */
#define TRANSACTION_BYTES (8u << 20) /* at most, but for one larger frame */
#define WHILE_MS 1000
/* Must be free for a transaction, besides twice its records: it copies the pages it changes. */
#define ROOM_BYTES (16u << 20)
/* So much may wait for room; appending itself waits for more, and nobody is to wait for ever. */
#define WAITING_BYTES_MAX (64u << 20)

typedef enum outcome { SETTLED, NO_ROOM, FAILED } outcome;

struct kg_settler {
    kg_settler_work work;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t noted, settled_more;
    uint64_t settled, known; /* sequences */
    uint64_t held_bytes;
    bool asked, stopping, failed;
    bool waits; /* there was no room at the last try */
    char error[512];
};

static outcome look_for_room(const kg_settler_work *work, const kg_log_bytes *bytes)
{
    kg_folder_space space;
    uint64_t needed = ROOM_BYTES;

    for (size_t i = 0; i < bytes->count; i++)
        needed += 2 * bytes->stored[i].count;
    if (!work->folder)
        return SETTLED;
    if (!kg_folder_space_read(work->folder, &space))
        return FAILED;
    if (space.free_bytes >= needed)
        return SETTLED;
    kg_journal_fail("the disk under %s has %" PRIu64 " bytes free, and the journal's tables need "
                    "%" PRIu64 "; free some space",
                    work->folder, space.free_bytes, needed);
    return NO_ROOM;
}

/* One transaction; `settled` is moved on. */
static outcome settle_some(const kg_settler_work *work, kg_log_bytes *bytes, uint64_t *settled)
{
    const kg_log_read_result read = kg_log_read(work->log, *settled + 1, TRANSACTION_BYTES, bytes);
    outcome room;

    if (read == KG_LOG_READ_NONE)
        kg_journal_fail("record %" PRIu64 " is not in the journal's log, which is the broker's own "
                        "fault: report it",
                        *settled + 1);
    if (read != KG_LOG_READ)
        return FAILED;
    room = look_for_room(work, bytes);
    if (room != SETTLED)
        return room;
    if (kg_tables_write(work->tables, bytes->stored, bytes->count) != KG_TABLES_OK)
        return FAILED;
    *settled = bytes->stored[bytes->count - 1].sequence;
    kg_pending_keys_remove(work->pending, *settled);
    kg_log_let_go(work->log, *settled);
    return SETTLED;
}

bool kg_settle_now(const kg_settler_work *work, uint64_t *settled, uint64_t end)
{
    kg_log_bytes bytes = {0};
    outcome last = SETTLED;

    while (last == SETTLED && *settled < end)
        last = settle_some(work, &bytes, settled);
    kg_log_bytes_fini(&bytes);
    return last != FAILED;
}

static struct timespec in_a_while(void)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WHILE_MS / 1000;
    return until;
}

static bool must_begin(const kg_settler *settler)
{
    return settler->asked || settler->stopping || settler->held_bytes >= MUCH_BYTES;
}

/* With the mutex held: until there is something to take over and it is time; false at the end. */
static bool wait_for_work(kg_settler *settler)
{
    struct timespec until;
    int late = 0;

    while (settler->known <= settler->settled && !settler->stopping)
        pthread_cond_wait(&settler->noted, &settler->mutex);
    until = in_a_while();
    while ((settler->waits ? !settler->stopping : !must_begin(settler)) && late == 0)
        late = pthread_cond_timedwait(&settler->noted, &settler->mutex, &until);
    return settler->known > settler->settled;
}

static void note_sentence(kg_settler *settler)
{
    kg_text_format(settler->error, sizeof(settler->error), "%s", kg_journal_error());
}

static void note_failure(kg_settler *settler)
{
    settler->failed = true;
    note_sentence(settler);
    kg_log_abandon(settler->work.log);
}

static void *run(void *context)
{
    kg_settler *settler = context;
    kg_log_bytes bytes = {0};

    pthread_mutex_lock(&settler->mutex);
    while (!settler->failed && wait_for_work(settler)) {
        uint64_t settled = settler->settled;
        outcome last;

        pthread_mutex_unlock(&settler->mutex);
        last = settle_some(&settler->work, &bytes, &settled);
        pthread_mutex_lock(&settler->mutex);
        settler->settled = settled;
        settler->held_bytes = kg_log_held_bytes(settler->work.log);
        settler->asked &= settler->settled < settler->known;
        settler->waits = last == NO_ROOM;
        if (settler->waits)
            note_sentence(settler);
        if (last == FAILED || (settler->waits && settler->held_bytes > WAITING_BYTES_MAX))
            note_failure(settler);
        pthread_cond_broadcast(&settler->settled_more);
        if (settler->waits && settler->stopping)
            break;
    }
    pthread_mutex_unlock(&settler->mutex);
    kg_log_bytes_fini(&bytes);
    return NULL;
}

kg_settler *kg_settler_start(const kg_settler_work *work, uint64_t settled, uint64_t known)
{
    kg_settler *settler = kg_alloc(1, sizeof(*settler));
    pthread_condattr_t monotonic;

    settler->work = *work;
    settler->settled = settled;
    settler->known = known;
    settler->held_bytes = kg_log_held_bytes(work->log);
    pthread_mutex_init(&settler->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&settler->noted, &monotonic);
    pthread_cond_init(&settler->settled_more, NULL);
    pthread_condattr_destroy(&monotonic);
    settler->thread = kg_journal_thread(run, settler);
    return settler;
}

bool kg_settler_stop(kg_settler **settler_p)
{
    kg_settler *settler = *settler_p;
    bool good;

    if (!settler)
        return true;
    pthread_mutex_lock(&settler->mutex);
    settler->stopping = true;
    pthread_cond_signal(&settler->noted);
    pthread_mutex_unlock(&settler->mutex);
    pthread_join(settler->thread, NULL);
    good = !kg_settler_failed(settler);
    pthread_cond_destroy(&settler->settled_more);
    pthread_cond_destroy(&settler->noted);
    pthread_mutex_destroy(&settler->mutex);
    free(settler);
    *settler_p = NULL;
    return good;
}

/* Rings only where the thread has reason to wake. */
void kg_settler_note(kg_settler *settler, uint64_t sequence, uint64_t held_bytes)
{
    bool ring;

    pthread_mutex_lock(&settler->mutex);
    ring = settler->known <= settler->settled || held_bytes >= MUCH_BYTES;
    settler->known = sequence;
    settler->held_bytes = held_bytes;
    if (ring)
        pthread_cond_signal(&settler->noted);
    pthread_mutex_unlock(&settler->mutex);
}

bool kg_settler_finish(kg_settler *settler)
{
    uint64_t wanted;
    bool good;

    pthread_mutex_lock(&settler->mutex);
    wanted = settler->known;
    settler->asked = settler->settled < wanted;
    pthread_cond_signal(&settler->noted);
    while (settler->settled < wanted && !settler->failed && !settler->waits)
        pthread_cond_wait(&settler->settled_more, &settler->mutex);
    good = settler->settled >= wanted && !settler->failed;
    if (!good)
        kg_journal_fail("%s", settler->error);
    pthread_mutex_unlock(&settler->mutex);
    return good;
}

bool kg_settler_failed(kg_settler *settler)
{
    bool failed;

    pthread_mutex_lock(&settler->mutex);
    failed = settler->failed;
    if (failed)
        kg_journal_fail("%s", settler->error);
    pthread_mutex_unlock(&settler->mutex);
    return failed;
}
