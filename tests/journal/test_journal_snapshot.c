/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/journal/helper_journal.h"

static const kg_journal_options reading = {.read_only = true};

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

static bool keep_chain(void *context, const kg_journal_record *record)
{
    memcpy(context, record->chain, KG_CHAIN_BYTES);
    return false;
}

/* The copy opens, is whole, and has the original's chain at its head. */
static void expect_copy(const char *folder, kg_journal *original)
{
    uint8_t chain[KG_CHAIN_BYTES], original_chain[KG_CHAIN_BYTES] = {0};
    kg_journal *copy = kg_journal_open(folder, &reading);
    uint64_t head;

    assert_non_null(copy);
    head = kg_journal_head(copy);
    assert_int_equal(helper_verify(copy), head);
    kg_journal_chain(copy, chain);
    if (head > 0)
        assert_true(kg_journal_follow(original, head, false, keep_chain, original_chain));
    assert_memory_equal(chain, original_chain, KG_CHAIN_BYTES);
    kg_journal_close(&copy);
}

static void expect_owners_alone(const char *folder)
{
    char *path = helper_path(folder, "data.mdb");
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    free(path);
}

static void copy_and_go_on_from_it(void **state)
{
    char *folder = helper_folder_new();
    kg_journal *journal = kg_journal_open(*state, NULL);
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];

    assert_int_equal(helper_append(journal, 500, false), KG_APPEND_OK);
    assert_true(kg_journal_snapshot(journal, folder));
    expect_copy(folder, journal);
    expect_owners_alone(folder);
    kg_journal_close(&journal);
    journal = kg_journal_open(folder, NULL);
    assert_non_null(journal);
    kg_journal_deployment(journal, deployment);
    assert_memory_equal(deployment, helper_deployment, sizeof(deployment));
    assert_int_equal(helper_append(journal, 7, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 507);
    kg_journal_close(&journal);
    helper_folder_remove(&folder);
}

static void copy_of_an_empty_one(void **state)
{
    char *folder = helper_folder_new();
    kg_journal *journal = kg_journal_open(*state, NULL);

    assert_true(kg_journal_snapshot(journal, folder));
    expect_copy(folder, journal);
    kg_journal_close(&journal);
    helper_folder_remove(&folder);
}

static void not_into_what_is_not_empty(void **state)
{
    char *folder = helper_folder_new(), *file = helper_path(folder, "mine");
    kg_journal *journal = kg_journal_open(*state, NULL);

    helper_file_write(file, (const uint8_t *)"x", 1);
    assert_false(kg_journal_snapshot(journal, folder));
    assert_non_null(strstr(kg_journal_error(), "not empty"));
    assert_int_equal(unlink(file), 0);
    assert_false(kg_journal_snapshot(journal, *state));
    assert_false(kg_journal_snapshot(journal, file));
    assert_int_equal(rmdir(folder), 0); /* nothing was left in it */
    kg_journal_close(&journal);
    free(file);
    free(folder);
}

/* A damaged journal gives no backup that passes for one. */
static void damage_is_not_copied(void **state)
{
    char *folder = helper_folder_new(), *path = helper_path(*state, "data.mdb");
    kg_journal *journal = kg_journal_open(*state, NULL);
    kg_journal_record *records = helper_records(1, 1);
    size_t count;
    uint8_t *bytes, *at;

    assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
    kg_journal_close(&journal); /* it is in the tables then */
    journal = kg_journal_open(*state, NULL);
    assert_non_null(journal);
    bytes = helper_file_read(path, &count);
    at = memmem(bytes, count, records[0].event, records[0].event_bytes);
    assert_non_null(at);
    at[0] ^= 1;
    {
        int descriptor = open(path, O_RDWR);

        assert_int_equal(pwrite(descriptor, at, 1, at - bytes), 1);
        close(descriptor);
    }
    assert_false(kg_journal_snapshot(journal, folder));
    assert_non_null(strstr(kg_journal_error(), "record 1 "));
    assert_int_equal(rmdir(folder), 0);
    kg_journal_close(&journal);
    helper_records_free(&records, 1);
    free(bytes);
    free(path);
    free(folder);
}

struct writer {
    kg_journal *journal;
    atomic_bool stop;
    atomic_int appended, wanted; /* copying takes longer, the more there is */
};

static void *keep_appending(void *context)
{
    struct writer *writer = context;

    while (!writer->stop && writer->appended >= 0) {
        if (writer->appended >= writer->wanted)
            sched_yield();
        else if (helper_append(writer->journal, 40, false) == KG_APPEND_OK)
            writer->appended += 40;
        else
            writer->appended = -1;
    }
    return NULL;
}

static bool count_in_order(void *context, const kg_journal_record *record)
{
    uint64_t *next = context;

    return record->sequence == (*next)++ && helper_record_equal(record);
}

/* Copies, readers and usage in this thread, while another appends. */
static void copies_while_appending(void **state)
{
    struct writer writer = {.journal = kg_journal_open(*state, NULL)};
    kg_journal_usage usage;
    pthread_t thread;
    uint64_t next;

    assert_non_null(writer.journal);
    assert_int_equal(pthread_create(&thread, NULL, keep_appending, &writer), 0);
    for (int i = 0; i < 5; i++) {
        char *folder = helper_folder_new();
        int before = writer.appended;

        writer.wanted = before + 2000;
        while (writer.appended == before)
            sched_yield();
        if (!kg_journal_snapshot(writer.journal, folder))
            fail_msg("%s", kg_journal_error());
        expect_copy(folder, writer.journal);
        next = 1;
        assert_true(kg_journal_follow(writer.journal, 1, true, count_in_order, &next));
        assert_true(next > (uint64_t)before);
        kg_journal_usage_read(writer.journal, &usage);
        assert_true(usage.used_bytes > 0);
        helper_folder_remove(&folder);
    }
    writer.stop = true;
    pthread_join(thread, NULL);
    assert_true(writer.appended > 0);
    assert_int_equal(helper_verify(writer.journal), writer.appended);
    kg_journal_close(&writer.journal);
}

static void verify_in_a_child(void **state)
{
    char *path = helper_path(*state, "data.mdb");
    kg_journal *journal = kg_journal_open(*state, NULL);
    kg_journal_record *records = helper_records(1, 60);
    uint8_t chain[KG_CHAIN_BYTES], *bytes, *at;
    kg_journal_extent extent;
    size_t count;

    assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
    kg_journal_chain(journal, chain);
    kg_journal_close(&journal);
    assert_true(kg_journal_verify(*state, NULL, NULL, &extent));
    assert_int_equal(extent.records, 100);
    assert_memory_equal(extent.chain, chain, KG_CHAIN_BYTES);
    bytes = helper_file_read(path, &count);
    at = memmem(bytes, count, records[58].event, records[58].event_bytes);
    assert_non_null(at);
    at[0] ^= 1;
    helper_file_write(path, bytes, count);
    assert_false(kg_journal_verify(*state, NULL, NULL, &extent));
    assert_non_null(strstr(kg_journal_error(), "record 59 "));
    assert_int_equal(extent.records, 58);
    assert_int_equal(truncate(path, (off_t)count / 4096 / 2 * 4096), 0);
    assert_false(kg_journal_verify(*state, NULL, NULL, &extent));
    helper_records_free(&records, 60);
    free(bytes);
    free(path);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_journal, remove_journal)
    const struct CMUnitTest tests[] = {
        CASE(copy_and_go_on_from_it), CASE(copy_of_an_empty_one), CASE(not_into_what_is_not_empty),
        CASE(damage_is_not_copied),   CASE(verify_in_a_child),    CASE(copies_while_appending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
