/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/pursuit.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/clock.h"
#include "proto/memory.h"
#include "proto/text.h"

#define LOOK_MS 200     /* between two looks whether another one still leads, and for records */
#define HURRY_MS 10     /* between two looks for records while somebody waits for them */
#define HURRIED_MS 2000 /* for so long after somebody said so */
#define WAITING_BYTES_MAX (32u << 20) /* of records that were not taken yet */

struct kg_pursuit {
    kg_journal *journal;
    void (*wake)(void *context);
    void *context;
    pthread_t thread;
    /* The thread's own: the last record that was read. */
    uint64_t at;
    uint8_t chain[KG_CHAIN_BYTES];
    char why[300];
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t changed;
    kg_pursued *first, *last; /* owned; read, not taken */
    size_t bytes;
    uint64_t epoch;
    char leader[256];
    int64_t read_ms, hurried_ms;
    bool stopping, leads, failed;
    char error[300];
};

/* ---- its thread ---- */

static bool is_stopping(kg_pursuit *pursuit)
{
    pthread_mutex_lock(&pursuit->mutex);
    bool stopping = pursuit->stopping;
    pthread_mutex_unlock(&pursuit->mutex);
    return stopping;
}

static kg_pursued *copy(const kg_journal_record *record)
{
    kg_pursued *pursued = kg_alloc(1, sizeof *pursued + record->event_bytes);
    pursued->sequence = record->sequence;
    pursued->time_ms = record->time_ms;
    memcpy(pursued->leaf, record->leaf, sizeof pursued->leaf);
    memcpy(pursued->chain, record->chain, sizeof pursued->chain);
    pursued->event_bytes = record->event_bytes;
    if (record->event_bytes > 0)
        memcpy(pursued->event, record->event, record->event_bytes);
    return pursued;
}

/* Waits while too much was not taken. False: nobody wants more. */
static bool hand_over(kg_pursuit *pursuit, kg_pursued *record)
{
    pthread_mutex_lock(&pursuit->mutex);
    while (!pursuit->stopping && pursuit->bytes > WAITING_BYTES_MAX)
        pthread_cond_wait(&pursuit->changed, &pursuit->mutex);
    bool wanted = !pursuit->stopping, told = pursuit->first != NULL;
    if (wanted && pursuit->last)
        pursuit->last->next = record;
    else if (wanted)
        pursuit->first = record;
    if (wanted) {
        pursuit->last = record;
        pursuit->bytes += sizeof *record + record->event_bytes;
    }
    pthread_mutex_unlock(&pursuit->mutex);
    if (!wanted)
        free(record);
    else if (!told)
        pursuit->wake(pursuit->context);
    return wanted;
}

static bool read_record(void *context, const kg_journal_record *record)
{
    kg_pursuit *pursuit = context;
    pursuit->at = record->sequence;
    memcpy(pursuit->chain, record->chain, sizeof pursuit->chain);
    return hand_over(pursuit, copy(record));
}

/* All that is there now. False: it is to end, and `why` says so; a server that is away comes back.
 */
static bool look(kg_pursuit *pursuit)
{
    uint8_t chain[KG_CHAIN_BYTES];
    memcpy(chain, pursuit->chain, sizeof chain);
    bool read = kg_journal_pursue(pursuit->journal, pursuit->at, chain, read_record, pursuit);
    if (!read && kg_journal_damaged(pursuit->journal)) {
        kg_text_format(pursuit->why, sizeof pursuit->why, "%s", kg_journal_error());
        return false;
    }
    pthread_mutex_lock(&pursuit->mutex);
    if (read)
        pursuit->read_ms = kg_clock_monotonic_ms();
    pthread_mutex_unlock(&pursuit->mutex);
    return true;
}

static void end_with(kg_pursuit *pursuit, bool leads)
{
    pthread_mutex_lock(&pursuit->mutex);
    pursuit->leads = leads;
    pursuit->failed = !leads;
    kg_text_format(pursuit->error, sizeof pursuit->error, "%s", pursuit->why);
    pthread_mutex_unlock(&pursuit->mutex);
    pursuit->wake(pursuit->context);
}

/* Until it is time to look again. */
static void rest(kg_pursuit *pursuit, int64_t until_ms)
{
    pthread_mutex_lock(&pursuit->mutex);
    while (!pursuit->stopping) {
        int64_t now_ms = kg_clock_monotonic_ms();
        int64_t end_ms = now_ms - pursuit->hurried_ms < HURRIED_MS ? now_ms + HURRY_MS : until_ms;
        if (end_ms <= now_ms)
            break;
        struct timespec end = {end_ms / 1000, end_ms % 1000 * 1000000};
        pthread_cond_timedwait(&pursuit->changed, &pursuit->mutex, &end);
        if (end_ms != until_ms)
            break;
    }
    pthread_mutex_unlock(&pursuit->mutex);
}

