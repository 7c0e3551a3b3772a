/* SPDX-License-Identifier: EUPL-1.2 */
/* What is in the log and not in the tables yet: found again after a crash, read, told from damage,
 * and written over only when it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_log.h"
#include "proto/memory.h"
#include "tests/journal/helper_journal.h"

#define MIB (1u << 20)

static int make_folder(void **state)
{
    *state = helper_folder_new();
    return 0;
}

static int make_journal(void **state)
{
    *state = helper_journal_new();
    return 0;
}

static int remove_folder(void **state)
{
    char *folder = *state;

    helper_folder_remove(&folder);
    return 0;
}

static kg_log *open_log(const char *folder, kg_point *end)
{
    kg_log *log = kg_log_open(folder, helper_deployment, false);

    if (!log)
        fail_msg("%s", kg_journal_error());
    assert_int_equal(kg_log_look(log, end), KG_LOG_FOUND);
    return log;
}

/* One frame of records after `end`. */
static void append(kg_log *log, size_t count, kg_point *end)
{
    kg_log_batch batch = {.records = helper_records(end->sequence + 1, count), .count = count};

    if (!kg_log_append(log, &batch, 1, end))
        fail_msg("%s", kg_journal_error());
    helper_records_free(&batch.records, count);
}

/* One record of so many bytes. */
static void append_large(kg_log *log, size_t bytes, kg_point *end)
{
    uint8_t *event = kg_alloc(bytes, 1);
    kg_journal_record record = {
        .sequence = end->sequence + 1, .event = event, .event_bytes = bytes};
    const kg_log_batch batch = {.records = &record, .count = 1};

    memset(event, (int)(end->sequence % 255 + 1), bytes);
    if (!kg_log_append(log, &batch, 1, end))
        fail_msg("%s", kg_journal_error());
    free(event);
}

static off_t size_of(const char *folder, const char *name)
{
    char *path = helper_path(folder, name);
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    free(path);
    return info.st_size;
}

/* In place: a file that is written anew would be waited for. */
static void flip(const char *path, off_t at, uint8_t bits)
{
    int descriptor = open(path, O_RDWR);
    uint8_t byte;

    assert_int_equal(pread(descriptor, &byte, 1, at), 1);
    byte ^= bits;
    assert_int_equal(pwrite(descriptor, &byte, 1, at), 1);
    close(descriptor);
}

static void found_again(void **state)
{
    const char *folder = *state;
    kg_point end = {0}, from = {0}, again = {0};
    kg_log *log = open_log(folder, &end);

    assert_int_equal(end.sequence, 0);
    append(log, 3, &end);
    from = end;
    append(log, 40, &end);
    append(log, 1, &end);
    kg_log_close(&log);

    log = open_log(folder, &again);
    assert_memory_equal(&again, &end, sizeof(end));
    kg_log_close(&log);
    log = open_log(folder, &from); /* the first frame is in the tables by now */
    assert_memory_equal(&from, &end, sizeof(end));
    kg_log_close(&log);
}

/* In order, from anywhere, and not after they were let go. */
static void frames_are_read(void **state)
{
    kg_point end = {0};
    kg_log *log = open_log(*state, &end);
    kg_log_bytes bytes = {0};
    kg_journal_record record;

    for (size_t i = 0; i < 20; i++)
        append(log, 1 + i, &end);
    assert_int_equal(kg_log_read(log, 1, UINT64_MAX, &bytes), KG_LOG_READ);
    assert_int_equal(bytes.count, end.sequence);
    for (size_t i = 0; i < bytes.count; i++) {
        assert_true(kg_record_decode(bytes.stored[i].bytes, bytes.stored[i].count, i + 1, &record));
        assert_true(helper_record_equal(&record));
    }
    assert_int_equal(kg_log_read(log, 5, 0, &bytes), KG_LOG_READ); /* of the frame 4 to 6 */
    assert_int_equal(bytes.stored[0].sequence, 4);
    assert_int_equal(bytes.count, 3);
    assert_int_equal(kg_log_read(log, end.sequence + 1, 0, &bytes), KG_LOG_READ_NONE);
    kg_log_let_go(log, 6);
    assert_int_equal(kg_log_read(log, 6, 0, &bytes), KG_LOG_READ_NONE);
    assert_int_equal(kg_log_read(log, 7, 0, &bytes), KG_LOG_READ);
    kg_log_let_go(log, end.sequence);
    assert_int_equal(kg_log_held_bytes(log), 0);
    kg_log_bytes_fini(&bytes);
    kg_log_close(&log);
}

