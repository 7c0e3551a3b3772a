/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd journal, run as an administrator runs it, on a deployment that kopgroepd init made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "broker/journal/journal.h"
#include "proto/codec.h"
#include "tests/journal/helper_journal.h"

#define OUTPUT_BYTES 65536

struct place {
    char *folder;                                              /* of the test, owned */
    char broker[4096], journal[4096], copy[4096], other[4096]; /* in it */
    char output[OUTPUT_BYTES];
};

/* Runs `kopgroepd ARGUMENTS`; its exit status. What it writes, to either end, is in output. */
__attribute__((format(printf, 2, 3))) static int run(struct place *place, const char *arguments,
                                                     ...)
{
    char command[16384];
    va_list list;
    int count = snprintf(command, sizeof(command), "%s/broker/kopgroepd ", KG_BINARY_DIR), status;
    FILE *pipe;

    va_start(list, arguments);
    count += vsnprintf(command + count, sizeof(command) - (size_t)count, arguments, list);
    va_end(list);
    snprintf(command + count, sizeof(command) - (size_t)count, " 2>&1");
    pipe = popen(command, "r");
    assert_non_null(pipe);
    place->output[fread(place->output, 1, OUTPUT_BYTES - 1, pipe)] = '\0';
    status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int found(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    if (!place)
        return -1;
    place->folder = helper_folder_new();
    snprintf(place->broker, sizeof(place->broker), "%s/broker", place->folder);
    snprintf(place->journal, sizeof(place->journal), "%s/broker/journal", place->folder);
    snprintf(place->copy, sizeof(place->copy), "%s/copy", place->folder);
    snprintf(place->other, sizeof(place->other), "%s/other", place->folder);
    *state = place;
    return run(place, "init --catalogue %s/config/catalogue.conf %s", KG_SOURCE_DIR, place->broker);
}

static int lose(void **state)
{
    struct place *place = *state;

    helper_folder_remove(&place->folder);
    free(place);
    return 0;
}

/* The rest of the line that begins with `name` and a space; owned. */
static char *field(const struct place *place, const char *name)
{
    const char *line = strstr(place->output, name);

    assert_non_null(line);
    line += strlen(name) + 1;
    return strndup(line, strcspn(line, "\n"));
}

static void verify_shows_head_and_state(void **state)
{
    struct place *place = *state;
    char *records, *chain, *hash;

    assert_int_equal(run(place, "journal verify %s", place->broker), 0);
    records = field(place, "records");
    chain = field(place, "chain");
    hash = field(place, "state");
    assert_string_equal(records, "2");
    assert_int_equal(strspn(chain, "0123456789abcdef"), 64);
    assert_int_equal(strspn(hash, "0123456789abcdef"), 64);
    free(hash);
    free(chain);
    free(records);
}

static void dump_is_an_object_a_line(void **state)
{
    struct place *place = *state;
    char first[OUTPUT_BYTES];

    assert_int_equal(run(place, "journal dump %s", place->journal), 0);
    assert_int_equal(strncmp(place->output, "{\"sequence\":1,\"time\":\"", 22), 0);
    assert_non_null(strstr(place->output, "\n{\"sequence\":2,"));
    assert_non_null(strstr(place->output, "\"kind\":\"register\""));
    assert_non_null(strstr(place->output, "\n{\"state\":\""));
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(place->output, "\n") + 1, place->output);
    assert_int_equal(run(place, "journal dump %s --to 1", place->journal), 0);
    assert_string_equal(place->output, first);
    assert_int_equal(run(place, "journal dump --from 3 %s", place->journal), 0);
    assert_string_equal(place->output, "");
}

/* A pager that closes early is no failure, and no damage. */
static void dump_into_a_pager(void **state)
{
    struct place *place = *state;

    assert_int_equal(run(place, "journal dump %s | head -c 1", place->journal), 0);
    assert_string_equal(place->output, "{");
}

static void backup_and_restore(void **state)
{
    struct place *place = *state;
    char whole[OUTPUT_BYTES];

    assert_int_equal(run(place, "journal verify %s", place->journal), 0);
    snprintf(whole, sizeof(whole), "%s", place->output);
    assert_int_equal(run(place, "journal backup %s %s", place->broker, place->copy), 0);
    assert_non_null(strstr(place->output, "records 2\n"));
    assert_int_equal(run(place, "journal backup %s %s", place->broker, place->copy), 4);
    assert_non_null(strstr(place->output, "not empty"));
    assert_int_equal(run(place, "journal restore %s %s", place->copy, place->other), 0);
    assert_int_equal(run(place, "journal verify %s", place->other), 0);
    assert_string_equal(place->output, whole);
    assert_int_equal(run(place, "journal restore %s %s", place->copy, place->other), 4);
}

