/* SPDX-License-Identifier: EUPL-1.2 */
/* Several batches on their way at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal.h"
#include "tests/journal/helper_journal.h"

enum { BATCHES = 50 };

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

static kg_journal *open_or_fail(const char *folder, const kg_journal_options *options)
{
    kg_journal *journal = kg_journal_open(folder, options);

    if (!journal)
        fail_msg("%s", kg_journal_error());
    return journal;
}

/* Batches that were queued, and what came back of them, in order. */
struct flight {
    kg_journal *journal;
    kg_journal_record *records[BATCHES];
    size_t counts[BATCHES];
    kg_append_result results[BATCHES];
    uint64_t heads[BATCHES];
    char errors[BATCHES][64];
    size_t queued, back, times_used;
};

static void note(void *context, kg_append_result result, uint64_t head)
{
    struct flight *flight = context;

    assert_in_range(flight->back, 0, flight->queued - 1);
    flight->results[flight->back] = result;
    flight->heads[flight->back] = head;
    assert_int_equal(kg_journal_durable(flight->journal), head);
    if (result != KG_APPEND_OK)
        strncpy(flight->errors[flight->back], kg_journal_error(), sizeof(flight->errors[0]) - 1);
    flight->back++;
}

/* Queues records from `first` on. */
static void queue_from(struct flight *flight, uint64_t first, size_t count)
{
    const size_t at = flight->queued++;

    flight->records[at] = helper_records(first, count);
    flight->counts[at] = count;
    kg_journal_append(flight->journal, 1, kg_journal_head(flight->journal), flight->records[at],
                      count, false, note, flight);
}

static void queue_next(struct flight *flight, size_t count)
{
    queue_from(flight, kg_journal_head(flight->journal) + 1, count);
}

static void reap_all(struct flight *flight)
{
    while (flight->back < flight->queued)
        assert_int_not_equal(kg_journal_reap(flight->journal, true), 0);
}

static void free_all(struct flight *flight)
{
    for (size_t i = 0; i < flight->queued; i++)
        helper_records_free(&flight->records[i], flight->counts[i]);
}

static void they_come_back_in_order(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};
    uint8_t chain[KG_CHAIN_BYTES];
    uint64_t head = 0;

    for (size_t i = 0; i < BATCHES; i++) {
        queue_next(&flight, 1 + i * 3 % 40);
        assert_int_equal(kg_journal_durable(flight.journal), 0);
        assert_int_equal(flight.back, 0);
    }
    reap_all(&flight);
    for (size_t i = 0; i < BATCHES; i++) {
        assert_int_equal(flight.results[i], KG_APPEND_OK);
        assert_int_equal(flight.heads[i], head += flight.counts[i]);
    }
    assert_int_equal(kg_journal_head(flight.journal), head);
    assert_int_equal(kg_journal_durable(flight.journal), head);
    kg_journal_chain(flight.journal, chain);
    assert_memory_equal(chain, flight.records[BATCHES - 1][flight.counts[BATCHES - 1] - 1].chain,
                        sizeof(chain));
    assert_int_equal(helper_verify(flight.journal), head);
    assert_int_equal(kg_journal_reap(flight.journal, true), 0);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

static void nothing_to_reap(void **state)
{
    kg_journal *journal = open_or_fail(*state, NULL);

    assert_int_equal(kg_journal_reap(journal, true), 0);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_OK);
    assert_int_equal(kg_journal_reap(journal, false), 0);
    assert_int_equal(kg_journal_reap(journal, true), 0);
    kg_journal_close(&journal);
}