/* What was let go is written over; frames of an earlier round, whole as they are, say nothing. */
static void written_over(void **state)
{
    const char *folder = *state;
    kg_point end = {0}, settled, again;
    kg_log *log = open_log(folder, &end);
    off_t size;

    append(log, 200, &end);
    for (int i = 0; i < 30; i++)
        append(log, 5, &end);
    size = size_of(folder, "log.0");
    for (int round = 0; round < 5; round++) {
        kg_log_let_go(log, end.sequence);
        settled = end;
        append(log, 2, &end);
        append(log, 1, &end);
        assert_int_equal(size_of(folder, "log.0"), size);
    }
    kg_log_close(&log);
    again = settled;
    log = open_log(folder, &again);
    assert_memory_equal(&again, &end, sizeof(end));
    kg_log_let_go(log, end.sequence);
    kg_log_clear(log);
    kg_log_close(&log);
    assert_true(size_of(folder, "log.0") < 1024);
}

/* The two files in turn; one that holds something is left alone. */
static void two_files_in_turn(void **state)
{
    const char *folder = *state;
    kg_point end = {0}, again, settled = {0};
    kg_log *log = open_log(folder, &end);

    for (int i = 0; i < 9; i++)
        append_large(log, 4 * MIB, &end);
    assert_in_range(size_of(folder, "log.0"), 16 * MIB, 21 * MIB);
    assert_in_range(size_of(folder, "log.1"), 15 * MIB, 21 * MIB);
    again = settled;
    kg_log_close(&log);
    log = open_log(folder, &again);
    assert_memory_equal(&again, &end, sizeof(end));
    kg_log_let_go(log, 3); /* both are still held: what comes next makes one longer */
    append_large(log, 30 * MIB, &end);
    settled = end;
    append(log, 1, &end);
    kg_log_let_go(log, settled.sequence);
    append(log, 10, &end);
    append(log, 10, &end);
    kg_log_close(&log);
    log = open_log(folder, &settled);
    assert_memory_equal(&settled, &end, sizeof(end));
    kg_log_let_go(log, end.sequence);
    append(log, 1, &end);
    append(log, 1, &end);
    /* What was made longer is cut when its turn comes. */
    assert_in_range(size_of(folder, "log.0") + size_of(folder, "log.1"), 0, 70 * MIB);
    kg_log_close(&log);
}

static void *let_all_go(void *context)
{
    kg_log_let_go(context, 24);
    return NULL;
}

/* When much is held, a frame waits until some of it is let go. */
static void waits_for_room(void **state)
{
    kg_point end = {0};
    kg_log *log = open_log(*state, &end);
    pthread_t thread;

    while (end.sequence < 24)
        append_large(log, 4 * MIB, &end);
    assert_true(kg_log_held_bytes(log) > 96 * MIB);
    assert_int_equal(pthread_create(&thread, NULL, let_all_go, log), 0);
    append_large(log, 4 * MIB, &end);
    pthread_join(thread, NULL);
    assert_in_range(kg_log_held_bytes(log), 4 * MIB, 5 * MIB);
    kg_log_close(&log);
}

/* Where nothing will be let go any more, nothing is appended. */
static void abandoned(void **state)
{
    kg_point end = {0};
    kg_log *log = open_log(*state, &end);
    kg_journal_record *records = helper_records(2, 1);
    const kg_log_batch batch = {.records = records, .count = 1};

    append(log, 1, &end);
    kg_log_abandon(log);
    assert_false(kg_log_append(log, &batch, 1, &end));
    assert_int_equal(end.sequence, 1);
    helper_records_free(&records, 1);
    kg_log_close(&log);
}

