/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_kill [KILLS [SEED]]: a child appends batches and says what was acknowledged; it is killed
 * at a random moment, and the same journal is opened again by the next one, KILLS times. Each
 * time no acknowledged record may be lost, none doubled, and the whole chain must verify. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/fault/chance.h"
#include "tests/journal/helper_journal.h"

enum {
    KILLS = 20,
    LIFE_MS_MAX = 60,      /* of a writer, from its first word on */
    FIRST_WORD_MS = 60000, /* for a machine that is busy */
    BATCH_MAX = 120,
    RECORDS_MAX = 10000 /* then a new journal is begun: each round verifies all of it */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The child: never returns. */
static _Noreturn void keep_appending(const char *folder, int out, uint64_t seed)
{
    kg_journal *journal = kg_journal_open(folder, NULL);
    uint64_t head = journal ? kg_journal_head(journal) : 0;

    if (!journal) {
        fprintf(stderr, "fault_kill: %s\n", kg_journal_error());
        _exit(1);
    }
    while (write(out, &head, sizeof(head)) == sizeof(head)) {
        if (helper_append(journal, 1 + chance_below(&seed, BATCH_MAX), false) != KG_APPEND_OK)
            _exit(2);
        head = kg_journal_head(journal);
    }
    _exit(3);
}

/* Hears acknowledgements until the time is over; the last one heard. `words` counts them. */
static uint64_t hear(int in, int64_t until, uint64_t last, int *words)
{
    struct pollfd wait = {.fd = in, .events = POLLIN};
    int64_t left;

    while ((left = until - now_ms()) > 0 && poll(&wait, 1, (int)left) > 0) {
        uint64_t head;

        if (read(in, &head, sizeof(head)) != sizeof(head))
            break;
        last = head;
        if (++*words == 1)
            return last;
    }
    return last;
}

/* Starts a writer, kills it; the last acknowledgement that it gave, also after the kill. */
static bool live_and_die(const char *folder, uint64_t *seed, uint64_t *acknowledged)
{
    const int life_ms = (int)chance_below(seed, LIFE_MS_MAX);
    int pipes[2], status, words = 0;
    uint64_t child_seed = *seed, head;
    pid_t child;

    if (pipe(pipes) != 0)
        return false;
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        keep_appending(folder, pipes[1], child_seed);
    }
    close(pipes[1]);
    *acknowledged = hear(pipes[0], now_ms() + FIRST_WORD_MS, *acknowledged, &words);
    *acknowledged = hear(pipes[0], now_ms() + life_ms, *acknowledged, &words);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    while (read(pipes[0], &head, sizeof(head)) == sizeof(head))
        *acknowledged = head;
    close(pipes[0]);
    if (words > 0 && WIFSIGNALED(status))
        return true;
    fprintf(stderr, "fault_kill: the writer ended by itself, status %x\n", (unsigned)status);
    return false;
}

/* What must hold after a kill. */
static bool holds(const char *folder, uint64_t acknowledged, uint64_t *head)
{
    kg_journal *journal = kg_journal_open(folder, NULL);
    int64_t verified;

    if (!journal) {
        fprintf(stderr, "fault_kill: %s\n", kg_journal_error());
        return false;
    }
    *head = kg_journal_head(journal);
    verified = helper_verify(journal);
    kg_journal_close(&journal);
    if (verified == (int64_t)*head && *head >= acknowledged && *head <= acknowledged + BATCH_MAX)
        return true;
    fprintf(stderr,
            "fault_kill: acknowledged %" PRIu64 ", head %" PRIu64 ", verified %" PRId64 "\n",
            acknowledged, *head, verified);
    return false;
}

int main(int argc, char **argv)
{
    const int kills = argc > 1 ? atoi(argv[1]) : KILLS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)(now_ms() + getpid());
    uint64_t acknowledged = 0, head = 0, records = 0;
    char *folder = helper_journal_new();
    bool good = true;

    printf("seed %" PRIu64 "\n", seed);
    for (int i = 0; i < kills && good; i++) {
        if (head > RECORDS_MAX) {
            records += head;
            acknowledged = 0;
            helper_folder_remove(&folder);
            folder = helper_journal_new();
        }
        good = live_and_die(folder, &seed, &acknowledged) && holds(folder, acknowledged, &head);
    }
    if (good)
        printf("%d kills, %" PRIu64 " records, none lost or doubled\n", kills, records + head);
    helper_folder_remove(&folder);
    return good ? 0 : 1;
}
