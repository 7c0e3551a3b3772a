/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_backup [BACKUPS [SEED]]: while a child appends all the time, this process copies the
 * journal as `kopgroepd journal backup` does, again and again, and restores each copy. Each must be
 * the journal up to the record that it ends with, to the chain value, and lack nothing that was
 * acknowledged before it was begun. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/journal/helper_journal.h"

enum { BACKUPS = 2, BATCH_MAX = 30, RECORDS_MAX = 20000, FIRST_WORD_MS = 60000 };
/* Filled to begin with; then there is a pause between two batches, else it grows faster than a busy
 * machine copies. */
enum { FILL = 1500, PAUSE_MS = 20 };

static const kg_journal_options reading = {.read_only = true};

struct writer {
    pid_t child;
    int in;
    uint64_t acknowledged;
};

static _Noreturn void keep_appending(const char *folder, int out, uint64_t seed)
{
    kg_journal *journal = kg_journal_open(folder, NULL);
    uint64_t head = journal ? kg_journal_head(journal) : 0;

    while (journal && write(out, &head, sizeof(head)) == sizeof(head)) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        if (helper_append(journal, 1 + (seed >> 33) % BATCH_MAX, false) != KG_APPEND_OK)
            break;
        head = kg_journal_head(journal);
        if (head > FILL)
            poll(NULL, 0, PAUSE_MS);
    }
    fprintf(stderr, "fault_backup: the writer ended: %s\n", kg_journal_error());
    _exit(1);
}

/* What it said so far; with `wait`, after at least one word more. */
static bool hear(struct writer *writer, bool wait)
{
    struct pollfd in = {.fd = writer->in, .events = POLLIN};
    bool heard = false;

    while (poll(&in, 1, wait && !heard ? FIRST_WORD_MS : 0) > 0) {
        if (read(writer->in, &writer->acknowledged, sizeof(uint64_t)) != sizeof(uint64_t))
            return false;
        heard = true;
    }
    return heard || !wait;
}

static bool writer_start(struct writer *writer, const char *folder, uint64_t seed)
{
    int pipes[2];

    if (pipe(pipes) != 0)
        return false;
    writer->child = fork();
    if (writer->child == 0) {
        close(pipes[0]);
        keep_appending(folder, pipes[1], seed);
    }
    close(pipes[1]);
    writer->in = pipes[0];
    writer->acknowledged = 0;
    while (writer->acknowledged < FILL && hear(writer, true))
        continue;
    return writer->acknowledged >= FILL;
}

static void writer_end(struct writer *writer)
{
    int status;

    kill(writer->child, SIGKILL);
    waitpid(writer->child, &status, 0);
    close(writer->in);
}

/* A verified copy of one folder in another; its head, or -1. */
static int64_t copy(const char *from, const char *to, uint8_t chain[KG_CHAIN_BYTES])
{
    kg_journal *journal = kg_journal_open(from, &reading), *made = NULL;
    int64_t head = -1;

    if (journal && kg_journal_snapshot(journal, to))
        made = kg_journal_open(to, &reading);
    if (made && helper_verify(made) == (int64_t)kg_journal_head(made))
        head = (int64_t)kg_journal_head(made);
    if (made)
        kg_journal_chain(made, chain);
    kg_journal_close(&made);
    kg_journal_close(&journal);
    return head;
}

struct chain_at {
    uint64_t sequence;
    uint8_t chain[KG_CHAIN_BYTES];
};

static bool note_chain(void *context, const kg_journal_record *record)
{
    struct chain_at *at = context;

    if (record->sequence == at->sequence)
        memcpy(at->chain, record->chain, KG_CHAIN_BYTES);
    return record->sequence < at->sequence;
}

/* Has the journal this chain value there? */
static bool passes(const char *folder, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES])
{
    kg_journal *journal = kg_journal_open(folder, &reading);
    struct chain_at at = {.sequence = sequence};
    const bool good =
        journal &&
        (sequence == 0 || kg_journal_follow(journal, sequence, false, note_chain, &at)) &&
        memcmp(at.chain, chain, KG_CHAIN_BYTES) == 0;

    kg_journal_close(&journal);
    return good;
}

/* What is wrong with one backup, or NULL. */
static const char *try_one(const char *folder, struct writer *writer, uint64_t *records)
{
    char *backup = helper_folder_new(), *restored = helper_folder_new();
    uint8_t chain[KG_CHAIN_BYTES] = {0}, again[KG_CHAIN_BYTES] = {0};
    const char *wrong = NULL;
    const uint64_t before = hear(writer, true) ? writer->acknowledged : UINT64_MAX;
    const int64_t head = copy(folder, backup, chain);

    if (head < 0)
        wrong = kg_journal_error();
    else if ((uint64_t)head < before)
        wrong = "it lacks what was acknowledged before it was begun";
    else if (!passes(folder, (uint64_t)head, chain))
        wrong = "it is not what the journal is up to there";
    else if (copy(backup, restored, again) != head || memcmp(chain, again, sizeof(chain)) != 0)
        wrong = "what is restored of it is not the same";
    *records += head > 0 ? (uint64_t)head : 0;
    helper_folder_remove(&backup);
    helper_folder_remove(&restored);
    return wrong;
}

int main(int argc, char **argv)
{
    const int backups = argc > 1 ? atoi(argv[1]) : BACKUPS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL), records = 0;
    const char *wrong = NULL;
    struct writer writer = {.acknowledged = UINT64_MAX};
    char *folder = NULL;
    int done = 0;

    printf("seed %" PRIu64 "\n", seed);
    while (done < backups && !wrong) {
        if (writer.acknowledged > RECORDS_MAX) { /* each backup verifies all of it */
            if (folder) {
                writer_end(&writer);
                helper_folder_remove(&folder);
            }
            folder = helper_journal_new();
            if (!writer_start(&writer, folder, seed + (uint64_t)done))
                wrong = "the writer does not begin";
        }
        if (!wrong)
            wrong = try_one(folder, &writer, &records);
        done++;
    }
    if (folder) {
        writer_end(&writer);
        helper_folder_remove(&folder);
    }
    if (wrong)
        fprintf(stderr, "fault_backup: backup %d: %s\n", done, wrong);
    else
        printf("%d backups of a journal that grew, %" PRIu64 " records copied and restored: all "
               "equal\n",
               done, records);
    return wrong ? 1 : 0;
}
