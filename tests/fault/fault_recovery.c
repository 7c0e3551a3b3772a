/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_recovery KOPGROEPD [LINES [TRIES [SEED]]]: what is lost, and how long it takes, when a
 * broker of LINES (2,000) lines dies while members submit; each TRIES (1) times, at random moments:
 *   killed, and started again on its journal, without a checkpoint and with one;
 *   its machine lost, with a copy elsewhere that follows it: the copy is restored, and a broker
 *   started on it;
 *   the same with a backup that was made a while before.
 * For each: how many acknowledged records are missing, how old the oldest of them was (recovery
 * point), and the time until the first answer (recovery time). Nothing may be missing after a mere
 * kill, and what is there must be what the receipts say. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fault/chance.h"
#include "tests/fault/swarm.h"

enum { LINES = 2000, TRIES = 1, MEMBERS = 16, FILL_LINES = 200 };
enum { LIFE_MS_MIN = 200, LIFE_MS_MAX = 1500, COPIED_S = 600 };
/* A copy that is further behind, or a recovery that takes longer, is no good. */
#define BEHIND_S_MAX (2.0 * SWARM_PATIENCE)
#define RECOVERY_S_MAX (60.0 * SWARM_PATIENCE)

struct trial {
    struct swarm swarm;
    const char *kopgroepd; /* borrowed */
    char journal[4200], lost[4200], copy[4200];
    uint64_t seed;
    double killed; /* when */
    bool slow;     /* a bound was passed */
};

/* One row of the table. */
struct row {
    const char *name;
    size_t tries, missing, missing_most;
    double behind_most;
    kg_buffer times; /* of double */
};

/* ---- processes ---- */

static int run(const char *format, const char *a, const char *b, const char *c)
{
    char text[13000];

    snprintf(text, sizeof(text), format, a, b, c);
    return system(text);
}

/* Records of a journal; 0 when there is none yet. */
static uint64_t records(const struct trial *trial, const char *place)
{
    char text[9000], row[300];
    uint64_t count = 0;
    FILE *out;

    snprintf(text, sizeof(text), "'%s' journal head '%s' 2>/dev/null", trial->kopgroepd, place);
    out = popen(text, "re");
    while (out && fgets(row, sizeof(row), out))
        sscanf(row, "records %" SCNu64, &count);
    if (out)
        pclose(out);
    return count;
}

static pid_t start_journal(const struct trial *trial, const char *what, const char *place, int in,
                           int out)
{
    const pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        execl(trial->kopgroepd, trial->kopgroepd, "journal", what, place, (char *)NULL);
        _exit(127);
    }
    swarm_must(pid > 0, "fork");
    return pid;
}

struct stream {
    pid_t follow, receive;
};

/* What the broker's machine sends, and another one takes. */
static struct stream start_stream(const struct trial *trial)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct stream stream;
    int ends[2];

    swarm_must(null >= 0 && pipe2(ends, O_CLOEXEC) == 0, "a pipe cannot be made");
    stream.follow = start_journal(trial, "follow", trial->journal, null, ends[1]);
    stream.receive = start_journal(trial, "receive", trial->copy, ends[0], null);
    close(ends[0]);
    close(ends[1]);
    close(null);
    return stream;
}

/* ---- the broker and its members ---- */

static void work_for(struct trial *trial, double seconds)
{
    const double until = swarm_now() + seconds;

    while (swarm_now() < until)
        swarm_work(&trial->swarm, SIZE_MAX, 10);
}

static void work_a_while(struct trial *trial)
{
    const uint64_t more = chance_below(&trial->seed, LIFE_MS_MAX - LIFE_MS_MIN);

    work_for(trial, (double)(LIFE_MS_MIN + more) / 1000);
}

/* What was sent before the end arrives. */
static void kill_broker(struct trial *trial)
{
    submit_broker_kill(&trial->swarm.broker);
    trial->killed = swarm_now();
    swarm_drain(&trial->swarm);
}

/* Drops the receipts of what is not there, and counts them. */
static void count_missing(struct trial *trial, struct row *row, uint64_t head)
{
    kg_buffer *receipts = &trial->swarm.receipts;
    swarm_receipt *all = (swarm_receipt *)(void *)receipts->bytes;
    const size_t count = receipts->count / sizeof(*all);
    double oldest = trial->killed;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (all[i].sequence <= head)
            all[kept++] = all[i];
        else if (all[i].at < oldest)
            oldest = all[i].at;
    }
    receipts->count = kept * sizeof(*all);
    row->missing += count - kept;
    row->missing_most = count - kept > row->missing_most ? count - kept : row->missing_most;
    row->behind_most =
        trial->killed - oldest > row->behind_most ? trial->killed - oldest : row->behind_most;
}

/* Until all members have a receipt again: a client tries ever more rarely while nobody answers, and
 * the next moment to die is one with all of them at work. */
static void come_back(struct trial *trial)
{
    const double until = swarm_now() + COPIED_S;
    size_t before[MEMBERS], back = 0;

    for (size_t i = 0; i < MEMBERS; i++)
        before[i] = trial->swarm.members[i].receipts;
    while (back < MEMBERS) {
        swarm_must(swarm_now() < until, "not all members are answered again");
        swarm_work(&trial->swarm, SIZE_MAX, 10);
        back = 0;
        for (size_t i = 0; i < MEMBERS; i++)
            back += trial->swarm.members[i].receipts > before[i];
    }
}

