/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_disk KOPGROEPD LIBRARY [TRIES [SEED]]: a whole broker, with members at work and a witness,
 * whose n-th call on its own files fails: EIO, ENOSPC, a short write, its end before the call or in
 * its middle. TRIES (8) random ones; 0: each call in turn, of each kind, until a run passes without
 * a hit. The broker ends with exit status 4 and says why, or goes on where that is what it
 * promises: never after what its journal needs. Started again without failures, it has all that got
 * a receipt and no more than was sent. The same for `init` and `journal checkpoint`, which do what
 * they are asked, or say why not. At the end each receipt is held against the journal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/fault/chance.h"
#include "tests/fault/shimmed.h"

enum { TRIES = 8, ROWS_MAX = 400, CALLS_MIN = 30 };

static const char *const kinds[] = {"EIO", "ENOSPC", "short", "kill", "half"};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const char *const ends[] = {"went on", "ended, said why", "aborted, said why", "crashed",
                                   "was killed"};
enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

/* What came of a call that failed, as often. */
struct row {
    char call[20], file[60];
    size_t count[ENDS];
};

struct trial {
    shimmed it;
    const char *kopgroepd; /* borrowed */
    uint64_t seed;
    size_t tries, hits, made; /* folders that init was to make */
    struct row rows[ROWS_MAX];
    size_t rows_count;
};

static void note(struct trial *trial, shimmed_end end)
{
    const shim_control *control = trial->it.control;
    struct row *row = trial->rows;
    char file[60];

    snprintf(file, sizeof(file), "%s", control->file);
    if (strcmp(file, "log.0") == 0 || strcmp(file, "log.1") == 0)
        file[4] = 'N';
    while (row < trial->rows + trial->rows_count &&
           (strcmp(row->call, control->call) != 0 || strcmp(row->file, file) != 0))
        row++;
    swarm_must(row < trial->rows + ROWS_MAX, "too many kinds of calls");
    if (row == trial->rows + trial->rows_count) {
        trial->rows_count++;
        memcpy(row->call, control->call, sizeof(row->call));
        memcpy(row->file, file, sizeof(row->file));
    }
    row->count[end]++;
    trial->hits++;
}

/* What the broker does without, as documented, and says so where it is worth a word; else it ends.
 */
static bool may_go_on(const shimmed *it)
{
    static const struct {
        const char *file, *call, *said; /* NULL: any call, nothing to say */
    } spare[] = {
        {"checkpoint", NULL, "event=checkpoint-"},                      /* the start is longer */
        {"broker.cosignatures", "read", "event=cosignatures-not-read"}, /* witnesses come again */
        {"broker.cosignatures", NULL, "event=cosignatures-not-kept"},
        {"broker", NULL, "event=cosignatures-not-kept"}, /* their folder */
        {"broker.key", "read", NULL},                    /* is it a public half? */
        {"broker.access", "read", NULL},                 /* then it is written anew */
        {"journal.lock", "resize", NULL},                /* a number for a sentence */
        {"", "unlink", NULL},
    };
    const shim_control *control = it->control;
    bool may = false;

    for (size_t i = 0; i < sizeof(spare) / sizeof(spare[0]); i++)
        may = may || (strncmp(control->file, spare[i].file, strlen(spare[i].file)) == 0 &&
                      (!spare[i].call || strstr(control->call, spare[i].call)) &&
                      (!spare[i].said || shimmed_said(it, spare[i].said)));
    return may;
}

static const char *say(struct trial *trial, const char *wrong, int n)
{
    const shim_control *control = trial->it.control;

    if (wrong)
        fprintf(stderr, "fault_disk: %s at call %d, %s of %s: %s\n", kinds[control->kind], n,
                control->call, control->file, wrong);
    return wrong;
}

/* ---- the broker at work ---- */

static const char *try_run(struct trial *trial, int n)
{
    const shimmed_end end = shimmed_run(&trial->it, n);
    const bool hit = trial->it.control->hit == 1;
    const char *wrong = NULL;

    trial->tries++;
    if (end == SHIMMED_WRONG)
        wrong = trial->it.error;
    else if (end == SHIMMED_CRASHED ||
             (end == SHIMMED_ABORTED && strcmp(trial->it.control->file, "checkpoint") != 0))
        wrong = "it aborted"; /* but for a checkpoint that could be read the first time */
    else if (!hit && end != SHIMMED_STOPPED)
        wrong = "it ended without a failure";
    else if (hit)
        note(trial, end);
    if (!wrong && hit && end == SHIMMED_STOPPED && !may_go_on(&trial->it))
        wrong = "it went on, or did not say so";
    if (!wrong)
        wrong = shimmed_recover(&trial->it, chance_below(&trial->seed, 2) == 0);
    return say(trial, wrong, n);
}

/* ---- other commands ---- */

static const char *try_checkpoint(struct trial *trial, int n)
{
    char program[4096], folder[4200], journal[] = "journal", checkpoint[] = "checkpoint";
    char *const arguments[] = {program, journal, checkpoint, folder, NULL};
    const char *wrong = NULL;
    int status;

    snprintf(program, sizeof(program), "%s", trial->kopgroepd);
    snprintf(folder, sizeof(folder), "%s/broker", trial->it.swarm.broker.folder);
    status = shimmed_command(&trial->it, n, arguments);
    trial->tries++;
    if (status == -2)
        wrong = "no checkpoint was written, and nothing said";
    else if (!trial->it.control->hit && status != 0)
        wrong = "no checkpoint was written without a failure";
    else if (status != 0 && status != 4 && !(status == -1 && trial->it.control->kind >= SHIM_KILL))
        wrong = "it ended in another way than it may";
    if (trial->it.control->hit)
        note(trial, status == 0 ? SHIMMED_STOPPED : status == -1 ? SHIMMED_KILLED : SHIMMED_SAID);
    if (!wrong)
        wrong = shimmed_recover(&trial->it, false);
    return say(trial, wrong, n);
}