/* Tries to lead, or whether it still does; the journal's epoch is known then. */
static kg_lead_result try_to_lead(kg_pursuit *pursuit, kg_lead_result before)
{
    kg_lead_result result = KG_LEAD_YES;
    if (before == KG_LEAD_WAIT)
        result = kg_journal_lead(pursuit->journal);
    else if (!kg_journal_leads(pursuit->journal))
        result = KG_LEAD_FAILED;
    if (result == KG_LEAD_FAILED)
        kg_text_format(pursuit->why, sizeof pursuit->why, "%s", kg_journal_error());
    pthread_mutex_lock(&pursuit->mutex);
    pursuit->epoch = kg_journal_epoch(pursuit->journal);
    kg_text_format(pursuit->leader, sizeof pursuit->leader, "%s",
                   kg_journal_leader(pursuit->journal));
    pthread_mutex_unlock(&pursuit->mutex);
    return result;
}

static void *pursue(void *context)
{
    kg_pursuit *pursuit = context;
    kg_lead_result result = KG_LEAD_WAIT;
    int64_t tried_ms = 0;
    while (!is_stopping(pursuit)) {
        if (kg_clock_monotonic_ms() - tried_ms >= LOOK_MS) {
            tried_ms = kg_clock_monotonic_ms();
            result = try_to_lead(pursuit, result);
        }
        bool good = result != KG_LEAD_FAILED && look(pursuit);
        /* What it leads from it must have read: nothing is appended after that but by itself. */
        bool whole = good && pursuit->at == kg_journal_head(pursuit->journal);
        if (!good || (result == KG_LEAD_YES && whole)) {
            if (!is_stopping(pursuit))
                end_with(pursuit, good);
            break;
        }
        rest(pursuit, kg_clock_monotonic_ms() + LOOK_MS);
    }
    return NULL;
}

/* ---- the core's ---- */

kg_pursuit *kg_pursuit_start(kg_journal *journal, uint64_t after,
                             const uint8_t chain[KG_CHAIN_BYTES], void (*wake)(void *context),
                             void *context)
{
    pthread_condattr_t monotonic;
    kg_pursuit *pursuit = kg_alloc(1, sizeof *pursuit);
    pursuit->journal = journal;
    pursuit->at = after;
    memcpy(pursuit->chain, chain, sizeof pursuit->chain);
    pursuit->wake = wake;
    pursuit->context = context;
    pursuit->epoch = kg_journal_epoch(journal);
    pursuit->read_ms = kg_clock_monotonic_ms();
    pursuit->hurried_ms = INT32_MIN;
    pthread_mutex_init(&pursuit->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pursuit->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&pursuit->thread, NULL, pursue, pursuit) != 0)
        kg_memory_end();
    return pursuit;
}

void kg_pursuit_stop(kg_pursuit **pursuit)
{
    kg_pursuit *self = *pursuit;
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    self->stopping = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
    pthread_join(self->thread, NULL);
    while (self->first) {
        kg_pursued *next = self->first->next;
        free(self->first);
        self->first = next;
    }
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->mutex);
    free(self);
    *pursuit = NULL;
}

kg_pursued *kg_pursuit_take(kg_pursuit *pursuit)
{
    pthread_mutex_lock(&pursuit->mutex);
    kg_pursued *record = pursuit->first;
    if (record) {
        pursuit->first = record->next;
        pursuit->last = pursuit->first ? pursuit->last : NULL;
        pursuit->bytes -= sizeof *record + record->event_bytes;
        pthread_cond_signal(&pursuit->changed);
    }
    pthread_mutex_unlock(&pursuit->mutex);
    return record;
}

kg_pursuit_standing kg_pursuit_stands(kg_pursuit *pursuit, char error[static 300])
{
    pthread_mutex_lock(&pursuit->mutex);
    kg_pursuit_standing standing = pursuit->failed                    ? KG_PURSUIT_FAILED
                                   : pursuit->leads && !pursuit->first ? KG_PURSUIT_LEADS
                                                                       : KG_PURSUIT_FOLLOWS;
    kg_text_format(error, 300, "%s", pursuit->error);
    pthread_mutex_unlock(&pursuit->mutex);
    return standing;
}

void kg_pursuit_hurry(kg_pursuit *pursuit)
{
    pthread_mutex_lock(&pursuit->mutex);
    pursuit->hurried_ms = kg_clock_monotonic_ms();
    pthread_cond_signal(&pursuit->changed);
    pthread_mutex_unlock(&pursuit->mutex);
}

uint64_t kg_pursuit_epoch(kg_pursuit *pursuit)
{
    pthread_mutex_lock(&pursuit->mutex);
    uint64_t epoch = pursuit->epoch;
    pthread_mutex_unlock(&pursuit->mutex);
    return epoch;
}

void kg_pursuit_leader(kg_pursuit *pursuit, char out[static 256])
{
    pthread_mutex_lock(&pursuit->mutex);
    kg_text_format(out, 256, "%s", pursuit->leader);
    pthread_mutex_unlock(&pursuit->mutex);
}

int64_t kg_pursuit_silence_ms(kg_pursuit *pursuit)
{
    pthread_mutex_lock(&pursuit->mutex);
    int64_t silence_ms = kg_clock_monotonic_ms() - pursuit->read_ms;
    pthread_mutex_unlock(&pursuit->mutex);
    return silence_ms;
}
