/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/journal/helper_journal.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/identity.h"
#include "proto/memory.h"

const uint8_t helper_deployment[KG_DEPLOYMENT_ID_BYTES] = {0xd3, 1, 2, 3, 4, 5, 6, 7,
                                                           8,    9, 1, 2, 3, 4, 5, 6};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    abort();
}

char *helper_folder_new(void)
{
    const char *base = getenv("TMPDIR");
    char path[4096];

    snprintf(path, sizeof(path), "%s/kg-journal-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(path))
        give_up(path);
    return kg_strdup(path);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

void helper_folder_remove(char **folder)
{
    if (nftw(*folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        give_up(*folder);
    free(*folder);
    *folder = NULL;
}

char *helper_journal_new(void)
{
    char *folder = helper_folder_new();

    if (!kg_journal_create(folder, helper_deployment))
        give_up(kg_journal_error());
    return folder;
}

char *helper_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = kg_alloc(size, 1);

    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

uint8_t *helper_file_read(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long size;

    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
        give_up(path);
    rewind(file);
    bytes = kg_alloc((size_t)size + 1, 1);
    *count = fread(bytes, 1, (size_t)size, file);
    if (*count != (size_t)size)
        give_up(path);
    fclose(file);
    return bytes;
}

void helper_file_write(const char *path, const uint8_t *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        give_up(path);
}

/* splitmix64 */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static void fill(uint8_t *out, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(mix(seed + i / 8) >> (i % 8 * 8));
}

static size_t command_bytes(uint64_t sequence)
{
    if (sequence % 7 == 0)
        return 0;
    return sequence % 31 == 0 ? 9000 : mix(sequence) % 400;
}

static size_t event_bytes(uint64_t sequence)
{
    return sequence % 5 == 0 ? 0 : mix(~sequence) % 200;
}

kg_journal_record *helper_records(uint64_t first, size_t count)
{
    kg_journal_record *records = kg_alloc(count, sizeof(*records));

    for (size_t i = 0; i < count; i++) {
        const uint64_t sequence = first + i;
        kg_journal_record *record = &records[i];
        uint8_t *bytes;

        record->sequence = sequence;
        record->time_ms = (int64_t)(1790000000000 + sequence);
        fill(record->salt, KG_SALT_BYTES, sequence << 20);
        if (sequence % 7 != 0)
            kg_sha256_once(&sequence, sizeof(sequence), record->request_key);
        record->command_bytes = command_bytes(sequence);
        record->event_bytes = event_bytes(sequence);
        bytes = kg_alloc(record->command_bytes + record->event_bytes + 1, 1);
        fill(bytes, record->command_bytes + record->event_bytes, sequence << 32);
        record->command = bytes;
        record->event = bytes + record->command_bytes;
    }
    return records;
}

void helper_records_free(kg_journal_record **records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)(*records)[i].command);
    free(*records);
    *records = NULL;
}

bool helper_record_equal(const kg_journal_record *record)
{
    kg_journal_record *wanted = helper_records(record->sequence, 1);
    bool equal = record->time_ms == wanted->time_ms &&
                 memcmp(record->salt, wanted->salt, KG_SALT_BYTES) == 0 &&
                 memcmp(record->request_key, wanted->request_key, KG_REQUEST_KEY_BYTES) == 0 &&
                 record->command_bytes == wanted->command_bytes &&
                 record->event_bytes == wanted->event_bytes &&
                 memcmp(record->command, wanted->command, wanted->command_bytes) == 0 &&
                 memcmp(record->event, wanted->event, wanted->event_bytes) == 0;

    helper_records_free(&wanted, 1);
    return equal;
}

void helper_note_done(void *context, kg_append_result result, uint64_t head)
{
    helper_done *done = context;

    done->calls++;
    done->result = result;
    done->head = head;
}

kg_append_result helper_append(kg_journal *journal, size_t count, bool reserve)
{
    const uint64_t head = kg_journal_head(journal);
    kg_journal_record *records = helper_records(head + 1, count);
    helper_done done = {0};

    kg_journal_append(journal, kg_journal_epoch(journal), head, records, count, reserve,
                      helper_note_done, &done);
    kg_journal_reap(journal, true);
    helper_records_free(&records, count);
    if (done.calls != 1 || done.head != kg_journal_head(journal) ||
        done.head != head + (done.result == KG_APPEND_OK ? count : 0))
        abort();
    return done.result;
}

struct check {
    int64_t count;
    bool equal;
};

static bool check_record(void *context, const kg_journal_record *record)
{
    struct check *check = context;

    check->count++;
    check->equal = (uint64_t)check->count == record->sequence && helper_record_equal(record);
    return check->equal;
}

int64_t helper_verify(kg_journal *journal)
{
    struct check check = {.equal = true};

    if (!kg_journal_follow(journal, 1, true, check_record, &check) || !check.equal)
        return -1;
    return check.count;
}

int helper_in_child(int (*body)(void *context), void *context)
{
    const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    const struct rlimit none = {0, 0};
    int status = 0;
    pid_t child;

    fflush(NULL); /* else what is buffered is written twice */
    child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0) {
        for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
            signal(deadly[i], SIG_DFL); /* cmocka's handlers would go on with the tests */
        setrlimit(RLIMIT_CORE, &none);
        _exit(body(context));
    }
    if (waitpid(child, &status, 0) != child)
        give_up("waitpid");
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
