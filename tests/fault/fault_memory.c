/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_memory [BATCHES [STEP [FIRST]]]: lets the n-th allocation fail, until a run passes without
 * a hit: for each n, but in the journal's life for each STEP-th only, 40, from another FIRST each
 * time; in the journal's life (made, opened, filled, copied), and in reading messages and a plan.
 * The process may end by abort, which is what is promised, or the call may fail; nothing may be
 * acknowledged that is not there afterwards, and no message may be told from another by it.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/memory.h"
#include "proto/plan.h"
#include "tests/fault/aftermath.h"
#include "tests/journal/helper_journal.h"

/* Without a sanitizer all libraries' allocations are taken; with one, which has its own, those of
 * the code that is linked in. */
#ifdef FAULT_WRAP
#define TAKEN(name) __wrap_##name
#define REAL(name) __real_##name
#else
#define TAKEN(name) name
#define REAL(name) __libc_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *memory, size_t size);
void *TAKEN(malloc)(size_t size);
void *TAKEN(calloc)(size_t count, size_t size);
void *TAKEN(realloc)(void *memory, size_t size);

enum { BATCHES = 3, STEP = 40, FAIL_NONE = -1 };

/* Shared with the children. */
struct run {
    char folder[4096];
    int batches;
    uint64_t acknowledged, sent;
    bool hit;
    int status; /* of the last child */
};

static struct run *run;
static atomic_int calls, fail_at = FAIL_NONE;

static bool fails(void)
{
    if (atomic_load(&fail_at) == FAIL_NONE || atomic_fetch_add(&calls, 1) + 1 != fail_at)
        return false;
    run->hit = true;
    errno = ENOMEM;
    return true;
}

void *TAKEN(malloc)(size_t size)
{
    return fails() ? NULL : REAL(malloc)(size);
}

void *TAKEN(calloc)(size_t count, size_t size)
{
    return fails() ? NULL : REAL(calloc)(count, size);
}

void *TAKEN(realloc)(void *memory, size_t size)
{
    return fails() ? NULL : REAL(realloc)(memory, size);
}

static void begin(int n)
{
    calls = 0;
    fail_at = n;
}

/* What the test itself allocates does not count. */
static int pause_failing(void)
{
    return atomic_exchange(&fail_at, FAIL_NONE);
}

/* ---- the journal ---- */

static kg_append_result append(kg_journal *journal, size_t count)
{
    const uint64_t head = kg_journal_head(journal);
    const int n = pause_failing();
    kg_journal_record *records = helper_records(head + 1, count);
    helper_done done = {.result = KG_APPEND_FAILED};

    atomic_store(&fail_at, n);
    kg_journal_append(journal, kg_journal_epoch(journal), head, records, count, 0, helper_note_done,
                      &done);
    kg_journal_reap(journal, true);
    pause_failing();
    helper_records_free(&records, count);
    atomic_store(&fail_at, n);
    return done.result;
}

static void fill(kg_journal *journal)
{
    static const size_t sizes[] = {1, 30, 4};

    for (int i = 0; i < run->batches; i++) {
        const size_t count = sizes[(size_t)i % (sizeof(sizes) / sizeof(sizes[0]))];

        run->sent += count;
        if (append(journal, count) != KG_APPEND_OK)
            return;
        run->acknowledged = kg_journal_head(journal);
    }
}

static int live(void *context)
{
    char copy[sizeof(run->folder) + 8];
    kg_journal *journal = NULL;

    snprintf(copy, sizeof(copy), "%s/copy", run->folder);
    begin(*(int *)context);
    if (kg_journal_create(run->folder, helper_deployment))
        journal = kg_journal_open(run->folder, NULL);
    if (journal) {
        fill(journal);
        kg_journal_snapshot(journal, copy);
    }
    kg_journal_close(&journal);
    pause_failing();
    return 0;
}

static const char *try_journal(int n)
{
    char *folder = helper_folder_new(), *copy = helper_path(folder, "copy");
    const char *wrong;
    int status;

    snprintf(run->folder, sizeof(run->folder), "%s", folder);
    if (mkdir(copy, 0700) != 0)
        abort();
    run->acknowledged = run->sent = 0;
    run->status = status = helper_in_child(live, &n);
    wrong = aftermath_look(run->folder, run->acknowledged, run->sent);
    if (!wrong && status != 0 && status != -SIGABRT)
        wrong = "the process ended badly";
    if (!wrong && !run->hit && (status != 0 || run->acknowledged != run->sent))
        wrong = "a run without a fault failed";
    free(copy);
    helper_folder_remove(&folder);
    return wrong;
}