enum { FRAMES = 8, FRAME_RECORDS = 3 };

/* A byte changed anywhere: in the last frame, the log ends before it, as after a crash (the
 * journal knows by its anchor that it was acknowledged); elsewhere it is damage. */
static void each_byte(void **state)
{
    const char *folder = *state;
    char *path = helper_path(folder, "log.0");
    off_t begins[FRAMES + 1] = {512};
    size_t at_end = 0, gaps = 0;
    kg_point end = {0}, last = {0};
    kg_log *log = open_log(folder, &end);

    for (int i = 0; i < FRAMES; i++) {
        last = end;
        append(log, FRAME_RECORDS, &end);
        begins[i + 1] = begins[i] + 64 + (off_t)(kg_log_held_bytes(log) - at_end);
        at_end = (size_t)kg_log_held_bytes(log);
    }
    kg_log_close(&log);
    for (off_t at = begins[0]; at < begins[FRAMES]; at += at % 29 + 1) {
        kg_point found = {0};
        kg_log_looked looked;

        flip(path, at, 0x20);
        log = kg_log_open(folder, helper_deployment, true);
        assert_non_null(log);
        looked = kg_log_look(log, &found);
        if (at >= begins[FRAMES - 1]) {
            assert_int_equal(looked, KG_LOG_FOUND);
            assert_memory_equal(&found, &last, sizeof(last));
        } else {
            assert_int_equal(looked, KG_LOG_GAP);
            gaps++;
        }
        kg_log_close(&log);
        flip(path, at, 0x20);
    }
    assert_in_range(gaps, 200, 100000);
    free(path);
}

static void another_ones_or_damaged_or_newer(void **state)
{
    const char *folder = *state;
    uint8_t other[KG_DEPLOYMENT_ID_BYTES] = {1};
    char *path = helper_path(folder, "log.1");
    kg_point end = {0};
    kg_log *log = open_log(folder, &end);

    kg_log_close(&log);
    assert_null(kg_log_open(folder, other, false));
    for (off_t at = 0; at < size_of(folder, "log.1"); at++) {
        flip(path, at, 0x04);
        assert_null(kg_log_open(folder, helper_deployment, at % 2));
        assert_non_null(strstr(kg_journal_error(), folder));
        flip(path, at, 0x04);
    }
    flip(path, 3, 1 ^ 2);
    assert_null(kg_log_open(folder, helper_deployment, false));
    assert_non_null(strstr(kg_journal_error(), "newer version"));
    free(path);
}

/* ---- behind the journal ---- */

static kg_journal *open_or_fail(const char *folder, bool read_only)
{
    const kg_journal_options options = {.read_only = read_only};
    kg_journal *journal = kg_journal_open(folder, &options);

    if (!journal)
        fail_msg("%s", kg_journal_error());
    return journal;
}

/* A process that reads while this one appends; begun before this one has threads. For each byte it
 * is sent it opens the journal, verifies all of it, and sends back how many records it has. */
struct reader {
    pid_t child;
    int questions, answers;
};

typedef void (*reading)(const char *folder, int questions, int answers);

static _Noreturn void verify_all(const char *folder, int questions, int answers)
{
    int64_t count = 0;
    char byte;

    while (read(questions, &byte, 1) == 1) {
        kg_journal *journal = kg_journal_open(folder, &(kg_journal_options){.read_only = true});

        count = journal ? helper_verify(journal) : -1;
        if (count < 0 || count < (int64_t)kg_journal_head(journal)) {
            fprintf(stderr, "a reader: %s\n", kg_journal_error());
            count = -1;
        }
        kg_journal_close(&journal);
        if (write(answers, &count, sizeof(count)) != sizeof(count))
            break;
    }
    _exit(count < 0);
}

