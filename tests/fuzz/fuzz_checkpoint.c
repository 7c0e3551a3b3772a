/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes, or an edited checkpoint, as the file that a start looks at: refused with a reason, or
 * it is what was written, to the byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/checkpoint.h"
#include "tests/fuzz/fuzz.h"
#include "tests/journal/helper_journal.h"

static const kg_checkpoint_point point = {
    .deployment = {1, 2, 3}, .sequence = 77, .chain = {9, 8, 7}, .time_ms = 1790000000000};
static const uint64_t content[] = {1, 22, 333, 4444};

static uint8_t *sound;
static size_t sound_bytes;

static void make_sound(void)
{
    char why[200], *folder = helper_folder_new(), *path = helper_path(folder, "checkpoint");
    kg_checkpoint *checkpoint = kg_checkpoint_create(path, &point, why);
    uint64_t copy[sizeof(content) / sizeof(content[0])];

    fuzz_need(checkpoint != NULL);
    memcpy(copy, content, sizeof(copy));
    KG_ARCHIVE(kg_checkpoint_archive(checkpoint), copy);
    fuzz_need(kg_checkpoint_close(&checkpoint, why));
    sound = helper_file_read(path, &sound_bytes);
    free(path);
    helper_folder_remove(&folder);
}

static void open_it(const uint8_t *bytes, size_t count)
{
    kg_checkpoint_point read;
    char why[200];
    uint64_t copy[sizeof(content) / sizeof(content[0])];
    const bool same = count == sound_bytes && memcmp(bytes, sound, count) == 0;
    kg_checkpoint *checkpoint = kg_checkpoint_open(fuzz_path(bytes, count), &read, why);

    fuzz_need((checkpoint != NULL) == same && (why[0] == '\0') == same);
    if (!checkpoint)
        return;
    KG_ARCHIVE(kg_checkpoint_archive(checkpoint), copy);
    fuzz_need(memcmp(copy, content, sizeof(copy)) == 0 && read.sequence == point.sequence &&
              read.time_ms == point.time_ms);
    fuzz_need(kg_checkpoint_close(&checkpoint, why));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!sound)
        make_sound();
    if (size == 0)
        return 0;
    if (data[0] & 1) {
        open_it(data + 1, size - 1);
        return 0;
    }
    size_t count = sound_bytes;
    uint8_t *bytes = malloc(count);
    fuzz_need(bytes != NULL);
    memcpy(bytes, sound, count);
    fuzz_edit(bytes, &count, data + 1, size - 1);
    open_it(bytes, count);
    free(bytes);
    return 0;
}
