/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes, or an edited stream, as what a copy of a journal receives: it takes what is the
 * journal's, as far as it goes, and never anything else. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_embedded.h"
#include "broker/journal/journal_stream.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/journal/helper_journal.h"

enum { RECORDS = 8 };

static uint8_t *sound;
static size_t sound_bytes;

/* In the place of kg_journal_open() (--wrap): no child looks first at a journal that was just made,
 * as a fork of a fuzzer takes longer than all else together. */
kg_journal *__wrap_kg_journal_open(const char *place, const kg_journal_options *options);
kg_journal *__wrap_kg_journal_open(const char *place, const kg_journal_options *options)
{
    return kg_embedded_open_at_once(place, options);
}

static void make_sound(void)
{
    char *folder = helper_journal_new();
    kg_journal *journal = kg_embedded_open_at_once(folder, NULL);
    const int descriptor = fuzz_descriptor((const uint8_t *)"", 0);

    fuzz_need(journal && helper_append(journal, RECORDS, false) == KG_APPEND_OK);
    fuzz_need(kg_journal_stream_write(journal, 1, true, descriptor));
    kg_journal_close(&journal);
    helper_folder_remove(&folder);
    sound_bytes = (size_t)lseek(descriptor, 0, SEEK_END);
    sound = kg_alloc(sound_bytes, 1);
    fuzz_need(pread(descriptor, sound, sound_bytes, 0) == (ssize_t)sound_bytes);
}

/* `ours`: an edit of the journal's own; any bytes may be another journal's, whole. */
static void receive(const uint8_t *bytes, size_t count, bool ours, bool same)
{
    const kg_journal_options options = {.read_only = true};
    char *folder = helper_folder_new();
    kg_journal *copy;
    int64_t records = 0;
    const bool good = kg_journal_stream_read(folder, fuzz_descriptor(bytes, count), NULL, NULL);

    fuzz_need(good || kg_journal_error()[0] != '\0');
    copy = kg_embedded_open_at_once(folder, &options);
    if (copy && ours)
        records = helper_verify(copy);
    fuzz_need(!copy || ours || kg_journal_follow(copy, 1, true, NULL, NULL));
    fuzz_need(records >= 0 && records <= RECORDS);
    fuzz_need(!same || (good && records == RECORDS));
    kg_journal_close(&copy);
    helper_folder_remove(&folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    size_t count;
    bool same;

    if (!sound)
        make_sound();
    if (size == 0)
        return 0;
    count = sound_bytes;
    bytes = kg_alloc(count, 1);
    memcpy(bytes, sound, count);
    same = fuzz_edit(bytes, &count, data + 1, size - 1);
    kg_journal_fail("%s", "");
    if (data[0] & 1)
        receive(data + 1, size - 1, false, false);
    else
        receive(bytes, count, true, same);
    free(bytes);
    return 0;
}