static void begin_reader(struct reader *reader, const char *folder, reading reads)
{
    int questions[2], answers[2];

    assert_int_equal(pipe(questions), 0);
    assert_int_equal(pipe(answers), 0);
    reader->child = fork();
    if (reader->child == 0) {
        close(questions[1]);
        reads(folder, questions[0], answers[1]);
    }
    close(questions[0]);
    close(answers[1]);
    reader->questions = questions[1];
    reader->answers = answers[0];
}

static void ask(const struct reader *reader)
{
    assert_int_equal(write(reader->questions, "?", 1), 1);
}

static int64_t hear(const struct reader *reader)
{
    int64_t count;

    assert_int_equal(read(reader->answers, &count, sizeof(count)), sizeof(count));
    return count;
}

static bool has_answered(const struct reader *reader)
{
    struct pollfd ready = {.fd = reader->answers, .events = POLLIN};

    return poll(&ready, 1, 0) == 1;
}

static void end_reader(const struct reader *reader)
{
    int status;

    close(reader->questions);
    assert_int_equal(waitpid(reader->child, &status, 0), reader->child);
    assert_int_equal(status, 0);
    close(reader->answers);
}

static void readers_see_the_log(void **state)
{
    struct reader reader;
    kg_journal *journal;

    begin_reader(&reader, *state, verify_all);
    journal = open_or_fail(*state, false);
    for (int i = 1; i <= 20; i++) {
        assert_int_equal(helper_append(journal, 10, false), KG_APPEND_OK);
        if (i % 4 == 0) {
            ask(&reader);
            assert_int_equal(hear(&reader), i * 10);
        }
        assert_int_equal(helper_verify(journal), i * 10);
    }
    end_reader(&reader);
    kg_journal_close(&journal);
}

/* For a copy, all goes to the tables first, and the log begins anew. */
static void take_over(kg_journal *journal)
{
    char *folder = helper_folder_new();

    assert_true(kg_journal_snapshot(journal, folder));
    helper_folder_remove(&folder);
}

/* The log is written over again and again meanwhile. */
static void readers_while_the_log_is_written_over(void **state)
{
    struct reader reader;
    kg_journal *journal;
    size_t batches = 0;

    begin_reader(&reader, *state, verify_all);
    journal = open_or_fail(*state, false);
    for (int round = 0; round < 20; round++) {
        const uint64_t before = kg_journal_head(journal);
        int64_t seen;

        ask(&reader);
        do {
            assert_int_equal(helper_append(journal, 2, false), KG_APPEND_OK);
            if (++batches % 10 == 0)
                take_over(journal);
        } while (!has_answered(&reader));
        seen = hear(&reader);
        assert_in_range(seen, before, kg_journal_head(journal));
    }
    end_reader(&reader);
    assert_int_equal(helper_verify(journal), kg_journal_head(journal));
    kg_journal_close(&journal);
}

/* Ends without closing: what was acknowledged was at most in the log. */
static int append_and_end(void *context)
{
    kg_journal *journal = kg_journal_open(context, NULL);

    for (int i = 0; journal && i < 12; i++) {
        if (helper_append(journal, 10, false) != KG_APPEND_OK)
            return 255;
    }
    return journal ? (int)(kg_journal_head(journal) / 10) : 255;
}