/* A batch that is refused before it is written leaves the head, and the next is taken. */
static void lost_between_good_ones(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    queue_next(&flight, 5);
    flight.records[1] = helper_records(1, 2);
    flight.counts[1] = 2;
    flight.queued = 2;
    kg_journal_append(flight.journal, 1, 0, flight.records[1], 2, false, note, &flight);
    assert_int_equal(kg_journal_head(flight.journal), 5);
    queue_next(&flight, 3);
    reap_all(&flight);
    assert_int_equal(flight.results[0], KG_APPEND_OK);
    assert_int_equal(flight.results[1], KG_APPEND_LOST);
    assert_non_null(strstr(flight.errors[1], "the journal in "));
    assert_int_equal(flight.results[2], KG_APPEND_OK);
    assert_int_equal(helper_verify(flight.journal), 8);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

/* What was queued before the failure is durable, nothing after it is. */
static void after_a_failure_all_fail(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    queue_next(&flight, 5);
    queue_next(&flight, 4);
    queue_from(&flight, 12, 1); /* out of sequence: the caller's own fault */
    queue_next(&flight, 2);
    reap_all(&flight);
    queue_next(&flight, 2);
    reap_all(&flight);
    for (size_t i = 0; i < flight.queued; i++)
        assert_int_equal(flight.results[i], i < 2 ? KG_APPEND_OK : KG_APPEND_FAILED);
    assert_non_null(strstr(flight.errors[2], "out of sequence"));
    assert_int_equal(kg_journal_head(flight.journal), 9);
    assert_int_equal(kg_journal_durable(flight.journal), 9);
    assert_int_equal(helper_verify(flight.journal), 9);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

/* A request that is there already is found out on the journal's thread, with others behind it. */
static void a_request_twice_with_others_behind(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    queue_next(&flight, 3);
    flight.records[1] = helper_records(4, 2);
    flight.counts[1] = 2;
    flight.queued = 2;
    memcpy(flight.records[1][1].request_key, flight.records[0][0].request_key,
           KG_REQUEST_KEY_BYTES);
    kg_journal_append(flight.journal, 1, 3, flight.records[1], 2, false, note, &flight);
    queue_from(&flight, 6, 2);
    reap_all(&flight);
    assert_int_equal(flight.results[0], KG_APPEND_OK);
    assert_int_equal(flight.results[1], KG_APPEND_FAILED);
    assert_int_equal(flight.results[2], KG_APPEND_FAILED);
    kg_journal_close(&flight.journal);
    flight.journal = open_or_fail(*state, NULL);
    assert_int_equal(helper_verify(flight.journal), 3);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

static void closing_finishes_what_is_on_its_way(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    for (size_t i = 0; i < BATCHES; i++)
        queue_next(&flight, 7);
    kg_journal_close(&flight.journal);
    assert_int_equal(flight.back, 0);
    flight.journal = open_or_fail(*state, NULL);
    assert_int_equal(kg_journal_head(flight.journal), 7 * BATCHES);
    assert_int_equal(helper_verify(flight.journal), 7 * BATCHES);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

/* Without the journal's thread, unless others are on their way; in order all the same. */
static void written_here(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    for (size_t i = 0; i < BATCHES; i++) {
        const uint64_t head = kg_journal_head(flight.journal);
        const size_t at = flight.queued++;

        flight.records[at] = helper_records(head + 1, 3);
        flight.counts[at] = 3;
        kg_journal_append(flight.journal, 1, head, flight.records[at], 3,
                          i % 5 == 2 ? 0 : KG_APPEND_HERE, note, &flight);
        if (i % 5 == 0) {
            assert_int_equal(kg_journal_reap(flight.journal, false), 1);
            assert_int_equal(kg_journal_durable(flight.journal), head + 3);
        } else if (i % 5 >= 3) {
            reap_all(&flight);
        }
    }
    reap_all(&flight);
    for (size_t i = 0; i < BATCHES; i++)
        assert_int_equal(flight.results[i], KG_APPEND_OK);
    assert_int_equal(helper_verify(flight.journal), 3 * BATCHES);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

static void post(void *context)
{
    sem_post(context);
}

static void the_owner_is_woken(void **state)
{
    sem_t woken;
    const kg_journal_options options = {.wake = post, .wake_context = &woken};
    struct flight flight = {.journal = open_or_fail(*state, &options)};

    sem_init(&woken, 0, 0);
    for (size_t i = 0; i < BATCHES; i++) {
        queue_next(&flight, 2);
        while (sem_wait(&woken) != 0)
            assert_int_equal(errno, EINTR);
        assert_int_equal(kg_journal_reap(flight.journal, false), 1);
    }
    assert_int_equal(flight.back, BATCHES);
    kg_journal_close(&flight.journal);
    sem_destroy(&woken);
    free_all(&flight);
}

/* ---- meanwhile ---- */

/* The records are filled in by then, and nothing is durable. */
static void use_time(void *context)
{
    static const uint8_t none[KG_CHAIN_BYTES];
    struct flight *flight = context;
    const size_t at = flight->queued - 1;

    flight->times_used++;
    assert_int_equal(flight->back, at);
    for (size_t i = 0; i < flight->counts[at]; i++) {
        assert_memory_not_equal(flight->records[at][i].leaf, none, KG_LEAF_BYTES);
        assert_memory_not_equal(flight->records[at][i].chain, none, KG_CHAIN_BYTES);
        assert_true(flight->records[at][i].sequence > kg_journal_durable(flight->journal));
    }
}

static void append_here(struct flight *flight, uint64_t epoch, size_t count)
{
    const uint64_t head = kg_journal_head(flight->journal);
    const size_t at = flight->queued++;

    flight->records[at] = helper_records(head + 1, count);
    flight->counts[at] = count;
    kg_journal_append(flight->journal, epoch, head, flight->records[at], count, KG_APPEND_HERE,
                      note, flight);
}

static void time_is_used_while_the_disk_writes(void **state)
{
    struct flight flight = {.journal = open_or_fail(*state, NULL)};

    kg_journal_set_meanwhile(flight.journal, use_time, &flight);
    for (size_t i = 1; i <= 3; i++) {
        append_here(&flight, 1, i);
        assert_int_equal(flight.times_used, i);
        reap_all(&flight);
        assert_int_equal(flight.results[i - 1], KG_APPEND_OK);
    }
    append_here(&flight, 2, 1); /* of another epoch: is not written */
    reap_all(&flight);
    assert_int_equal(flight.results[3], KG_APPEND_LOST);
    queue_next(&flight, 2); /* by the journal's thread, which has nothing else to do */
    reap_all(&flight);
    assert_int_equal(flight.times_used, 3);
    kg_journal_set_meanwhile(flight.journal, NULL, NULL);
    append_here(&flight, 1, 1);
    reap_all(&flight);
    assert_int_equal(flight.times_used, 3);
    assert_int_equal(kg_journal_durable(flight.journal), 1 + 2 + 3 + 2 + 1);
    kg_journal_close(&flight.journal);
    free_all(&flight);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_journal, remove_journal)
    const struct CMUnitTest tests[] = {
        CASE(they_come_back_in_order),
        CASE(nothing_to_reap),
        CASE(lost_between_good_ones),
        CASE(after_a_failure_all_fail),
        CASE(a_request_twice_with_others_behind),
        CASE(closing_finishes_what_is_on_its_way),
        CASE(written_here),
        CASE(the_owner_is_woken),
        CASE(time_is_used_while_the_disk_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
