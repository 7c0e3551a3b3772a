/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_log_private.h"
#include "proto/memory.h"

/* A file that has so many bytes is left for the other one, if that is free. */
#define FILE_BYTES (16u << 20)
/* So much is held at most before appending waits; the last frame may go beyond. */
#define HELD_BYTES_MAX (96u << 20)
/* So far ahead zeros are written where a file grows, since each growth costs a sync more. */
#define AHEAD_BYTES (256u << 10)
#define FRAME_KEPT_BYTES (16u << 20) /* of the frame's memory, for the next one */

static const char *const names[KG_LOG_FILES] = {"log.0", "log.1"};

kg_log *kg_log_open(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES],
                    bool read_only)
{
    kg_log *log = kg_alloc(1, sizeof(*log));
    bool good = true;

    log->folder = kg_strdup(folder);
    log->end = KG_LOG_FILE_HEAD_BYTES;
    pthread_mutex_init(&log->mutex, NULL);
    pthread_cond_init(&log->let_go, NULL);
    for (int i = 0; i < KG_LOG_FILES; i++)
        log->files[i].descriptor = -1;
    for (int i = 0; i < KG_LOG_FILES && good; i++)
        good = kg_log_file_open(&log->files[i], log->folder, names[i], deployment, read_only);
    if (!good)
        kg_log_close(&log);
    return log;
}

void kg_log_close(kg_log **log_p)
{
    kg_log *log = *log_p;

    if (!log)
        return;
    for (int i = 0; i < KG_LOG_FILES; i++)
        kg_log_file_close(&log->files[i]);
    pthread_cond_destroy(&log->let_go);
    pthread_mutex_destroy(&log->mutex);
    free(log->held);
    free(log->frame);
    free(log->folder);
    free(log);
    *log_p = NULL;
}

/* ---- what is held ---- */

void kg_log_hold(kg_log *log, const kg_log_held *held)
{
    if (log->count == log->room && log->oldest > log->room / 2) {
        memmove(log->held, log->held + log->oldest,
                (log->count - log->oldest) * sizeof(*log->held));
        log->count -= log->oldest;
        log->oldest = 0;
    }
    log->held = kg_grow(log->held, log->count, &log->room, sizeof(*log->held));
    log->held[log->count++] = *held;
    log->held_in[held->file]++;
    log->held_bytes += held->bytes;
}

void kg_log_let_go(kg_log *log, uint64_t sequence)
{
    pthread_mutex_lock(&log->mutex);
    for (; log->oldest < log->count && log->held[log->oldest].last <= sequence; log->oldest++) {
        log->held_in[log->held[log->oldest].file]--;
        log->held_bytes -= log->held[log->oldest].bytes;
    }
    pthread_cond_signal(&log->let_go);
    pthread_mutex_unlock(&log->mutex);
}

void kg_log_abandon(kg_log *log)
{
    pthread_mutex_lock(&log->mutex);
    log->abandoned = true;
    pthread_cond_signal(&log->let_go);
    pthread_mutex_unlock(&log->mutex);
}

uint64_t kg_log_held_bytes(kg_log *log)
{
    uint64_t bytes;

    pthread_mutex_lock(&log->mutex);
    bytes = log->held_bytes;
    pthread_mutex_unlock(&log->mutex);
    return bytes;
}

/* A file that stays as it is does no harm: all that it holds is in the tables. */
bool kg_log_clear(kg_log *log)
{
    const bool empty = log->oldest == log->count && !log->abandoned;
    bool good = true;

    for (int i = 0; i < KG_LOG_FILES && empty && good; i++)
        good = kg_log_file_cut(&log->files[i], KG_LOG_FILE_HEAD_BYTES);
    return good;
}

/* ---- appending ---- */

static void make_room(kg_log *log, size_t more)
{
    if (log->frame_room - log->frame_bytes >= more)
        return;
    log->frame_room = (log->frame_bytes + more) * 2;
    log->frame = kg_realloc(log->frame, log->frame_room, 1);
}

