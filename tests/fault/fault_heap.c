/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_heap KOPGROEPD LIBRARY [TRIES [SEED]]: a whole broker, with members at work and a witness,
 * in which an allocation fails, TRIES (8) random ones, of whatever library; one try of four fails
 * one of its door instead. It ends by abort, or with exit status 4 and says why, or
 * goes on; its door may end, and is started again. Started with memory enough, it has all that got
 * a receipt and no more than was sent; at the end each receipt is held against the journal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/fault/chance.h"
#include "tests/fault/shimmed.h"

enum { TRIES = 8, DOOR_EACH = 4, CALLS_MIN = 500 };

static const char *const ends[] = {"went on", "ended with status 4", "aborted",
                                   "crashed while it read its settings"};
enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

struct trial {
    shimmed it;
    uint64_t seed;
    size_t hits;
    size_t came[2][ENDS]; /* of the broker's, of the door's */
};

/* What is wrong, or NULL. */
static const char *try_one(struct trial *trial, bool door, int n)
{
    shimmed_end end;
    bool hit;

    atomic_store(&trial->it.control->door, door);
    end = shimmed_run(&trial->it, n);
    hit = trial->it.control->hit == 1;
    trial->hits += hit;
    if (end == SHIMMED_WRONG)
        return trial->it.error;
    if (!hit && end != SHIMMED_STOPPED)
        return "it ended without a failure";
    if (hit)
        trial->came[door][end]++;
    return shimmed_recover(&trial->it, chance_below(&trial->seed, 2) == 0);
}

static const char *try_some(struct trial *trial, size_t tries)
{
    const char *wrong = NULL;
    int calls[2] = {0};

    for (int door = 0; door < 2 && !wrong; door++) {
        wrong = try_one(trial, door == 1, INT32_MAX); /* none fails: how many are there? */
        calls[door] = trial->it.control->calls;
        if (!wrong && calls[door] < CALLS_MIN)
            wrong = "too few allocations were seen";
    }
    printf("%d allocations, %d of the door\n", calls[0], calls[1]);
    for (size_t i = 0; i < tries && !wrong; i++) {
        const bool door = i % DOOR_EACH == 0;
        const int n = 1 + (int)chance_below(&trial->seed, (size_t)calls[door]);

        wrong = try_one(trial, door, n);
        if (wrong)
            fprintf(stderr, "fault_heap: allocation %d of the %s, %s: %s\n", n,
                    door ? "door" : "broker", trial->it.control->call, wrong);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    const size_t tries = argc > 3 ? strtoul(argv[3], NULL, 10) : TRIES;
    struct trial trial = {0};
    const char *wrong, *const whose[] = {"broker's", "door's"};

    if (argc < 3)
        return 2;
    trial.seed = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL) + (uint64_t)getpid();
    printf("seed %" PRIu64 "\n", trial.seed);
    shimmed_start(&trial.it, argv[1], argv[2]);
    wrong = try_some(&trial, tries);
    if (!wrong)
        wrong = shimmed_finish(&trial.it);
    for (int i = 0; i < 2; i++)
        for (int end = 0; end < ENDS; end++)
            printf("the %s: %s %zu\n", whose[i], ends[end], trial.came[i][end]);
    if (wrong)
        fprintf(stderr, "fault_heap: %s; see %s\n", wrong, trial.it.swarm.broker.folder);
    else
        printf("%zu allocations failed: none lost, none twice\n", trial.hits);
    return wrong ? 1 : 0;
}
