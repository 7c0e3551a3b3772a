/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/journal/helper_journal.h"

static int make_journal(void **state)
{
    *state = helper_journal_new();
    return 0;
}

static int remove_journal(void **state)
{
    char *folder = *state;

    helper_folder_remove(&folder);
    return 0;
}

static kg_journal *open_or_fail(const char *folder)
{
    kg_journal *journal = kg_journal_open(folder, NULL);

    if (!journal)
        fail_msg("%s", kg_journal_error());
    return journal;
}

static void new_one_is_empty(void **state)
{
    const uint8_t zero[KG_CHAIN_BYTES] = {0};
    uint8_t chain[KG_CHAIN_BYTES], deployment[KG_DEPLOYMENT_ID_BYTES];
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(kg_journal_head(journal), 0);
    assert_int_equal(kg_journal_epoch(journal), 1);
    kg_journal_chain(journal, chain);
    assert_memory_equal(chain, zero, sizeof(zero));
    kg_journal_deployment(journal, deployment);
    assert_memory_equal(deployment, helper_deployment, sizeof(deployment));
    assert_int_equal(helper_verify(journal), 0);
    kg_journal_close(&journal);
    assert_null(journal);
}

static void it_survives_closing(void **state)
{
    uint8_t before[KG_CHAIN_BYTES], after[KG_CHAIN_BYTES];
    kg_journal *journal = open_or_fail(*state);

    for (size_t count = 1; count < 60; count++)
        assert_int_equal(helper_append(journal, count, false), KG_APPEND_OK);
    assert_int_equal(helper_append(journal, 0, false), KG_APPEND_OK);
    kg_journal_chain(journal, before);
    kg_journal_close(&journal);
    journal = open_or_fail(*state);
    assert_int_equal(kg_journal_head(journal), 59 * 60 / 2);
    kg_journal_chain(journal, after);
    assert_memory_equal(before, after, sizeof(before));
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 59 * 60 / 2 + 1);
    kg_journal_close(&journal);
}

static void ten_thousand_in_one_batch(void **state)
{
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(helper_append(journal, 10000, false), KG_APPEND_OK);
    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 10003);
    kg_journal_close(&journal);
}

static kg_append_result append_at(kg_journal *journal, uint64_t epoch, uint64_t head,
                                  uint64_t first, size_t count)
{
    kg_journal_record *records = helper_records(first, count);
    helper_done done = {0};

    kg_journal_append(journal, epoch, head, records, count, false, helper_note_done, &done);
    assert_int_equal(done.calls, 0);
    assert_int_equal(kg_journal_reap(journal, true), 1);
    helper_records_free(&records, count);
    assert_int_equal(done.calls, 1);
    assert_int_equal(done.head, kg_journal_head(journal));
    return done.result;
}

static void another_head_or_epoch_is_lost(void **state)
{
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(helper_append(journal, 5, false), KG_APPEND_OK);
    assert_int_equal(append_at(journal, 1, 4, 5, 1), KG_APPEND_LOST);
    assert_int_equal(append_at(journal, 1, 6, 7, 1), KG_APPEND_LOST);
    assert_int_equal(append_at(journal, 2, 5, 6, 1), KG_APPEND_LOST);
    assert_int_equal(append_at(journal, 0, 5, 6, 1), KG_APPEND_LOST);
    assert_int_equal(append_at(journal, 1, 4, 5, 0), KG_APPEND_LOST);
    assert_non_null(strstr(kg_journal_error(), "another one leads"));
    assert_int_equal(append_at(journal, 1, 5, 6, 1), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 6);
    kg_journal_close(&journal);
}

static void out_of_sequence_fails_for_good(void **state)
{
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(helper_append(journal, 5, false), KG_APPEND_OK);
    assert_int_equal(append_at(journal, 1, 5, 7, 2), KG_APPEND_FAILED);
    assert_int_equal(append_at(journal, 1, 5, 6, 1), KG_APPEND_FAILED);
    assert_int_equal(helper_verify(journal), 5);
    kg_journal_close(&journal);
    journal = open_or_fail(*state);
    assert_int_equal(append_at(journal, 1, 5, 6, 1), KG_APPEND_OK);
    kg_journal_close(&journal);
}

