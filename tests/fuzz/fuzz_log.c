/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal's log whose two files were edited, or are any bytes: damage is told, or what is read is
 * what was written, from its beginning on, and a writer can go on after it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_log.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/journal/helper_journal.h"

enum { FRAMES = 6, SMALL_BYTES = 24000 };

static char *folder, *second; /* the other file */
static uint8_t *sound;
static size_t sound_bytes;
static uint64_t written;

static void append(kg_log *log, size_t count, kg_point *end)
{
    kg_log_batch batch = {.records = helper_records(end->sequence + 1, count), .count = count};

    fuzz_need(kg_log_append(log, &batch, 1, end));
    helper_records_free(&batch.records, count);
}

static void remove_folder(void)
{
    helper_folder_remove(&folder);
    free(second);
}

/* Its files grow in large steps; what counts is at the beginning. */
static void make_sound(void)
{
    kg_point end = {0};
    kg_log *log;
    char *path;

    folder = helper_folder_new();
    second = helper_path(folder, "log.1");
    atexit(remove_folder);
    log = kg_log_open(folder, helper_deployment, false);
    fuzz_need(log && kg_log_look(log, &end) == KG_LOG_FOUND);
    for (size_t i = 0; i < FRAMES; i++)
        append(log, 1 + i, &end);
    written = end.sequence;
    kg_log_close(&log);
    path = helper_path(folder, "log.0");
    sound = helper_file_read(path, &sound_bytes);
    fuzz_need(sound_bytes > 0);
    sound_bytes = sound_bytes < SMALL_BYTES ? sound_bytes : SMALL_BYTES;
    free(path);
}

static void put(const char *name, const uint8_t *bytes, size_t count)
{
    char *path = helper_path(folder, name);

    helper_file_write(path, bytes, count);
    free(path);
}

static void need_records(kg_log *log, const kg_point *end)
{
    kg_log_bytes bytes = {0};
    kg_journal_record record;

    if (end->sequence > 0 && kg_log_read(log, 1, UINT64_MAX, &bytes) == KG_LOG_READ) {
        for (size_t i = 0; i < bytes.count; i++) {
            const kg_stored *stored = &bytes.stored[i];

            fuzz_need(kg_record_decode(stored->bytes, stored->count, stored->sequence, &record));
            fuzz_need(helper_record_equal(&record));
        }
    }
    kg_log_bytes_fini(&bytes);
}

static void look(bool read_only, bool same)
{
    kg_point end = {0};
    kg_log *log = kg_log_open(folder, helper_deployment, read_only);
    kg_log_looked looked = log ? kg_log_look(log, &end) : KG_LOG_LOST;

    fuzz_need(looked != KG_LOG_LOST || kg_journal_error()[0] != '\0');
    fuzz_need(!same || (looked == KG_LOG_FOUND && end.sequence == written));
    fuzz_need(end.sequence <= written);
    if (looked == KG_LOG_FOUND) {
        need_records(log, &end);
        if (!read_only)
            append(log, 2, &end);
    }
    kg_log_close(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    size_t count;
    bool same;

    if (!folder)
        make_sound();
    if (size == 0)
        return 0;
    count = sound_bytes;
    bytes = kg_alloc(sound_bytes + size, 1);
    memcpy(bytes, sound, count);
    same = fuzz_edit(bytes, &count, data + 1, size - 1);
    kg_journal_fail("%s", "");
    if (data[0] & 1) /* any bytes */
        put("log.0", data + 1, size - 1);
    else
        put("log.0", bytes, count);
    if (data[0] & 2)
        put("log.1", bytes, count);
    else
        unlink(second);
    look(true, same && (data[0] & 3) == 0);
    look(false, same && (data[0] & 3) == 0);
    free(bytes);
    return 0;
}
