/* SPDX-License-Identifier: EUPL-1.2 */
/* Frames are found by their marks, wherever they are, and not by where the one before ends: so one
 * that is damaged does not hide those that follow it, and is told from one that was cut short. */
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_log_private.h"
#include "proto/memory.h"

typedef struct found {
    kg_frame frame;
    const uint8_t *records;
    kg_log_held held;
} found;

typedef struct look {
    uint8_t *bytes[KG_LOG_FILES];
    size_t bytes_count[KG_LOG_FILES];
    found *found; /* by sequence */
    size_t count, room;
} look;

static void note(look *it, const found *one)
{
    it->found = kg_grow(it->found, it->count, &it->room, sizeof(*it->found));
    it->found[it->count++] = *one;
}

/* All that can be frames and come after the sequence. */
static void search(look *it, const kg_log *log, int file, uint64_t sequence)
{
    const uint8_t *bytes = it->bytes[file], *mark = log->files[file].mark;
    const size_t count = it->bytes_count[file];
    size_t at = KG_LOG_FILE_HEAD_BYTES;

    while (at + KG_FRAME_HEAD_BYTES <= count) {
        const uint8_t *hit = memmem(bytes + at, count - at, mark, KG_MARK_BYTES);
        found one = {.held = {.file = file}};

        if (!hit || (size_t)(hit - bytes) + KG_FRAME_HEAD_BYTES > count)
            return;
        at = (size_t)(hit - bytes);
        one.records = hit + KG_FRAME_HEAD_BYTES;
        one.held.at = at + KG_FRAME_HEAD_BYTES;
        if (kg_frame_decode(hit, mark, count - one.held.at, &one.frame) &&
            one.frame.first > sequence) {
            one.held.first = one.frame.first;
            one.held.last = one.frame.first + one.frame.count - 1;
            one.held.bytes = one.frame.bytes;
            note(it, &one);
        }
        at++;
    }
}

static int by_sequence(const void *a, const void *b)
{
    const uint64_t x = ((const found *)a)->held.first, y = ((const found *)b)->held.first;

    return (x > y) - (x < y);
}

/* Holds what follows `end`, one after another. */
static void follow(look *it, kg_log *log, kg_point *end)
{
    for (size_t i = 0; i < it->count && it->found[i].held.first <= end->sequence + 1; i++) {
        const found *one = &it->found[i];

        if (!kg_frame_whole(&one->frame, one->records, end))
            continue;
        kg_log_hold(log, &one->held);
        log->current = one->held.file;
        log->end = one->held.at + one->held.bytes;
    }
}

static bool has_gap(const look *it, const kg_point *end)
{
    return it->count > 0 && it->found[it->count - 1].held.first > end->sequence + 1;
}

static bool sync_files(const kg_log *log)
{
    bool good = true;

    for (int file = 0; file < KG_LOG_FILES && good; file++)
        good = log->files[file].descriptor < 0 || kg_log_file_sync(&log->files[file]);
    return good;
}

static void forget(kg_log *log)
{
    log->oldest = log->count = 0;
    log->held_bytes = 0;
    memset(log->held_in, 0, sizeof(log->held_in));
}

/* Synced after it was read: what was read is durable then. */
static kg_log_looked look_once(kg_log *log, kg_point *end)
{
    kg_log_looked looked = KG_LOG_LOST;
    look it = {0};
    bool good = true;

    forget(log);
    for (int file = 0; file < KG_LOG_FILES && good; file++) {
        good = kg_log_file_take(&log->files[file], &it.bytes[file], &it.bytes_count[file]);
        if (good && it.bytes[file])
            search(&it, log, file, end->sequence);
    }
    if (good && it.count > 0)
        qsort(it.found, it.count, sizeof(*it.found), by_sequence);
    if (good && (it.count == 0 || sync_files(log))) {
        follow(&it, log, end);
        looked = has_gap(&it, end) ? KG_LOG_GAP : KG_LOG_FOUND;
    }
    for (int file = 0; file < KG_LOG_FILES; file++)
        free(it.bytes[file]);
    free(it.found);
    return looked;
}

/* The files are read one after the other, while a writer may fill the first and go on in the
 * second: then what came between seems to be missing, and is there at the next look. A gap that
 * stays where it is is one. */
kg_log_looked kg_log_look(kg_log *log, kg_point *end)
{
    const kg_point from = *end;
    uint64_t reached = UINT64_MAX, before;
    kg_log_looked looked;

    do {
        before = reached;
        *end = from;
        looked = look_once(log, end);
        reached = end->sequence;
    } while (looked == KG_LOG_GAP && reached != before);
    return looked;
}