/* The broker looks for a request before it records it; should it not, nothing is recorded. */
static void a_request_twice_fails_for_good(void **state)
{
    kg_journal *journal = open_or_fail(*state);
    kg_journal_record *records = helper_records(1, 2);
    helper_done done = {0};

    memcpy(records[1].request_key, records[0].request_key, KG_REQUEST_KEY_BYTES);
    kg_journal_append(journal, 1, 0, records, 2, false, helper_note_done, &done);
    kg_journal_reap(journal, true);
    assert_int_equal(done.result, KG_APPEND_FAILED);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_FAILED);
    helper_records_free(&records, 2);
    kg_journal_close(&journal);
    journal = open_or_fail(*state);
    assert_int_equal(kg_journal_head(journal), 0);
    assert_int_equal(helper_append(journal, 2, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 2);
    kg_journal_close(&journal);
}

static void requests_are_found(void **state)
{
    kg_journal *journal = open_or_fail(*state);
    kg_journal_record *records = helper_records(1, 300);
    const uint8_t none[KG_REQUEST_KEY_BYTES] = {0}, other[KG_REQUEST_KEY_BYTES] = {1};

    assert_int_equal(kg_journal_find(journal, records[0].request_key), 0);
    assert_int_equal(helper_append(journal, 300, false), KG_APPEND_OK);
    for (uint64_t i = 1; i <= 300; i++) {
        if (i % 7 != 0)
            assert_int_equal(kg_journal_find(journal, records[i - 1].request_key), i);
    }
    assert_int_equal(kg_journal_find(journal, none), 0);
    assert_int_equal(kg_journal_find(journal, other), 0);
    helper_records_free(&records, 300);
    kg_journal_close(&journal);
}

struct span {
    uint64_t first, last, stop_at;
};

static bool note_span(void *context, const kg_journal_record *record)
{
    struct span *span = context;

    if (span->first == 0)
        span->first = record->sequence;
    assert_true(span->last == 0 || record->sequence == span->last + 1);
    span->last = record->sequence;
    return record->sequence != span->stop_at;
}

static void follow_from_anywhere(void **state)
{
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
    for (uint64_t from = 0; from <= 102; from++) {
        struct span span = {0}, stopped = {.stop_at = from + 2};

        assert_true(kg_journal_follow(journal, from, from % 2, note_span, &span));
        assert_int_equal(span.first, from > 100 ? 0 : from > 0 ? from : 1);
        assert_int_equal(span.last, from > 100 ? 0 : 100);
        assert_true(kg_journal_follow(journal, from, from % 2, note_span, &stopped));
        assert_int_equal(stopped.last, from > 100 ? 0 : from + 2 < 100 ? from + 2 : 100);
    }
    kg_journal_close(&journal);
}

static void creating_and_opening_where_one_cannot(void **state)
{
    char *empty = helper_folder_new();
    char *file = helper_path(empty, "file");

    assert_false(kg_journal_create(*state, helper_deployment));
    assert_non_null(strstr(kg_journal_error(), "already"));
    assert_null(kg_journal_open(empty, NULL));
    assert_non_null(strstr(kg_journal_error(), empty));
    assert_non_null(strstr(kg_journal_error(), "kopgroepd init"));
    helper_file_write(file, (const uint8_t *)"x", 1);
    assert_null(kg_journal_open(file, NULL));
    assert_false(kg_journal_create(file, helper_deployment));
    assert_non_null(strstr(kg_journal_error(), "not a folder"));
    assert_false(kg_journal_create("/nowhere/at/all", helper_deployment));
    assert_non_null(strstr(kg_journal_error(), "/nowhere/at/all"));
    free(file);
    helper_folder_remove(&empty);
}

static void creating_takes_over_what_was_cut_short(void **state)
{
    char *folder = helper_folder_new();
    char *left = helper_path(folder, "journal.new");
    kg_journal *journal;

    (void)state;
    helper_file_write(left, (const uint8_t *)"half", 4);
    assert_true(kg_journal_create(folder, helper_deployment));
    assert_int_not_equal(access(left, F_OK), 0);
    journal = open_or_fail(folder);
    kg_journal_close(&journal);
    free(left);
    helper_folder_remove(&folder);
}