/* ---- messages, a plan ---- */

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} criteria = {\"warranty-years\"} }\n"
    "category \"monitor\" { cpv = {\"30231000\"} }\n";
static const char plan_text[] =
    "line,category,quantity,unit_price_max,delivery_from,delivery_to,nuts,track,commitment\n"
    "L-1,laptop,10,800.00,2027-05-05,2027-09-22,BE211,peloton,intended\n"
    "L-2,monitor,30,200.00,2027-05-05,2027-09-22,BE211,kopgroep,binding\n";

static const kg_catalogue *catalogue; /* of the text above */

struct message {
    const uint8_t *bytes;
    size_t count;
    int fail_at;
};

/* The status, which the lack of memory must not change. */
static int read_message(void *context)
{
    const struct message *message = context;
    const uint8_t *body = message->bytes + 1;
    char detail[600];
    kg_command command;
    kg_query query;
    kg_reply reply;
    kg_status status;

    begin(message->fail_at);
    if (message->bytes[0] == KG_KIND_QUERY)
        status = kg_codec_query_decode(body, message->count - 1, &query, detail);
    else if (message->bytes[0] == 0xff)
        status = kg_codec_reply_decode(body, message->count - 1, &reply) ? KG_STATUS_OK
                                                                         : KG_STATUS_MALFORMED;
    else
        status = kg_codec_command_decode(message->bytes[0], body, message->count - 1, catalogue,
                                         &command, detail);
    pause_failing();
    return (int)status % 250; /* an exit status has eight bits */
}

static int read_plan(void *context)
{
    const struct message *message = context;
    kg_plan_reading reading = {.catalogue = catalogue, .languages = 1};
    kg_plan plan;
    kg_problems problems;
    bool right;

    begin(message->fail_at);
    kg_plan_init(&plan);
    kg_problems_init(&problems, "plan.csv");
    right = kg_plan_read_bytes((const char *)message->bytes, message->count, &reading, &plan,
                               &problems);
    pause_failing();
    return right && plan.count == 2 ? 0 : 1;
}

/* One of both, until it passes without a hit; the number of allocations that failed, or -1. */
static int try_reading(const char *name, int (*body)(void *context), const uint8_t *bytes,
                       size_t count)
{
    struct message message = {.bytes = bytes, .count = count, .fail_at = FAIL_NONE};
    const int wanted = helper_in_child(body, &message);
    int n = 0;

    do {
        int status;

        message.fail_at = ++n;
        run->hit = false;
        status = helper_in_child(body, &message);
        if (status == wanted || (run->hit && status == -SIGABRT))
            continue;
        fprintf(stderr, "fault_memory: %s, allocation %d: %d, not %d\n", name, n, status, wanted);
        return -1;
    } while (run->hit);
    return n - 1;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The seeds of the fuzz target: each kind is among them. */
static int try_messages(void)
{
    static const char folder[] = KG_SOURCE_DIR "/tests/fuzz/corpus/codec_command";
    struct dirent **entries;
    const int files = scandir(folder, &entries, is_input, alphasort);
    int failed = 0;

    for (int i = 0; i < files; i++) {
        char *path = helper_path(folder, entries[i]->d_name);
        size_t count;
        uint8_t *bytes = helper_file_read(path, &count);
        const int some = count > 1 && failed >= 0
                             ? try_reading(entries[i]->d_name, read_message, bytes, count)
                             : 0;

        failed = some < 0 || failed < 0 ? -1 : failed + some;
        free(bytes);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return files > 0 ? failed : -1;
}

static const kg_catalogue *read_catalogue(void)
{
    kg_problems problems;
    kg_catalogue *read;

    kg_problems_init(&problems, NULL);
    read = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
    kg_problems_fini(&problems);
    return read;
}

int main(int argc, char **argv)
{
    const int step = argc > 2 ? atoi(argv[2]) : STEP;
    int n, tries = 0, messages, plan;
    const char *wrong;

    run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run == MAP_FAILED)
        return 1;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* most of its children abort */
    run->batches = argc > 1 ? atoi(argv[1]) : BATCHES;
    catalogue = read_catalogue();
    messages = try_messages();
    plan = try_reading("plan", read_plan, (const uint8_t *)plan_text, sizeof(plan_text) - 1);
    if (messages <= 0 || plan <= 0)
        return 1;
    printf("messages: each of %d allocations failed once; a plan: %d\n", messages, plan);
    wrong = try_journal(INT_MAX); /* none fails; what libraries do once is done, as at a start */
    if (wrong) {
        fprintf(stderr, "fault_memory: the journal: %s\n", wrong);
        return 1;
    }
    n = (argc > 3 ? atoi(argv[3]) : 1 + (int)(time(NULL) % step)) - step;
    do {
        run->hit = false;
        wrong = try_journal(n += step);
        tries++;
    } while (!wrong && run->hit);
    if (wrong)
        fprintf(stderr, "fault_memory: the journal, allocation %d, status %d: %s\n", n, run->status,
                wrong);
    else
        printf("journal: of %d allocations, each %d-th failed once: %d\n", n - 1, step, tries - 1);
    return wrong || n < 100 ? 1 : 0;
}
