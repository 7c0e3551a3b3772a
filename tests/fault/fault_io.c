/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_io [BATCHES]: makes, opens and fills a journal, and lets the n-th call that changes a file
 * fail, for n = 1, 2, ... until a run passes without a hit; once for each kind of fault. After
 * each run the journal must open, hold all that was acknowledged and nothing that was not sent,
 * and take more. Nothing may be acknowledged in or after a call that failed. The run ends with a
 * snapshot, which must not be made in spite of a failure, and be equal if it is made. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/fault/interpose.h"
#include "tests/fault/aftermath.h"
#include "tests/journal/helper_journal.h"

enum { BATCHES = 6 };

static const struct {
    const char *name;
    fault_verdict verdict;
} kinds[] = {
    {"EIO", FAULT_EIO},   {"ENOSPC", FAULT_ENOSPC},  {"short", FAULT_SHORT},
    {"kill", FAULT_KILL}, {"half", FAULT_KILL_HALF},
};

/* Shared with the children, of which the journal makes some itself. */
struct run {
    char folder[4096];
    fault_verdict verdict;
    int batches;
    int calls, fail_at;
    bool hit, copied, filling, hit_later;
    uint64_t acknowledged, sent;
    const char *wrong;
};

static fault_verdict fail_nth(void *context, const fault_event *event)
{
    struct run *run = context;

    /* What is in there is only for a sentence about who holds the folder. */
    if (strcmp(event->name, "journal.lock") == 0)
        return FAULT_PASS;
    if (++run->calls != run->fail_at)
        return FAULT_PASS;
    run->hit = true;
    /* What is acknowledged is in the log, and taken over into the tables later. */
    run->hit_later = strcmp(event->name, "data.mdb") == 0 && run->filling;
    return run->verdict;
}

static void fill(struct run *run, kg_journal *journal)
{
    static const size_t sizes[] = {1, 3, 40, 1, 90, 7};

    for (int i = 0; i < run->batches && !run->wrong; i++) {
        const bool hit_before = run->hit;
        const size_t count = sizes[(size_t)i % (sizeof(sizes) / sizeof(sizes[0]))];
        kg_append_result result;

        run->sent += count;
        run->filling = true;
        result = helper_append(journal, count, false);
        if (result == KG_APPEND_OK && (!run->hit || run->hit_later)) {
            run->acknowledged = kg_journal_head(journal);
            continue;
        }
        if (result == KG_APPEND_OK)
            run->wrong = hit_before ? "acknowledged after a failure" : "acknowledged a failure";
        else if (result != KG_APPEND_FAILED)
            run->wrong = "a failed call gave another answer than FAILED";
        else if (helper_append(journal, 1, false) != KG_APPEND_FAILED)
            run->wrong = "took a batch after a failure";
        return;
    }
}

/* A short write() is no failure to whoever writes the rest; all others are. */
static void copy(struct run *run, kg_journal *journal)
{
    const bool hit_before = run->hit;
    char *folder = helper_path(run->folder, "copy");

    run->copied = kg_journal_snapshot(journal, folder);
    if (run->copied && run->hit_later)
        run->wrong = "copied after what is taken over had failed";
    else if (run->copied && run->hit && !hit_before && run->verdict != FAULT_SHORT)
        run->wrong = "copied in spite of a failure";
    else if (!run->copied && !run->hit)
        run->wrong = "not copied";
    else if (!run->copied && rmdir(folder) != 0)
        run->wrong = "a failed copy left something";
    free(folder);
}

static int work(void *context)
{
    struct run *run = context;
    kg_journal *journal;
    bool hit_before, closed;

    fault_watch(run->folder, fail_nth, run);
    if (kg_journal_create(run->folder, helper_deployment) == run->hit) {
        run->wrong = run->hit ? "made in spite of a failure" : "not made";
        return 0;
    }
    journal = run->hit ? NULL : kg_journal_open(run->folder, NULL);
    if (journal && run->hit)
        run->wrong = "opened in spite of a failure";
    else if (journal)
        fill(run, journal);
    if (journal && !run->wrong && run->batches > 0)
        copy(run, journal);
    hit_before = run->hit;
    closed = kg_journal_close(&journal);
    if (!run->wrong && closed && run->hit && !hit_before)
        run->wrong = "closed in spite of a failure";
    else if (!run->wrong && !closed && !run->hit)
        run->wrong = "not closed";
    return 0;
}

static const char *look_at_copy(const struct run *run)
{
    const kg_journal_options options = {.read_only = true};
    char *folder = helper_path(run->folder, "copy");
    kg_journal *copy = kg_journal_open(folder, &options);
    const char *wrong = NULL;

    if (!copy)
        wrong = kg_journal_error();
    else if (kg_journal_head(copy) < run->acknowledged ||
             helper_verify(copy) != (int64_t)kg_journal_head(copy))
        wrong = "the copy is not what it was made from";
    kg_journal_close(&copy);
    free(folder);
    return wrong;
}

static void make_copy_folder(const struct run *run)
{
    char *folder = helper_path(run->folder, "copy");

    if (mkdir(folder, 0700) != 0)
        abort();
    free(folder);
}

/* One run; false on anything wrong. */
static bool try_one(struct run *run, size_t kind, int n)
{
    char *folder = helper_folder_new();
    const char *wrong;
    int status;

    memset(run->folder, 0, sizeof(run->folder));
    strncpy(run->folder, folder, sizeof(run->folder) - 1);
    make_copy_folder(run);
    run->verdict = kinds[kind].verdict;
    run->fail_at = n;
    run->calls = 0;
    run->hit = run->copied = run->filling = run->hit_later = false;
    run->acknowledged = run->sent = 0;
    run->wrong = NULL;
    status = helper_in_child(work, run);
    wrong = run->wrong ? run->wrong : aftermath_look(run->folder, run->acknowledged, run->sent);
    if (!wrong && run->copied)
        wrong = look_at_copy(run);
    if (!wrong && status != 0 && status != -SIGKILL)
        wrong = "the process ended badly";
    if (!wrong && !run->hit && (status != 0 || run->acknowledged != run->sent))
        wrong = "a run without a fault failed";
    if (wrong)
        fprintf(stderr, "fault_io: %s at call %d: %s\n", kinds[kind].name, n, wrong);
    helper_folder_remove(&folder);
    return !wrong;
}

int main(int argc, char **argv)
{
    struct run *run =
        mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool good = run != MAP_FAILED;

    for (size_t kind = 0; good && kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
        int n = 0;

        run->batches = argc > 1 ? atoi(argv[1]) : BATCHES;
        do {
            good = try_one(run, kind, ++n);
        } while (good && run->hit);
        if (good && n < 20)
            good = fprintf(stderr, "fault_io: only %d calls were seen\n", n) < 0;
        if (good)
            printf("%s: each of %d calls failed once\n", kinds[kind].name, n - 1);
    }
    return good ? 0 : 1;
}
