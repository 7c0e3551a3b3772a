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
#define STEPS_SHORT 200
#define STEPS_MIDDLE 500

typedef struct history {
    world w;
    event_log events;
    char folder[64], hash[65];
} history;

static void live(history *h, uint64_t seed, size_t steps)
{
    life l;
    *h = (history){0};
    event_log_begin(&h->w, &h->events);
    life_init(&l, &h->w, seed);
    for (size_t i = 0; i < steps; i++)
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

/* Adds the events from `from` up to `to` to the journal, without those from `gap` up to `end`. */
static void append_events(const history *h, size_t from, size_t to, size_t gap, size_t end)
{
    const kg_journal_options options = {0};
    kg_journal *journal = kg_journal_open(h->folder, &options);
    const uint64_t head = kg_journal_head(journal);
    kg_journal_record *records = kg_alloc(h->events.count, sizeof *records);
    kg_append_result result = KG_APPEND_FAILED;
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        if (i < gap || i >= end) {
            records[count] =
                (kg_journal_record){.sequence = head + count + 1,
                                    .time_ms = 1000 + (int64_t)i,
                                    .event = (const uint8_t *)h->events.events[i].bytes,
                                    .event_bytes = h->events.events[i].count};
            count++;
        }
    kg_journal_append(journal, kg_journal_epoch(journal), head, records, count, false, appended,
                      &result);
    kg_journal_reap(journal, true);
    assert_int_equal(result, KG_APPEND_OK);
    kg_journal_close(&journal);
    free(records);
}

static void create_journal(const history *h)
{
    const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES] = {1};
    assert_true(kg_journal_create(h->folder, deployment));
}

