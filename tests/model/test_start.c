/* SPDX-License-Identifier: EUPL-1.2 */
/* A start from a journal on disk: the state that lived is there again, and a journal whose events
 * do not follow from each other is refused by the first that does not. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "broker/store.h"
#include "event_log.h"
#include "random_life.h"

#define STEPS 1500

typedef struct history {
    world w;
    event_log events;
    char folder[64], hash[65];
} history;

static void live(history *h, uint64_t seed)
{
    life l;
    *h = (history){0};
    event_log_begin(&h->w, &h->events);
    life_init(&l, &h->w, seed);
    for (size_t i = 0; i < STEPS; i++)
        life_step(&l);
    kg_store_state_hash(h->w.state, h->hash);
}

static void forget(history *h)
{
    world_fini(&h->w);
    event_log_fini(&h->events);
}

static void make_folder(history *h)
{
    snprintf(h->folder, sizeof h->folder, "/tmp/kopgroep-start.XXXXXX");
    assert_non_null(mkdtemp(h->folder));
}

static void remove_folder(const history *h)
{
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", h->folder);
    assert_int_equal(system(command), 0);
}

static void appended(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    *(kg_append_result *)context = result;
}

/* The journal of these events, each a batch of its own, without those from `gap` up to `end`. */
static void write_journal(const history *h, size_t gap, size_t end)
{
    const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES] = {1};
    const kg_journal_options options = {0};
    uint64_t sequence = 0;
    assert_true(kg_journal_create(h->folder, deployment));
    kg_journal *journal = kg_journal_open(h->folder, &options);
    kg_journal_record *records = kg_alloc(h->events.count, sizeof *records);
    kg_append_result result = KG_APPEND_FAILED;
    for (size_t i = 0; i < h->events.count; i++)
        if (i < gap || i >= end) {
            records[sequence] =
                (kg_journal_record){.sequence = sequence + 1,
                                    .time_ms = 1000 + (int64_t)i,
                                    .event = (const uint8_t *)h->events.events[i].bytes,
                                    .event_bytes = h->events.events[i].count};
            sequence++;
        }
    kg_journal_append(journal, kg_journal_epoch(journal), 0, records, sequence, false, appended,
                      &result);
    kg_journal_reap(journal, true);
    assert_int_equal(result, KG_APPEND_OK);
    kg_journal_close(&journal);
    free(records);
}

static bool start(const history *h, kg_store *store, char error[static 300])
{
    const kg_journal_options options = {.read_only = true};
    return kg_store_open(store, h->folder, &options, error);
}

static void the_state_is_there_again(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        history h;
        kg_store store;
        char hash[65], error[300];
        live(&h, seed);
        make_folder(&h);
        write_journal(&h, 0, 0);
        if (!start(&h, &store, error))
            fail_msg("%s", error);
        kg_store_state_hash(store.state, hash);
        assert_string_equal(hash, h.hash);
        assert_int_equal(store.last_time_ms, 1000 + (int64_t)h.events.count - 1);
        kg_store_close(&store);
        remove_folder(&h);
        forget(&h);
    }
}

/* The sequence that a refusal names. */
static size_t named(const char *error)
{
    unsigned long long sequence = 0;
    if (sscanf(error, "record %llu", &sequence) != 1)
        fail_msg("no record is named: %s", error);
    return sequence;
}

/* What the state accepts of a history with a gap, asked one by one. */
static size_t first_refused(const history *h, size_t gap, size_t end)
{
    kg_state *state = kg_state_new();
    kg_effects effects;
    char why[200];
    size_t refused = 0, sequence = 0;
    kg_effects_init(&effects);
    for (size_t i = 0; i < h->events.count && refused == 0; i++) {
        if (i >= gap && i < end)
            continue;
        kg_event *event =
            event_log_decode((const uint8_t *)h->events.events[i].bytes, h->events.events[i].count,
                             kg_state_catalogue(state), ++sequence);
        if (!event || !kg_state_accepts(state, event, why))
            refused = sequence;
        else
            kg_state_apply(state, event, &effects);
        kg_event_destroy(&event);
    }
    kg_effects_fini(&effects);
    kg_state_destroy(&state);
    return refused;
}

static void the_first_that_does_not_follow_is_named(void **state)
{
    (void)state;
    size_t found = 0;
    history h;
    live(&h, 7);
    for (size_t gap = 0; gap < 600; gap += 29) {
        kg_store store;
        char error[300];
        make_folder(&h);
        size_t refused = first_refused(&h, gap, gap + 25);
        write_journal(&h, gap, gap + 25);
        if (start(&h, &store, error)) {
            assert_int_equal(refused, 0);
            kg_store_close(&store);
        } else {
            assert_int_equal(named(error), refused);
            found++;
        }
        remove_folder(&h);
    }
    forget(&h);
    assert_true(found > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_is_there_again),
        cmocka_unit_test(the_first_that_does_not_follow_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