/* As on a new machine: what is kept beside backups is there, and the broker's folder is named. */
static void a_brokers_folder_gets_its_journal_inside(void **state)
{
    struct place *place = *state;

    assert_int_equal(run(place, "journal backup %s %s", place->broker, place->copy), 0);
    assert_int_equal(mkdir(place->other, 0700), 0);
    {
        char *key = helper_path(place->other, "broker.key");

        helper_file_write(key, (const uint8_t *)"", 0);
        free(key);
    }
    assert_int_equal(run(place, "journal restore %s %s", place->copy, place->other), 0);
    assert_int_equal(run(place, "journal verify %s/journal", place->other), 0);
    assert_int_equal(run(place, "journal verify %s", place->other), 0);
    assert_int_equal(run(place, "journal restore %s %s", place->copy, place->other), 4);
    assert_non_null(strstr(place->output, "other/journal is not empty"));
    assert_int_equal(run(place, "journal migrate %s %s", place->copy, place->other), 0);
    assert_non_null(strstr(place->output, "records 2\n"));
}

static void damage_is_named(void **state)
{
    struct place *place = *state;
    char *path = helper_path(place->journal, "data.mdb");
    size_t count;
    uint8_t *bytes = helper_file_read(path, &count), *at;

    at = memmem(bytes, count, "administrator", 13); /* in the second record's event */
    assert_non_null(at);
    while (at) {
        at[0] = 'A';
        at = memmem(bytes, count, "administrator", 13);
    }
    helper_file_write(path, bytes, count);
    assert_int_equal(run(place, "journal verify %s", place->journal), 1);
    assert_non_null(strstr(place->output, "record 2 "));
    assert_non_null(strstr(place->output, "restore a backup"));
    assert_int_equal(run(place, "journal backup %s %s", place->journal, place->copy), 4);
    free(bytes);
    free(path);
}

/* The chain is sound, yet the event cannot follow from those before it. */
static void append_foreign(const char *folder)
{
    const kg_journal_options writing = {0};
    kg_journal *journal = kg_journal_open(folder, &writing);
    kg_event *event = kg_event_new(KG_KIND_ROUND_CLOSE);
    kg_journal_record record = {.sequence = 3, .time_ms = INT64_C(1790000000000)};
    helper_done done = {0};
    kg_buffer bytes;

    assert_non_null(journal);
    assert_int_equal(kg_journal_head(journal), 2);
    kg_buffer_init(&bytes);
    event->command.round = "nowhere";
    event->time_ms = record.time_ms;
    event->today = 20717;
    kg_codec_event_encode(event, NULL, &bytes);
    record.event = (const uint8_t *)bytes.bytes;
    record.event_bytes = bytes.count;
    kg_journal_append(journal, kg_journal_epoch(journal), 2, &record, 1, false, helper_note_done,
                      &done);
    kg_journal_reap(journal, true);
    assert_int_equal(done.result, KG_APPEND_OK);
    kg_journal_close(&journal);
    kg_event_destroy(&event);
    kg_buffer_fini(&bytes);
}

static void what_cannot_follow_is_named(void **state)
{
    struct place *place = *state;

    append_foreign(place->journal);
    assert_int_equal(run(place, "journal verify %s", place->broker), 1);
    assert_non_null(strstr(place->output, "record 3, round-close, does not follow from those"));
    assert_non_null(strstr(place->output, "there is no round nowhere"));
    assert_non_null(strstr(place->output, "restore a backup"));
    assert_int_equal(run(place, "run --config %s/broker.conf", place->broker), 4);
    assert_non_null(strstr(place->output, "there is no round nowhere"));
}

static void usage(void **state)
{
    struct place *place = *state;

    assert_int_equal(run(place, "journal"), 2);
    assert_int_equal(run(place, "journal verify"), 2);
    assert_int_equal(run(place, "journal read %s", place->journal), 2);
    assert_int_equal(run(place, "journal backup %s", place->journal), 2);
    assert_non_null(strstr(place->output, "say kopgroepd journal backup DIR TO"));
    assert_int_equal(run(place, "journal verify %s %s", place->journal, place->copy), 2);
    assert_int_equal(run(place, "journal verify %s --from 1", place->journal), 2);
    assert_int_equal(run(place, "journal dump %s --from 0", place->journal), 2);
    assert_int_equal(run(place, "journal verify /nowhere"), 4);
    assert_non_null(strstr(place->output, "/nowhere: No such file"));
    assert_int_equal(run(place, "journal dump %s", place->folder), 4);
    assert_int_equal(run(place, "journal --help"), 0);
    assert_non_null(strstr(place->output, "Examples:"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, found, lose)
    const struct CMUnitTest tests[] = {
        CASE(verify_shows_head_and_state),
        CASE(dump_is_an_object_a_line),
        CASE(dump_into_a_pager),
        CASE(backup_and_restore),
        CASE(a_brokers_folder_gets_its_journal_inside),
        CASE(damage_is_named),
        CASE(what_cannot_follow_is_named),
        CASE(usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
