/* SPDX-License-Identifier: EUPL-1.2 */
/* A backup whose records were edited, or replaced by any bytes, in the tables where they lie: every
 * change is found, what is read stays within, and restoring refuses and leaves nothing. (Edits of
 * the tables' own pages may end a process: tests/journal/test_journal_damage.c, in children.) */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_embedded.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/journal/helper_journal.h"

enum { RECORDS = 12 };

static char *folder, *target, *data_file;
static uint8_t *sound; /* data.mdb */
static size_t sound_bytes;
static size_t places[RECORDS], lengths[RECORDS];

static void remove_folders(void)
{
    helper_folder_remove(&folder);
    helper_folder_remove(&target);
}

/* A snapshot is compact: each record is in it once. */
static void find_records(void)
{
    size_t found = 0;

    for (size_t at = 0; at + 80 < sound_bytes && found < RECORDS; at++) {
        const size_t length = kg_record_length(sound + at, sound_bytes - at);
        kg_journal_record record;
        const uint64_t sequence = length > 0 ? kg_record_get_u64(sound + at + 4) : 0;

        if (sequence < 1 || sequence > RECORDS || lengths[sequence - 1] > 0 ||
            !kg_record_decode(sound + at, length, sequence, &record))
            continue;
        places[sequence - 1] = at;
        lengths[sequence - 1] = length;
        found++;
    }
    fuzz_need(found == RECORDS);
}

static void make_sound(void)
{
    char *source = helper_journal_new();
    kg_journal *journal = kg_embedded_open_at_once(source, NULL);

    folder = helper_folder_new();
    target = helper_folder_new();
    atexit(remove_folders);
    fuzz_need(journal && helper_append(journal, RECORDS, false) == KG_APPEND_OK);
    fuzz_need(kg_journal_snapshot(journal, folder));
    kg_journal_close(&journal);
    helper_folder_remove(&source);
    data_file = helper_path(folder, "data.mdb");
    sound = helper_file_read(data_file, &sound_bytes);
    find_records();
}

static bool touch(void *context, const kg_journal_record *record)
{
    uint8_t *sum = context;

    for (size_t i = 0; i < record->command_bytes; i++)
        *sum ^= record->command[i];
    for (size_t i = 0; i < record->event_bytes; i++)
        *sum ^= record->event[i];
    return true;
}

static void read_it(bool same)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *journal = kg_embedded_open_at_once(folder, &options);
    char *made = helper_path(target, "data.mdb"), *lock = helper_path(target, "lock.mdb");
    uint8_t sum = 0;

    fuzz_need(journal || (!same && kg_journal_error()[0] != '\0'));
    if (journal) {
        kg_journal_follow(journal, 1, false, touch, &sum);
        fuzz_need(kg_journal_follow(journal, 1, true, NULL, NULL) == same);
        fuzz_need(kg_journal_snapshot(journal, target) == same);
        fuzz_need(same || (access(made, F_OK) != 0 && access(lock, F_OK) != 0));
    }
    kg_journal_close(&journal);
    unlink(made);
    unlink(lock);
    free(made);
    free(lock);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    bool same;

    if (!folder)
        make_sound();
    if (size < 2)
        return 0;
    const size_t which = data[0] % RECORDS, at = places[which];
    size_t length = lengths[which];
    bytes = kg_alloc(sound_bytes, 1);
    memcpy(bytes, sound, sound_bytes);
    if (data[1] & 1)
        memcpy(bytes + at, data + 2, size - 2 < length ? size - 2 : length);
    else
        fuzz_edit(bytes + at, &length, data + 2, size - 2);
    same = memcmp(bytes, sound, sound_bytes) == 0;
    helper_file_write(data_file, bytes, sound_bytes);
    kg_journal_fail("%s", "");
    read_it(same);
    free(bytes);
    return 0;
}
