/* SPDX-License-Identifier: EUPL-1.2 */
/* A copy that is made from a stream: the same records, whatever the stream's pieces; and never one
 * that the journal does not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_stream.h"
#include "tests/journal/helper_journal.h"

#define RECORDS 40
#define LIFE "kopgroep is alive"

static const kg_journal_options defaults = {0};

struct place {
    char *journal, *parent, *copy; /* folders; owned */
    uint8_t *stream;               /* owned; all of the journal */
    size_t count;
};

/* Runs in this process: nobody else has the folder open. */
static uint8_t *stream_of(const char *folder, uint64_t from, size_t *count)
{
    FILE *file = tmpfile();
    kg_journal *journal = kg_journal_open(folder, &defaults);
    uint8_t *bytes;

    assert_non_null(journal);
    if (!kg_journal_stream_write(journal, from, true, fileno(file)))
        fail_msg("%s", kg_journal_error());
    kg_journal_close(&journal);
    *count = (size_t)lseek(fileno(file), 0, SEEK_END);
    bytes = calloc(*count + 1, 1);
    assert_int_equal(pread(fileno(file), bytes, *count, 0), *count);
    fclose(file);
    return bytes;
}

static char *journal_of(size_t records)
{
    char *folder = helper_journal_new();
    kg_journal *journal = kg_journal_open(folder, &defaults);

    assert_int_equal(helper_append(journal, records, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    return folder;
}

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    place->journal = journal_of(RECORDS);
    place->parent = helper_folder_new();
    place->copy = helper_path(place->parent, "copy");
    place->stream = stream_of(place->journal, 1, &place->count);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;

    helper_folder_remove(&place->journal);
    helper_folder_remove(&place->parent);
    free(place->copy);
    free(place->stream);
    free(place);
    return 0;
}

static bool receive(const struct place *place, const uint8_t *bytes, size_t count)
{
    FILE *file = tmpfile();
    bool good;

    assert_int_equal(fwrite(bytes, 1, count, file), count);
    rewind(file);
    good = kg_journal_stream_read(place->copy, fileno(file), NULL, NULL);
    fclose(file);
    return good;
}

/* The copy's records, all of which are the journal's. */
static int64_t copied(const struct place *place)
{
    kg_journal *journal = kg_journal_open(place->copy, &defaults);
    int64_t records;

    if (!journal)
        return 0;
    records = helper_verify(journal);
    kg_journal_close(&journal);
    assert_true(records >= 0);
    return records;
}

static void forget_copy(const struct place *place)
{
    char command[4200];

    snprintf(command, sizeof(command), "rm -rf %s", place->copy);
    assert_int_equal(system(command), 0);
}

static void a_copy_has_the_same_records(void **state)
{
    struct place *place = *state;

    assert_true(receive(place, place->stream, place->count));
    assert_int_equal(copied(place), RECORDS);
    assert_true(receive(place, place->stream, place->count)); /* it has them */
    assert_int_equal(copied(place), RECORDS);
}

static void a_copy_follows(void **state)
{
    struct place *place = *state;
    kg_journal *journal;
    uint8_t *rest;
    size_t count;

    assert_true(receive(place, place->stream, place->count));
    journal = kg_journal_open(place->journal, &defaults);
    assert_int_equal(helper_append(journal, 300, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    rest = stream_of(place->journal, RECORDS + 1, &count);
    assert_true(receive(place, rest, count));
    assert_int_equal(copied(place), RECORDS + 300);
    free(rest);
}

static void a_stream_that_is_cut_is_taken_as_far_as_it_goes(void **state)
{
    struct place *place = *state;
    int64_t before = 0;

    for (size_t cut = 0; cut < place->count; cut += cut < 600 ? 41 : place->count / 13) {
        bool whole = receive(place, place->stream, cut);
        int64_t records = copied(place);

        assert_true(records >= before);
        assert_true(!whole || cut >= 32);
        before = records;
    }
    assert_true(before > 2);
    assert_true(receive(place, place->stream, place->count));
    assert_int_equal(copied(place), RECORDS);
}

static void a_stream_that_was_changed_is_refused_there(void **state)
{
    struct place *place = *state;

    for (size_t at = 0; at < place->count; at += at < 400 ? 29 : place->count / 9) {
        if (at >= 16 && at < 32) /* the deployment: a new copy takes any */
            continue;
        place->stream[at] ^= 0x20;
        assert_false(receive(place, place->stream, place->count));
        if (at > 32) {
            assert_true(copied(place) < RECORDS); /* and what there is is right */
            place->stream[at] ^= 0x20;
            assert_true(receive(place, place->stream, place->count));
            assert_int_equal(copied(place), RECORDS);
        } else {
            place->stream[at] ^= 0x20;
        }
        forget_copy(place);
    }
}

static void marks_of_life_are_no_records(void **state)
{
    struct place *place = *state;
    const size_t life = sizeof(LIFE) - 1;
    uint8_t *bytes = calloc(place->count + 3 * life, 1);

    memcpy(bytes, place->stream, 32);
    memcpy(bytes + 32, LIFE LIFE, 2 * life);
    memcpy(bytes + 32 + 2 * life, place->stream + 32, place->count - 32);
    memcpy(bytes + place->count + 2 * life, LIFE, life);
    assert_true(receive(place, bytes, place->count + 3 * life));
    assert_int_equal(copied(place), RECORDS);
    assert_false(receive(place, bytes, place->count + 3 * life - 1));
    free(bytes);
}

static void records_are_not_left_out(void **state)
{
    struct place *place = *state;
    size_t count;
    uint8_t *late = stream_of(place->journal, 5, &count);

    assert_false(receive(place, late, count));
    assert_non_null(strstr(kg_journal_error(), "--from"));
    assert_int_equal(copied(place), 0);
    free(late);
}

/* Of the same deployment, with another record somewhere. */
static void another_history_is_refused(void **state)
{
    struct place *place = *state;
    char *other = helper_journal_new();
    kg_journal *journal = kg_journal_open(other, &defaults);
    kg_journal_record *records = helper_records(1, RECORDS);
    helper_done done = {0};
    uint8_t *stream;
    size_t count;

    records[20].time_ms++;
    kg_journal_append(journal, kg_journal_epoch(journal), 0, records, RECORDS, 0, helper_note_done,
                      &done);
    kg_journal_reap(journal, true);
    assert_int_equal(done.result, KG_APPEND_OK);
    kg_journal_close(&journal);
    helper_records_free(&records, RECORDS);
    stream = stream_of(other, 1, &count);
    for (size_t records_before = 21; records_before <= RECORDS; records_before += 19) {
        size_t bytes;
        char *shorter = journal_of(records_before);
        uint8_t *own = stream_of(shorter, 1, &bytes);

        assert_true(receive(place, own, bytes));
        assert_false(receive(place, stream, count));
        assert_non_null(strstr(kg_journal_error(), "another"));
        assert_int_equal(copied(place), records_before);
        forget_copy(place);
        free(own);
        helper_folder_remove(&shorter);
    }
    free(stream);
    helper_folder_remove(&other);
}

static void another_deployment_is_refused(void **state)
{
    struct place *place = *state;

    assert_true(receive(place, place->stream, place->count));
    place->stream[20] ^= 1;
    assert_false(receive(place, place->stream, place->count));
    assert_non_null(strstr(kg_journal_error(), "deployment"));
    place->stream[20] ^= 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_copy_has_the_same_records, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_follows, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stream_that_is_cut_is_taken_as_far_as_it_goes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_stream_that_was_changed_is_refused_there, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(marks_of_life_are_no_records, setup, teardown),
        cmocka_unit_test_setup_teardown(records_are_not_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(another_history_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(another_deployment_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