static void write_journal(const history *h, size_t gap, size_t end)
{
    create_journal(h);
    append_events(h, 0, h->events.count, gap, end);
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
        live(&h, seed, STEPS);
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

/* Whatever a broker appends meanwhile. */
static void the_hash_is_of_so_many_records(void **state)
{
    (void)state;
    history h;
    char before[65], after[65], error[300];
    live(&h, 1, STEPS);
    const size_t half = h.events.count / 2;
    make_folder(&h);
    create_journal(&h);
    append_events(&h, 0, half, 0, 0);
    assert_true(kg_store_hash_of(h.folder, UINT64_MAX, before, error));
    append_events(&h, half, h.events.count, 0, 0);
    assert_true(kg_store_hash_of(h.folder, half, after, error));
    assert_string_equal(after, before);
    assert_true(kg_store_hash_of(h.folder, UINT64_MAX, after, error));
    assert_string_equal(after, h.hash);
    assert_string_not_equal(after, before);
    remove_folder(&h);
    forget(&h);
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
    live(&h, 7, STEPS);
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

/* --- from a checkpoint --- */

static void checkpoint(const history *h)
{
    char error[300], why[200];
    kg_store store;
    if (!start(h, &store, error) || !kg_store_write_checkpoint(&store, h->folder, why))
        fail_msg("no checkpoint");
    kg_store_close(&store);
}

/* Starts; the state is what lived. Returns the record that it went on from. */
static uint64_t start_again(const history *h, char note[static 200])
{
    const kg_journal_options options = {.read_only = true};
    char error[300], hash[65];
    kg_store store;
    if (!kg_store_open_from_checkpoint(&store, h->folder, &options, note, error))
        fail_msg("%s", error);
    kg_store_state_hash(store.state, hash);
    assert_string_equal(hash, h->hash);
    assert_int_equal(store.last_time_ms, 1000 + (int64_t)h->events.count - 1);
    uint64_t from = store.checkpoint;
    kg_store_close(&store);
    return from;
}

static void assert_same_tree(const history *h)
{
    const kg_journal_options options = {.read_only = true};
    char error[300], note[200];
    kg_tree_hash root, again;
    kg_store store;
    assert_true(start(h, &store, error));
    kg_journal_tree_root(store.tree, &root);
    kg_store_close(&store);
    assert_true(kg_store_open_from_checkpoint(&store, h->folder, &options, note, error));
    assert_int_equal(kg_journal_tree_size(store.tree), h->events.count);
    kg_journal_tree_root(store.tree, &again);
    assert_memory_equal(root.bytes, again.bytes, sizeof root.bytes);
    kg_store_close(&store);
}

static void a_start_goes_on_from_a_checkpoint(void **state)
{
    (void)state;
    char note[200];
    history h;
    live(&h, 21, STEPS_MIDDLE);
    const size_t count = h.events.count, half = count / 2;
    make_folder(&h);
    create_journal(&h);
    append_events(&h, 0, half, 0, 0);
    checkpoint(&h);
    append_events(&h, half, count, 0, 0);
    assert_int_equal(start_again(&h, note), half);
    assert_string_equal(note, "");
    assert_same_tree(&h);
    checkpoint(&h);
    assert_int_equal(start_again(&h, note), count);
    remove_folder(&h);
    forget(&h);
}

static long checkpoint_bytes(const history *h, char *path, size_t size)
{
    snprintf(path, size, "%s/checkpoint", h->folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    fclose(file);
    return bytes;
}

static void flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

static void a_damaged_checkpoint_only_costs_time(void **state)
{
    (void)state;
    char path[100], note[200];
    history h;
    live(&h, 22, STEPS_SHORT);
    make_folder(&h);
    write_journal(&h, 0, 0);
    checkpoint(&h);
    const long bytes = checkpoint_bytes(&h, path, sizeof path);
    for (long at = 0; at < bytes; at += at < 200 || at > bytes - 34 ? 30 : bytes / 6) {
        flip(path, at);
        assert_int_equal(start_again(&h, note), 0);
        assert_string_not_equal(note, "");
        flip(path, at);
    }
    assert_int_equal(start_again(&h, note), h.events.count);
    for (long left = bytes - 1; left > 0; left /= 12) {
        assert_int_equal(truncate(path, left), 0);
        assert_int_equal(start_again(&h, note), 0);
    }
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(start_again(&h, note), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(start_again(&h, note), 0);
    assert_string_equal(note, "");
    remove_folder(&h);
    forget(&h);
}

/* Of a history that went on otherwise from some record, or further. */
static void another_historys_checkpoint_is_not_used(void **state)
{
    (void)state;
    char path[100], command[300], note[200];
    history a, b;
    live(&a, 23, STEPS_SHORT);
    live(&b, 24, STEPS_SHORT);
    make_folder(&a);
    make_folder(&b);
    write_journal(&a, 0, 0);
    write_journal(&b, 0, 0);
    checkpoint(&a);
    checkpoint_bytes(&a, path, sizeof path);
    snprintf(command, sizeof command, "cp %s %s/checkpoint", path, b.folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(start_again(&b, note), 0);
    assert_string_equal(note, "it is of another history");
    remove_folder(&b);
    forget(&b);
    /* An older copy of the journal came back. */
    snprintf(command, sizeof command, "rm %s/*.mdb %s/log.* %s/journal.*", a.folder, a.folder,
             a.folder);
    assert_int_equal(system(command), 0);
    create_journal(&a);
    append_events(&a, 0, a.events.count / 2, 0, 0);
    kg_store store;
    const kg_journal_options options = {.read_only = true};
    char error[300];
    assert_true(kg_store_open_from_checkpoint(&store, a.folder, &options, note, error));
    assert_int_equal(store.checkpoint, 0);
    assert_string_equal(note, "it is of another history");
    kg_store_close(&store);
    remove_folder(&a);
    forget(&a);
}

static void damage_after_a_checkpoint_is_told(void **state)
{
    (void)state;
    char note[200], error[300];
    const kg_journal_options options = {.read_only = true};
    history h;
    kg_store store;
    live(&h, 7, STEPS_MIDDLE);
    make_folder(&h);
    create_journal(&h);
    append_events(&h, 0, 30, 0, 0);
    checkpoint(&h);
    append_events(&h, 30, h.events.count, 40, 90);
    assert_false(kg_store_open_from_checkpoint(&store, h.folder, &options, note, error));
    assert_int_equal(named(error), first_refused(&h, 40, 90));
    remove_folder(&h);
    forget(&h);
}

/* The journal of a life, in an empty folder: to be kept as it is (tests/journal/stores). */
static int write_life(const char *folder, const char *seed, const char *steps)
{
    history h;
    live(&h, strtoull(seed, NULL, 10), strtoull(steps, NULL, 10));
    kg_text_format(h.folder, sizeof h.folder, "%s", folder);
    write_journal(&h, 0, 0);
    printf("state %s\n", h.hash);
    forget(&h);
    return 0;
}

/* Or: FOLDER SEED STEPS. */
int main(int argc, char **argv)
{
    if (argc == 4)
        return write_life(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_is_there_again),
        cmocka_unit_test(the_hash_is_of_so_many_records),
        cmocka_unit_test(the_first_that_does_not_follow_is_named),
        cmocka_unit_test(a_start_goes_on_from_a_checkpoint),
        cmocka_unit_test(a_damaged_checkpoint_only_costs_time),
        cmocka_unit_test(another_historys_checkpoint_is_not_used),
        cmocka_unit_test(damage_after_a_checkpoint_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