static int try_writing(void *folder)
{
    kg_journal *journal = kg_journal_open(folder, NULL);

    return journal ? 1 : strstr(kg_journal_error(), "in use by process") ? 0 : 2;
}

static void second_writer_is_refused(void **state)
{
    kg_journal *journal = open_or_fail(*state);

    assert_int_equal(helper_in_child(try_writing, *state), 0);
    assert_null(kg_journal_open(*state, NULL));
    assert_false(kg_journal_create(*state, helper_deployment));
    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    assert_int_equal(helper_in_child(try_writing, *state), 1);
}

struct beside {
    const char *folder;
    int to_child[2], to_parent[2];
};

static void say(int descriptor)
{
    if (write(descriptor, "x", 1) != 1)
        abort();
}

static void hear(int descriptor)
{
    char word;

    if (read(descriptor, &word, 1) != 1)
        abort();
}

/* Opens for reading beside the writer; sees what it appends after that; cannot append. */
static int read_beside(void *context)
{
    struct beside *beside = context;
    const kg_journal_options options = {.read_only = true};
    hear(beside->to_child[0]);
    kg_journal *journal = kg_journal_open(beside->folder, &options);

    if (!journal || kg_journal_head(journal) != 5 || helper_verify(journal) != 5)
        return 1;
    say(beside->to_parent[1]);
    hear(beside->to_child[0]);
    if (helper_verify(journal) != 1005)
        return 2;
    if (helper_append(journal, 1, false) != KG_APPEND_FAILED)
        return 3;
    kg_journal_close(&journal);
    return 0;
}

static void reader_sees_appends(void **state)
{
    struct beside beside = {.folder = *state};
    kg_journal *journal;
    pid_t child;
    int status;

    assert_int_equal(pipe(beside.to_child) | pipe(beside.to_parent), 0);
    child = fork(); /* before the journal has a thread: the child will have some of its own */
    if (child == 0)
        _exit(read_beside(&beside));
    journal = open_or_fail(*state);
    assert_int_equal(helper_append(journal, 5, false), KG_APPEND_OK);
    say(beside.to_child[1]);
    close(beside.to_parent[1]);
    hear(beside.to_parent[0]);
    assert_int_equal(helper_append(journal, 1000, false), KG_APPEND_OK);
    say(beside.to_child[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(helper_verify(journal), 1005);
    kg_journal_close(&journal);
    for (int i = 0; i < 2; i++)
        close(beside.to_child[i]);
    close(beside.to_parent[0]);
}

static void files_are_the_owners_alone(void **state)
{
    const char *names[] = {"data.mdb", "lock.mdb", "journal.lock"};
    kg_journal *journal = open_or_fail(*state);

    kg_journal_close(&journal);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = helper_path(*state, names[i]);
        struct stat info;

        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        free(path);
    }
}

/* A parent that ignores SIGCHLD gets no status of the child that looks first. */
static void opening_under_ignored_sigchld(void **state)
{
    kg_journal *journal;

    signal(SIGCHLD, SIG_IGN);
    journal = kg_journal_open(*state, NULL);
    signal(SIGCHLD, SIG_DFL);
    assert_non_null(journal);
    kg_journal_close(&journal);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_journal, remove_journal)
    const struct CMUnitTest tests[] = {
        CASE(new_one_is_empty),
        CASE(it_survives_closing),
        CASE(ten_thousand_in_one_batch),
        CASE(another_head_or_epoch_is_lost),
        CASE(out_of_sequence_fails_for_good),
        CASE(a_request_twice_fails_for_good),
        CASE(requests_are_found),
        CASE(follow_from_anywhere),
        CASE(creating_and_opening_where_one_cannot),
        CASE(creating_takes_over_what_was_cut_short),
        CASE(second_writer_is_refused),
        CASE(reader_sees_appends),
        CASE(files_are_the_owners_alone),
        CASE(opening_under_ignored_sigchld),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
