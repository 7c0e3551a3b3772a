/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_power [IMAGES [SEED]]: every write and sync of a filling journal is recorded, and then the
 * disk is imagined as a power cut may leave it: at any moment, what was synced is there, and of
 * all else any part is, in pieces of 512 bytes, in any order. From each such image the journal
 * must open and hold all that was acknowledged by then.
 * As a control, the same images with the syncs ignored must show losses: else this finds none. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "proto/memory.h"
#include "tests/fault/chance.h"
#include "tests/fault/interpose.h"
#include "tests/journal/helper_journal.h"

enum { IMAGES = 300, BATCHES = 40, SECTOR_BYTES = 512, FILES = 4, DISK_BYTES = 4 << 20 };

static const char *const files[FILES] = {"data.mdb", "journal.head", "log.0", "log.1"};

struct step {
    fault_call call;
    int file;
    bool synchronous;
    uint8_t *bytes;
    size_t count, at;
    uint64_t acknowledged; /* before this step */
};

struct tape {
    pthread_mutex_t mutex; /* log and tables are written by threads of their own */
    struct step *steps;
    size_t count, capacity;
    uint64_t acknowledged;
    uint8_t *base[FILES];
    size_t base_bytes[FILES];
};

static void add_step(struct tape *tape, const fault_event *event, int file)
{
    struct step *step;

    tape->steps = kg_grow(tape->steps, tape->count, &tape->capacity, sizeof(*tape->steps));
    step = &tape->steps[tape->count++];
    *step = (struct step){.call = event->call,
                          .file = file,
                          .synchronous = event->synchronous,
                          .at = (size_t)event->at,
                          .acknowledged = tape->acknowledged};
    for (int i = 0; i < event->count; i++)
        step->count += event->parts[i].iov_len;
    step->bytes = kg_alloc(step->count + 1, 1);
    for (size_t i = 0, done = 0; i < (size_t)event->count; done += event->parts[i++].iov_len)
        memcpy(step->bytes + done, event->parts[i].iov_base, event->parts[i].iov_len);
}

static fault_verdict record(void *context, const fault_event *event)
{
    struct tape *tape = context;

    pthread_mutex_lock(&tape->mutex);
    for (int file = 0; file < FILES; file++) {
        if (strcmp(event->name, files[file]) == 0)
            add_step(tape, event, file);
    }
    pthread_mutex_unlock(&tape->mutex);
    return FAULT_PASS;
}

/* For a copy, all that is in the log goes to the tables first. */
static void take_over(kg_journal *journal)
{
    char *folder = helper_folder_new();

    if (!kg_journal_snapshot(journal, folder))
        abort();
    helper_folder_remove(&folder);
}

static void make_tape(struct tape *tape, uint64_t *seed)
{
    char *folder = helper_journal_new();
    kg_journal *journal = kg_journal_open(folder, NULL);

    if (!journal || helper_append(journal, 60, false) != KG_APPEND_OK)
        abort();
    tape->acknowledged = kg_journal_head(journal);
    take_over(journal);
    for (int file = 0; file < FILES; file++) {
        char *path = helper_path(folder, files[file]);

        tape->base[file] = helper_file_read(path, &tape->base_bytes[file]);
        free(path);
    }
    fault_watch(folder, record, tape);
    for (int i = 0; i < BATCHES; i++) {
        if (helper_append(journal, 1 + chance_below(seed, 30), false) != KG_APPEND_OK)
            abort();
        pthread_mutex_lock(&tape->mutex);
        tape->acknowledged = kg_journal_head(journal);
        pthread_mutex_unlock(&tape->mutex);
        if (i % 4 == 3)
            take_over(journal);
    }
    fault_watch(NULL, NULL, NULL);
    kg_journal_close(&journal);
    helper_folder_remove(&folder);
}

/* Whether a step is on the disk for sure at `moment`: written synchronously, or synced since. */
static bool is_durable(const struct tape *tape, size_t index, size_t moment)
{
    const struct step *step = &tape->steps[index];

    if (step->synchronous)
        return true;
    for (size_t i = index + 1; i < moment; i++) {
        if (tape->steps[i].call == FAULT_SYNC && tape->steps[i].file == step->file)
            return true;
    }
    return false;
}

struct disk {
    uint8_t *bytes[FILES];
    size_t count[FILES];
};