/* Fills the frame; `end` is moved on. */
static void compose(kg_log *log, const kg_log_batch *batches, size_t count, kg_point *end,
                    const uint8_t mark[KG_MARK_BYTES])
{
    kg_frame frame = {.first = end->sequence + 1};
    kg_sha256 *hash = kg_sha256_new();

    memcpy(frame.before, end->chain, KG_CHAIN_BYTES);
    for (size_t b = 0; b < count; b++) {
        for (size_t i = 0; i < batches[b].count; i++) {
            kg_journal_record *record = &batches[b].records[i];
            const size_t size = kg_record_size(record);

            make_room(log, size);
            kg_record_encode(hash, record, end->chain, log->frame + log->frame_bytes);
            memcpy(end->chain, record->chain, KG_CHAIN_BYTES);
            log->frame_bytes += size;
        }
        frame.count += (uint32_t)batches[b].count;
    }
    end->sequence += frame.count;
    frame.bytes = log->frame_bytes - KG_FRAME_HEAD_BYTES;
    kg_frame_encode(&frame, mark, log->frame);
    kg_sha256_destroy(&hash);
}

/* Which file comes next, once it may. */
static bool choose_file(kg_log *log)
{
    const int other = 1 - log->current;
    bool again, go;

    pthread_mutex_lock(&log->mutex);
    while (log->held_bytes > HELD_BYTES_MAX && !log->abandoned)
        pthread_cond_wait(&log->let_go, &log->mutex);
    go = !log->abandoned;
    again = log->held_in[log->current] == 0 && log->held_in[other] == 0;
    if (log->end > FILE_BYTES && log->held_in[other] == 0) {
        log->current = other;
        again = true;
    }
    pthread_mutex_unlock(&log->mutex);
    if (again)
        log->end = KG_LOG_FILE_HEAD_BYTES;
    if (!go)
        return kg_journal_fail("the journal in %s failed before", log->folder);
    /* One that grew for something large does not stay so. */
    return !again || kg_log_file_cut(&log->files[log->current], 2 * FILE_BYTES);
}

static bool write_frame(kg_log *log)
{
    kg_log_file *file = &log->files[log->current];
    const uint64_t after = log->end + log->frame_bytes;
    size_t zeros = after > file->size && log->frame_bytes < AHEAD_BYTES ? AHEAD_BYTES : 0;

    make_room(log, zeros);
    memset(log->frame + log->frame_bytes, 0, zeros);
    return kg_log_file_write(file, log->end, log->frame, log->frame_bytes + zeros);
}

static void forget_frame(kg_log *log)
{
    if (log->frame_room <= FRAME_KEPT_BYTES)
        return;
    free(log->frame);
    log->frame = NULL;
    log->frame_room = log->frame_bytes = 0;
}

bool kg_log_write(kg_log *log, const kg_log_batch *batches, size_t count, kg_point *end)
{
    kg_log_held *written = &log->written;

    if (!choose_file(log))
        return false;
    *written = (kg_log_held){.first = end->sequence + 1, .file = log->current};
    log->frame_bytes = 0;
    make_room(log, KG_FRAME_HEAD_BYTES);
    log->frame_bytes = KG_FRAME_HEAD_BYTES;
    compose(log, batches, count, end, log->files[log->current].mark);
    if (!write_frame(log))
        return false;
    written->last = end->sequence;
    written->at = log->end + KG_FRAME_HEAD_BYTES;
    written->bytes = log->frame_bytes - KG_FRAME_HEAD_BYTES;
    return true;
}

void kg_log_hasten(const kg_log *log)
{
    kg_log_file_hasten(&log->files[log->current], log->end, log->frame_bytes);
}

bool kg_log_sync(kg_log *log)
{
    if (!kg_log_file_sync(&log->files[log->current]))
        return false;
    log->end += log->frame_bytes;
    pthread_mutex_lock(&log->mutex);
    kg_log_hold(log, &log->written);
    pthread_mutex_unlock(&log->mutex);
    forget_frame(log);
    return true;
}

