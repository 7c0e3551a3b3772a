/* SPDX-License-Identifier: EUPL-1.2 */
/* Room: the map, the disk, and what is kept for withdrawals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "broker/journal/journal.h"
#include "tests/journal/helper_journal.h"

#define MIB (1u << 20)

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

static kg_journal *open_with(const char *folder, size_t map_bytes, uint64_t disk_reserve_bytes)
{
    const kg_journal_options options = {.map_bytes = map_bytes,
                                        .disk_reserve_bytes = disk_reserve_bytes};
    kg_journal *journal = kg_journal_open(folder, &options);

    if (!journal)
        fail_msg("%s", kg_journal_error());
    return journal;
}

/* Appends until it is refused; the result that ended it. */
static kg_append_result fill(kg_journal *journal, size_t count, bool reserve)
{
    kg_append_result result;

    do {
        result = helper_append(journal, count, reserve);
    } while (result == KG_APPEND_OK);
    return result;
}

/* Appends while it is looked at, until what was taken over says that this view is old. */
static bool grow_old(void *context, const kg_journal_record *record)
{
    kg_journal *journal = context;
    kg_journal_usage usage = {0};
    const time_t until = time(NULL) + 20;

    (void)record;
    while (usage.oldest_view < 2 && time(NULL) < until) {
        assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
        kg_journal_usage_read(journal, &usage);
    }
    assert_true(usage.oldest_view >= 2);
    return false;
}

static void a_view_that_stands_is_told(void **state)
{
    kg_journal *journal = open_with(*state, 0, 0);
    kg_journal_usage usage;

    assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
    kg_journal_close(&journal); /* all of it is in the tables, of which views are taken */
    journal = open_with(*state, 0, 0);
    kg_journal_usage_read(journal, &usage);
    assert_int_equal(usage.oldest_view, 0);
    assert_true(kg_journal_follow(journal, 1, false, grow_old, journal));
    kg_journal_usage_read(journal, &usage);
    assert_int_equal(usage.oldest_view, 0);
    kg_journal_close(&journal);
}

static void full_map_and_a_larger_one(void **state)
{
    kg_journal *journal = open_with(*state, 4 * MIB, 0);
    kg_journal_usage usage;
    uint64_t at_nine_tenths, head;

    assert_int_equal(fill(journal, 10, false), KG_APPEND_FULL);
    assert_non_null(strstr(kg_journal_error(), "larger map"));
    kg_journal_usage_read(journal, &usage);
    assert_int_equal(usage.map_bytes, 4 * MIB);
    assert_in_range(usage.used_bytes, 4 * MIB / 10 * 8, 4 * MIB / 10 * 9);
    at_nine_tenths = kg_journal_head(journal);
    assert_int_equal(helper_append(journal, 10, false), KG_APPEND_FULL);
    assert_int_equal(helper_append(journal, 1, true), KG_APPEND_OK);
    assert_int_equal(fill(journal, 10, true), KG_APPEND_FULL);
    head = kg_journal_head(journal);
    assert_in_range(head, at_nine_tenths + 100, at_nine_tenths * 2);
    assert_int_equal(helper_verify(journal), head);
    kg_journal_close(&journal);

    journal = open_with(*state, 16 * MIB, 0);
    assert_int_equal(kg_journal_head(journal), head);
    assert_int_equal(helper_append(journal, 100, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), head + 100);
    kg_journal_close(&journal);
}

/* A refused batch leaves no trace, and a smaller one is taken after it. */
static void one_batch_larger_than_the_map(void **state)
{
    kg_journal *journal = open_with(*state, MIB, 0);

    assert_int_equal(helper_append(journal, 5, false), KG_APPEND_OK);
    assert_int_equal(helper_append(journal, 5000, false), KG_APPEND_FULL);
    assert_int_equal(helper_append(journal, 5000, true), KG_APPEND_FULL);
    assert_int_equal(helper_append(journal, 5, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 10);
    kg_journal_close(&journal);
    journal = open_with(*state, 0, 0);
    assert_int_equal(helper_append(journal, 5000, false), KG_APPEND_OK);
    assert_int_equal(helper_verify(journal), 5010);
    kg_journal_close(&journal);
}

static void disk_reserve(void **state)
{
    kg_journal *journal = open_with(*state, 0, 0);
    kg_journal_usage usage;

    kg_journal_usage_read(journal, &usage);
    assert_in_range(usage.disk_free_bytes, 1, usage.disk_bytes);
    kg_journal_close(&journal);

    /* More than the disk has, but a tenth of it is there. */
    journal = open_with(*state, 0, usage.disk_free_bytes * 2);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_FULL);
    assert_non_null(strstr(kg_journal_error(), "free some space"));
    assert_int_equal(helper_append(journal, 1, true), KG_APPEND_OK);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_FULL);
    assert_int_equal(helper_verify(journal), 1);
    kg_journal_close(&journal);

    journal = open_with(*state, 0, UINT64_MAX);
    assert_int_equal(helper_append(journal, 1, true), KG_APPEND_FULL);
    kg_journal_close(&journal);

    journal = open_with(*state, 0, 1);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_OK);
    kg_journal_close(&journal);
}

/* The writes themselves find no room: nothing more is taken from this process, and after it all
 * that was acknowledged is there. */
static int write_beyond_limit(void *folder)
{
    const struct rlimit limit = {300000, 300000};
    kg_journal *journal = kg_journal_open(folder, NULL);

    signal(SIGXFSZ, SIG_IGN);
    if (!journal || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 255;
    if (fill(journal, 10, false) != KG_APPEND_FAILED ||
        helper_append(journal, 1, true) != KG_APPEND_FAILED)
        return 254;
    return (int)(kg_journal_head(journal) / 10);
}

static void file_size_limit(void **state)
{
    int tens = helper_in_child(write_beyond_limit, *state);
    kg_journal *journal = open_with(*state, 0, 0);

    assert_in_range(tens, 5, 250);
    /* The batch that failed may be there whole. */
    assert_in_range(kg_journal_head(journal), tens * 10, tens * 10 + 10);
    assert_int_equal(helper_verify(journal), kg_journal_head(journal));
    assert_int_equal(helper_append(journal, 10, false), KG_APPEND_OK);
    kg_journal_close(&journal);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_journal, remove_journal)
    const struct CMUnitTest tests[] = {
        CASE(a_view_that_stands_is_told),
        CASE(full_map_and_a_larger_one),
        CASE(one_batch_larger_than_the_map),
        CASE(disk_reserve),
        CASE(file_size_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