static void serve_again(struct trial *trial, struct row *row, double since)
{
    double took;

    swarm_serve_again(&trial->swarm);
    swarm_look(&trial->swarm); /* of what is missing the receipts may be gone, too */
    took = swarm_now() - since;
    kg_buffer_add(&row->times, &took, sizeof(took));
    row->tries++;
    trial->slow = trial->slow || took > RECOVERY_S_MAX;
    come_back(trial);
}

/* ---- what may happen ---- */

static void try_kill(struct trial *trial, struct row *row, bool checkpoint)
{
    char path[4300];

    snprintf(path, sizeof(path), "%s/checkpoint", trial->journal);
    if (checkpoint)
        submit_broker_checkpoint(&trial->swarm.broker, trial->kopgroepd);
    else
        unlink(path);
    work_a_while(trial);
    kill_broker(trial);
    serve_again(trial, row, swarm_now());
}

static void recover_from(struct trial *trial, struct row *row, const char *place)
{
    const double since = swarm_now();

    count_missing(trial, row, records(trial, place));
    swarm_must(rename(trial->journal, trial->lost) == 0, "the journal cannot be moved away");
    swarm_must(run("'%s' journal restore '%s' '%s' >/dev/null", trial->kopgroepd, place,
                   trial->journal) == 0,
               "the journal cannot be restored");
    serve_again(trial, row, since);
    swarm_must(run("rm -rf '%s'%s%s", trial->lost, "", "") == 0, "rm");
}

static void try_copy(struct trial *trial, struct row *row)
{
    const uint64_t wanted = records(trial, trial->journal);
    const double until = swarm_now() + COPIED_S;
    const struct stream stream = start_stream(trial);

    while (records(trial, trial->copy) < wanted)
        swarm_must(swarm_now() < until, "the copy does not follow");
    work_a_while(trial);
    kill(stream.follow, SIGKILL);
    kill_broker(trial);
    waitpid(stream.follow, NULL, 0);
    waitpid(stream.receive, NULL, 0);
    recover_from(trial, row, trial->copy);
    trial->slow = trial->slow || row->behind_most > BEHIND_S_MAX;
}

static void try_backup(struct trial *trial, struct row *row)
{
    char backup[4300];

    snprintf(backup, sizeof(backup), "%s/backup", trial->swarm.broker.folder);
    swarm_must(run("'%s' journal backup '%s' '%s' >/dev/null", trial->kopgroepd, trial->journal,
                   backup) == 0,
               "no backup can be made");
    work_a_while(trial);
    kill_broker(trial);
    recover_from(trial, row, backup);
    swarm_must(run("rm -rf '%s'%s%s", backup, "", "") == 0, "rm");
}

/* ---- the table ---- */

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void print(struct row *row, size_t lines)
{
    double *times = (double *)(void *)row->times.bytes;

    qsort(times, row->tries, sizeof(*times), by_size);
    printf("%zu lines, %s: %zu tries, %zu acknowledged records missing (%zu at most in one), the "
           "oldest %.2f s old, first answer after %.2f s (median), %.2f s at most\n",
           lines, row->name, row->tries, row->missing, row->missing_most, row->behind_most,
           times[row->tries / 2], times[row->tries - 1]);
    kg_buffer_fini(&row->times);
}

static void try_all(struct trial *trial, size_t lines, size_t tries)
{
    struct row rows[] = {{.name = "killed, no checkpoint"},
                         {.name = "killed, checkpoint"},
                         {.name = "machine lost, a copy follows"},
                         {.name = "machine lost, a backup"}};

    for (int i = 0; i < 4; i++) {
        kg_buffer_init(&rows[i].times);
        for (size_t t = 0; t < tries; t++) {
            if (i < 2)
                try_kill(trial, &rows[i], i == 1);
            else if (i == 2)
                try_copy(trial, &rows[i]);
            else
                try_backup(trial, &rows[i]);
        }
        print(&rows[i], lines);
    }
}

int main(int argc, char **argv)
{
    const size_t lines = argc > 2 ? strtoul(argv[2], NULL, 10) : LINES;
    const size_t tries = argc > 3 ? strtoul(argv[3], NULL, 10) : TRIES;
    struct trial trial = {.seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1};
    const char *wrong;

    if (argc < 2 || tries == 0)
        return 2;
    trial.kopgroepd = argv[1];
    swarm_start(&trial.swarm, argv[1], MEMBERS);
    snprintf(trial.journal, sizeof(trial.journal), "%s/broker/journal", trial.swarm.broker.folder);
    snprintf(trial.lost, sizeof(trial.lost), "%s/broker/lost", trial.swarm.broker.folder);
    snprintf(trial.copy, sizeof(trial.copy), "%s/copy", trial.swarm.broker.folder);
    swarm_fill(&trial.swarm, lines, FILL_LINES); /* before anything is measured */
    try_all(&trial, lines, tries);
    wrong = swarm_finish(&trial.swarm);
    if (wrong || trial.slow)
        fprintf(stderr, "fault_recovery: %s; see %s\n", wrong ? wrong : "it took too long",
                trial.swarm.broker.folder);
    return wrong || trial.slow ? 1 : 0;
}
