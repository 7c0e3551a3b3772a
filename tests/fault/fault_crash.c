/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_crash KOPGROEPD [KILLS [LINES [SEED]]]: a broker of LINES (2,000) lines is killed KILLS
 * (12) times while members submit, at random moments of its work and of its start, and started
 * again on what is there. Each time it must answer a client that was not there before within 2 s,
 * at the median, hold all records and lines that have a receipt, and no more than was sent. Members
 * send again, as it was, what got no answer. At the end each receipt is held against the journal,
 * in which no message may stand twice. A checkpoint is written before the first kill, and beside
 * the broker after each 50. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/fault/chance.h"
#include "tests/fault/swarm.h"

enum { KILLS = 12, LINES = 2000, MEMBERS = 16, FILL_LINES = 200, CHECKPOINT_EACH = 50 };
enum { LIFE_MS_MAX = 200, START_MS_MAX = 100, BACK_S = 600 };
/* One of so many kills comes while it starts. */
enum { START_EACH = 4 };
#define RESTART_S_MAX (2.0 * SWARM_PATIENCE)

struct trial {
    struct swarm swarm;
    const char *kopgroepd; /* borrowed */
    uint64_t seed;
    size_t restarts, starts_killed, receipts;
    kg_buffer times; /* of double: until the first answer */
};

static void pause_ms(uint32_t ms)
{
    const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

/* Until somebody has a receipt of this broker, and a random while more. */
static void work(struct trial *trial)
{
    const size_t before = trial->swarm.receipts.count;
    const double patience = swarm_now() + BACK_S;
    double until;

    while (trial->swarm.receipts.count == before) {
        swarm_must(swarm_now() < patience, "nobody is answered again");
        swarm_work(&trial->swarm, SIZE_MAX, 1);
    }
    until = swarm_now() + chance_below(&trial->seed, LIFE_MS_MAX) / 1000.0;
    while (swarm_now() < until)
        swarm_work(&trial->swarm, SIZE_MAX, 1);
}

static void kill_at_start(struct trial *trial)
{
    submit_broker_begin(&trial->swarm.broker, trial->kopgroepd);
    pause_ms(chance_below(&trial->seed, START_MS_MAX * SWARM_PATIENCE));
    submit_broker_kill(&trial->swarm.broker);
    trial->starts_killed++;
}

/* What is wrong then, or NULL. */
static const char *start(struct trial *trial)
{
    const double since = swarm_now();
    const char *wrong;
    double took;

    swarm_serve_again(&trial->swarm);
    wrong = swarm_look(&trial->swarm);
    took = swarm_now() - since;
    kg_buffer_add(&trial->times, &took, sizeof(took));
    trial->restarts++;
    swarm_hurry(&trial->swarm);
    return wrong;
}

static const char *kill_often(struct trial *trial, size_t kills)
{
    const char *wrong = NULL;

    for (size_t i = 1; i <= kills && !wrong; i++) {
        if (chance_below(&trial->seed, START_EACH) == 0 && i < kills) {
            submit_broker_kill(&trial->swarm.broker);
            swarm_drain(&trial->swarm);
            kill_at_start(trial);
            i++;
        } else {
            work(trial);
            submit_broker_kill(&trial->swarm.broker);
            swarm_drain(&trial->swarm);
        }
        wrong = start(trial);
        if (i % CHECKPOINT_EACH == 0) {
            submit_broker_checkpoint(&trial->swarm.broker, trial->kopgroepd);
            printf("%zu kills\n", i);
            fflush(stdout);
        }
    }
    return wrong;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Was it in time? */
static bool tell(const struct trial *trial, size_t kills)
{
    double *times = (double *)(void *)trial->times.bytes;
    size_t late = 0;

    qsort(times, trial->restarts, sizeof(*times), by_size);
    for (size_t i = 0; i < trial->restarts; i++)
        late += times[i] > RESTART_S_MAX;
    printf("%zu kills, %zu of them while it started, %zu receipts, %zu lines: none lost, none "
           "twice; first answer after %.2f s (median), %.2f s at most, %zu of %zu after more than "
           "%.0f s\n",
           kills, trial->starts_killed, trial->receipts, trial->swarm.lines_taken,
           times[trial->restarts / 2], times[trial->restarts - 1], late, trial->restarts,
           RESTART_S_MAX);
    return late * 2 <= trial->restarts;
}

int main(int argc, char **argv)
{
    const size_t kills = argc > 2 ? strtoul(argv[2], NULL, 10) : KILLS;
    const size_t lines = argc > 3 ? strtoul(argv[3], NULL, 10) : LINES;
    struct trial trial = {.seed = argc > 4 ? strtoull(argv[4], NULL, 10)
                                           : (uint64_t)time(NULL) + (uint64_t)getpid()};
    const char *wrong, *wrong_at_end;
    bool late = false;

    if (argc < 2 || kills == 0)
        return 2;
    printf("seed %" PRIu64 "\n", trial.seed);
    trial.kopgroepd = argv[1];
    kg_buffer_init(&trial.times);
    swarm_start(&trial.swarm, argv[1], MEMBERS);
    swarm_fill(&trial.swarm, lines, FILL_LINES); /* before anything is measured */
    submit_broker_checkpoint(&trial.swarm.broker, trial.kopgroepd);
    wrong = kill_often(&trial, kills);
    trial.receipts = trial.swarm.receipts.count / sizeof(swarm_receipt);
    wrong_at_end = swarm_finish(&trial.swarm);
    wrong = wrong ? wrong : wrong_at_end;
    if (wrong)
        fprintf(stderr, "fault_crash: %s; see %s\n", wrong, trial.swarm.broker.folder);
    else
        late = !tell(&trial, kills);
    kg_buffer_fini(&trial.times);
    return wrong || late ? 1 : 0;
}