static void after_a_crash(void **state)
{
    kg_journal_extent extent;
    kg_journal *journal;

    for (int i = 1; i <= 4; i++)
        assert_int_equal(helper_in_child(append_and_end, *state), 12 * i);
    assert_true(kg_journal_verify(*state, NULL, NULL, &extent));
    assert_int_equal(extent.records, 480);
    journal = open_or_fail(*state, true);
    assert_int_equal(helper_verify(journal), 480);
    kg_journal_close(&journal);
    journal = open_or_fail(*state, false);
    assert_int_equal(kg_journal_head(journal), 480);
    assert_int_equal(helper_verify(journal), 480);
    assert_int_equal(helper_append(journal, 10, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    journal = open_or_fail(*state, false);
    assert_int_equal(helper_verify(journal), 490);
    kg_journal_close(&journal);
}

/* A reader copies what is acknowledged, in the tables or not: after a crash, and while another
 * appends. */
static void copies_by_a_reader(void **state)
{
    char *folder = helper_folder_new();
    kg_journal *journal;

    assert_int_equal(helper_in_child(append_and_end, *state), 12);
    journal = open_or_fail(*state, true);
    if (!kg_journal_snapshot(journal, folder))
        fail_msg("%s", kg_journal_error());
    kg_journal_close(&journal);
    journal = open_or_fail(folder, false);
    assert_int_equal(kg_journal_head(journal), 120);
    assert_int_equal(helper_verify(journal), 120);
    assert_int_equal(helper_append(journal, 10, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    helper_folder_remove(&folder);
}

/* Copies into a folder of its own instead of verifying. */
static _Noreturn void copy_all(const char *folder, int questions, int answers)
{
    int64_t count = 0;
    char byte;

    while (read(questions, &byte, 1) == 1) {
        char *target = helper_folder_new();
        kg_journal *journal = kg_journal_open(folder, &(kg_journal_options){.read_only = true});
        bool copied = journal && kg_journal_snapshot(journal, target);

        kg_journal_close(&journal);
        journal = copied ? kg_journal_open(target, &(kg_journal_options){.read_only = true}) : NULL;
        count = journal ? helper_verify(journal) : -1;
        if (count < 0)
            fprintf(stderr, "a copier: %s\n", kg_journal_error());
        kg_journal_close(&journal);
        helper_folder_remove(&target);
        if (write(answers, &count, sizeof(count)) != sizeof(count))
            break;
    }
    _exit(count < 0);
}

static void copies_while_the_log_is_written_over(void **state)
{
    struct reader reader;
    kg_journal *journal;
    size_t batches = 0;

    begin_reader(&reader, *state, copy_all);
    journal = open_or_fail(*state, false);
    for (int round = 0; round < 10; round++) {
        uint64_t before;
        int64_t seen;

        assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
        before = kg_journal_head(journal);
        ask(&reader);
        do {
            assert_int_equal(helper_append(journal, 2, false), KG_APPEND_OK);
            if (++batches % 10 == 0)
                take_over(journal);
        } while (!has_answered(&reader));
        seen = hear(&reader);
        assert_in_range(seen, before, kg_journal_head(journal));
    }
    end_reader(&reader);
    kg_journal_close(&journal);
}

/* What was in the log is lost, and was acknowledged: the anchor knows. Where all of it had been
 * taken over already, nothing is lost: then once more. */
static void a_lost_log_that_was_acknowledged(void **state)
{
    char *path = helper_path(*state, "log.0"), *anchor = helper_path(*state, "journal.head");
    kg_journal *journal = NULL;
    int tens = 0;

    do {
        kg_journal_close(&journal);
        tens = helper_in_child(append_and_end, *state);
        assert_int_equal(truncate(path, 513), 0);
        journal = kg_journal_open(*state, NULL);
        assert_true(!journal || kg_journal_head(journal) == (uint64_t)tens * 10);
    } while (journal && tens < 240);
    assert_null(journal);
    assert_non_null(strstr(kg_journal_error(), "journal.head"));
    assert_int_equal(unlink(anchor), 0);
    journal = open_or_fail(*state, false);
    assert_in_range(kg_journal_head(journal), 0, tens * 10 - 1);
    kg_journal_close(&journal);
    free(anchor);
    free(path);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
#define JOURNAL_CASE(name) cmocka_unit_test_setup_teardown(name, make_journal, remove_folder)
    const struct CMUnitTest tests[] = {
        CASE(found_again),
        CASE(frames_are_read),
        CASE(written_over),
        CASE(two_files_in_turn),
        CASE(waits_for_room),
        CASE(abandoned),
        CASE(each_byte),
        CASE(another_ones_or_damaged_or_newer),
        JOURNAL_CASE(readers_see_the_log),
        JOURNAL_CASE(readers_while_the_log_is_written_over),
        JOURNAL_CASE(after_a_crash),
        JOURNAL_CASE(copies_by_a_reader),
        JOURNAL_CASE(copies_while_the_log_is_written_over),
        JOURNAL_CASE(a_lost_log_that_was_acknowledged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
