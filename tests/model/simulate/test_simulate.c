/* SPDX-License-Identifier: EUPL-1.2 */
/* Simulated lives of a broker, each by its seed, which is printed when something is wrong, and
 * lives the same life again. See the README of tests/model. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/command.h"
#include "sim.h"
#include "sim_broker.h"

typedef struct wanted {
    unsigned long long from, seeds, twice; /* twice: so many of the first ones */
    unsigned steps;
    bool hashes;
} wanted;

/* Survives the process that lives the lives. */
typedef struct progress {
    unsigned long long seed;
    sim_counts counts;
} progress;

static const char usage[] =
    "Examples:\n"
    "  model_simulate\n"
    "  model_simulate --from 1000 --seeds 100000 --steps 400\n"
    "  model_simulate --from 4711 --seeds 1 --loud\n\n"
    "Lives simulated lives of a broker, of so many seeds from one on (--seeds, --from), of so "
    "many\n"
    "steps of its clients each (--steps); the first of them twice (--twice N), which must give "
    "the\n"
    "same trace. --loud tells all that happens. --planted lives them with each of the faults that\n"
    "can be planted in the world, until it is found. --hashes prints, a line a seed, the hash of\n"
    "the state that it ends with and that of its trace: the same in every build. Exit status: 0\n"
    "all is well, 1 something is not.\n";

static void print_hashes(unsigned long long seed, const sim_outcome *outcome)
{
    char trace[2 * KG_SHA256_BYTES + 1];
    kg_hex_write(outcome->trace, sizeof outcome->trace, trace);
    printf("%llu %s %s\n", seed, outcome->state, trace);
}

static void live_all(const wanted *todo, progress *at)
{
    for (unsigned long long i = 0; i < todo->seeds; i++) {
        sim_outcome first, second;
        at->seed = todo->from + i;
        sim_live(at->seed, todo->steps, &first);
        at->counts = sim.counts;
        if (todo->hashes)
            print_hashes(at->seed, &first);
        if (i >= todo->twice)
            continue;
        sim_live(at->seed, todo->steps, &second);
        if (memcmp(first.trace, second.trace, sizeof first.trace) != 0)
            sim_fail("the same seed made two traces");
    }
}

static void tell(const sim_counts *counts, unsigned long long seeds)
{
    printf("%llu seeds: %llu starts, %llu kills, %llu failed batches, %llu stops, %llu "
           "checkpoints, %llu times read-only\n",
           seeds, (unsigned long long)counts->boots, (unsigned long long)counts->kills,
           (unsigned long long)counts->failures, (unsigned long long)counts->stops,
           (unsigned long long)counts->checkpoints, (unsigned long long)counts->read_only);
    printf("messages: %llu sent, %llu of them again, %llu lost, %llu twice, %llu garbled\n",
           (unsigned long long)counts->sent, (unsigned long long)counts->again,
           (unsigned long long)counts->lost, (unsigned long long)counts->twice,
           (unsigned long long)counts->garbled);
    printf("replies: %llu receipts, %llu once more, %llu refusals, %llu answers, %llu held against "
           "the journal; %llu batches, %llu groupings\n",
           (unsigned long long)counts->receipts, (unsigned long long)counts->recalled,
           (unsigned long long)counts->refusals, (unsigned long long)counts->answers,
           (unsigned long long)counts->compared, (unsigned long long)counts->batches,
           (unsigned long long)counts->groupings);
    printf("records:");
    for (int kind = 0; kind < 128; kind++)
        if (counts->records[kind] > 0)
            printf(" %s %llu", kg_kind_name((kg_kind)kind),
                   (unsigned long long)counts->records[kind]);
    printf("\n");
}

/* Lives one life in a process of its own: how that ended, -1 when it could not be made. */
static int live_apart(unsigned long long seed, unsigned steps)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        sim_outcome outcome;
        sim_live(seed, steps, &outcome);
        exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

/* How many lives it took until the fault was found and said to be one; 0: it was not. */
static unsigned long long find_planted(const wanted *todo)
{
    for (unsigned long long i = 0; i < todo->seeds; i++) {
        int status = live_apart(todo->from + i, todo->steps);
        if (status != 0)
            return WIFEXITED(status) && WEXITSTATUS(status) == SIM_FOUND ? i + 1 : 0;
    }
    return 0;
}

static int plant_all(const wanted *todo)
{
    bool good = true;
    for (sim.plant = SIM_PLANT_NONE + 1; sim.plant < SIM_PLANTS; sim.plant++) {
        unsigned long long lives = find_planted(todo);
        if (lives)
            printf("%s: found in life %llu, as told above\n", sim_plant_name(sim.plant), lives);
        else
            printf("%s: NOT FOUND\n", sim_plant_name(sim.plant));
        good = good && lives > 0;
    }
    return good ? 0 : 1;
}

/* It was a life: all that may befall a broker did. */
static bool eventful(const sim_counts *counts)
{
    return counts->kills > 0 && counts->failures > 0 && counts->stops > 0 &&
           counts->checkpoints > 0 && counts->read_only > 0 && counts->recalled > 0 &&
           counts->lost > 0 && counts->twice > 0 && counts->garbled > 0 && counts->compared > 0 &&
           counts->groupings > 0;
}

/* In a process of its own, so that a seed that ends it is known. */
static int run(const wanted *todo)
{
    int status;
    progress *at =
        mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return 1;
    pid_t child = fork();
    if (child == 0) {
        live_all(todo, at);
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 1;
    if (status != 0) {
        fprintf(stderr, "again: --from %llu --seeds 1 --steps %u --loud\n", at->seed, todo->steps);
        return 1;
    }
    if (!todo->hashes)
        tell(&at->counts, todo->seeds);
    return todo->seeds < 20 || eventful(&at->counts) ? 0 : 1;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'},
                                            {"seeds", required_argument, NULL, 'n'},
                                            {"steps", required_argument, NULL, 's'},
                                            {"twice", required_argument, NULL, 't'},
                                            {"loud", no_argument, NULL, 'l'},
                                            {"hashes", no_argument, NULL, 'a'},
                                            {"planted", no_argument, NULL, 'p'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    bool planted = false;
    wanted todo = {.from = 1, .seeds = 20, .twice = 2, .steps = 120};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'f')
            todo.from = strtoull(optarg, NULL, 10);
        else if (option == 'n')
            todo.seeds = strtoull(optarg, NULL, 10);
        else if (option == 's')
            todo.steps = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 't')
            todo.twice = strtoull(optarg, NULL, 10);
        else if (option == 'l')
            sim.loud = true;
        else if (option == 'a')
            todo.hashes = true;
        else if (option == 'p')
            planted = true;
        else {
            fputs(usage, option == 'h' ? stdout : stderr);
            return option == 'h' ? 0 : 2;
        }
    }
    return planted ? plant_all(&todo) : run(&todo);
}