bool kg_log_append(kg_log *log, const kg_log_batch *batches, size_t count, kg_point *end)
{
    kg_point after = *end;

    if (!kg_log_write(log, batches, count, &after) || !kg_log_sync(log))
        return false;
    *end = after;
    return true;
}

/* ---- reading ---- */

void kg_log_bytes_fini(kg_log_bytes *bytes)
{
    free(bytes->bytes);
    free(bytes->stored);
    *bytes = (kg_log_bytes){0};
}

/* The held frames to be read; owned (free), NULL when there are none. */
static kg_log_held *pick(kg_log *log, uint64_t sequence, uint64_t bytes_max, size_t *count)
{
    kg_log_held *picked = NULL;
    uint64_t bytes = 0;
    size_t low, high;

    pthread_mutex_lock(&log->mutex);
    low = log->oldest;
    high = log->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (log->held[middle].last < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < log->count; high++) {
        bytes += log->held[high].bytes;
        if (high > low && bytes > bytes_max)
            break;
    }
    *count = high - low;
    if (*count > 0 && log->held[low].first <= sequence) {
        picked = kg_alloc(*count, sizeof(*picked));
        memcpy(picked, log->held + low, *count * sizeof(*picked));
    }
    pthread_mutex_unlock(&log->mutex);
    return picked;
}

static bool still_held(kg_log *log, const kg_log_held *held)
{
    bool still;

    pthread_mutex_lock(&log->mutex);
    still = log->oldest < log->count && log->held[log->oldest].first <= held->first;
    pthread_mutex_unlock(&log->mutex);
    return still;
}

static void add_stored(kg_log_bytes *out, const kg_stored *stored)
{
    out->stored = kg_grow(out->stored, out->count, &out->stored_room, sizeof(*out->stored));
    out->stored[out->count++] = *stored;
}

/* Takes the frame's bytes apart into its records. */
static bool take_apart(const kg_log_held *held, const uint8_t *bytes, kg_log_bytes *out)
{
    kg_stored stored = {.sequence = held->first, .bytes = bytes};
    uint64_t left = held->bytes;

    for (; stored.sequence <= held->last; stored.sequence++) {
        stored.count = kg_record_length(stored.bytes, (size_t)left);
        if (stored.count == 0)
            return false;
        add_stored(out, &stored);
        stored.bytes += stored.count;
        left -= stored.count;
    }
    return left == 0;
}

static kg_log_read_result read_frames(kg_log *log, const kg_log_held *held, size_t count,
                                      kg_log_bytes *out)
{
    uint64_t bytes = 0, at = 0;
    bool good = true;

    for (size_t i = 0; i < count; i++)
        bytes += held[i].bytes;
    if (out->room < bytes) {
        out->room = (size_t)bytes;
        out->bytes = kg_realloc(out->bytes, out->room, 1);
    }
    out->count = 0;
    for (size_t i = 0; i < count && good; at += held[i++].bytes) {
        const int64_t got = kg_log_file_read(&log->files[held[i].file], held[i].at, out->bytes + at,
                                             (size_t)held[i].bytes);

        if (got < 0)
            return KG_LOG_READ_FAILED;
        good = got == (int64_t)held[i].bytes && take_apart(&held[i], out->bytes + at, out);
    }
    if (!still_held(log, held)) /* and may be written over */
        return KG_LOG_READ_NONE;
    if (good)
        return KG_LOG_READ;
    kg_journal_fail("the log of the journal in %s is damaged; end this process and start it again",
                    log->folder);
    return KG_LOG_READ_FAILED;
}

kg_log_read_result kg_log_read(kg_log *log, uint64_t sequence, uint64_t bytes_max,
                               kg_log_bytes *out)
{
    size_t count;
    kg_log_held *held = pick(log, sequence, bytes_max, &count);
    kg_log_read_result result = held ? read_frames(log, held, count, out) : KG_LOG_READ_NONE;

    free(held);
    return result;
}
