/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_child.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "tests/journal/helper_journal.h"

static int make_folder(void **state)
{
    *state = helper_folder_new();
    return 0;
}

static int remove_folder(void **state)
{
    char *folder = *state;

    helper_folder_remove(&folder);
    return 0;
}

static void remote_file_systems_are_known(void **state)
{
    const uint64_t remote[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC,
                               SMB2_SUPER_MAGIC, V9FS_MAGIC,       CEPH_SUPER_MAGIC,
                               AFS_SUPER_MAGIC,  FUSE_SUPER_MAGIC, CODA_SUPER_MAGIC};
    const uint64_t local[] = {EXT4_SUPER_MAGIC,      XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                              OVERLAYFS_SUPER_MAGIC, TMPFS_MAGIC,     F2FS_SUPER_MAGIC};

    (void)state;
    for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
        assert_non_null(kg_folder_remote_type(remote[i]));
    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
        assert_null(kg_folder_remote_type(local[i]));
    assert_string_equal(kg_folder_remote_type(NFS_SUPER_MAGIC), "NFS");
}

static void empty_but_for_lost_and_found(void **state)
{
    char *found = helper_path(*state, "lost+found"), *file = helper_path(*state, "a");

    assert_true(kg_folder_empty(*state));
    assert_int_equal(mkdir(found, 0700), 0);
    assert_true(kg_folder_empty(*state));
    helper_file_write(file, (const uint8_t *)"", 0);
    assert_false(kg_folder_empty(*state));
    assert_non_null(strstr(kg_journal_error(), "(it holds a)"));
    assert_true(kg_folder_holds(*state, "a"));
    assert_false(kg_folder_holds(*state, "b"));
    free(found);
    free(file);
}

static void taken_once(void **state)
{
    int first = kg_folder_take(*state), second;
    char number[32];

    assert_true(first >= 0);
    assert_int_equal(kg_folder_take(*state), -1);
    snprintf(number, sizeof(number), "process %d;", (int)getpid());
    assert_non_null(strstr(kg_journal_error(), number));
    close(first);
    second = kg_folder_take(*state);
    assert_true(second >= 0);
    close(second);
}

/* Does the process stand before the lock, with its file open? */
static bool stands_before(pid_t process, const char *lock)
{
    char path[64], link[4096];

    for (int descriptor = 3; descriptor < 64; descriptor++) {
        ssize_t count;

        snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)process, descriptor);
        count = readlink(path, link, sizeof(link) - 1);
        link[count > 0 ? count : 0] = '\0';
        if (strcmp(link, lock) == 0)
            return true;
    }
    return false;
}

/* Ends, and leaves a child behind that has what it held until somebody else wants it. */
static int hold_and_leave_a_child(void *folder)
{
    const pid_t other = getppid();
    char *lock = helper_path(folder, "journal.lock");
    const bool held = kg_folder_take(folder) >= 0;

    if (fork() == 0) {
        for (int ms = 0; ms < 20000 && !stands_before(other, lock); ms++)
            usleep(1000);
        _exit(0);
    }
    return held ? 0 : 1;
}

/* A broker that is killed while a child of it looks at the journal. */
static void what_a_dead_holder_left_is_waited_for(void **state)
{
    int hold;

    assert_int_equal(helper_in_child(hold_and_leave_a_child, *state), 0);
    hold = kg_folder_take(*state);
    assert_true(hold >= 0);
    close(hold);
}

static void space_is_read(void **state)
{
    kg_folder_space space;

    assert_true(kg_folder_space_read(*state, &space));
    assert_in_range(space.free_bytes, 1, space.total_bytes);
    assert_false(kg_folder_space_read("/nowhere", &space));
}

static bool say_good(void *context)
{
    (void)context;
    return true;
}

static bool say_bad(void *context)
{
    return kg_journal_fail("%s is bad", (const char *)context);
}

static bool touch_what_is_gone(void *context)
{
    (void)context;
    raise(SIGBUS);
    return true;
}

static bool leave(void *context)
{
    (void)context;
    _exit(0);
}

static void a_child_looks(void **state)
{
    (void)state;
    assert_true(kg_journal_child("FOLDER", say_good, NULL));
    assert_false(kg_journal_child("FOLDER", say_bad, (void *)"it"));
    assert_string_equal(kg_journal_error(), "it is bad");
    assert_false(kg_journal_child("FOLDER", touch_what_is_gone, NULL));
    assert_non_null(strstr(kg_journal_error(), "FOLDER is damaged"));
    assert_non_null(strstr(kg_journal_error(), "Bus error"));
    assert_false(kg_journal_child("FOLDER", leave, NULL));
    assert_non_null(strstr(kg_journal_error(), "no answer"));
}

static void sentences_may_hold_the_last_one(void **state)
{
    (void)state;
    assert_false(kg_journal_fail("first"));
    assert_false(kg_journal_fail("%s, then %d", kg_journal_error(), 2));
    assert_string_equal(kg_journal_error(), "first, then 2");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remote_file_systems_are_known),
        CASE(empty_but_for_lost_and_found),
        CASE(taken_once),
        CASE(what_a_dead_holder_left_is_waited_for),
        CASE(space_is_read),
        cmocka_unit_test(a_child_looks),
        cmocka_unit_test(sentences_may_hold_the_last_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
