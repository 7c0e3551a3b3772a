/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/replay.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/memory.h"

#define PORTIONS 8
#define PORTION_EVENTS 256
#define PORTION_LINES 2000

/* Events that are handed over together. They are made and freed by the reader: what one thread
 * allocates and another frees is slow. */
typedef struct kg_portion {
    kg_event *events[PORTION_EVENTS]; /* owned */
    int64_t times[PORTION_EVENTS];
    size_t count, lines;
} kg_portion;

typedef struct kg_replay {
    kg_journal *journal;
    kg_journal_tree *tree; /* the reader's */
    uint8_t *chain;        /* so, too */
    uint64_t after;        /* this record: it was applied */
    const kg_state *state;
    const kg_catalogue *catalogue; /* the reader's: in force where it reads */
    kg_portion portions[PORTIONS]; /* a ring */
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* any of the following */
    uint64_t read, applied; /* portions */
    bool ended;             /* the reader: no more will come */
    bool stopped;           /* nobody wants more */
    bool failed;            /* the reader's verdict, and why */
    char error[300];
} kg_replay;

bool kg_replay_complete_event(kg_event *event, char error[static 300])
{
    if (event->command.kind != KG_KIND_CATALOGUE || event->catalogue)
        return true;
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    event->catalogue = kg_catalogue_read_text(event->command.catalogue, "catalogue", &problems);
    if (!event->catalogue) {
        char *first = problems.count ? kg_problem_write(&problems.items[0]) : NULL;
        kg_text_format(error, 300, "the journalled catalogue cannot be read: %s",
                       first ? first : "no reason given");
        free(first);
    }
    kg_problems_fini(&problems);
    return event->catalogue != NULL;
}

static void empty(kg_portion *portion)
{
    for (size_t i = 0; i < portion->count; i++)
        kg_event_destroy(&portion->events[i]);
    portion->count = portion->lines = 0;
}

/* --- the reader's thread --- */

/* Waits until at most `ahead` portions are not applied. False: nobody wants more. */
static bool wait_applied(kg_replay *replay, uint64_t ahead)
{
    pthread_mutex_lock(&replay->mutex);
    while (!replay->stopped && replay->read - replay->applied > ahead)
        pthread_cond_wait(&replay->changed, &replay->mutex);
    bool wanted = !replay->stopped;
    pthread_mutex_unlock(&replay->mutex);
    return wanted;
}

/* Hands over the portion that was filled, and empties the next one. */
static bool hand_over(kg_replay *replay)
{
    pthread_mutex_lock(&replay->mutex);
    replay->read++;
    pthread_cond_signal(&replay->changed);
    pthread_mutex_unlock(&replay->mutex);
    if (!wait_applied(replay, PORTIONS - 1))
        return false;
    empty(&replay->portions[replay->read % PORTIONS]);
    return true;
}

/* What follows a catalogue is read with it. */
static bool hand_over_catalogue(kg_replay *replay)
{
    if (!hand_over(replay) || !wait_applied(replay, 0))
        return false;
    replay->catalogue = kg_state_catalogue(replay->state);
    return true;
}

static kg_event *decode(kg_replay *replay, const kg_journal_record *record)
{
    char why[200];
    kg_event *event =
        kg_codec_event_decode(record->event, record->event_bytes, replay->catalogue, why);
    if (!event)
        kg_text_format(replay->error, sizeof replay->error, "record %llu: %s",
                       (unsigned long long)record->sequence, why);
    else if (!kg_replay_complete_event(event, replay->error))
        kg_event_destroy(&event);
    replay->failed = !event;
    return event;
}

static bool read_record(void *context, const kg_journal_record *record)
{
    kg_replay *replay = context;
    memcpy(replay->chain, record->chain, KG_CHAIN_BYTES);
    if (record->sequence <= replay->after)
        return true;
    kg_portion *portion = &replay->portions[replay->read % PORTIONS];
    kg_event *event = decode(replay, record);
    if (!event)
        return false;
    kg_journal_tree_add(replay->tree, record->leaf);
    event->sequence = record->sequence;
    portion->times[portion->count] = record->time_ms;
    portion->events[portion->count++] = event;
    portion->lines += event->lines_count;
    if (event->command.kind == KG_KIND_CATALOGUE)
        return hand_over_catalogue(replay);
    if (portion->count < PORTION_EVENTS && portion->lines < PORTION_LINES)
        return true;
    return hand_over(replay);
}

/* From the last record that was applied: the next one's chain value follows that one's. */
static void *read_all(void *context)
{
    kg_replay *replay = context;
    uint64_t from = replay->after ? replay->after : 1;
    bool read = kg_journal_follow(replay->journal, from, true, read_record, replay);
    if (!read && !replay->failed) {
        replay->failed = true;
        kg_text_format(replay->error, sizeof replay->error, "%s", kg_journal_error());
    }
    pthread_mutex_lock(&replay->mutex);
    replay->read += !replay->stopped;
    replay->ended = true;
    pthread_cond_signal(&replay->changed);
    pthread_mutex_unlock(&replay->mutex);
    return NULL;
}

/* --- the caller's --- */

static kg_portion *wait_read(kg_replay *replay)
{
    pthread_mutex_lock(&replay->mutex);
    while (replay->read == replay->applied && !replay->ended)
        pthread_cond_wait(&replay->changed, &replay->mutex);
    bool more = replay->read > replay->applied;
    pthread_mutex_unlock(&replay->mutex);
    return more ? &replay->portions[replay->applied % PORTIONS] : NULL;
}

static void settle(kg_replay *replay, bool good)
{
    pthread_mutex_lock(&replay->mutex);
    replay->applied += good;
    replay->stopped = !good;
    pthread_cond_signal(&replay->changed);
    pthread_mutex_unlock(&replay->mutex);
}

static bool apply_all(kg_replay *replay, kg_replay_each each, void *context, char error[static 300])
{
    kg_portion *portion;
    bool good = true;
    while (good && (portion = wait_read(replay)) != NULL) {
        for (size_t i = 0; i < portion->count && good; i++)
            good = each(context, portion->events[i], portion->times[i], error);
        settle(replay, good);
    }
    return good;
}

bool kg_replay_run(kg_journal *journal, kg_journal_tree *tree, uint8_t chain[KG_CHAIN_BYTES],
                   uint64_t after, const kg_state *state, kg_replay_each each, void *context,
                   char error[static 300])
{
    pthread_t reader;
    kg_replay *replay = kg_alloc(1, sizeof *replay);
    replay->journal = journal;
    replay->tree = tree;
    replay->chain = chain;
    replay->after = after;
    replay->state = state;
    replay->catalogue = kg_state_catalogue(state);
    pthread_mutex_init(&replay->mutex, NULL);
    pthread_cond_init(&replay->changed, NULL);
    if (pthread_create(&reader, NULL, read_all, replay) != 0)
        kg_memory_end();
    bool good = apply_all(replay, each, context, error);
    pthread_join(reader, NULL);
    if (good && replay->failed)
        kg_text_format(error, 300, "%s", replay->error);
    good = good && !replay->failed;
    for (size_t i = 0; i < PORTIONS; i++)
        empty(&replay->portions[i]);
    pthread_cond_destroy(&replay->changed);
    pthread_mutex_destroy(&replay->mutex);
    free(replay);
    return good;
}