/* A folder that was not made is told of; one that was made is whole. */
static const char *try_init(struct trial *trial, int n)
{
    char program[4096], folder[4300], config[4400], command[20000];
    char init[] = "init", option[] = "--catalogue", catalogue[4200];
    char *const arguments[] = {program, init, option, catalogue, folder, NULL};
    const char *wrong = NULL;
    int status;

    snprintf(program, sizeof(program), "%s", trial->kopgroepd);
    snprintf(catalogue, sizeof(catalogue), "%s/catalogue.conf", trial->it.swarm.broker.folder);
    snprintf(folder, sizeof(folder), "%s/broker%zu", trial->it.swarm.broker.folder, trial->made++);
    snprintf(config, sizeof(config), "%s/broker.conf", folder);
    status = shimmed_command(&trial->it, n, arguments);
    trial->tries++;
    if (trial->it.control->hit)
        note(trial, status == 0 ? SHIMMED_STOPPED : status == -1 ? SHIMMED_KILLED : SHIMMED_SAID);
    snprintf(
        command, sizeof(command),
        "'%s' check-config '%s' >/dev/null 2>&1 && '%s' journal verify '%s/journal' >/dev/null "
        "2>&1",
        program, config, program, folder);
    if (status == -2)
        wrong = "nothing was made, and nothing said";
    else if (status != 0 && !trial->it.control->hit)
        wrong = "nothing was made without a failure";
    else if (status != 0 && status != 4 && !(status == -1 && trial->it.control->kind >= SHIM_KILL))
        wrong = "it ended in another way than it may";
    else if (status == 0 && system(command) != 0)
        wrong = "what was made is not whole";
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    swarm_must(system(command) == 0, "rm");
    return say(trial, wrong, n);
}

/* ---- which calls ---- */

static const struct {
    const char *name;
    const char *(*run)(struct trial *trial, int n);
    int calls_min;
} things[] = {
    {"run", try_run, CALLS_MIN}, {"journal checkpoint", try_checkpoint, 5}, {"init", try_init, 10}};
enum { THINGS = sizeof(things) / sizeof(things[0]) };

/* Each call in turn, until none is hit. */
static const char *try_each(struct trial *trial)
{
    const char *wrong = NULL;

    for (size_t thing = 0; thing < THINGS && !wrong; thing++) {
        for (int kind = 0; kind < KINDS && !wrong; kind++) {
            int n = 0;

            trial->it.control->kind = (shim_kind)kind;
            do {
                wrong = things[thing].run(trial, ++n);
            } while (!wrong && trial->it.control->hit);
            if (!wrong && n <= things[thing].calls_min)
                wrong = "too few calls were seen";
            printf("%s, %s: each of %d calls failed once\n", things[thing].name, kinds[kind],
                   n - 1);
            fflush(stdout);
        }
    }
    return wrong;
}

static const char *try_some(struct trial *trial, size_t tries)
{
    const char *wrong = NULL;
    int calls[THINGS];

    for (size_t thing = 0; thing < THINGS && !wrong; thing++) {
        trial->it.control->kind = SHIM_EIO;
        wrong = things[thing].run(trial, INT32_MAX); /* none fails: how many are there? */
        calls[thing] = trial->it.control->calls;
        if (!wrong && calls[thing] < things[thing].calls_min)
            wrong = "too few calls were seen";
    }
    for (size_t i = 0; i < tries && !wrong; i++) {
        const size_t thing = i % 2 == 0 ? 0 : i / 2 % THINGS;

        trial->it.control->kind = (shim_kind)chance_below(&trial->seed, KINDS);
        wrong = things[thing].run(trial, 1 + (int)chance_below(&trial->seed, (size_t)calls[thing]));
    }
    return wrong;
}

static int by_name(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    const int file = strcmp(x->file, y->file);

    return file ? file : strcmp(x->call, y->call);
}

static void tell(struct trial *trial)
{
    qsort(trial->rows, trial->rows_count, sizeof(trial->rows[0]), by_name);
    for (size_t i = 0; i < trial->rows_count; i++) {
        printf("%s of %s:", trial->rows[i].call, trial->rows[i].file);
        for (int end = 0; end < ENDS; end++)
            if (trial->rows[i].count[end])
                printf(" %s %zu", ends[end], trial->rows[i].count[end]);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    const size_t tries = argc > 3 ? strtoul(argv[3], NULL, 10) : TRIES;
    static struct trial trial;
    const char *wrong, *wrong_at_end;

    if (argc < 3)
        return 2;
    trial.seed = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL) + (uint64_t)getpid();
    trial.kopgroepd = argv[1];
    printf("seed %" PRIu64 "\n", trial.seed);
    shimmed_start(&trial.it, argv[1], argv[2]);
    wrong = try_checkpoint(&trial, INT32_MAX); /* so that there is one to be read */
    if (!wrong)
        wrong = tries == 0 ? try_each(&trial) : try_some(&trial, tries);
    tell(&trial);
    if (wrong)
        fprintf(stderr, "fault_disk: %s; see %s\n", wrong, trial.it.swarm.broker.folder);
    if (wrong)
        return 1;
    wrong_at_end = shimmed_finish(&trial.it);
    if (wrong_at_end)
        fprintf(stderr, "fault_disk: %s; see %s\n", wrong_at_end, trial.it.swarm.broker.folder);
    else
        printf("%zu tries, in %zu of them a call failed: none lost, none twice\n", trial.tries,
               trial.hits);
    return wrong_at_end ? 1 : 0;
}