static void put(struct disk *disk, const struct step *step, size_t from, size_t count)
{
    const size_t end = step->at + from + count;

    if (end > DISK_BYTES)
        abort();
    memcpy(disk->bytes[step->file] + step->at + from, step->bytes + from, count);
    if (disk->count[step->file] < end)
        disk->count[step->file] = end;
}

/* None of it, all of it, or some of its sectors. */
static void put_some(struct disk *disk, const struct step *step, uint64_t *seed)
{
    const uint32_t how = chance_below(seed, 4);

    if (how == 0)
        return;
    for (size_t from = 0; from < step->count; from += SECTOR_BYTES) {
        size_t left = step->count - from;

        if (how == 1 || chance_below(seed, 2) == 0)
            put(disk, step, from, left < SECTOR_BYTES ? left : SECTOR_BYTES);
    }
}

/* The disk when the power fails during step `moment`. */
static void imagine(const struct tape *tape, size_t moment, bool obey, uint64_t *seed,
                    struct disk *disk)
{
    for (int file = 0; file < FILES; file++) {
        memset(disk->bytes[file], 0, DISK_BYTES);
        memcpy(disk->bytes[file], tape->base[file], tape->base_bytes[file]);
        disk->count[file] = tape->base_bytes[file];
    }
    for (size_t i = 0; i <= moment; i++) {
        const struct step *step = &tape->steps[i];

        if (step->call == FAULT_WRITE && i < moment && obey && is_durable(tape, i, moment))
            put(disk, step, 0, step->count);
        else if (step->call == FAULT_WRITE)
            put_some(disk, step, seed);
    }
}

struct trial {
    char *folder;
    uint64_t acknowledged, sent;
};

/* 0 = as it must be; 1 = lost or damaged; 2 = holds what was never sent; 3 = takes no more. */
static int look(void *context)
{
    const struct trial *trial = context;
    kg_journal *journal = kg_journal_open(trial->folder, NULL);
    uint64_t head = journal ? kg_journal_head(journal) : 0;
    int outcome = 0;

    if (!journal || head < trial->acknowledged || helper_verify(journal) != (int64_t)head)
        outcome = 1;
    else if (head > trial->sent)
        outcome = 2;
    else if (helper_append(journal, 3, false) != KG_APPEND_OK ||
             helper_verify(journal) != (int64_t)head + 3)
        outcome = 3;
    kg_journal_close(&journal);
    return outcome;
}

static int try_image(const struct tape *tape, size_t moment, const struct disk *disk)
{
    struct trial trial = {.folder = helper_folder_new(),
                          .acknowledged = tape->steps[moment].acknowledged,
                          .sent = tape->acknowledged};
    int outcome;

    for (int file = 0; file < FILES; file++) {
        char *path = helper_path(trial.folder, files[file]);

        helper_file_write(path, disk->bytes[file], disk->count[file]);
        free(path);
    }
    outcome = helper_in_child(look, &trial);
    helper_folder_remove(&trial.folder);
    return outcome;
}

/* How many of the images are not as they must be. */
static int count_bad(const struct tape *tape, int images, bool obey, uint64_t *seed)
{
    struct disk disk;
    int bad = 0;

    for (int file = 0; file < FILES; file++)
        disk.bytes[file] = kg_alloc(DISK_BYTES, 1);
    for (int i = 0; i < images; i++) {
        const size_t moment = chance_below(seed, tape->count);
        int outcome;

        imagine(tape, moment, obey, seed, &disk);
        outcome = try_image(tape, moment, &disk);
        if (outcome != 0 && obey)
            fprintf(stderr, "fault_power: image %d, cut at step %zu: %d\n", i, moment, outcome);
        bad += outcome != 0;
    }
    for (int file = 0; file < FILES; file++)
        free(disk.bytes[file]);
    return bad;
}

static void tape_free(struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        free(tape->steps[i].bytes);
    for (int file = 0; file < FILES; file++)
        free(tape->base[file]);
    free(tape->steps);
}

int main(int argc, char **argv)
{
    const int images = argc > 1 ? atoi(argv[1]) : IMAGES, controls = images / 5 + 20;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    struct tape tape = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    int bad, found;

    printf("seed %" PRIu64 "\n", seed);
    make_tape(&tape, &seed);
    bad = count_bad(&tape, images, true, &seed);
    found = count_bad(&tape, controls, false, &seed);
    printf("%zu steps; %d of %d images bad; control, without syncs: %d of %d bad\n", tape.count,
           bad, images, found, controls);
    tape_free(&tape);
    return bad == 0 && found > controls / 2 ? 0 : 1;
}
