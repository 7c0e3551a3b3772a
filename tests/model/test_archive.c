/* SPDX-License-Identifier: EUPL-1.2 */
/* What is read from an archive is what was written, and goes on like it. */
#include <stdlib.h>

#include "event_log.h"
#include "helper_archive.h"
#include "helper_invariants.h"
#include "proto/catalogue_file.h"
#include "random_life.h"
#include "reader_life.h"

#define STEPS 600
#define EVERY 100 /* steps from one archive to the next */

static kg_catalogue *parse(const char *text)
{
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    kg_problems_fini(&problems);
    return catalogue;
}

static kg_state *copy(kg_state *state)
{
    memory_archive memory;
    kg_archive archive = memory_archive_write(&memory);
    kg_catalogue *catalogue = NULL;
    const char *text = kg_state_catalogue_text(state);
    kg_state_archive(&archive, state, &catalogue, text);
    kg_state *made = kg_state_new();
    catalogue = text ? parse(text) : NULL;
    archive = memory_archive_read(&memory);
    kg_state_archive(&archive, made, &catalogue, text);
    assert_int_equal(memory.read, memory.bytes.count);
    kg_buffer_fini(&memory.bytes);
    return made;
}

static void what_is_read_goes_on_like_what_was_written(void **state)
{
    (void)state;
    for (uint64_t seed = 11; seed <= 12; seed++) {
        kg_state *made[STEPS / EVERY];
        size_t applied[STEPS / EVERY];
        char wrong[300];
        world w;
        life l;
        event_log events = {0};
        event_log_begin(&w, &events);
        life_init(&l, &w, seed);
        for (size_t i = 0; i < STEPS; i++) {
            life_step(&l);
            if (i % EVERY != 0)
                continue;
            made[i / EVERY] = copy(w.state);
            applied[i / EVERY] = events.count;
            assert_same_state(w.state, made[i / EVERY], seed);
        }
        for (size_t i = 0; i < STEPS / EVERY; i++) {
            event_log_apply(&events, applied[i], events.count, made[i]);
            assert_same_state(w.state, made[i], seed);
            if (!invariants_hold(made[i], wrong))
                fail_msg("seed %llu: %s", (unsigned long long)seed, wrong);
            kg_state_destroy(&made[i]);
        }
        world_fini(&w);
        event_log_fini(&events);
    }
}

static void it_takes_no_more_memory(void **state)
{
    (void)state;
    world w;
    life l;
    event_log events = {0};
    kg_state_usage before, after;
    event_log_begin(&w, &events);
    life_init(&l, &w, 5);
    for (size_t i = 0; i < STEPS; i++)
        life_step(&l);
    kg_state *made = copy(w.state);
    kg_state_usage_read(w.state, &before);
    kg_state_usage_read(made, &after);
    assert_int_equal(after.columns, before.columns);
    assert_int_equal(after.keys, before.keys);
    assert_int_equal(after.rounds, before.rounds);
    assert_true(after.texts <= before.texts + before.texts / 2 + 65536);
    kg_state_destroy(&made);
    world_fini(&w);
    event_log_fini(&events);
}

static void an_empty_state_is_one_too(void **state)
{
    (void)state;
    kg_state *empty = kg_state_new(), *made = copy(empty);
    assert_same_state(empty, made, 0);
    kg_state_destroy(&empty);
    kg_state_destroy(&made);
}

/* Records whose numbers take more than four bytes, and amounts that do. */
static void numbers_and_amounts_may_be_large(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_register(&w, "A", "nl", true);
    w.sequence = UINT32_MAX - 1;
    world_plan(&w, "A", "line=a1\nline=a2|quantity=|value=42949672.95");
    assert_int_equal(UINT32_MAX, line_of(&w, "A", "a1").sequence);
    world_plan(&w, "A", "line=a2|quantity=|value=42949672.96\nline=a3");
    kg_state *made = copy(w.state);
    assert_same_state(w.state, made, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(UINT32_MAX, line_of(&w, "A", "a1").sequence);
        assert_int_equal((uint64_t)UINT32_MAX + 1, line_of(&w, "A", "a2").sequence);
        assert_int_equal((uint64_t)UINT32_MAX + 1, line_of(&w, "A", "a3").sequence);
        assert_int_equal((int64_t)UINT32_MAX + 1, line_of(&w, "A", "a2").line.value_cents);
        kg_state *other = w.state; /* and once more of what was read */
        w.state = made;
        made = other;
    }
    kg_state_destroy(&made);
    world_fini(&w);
}

/* --- what readers were told --- */

static void assert_same_version(const kg_version *a, const kg_version *b)
{
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->date, b->date);
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->cells[i].at, b->cells[i].at);
        assert_int_equal(a->cells[i].organisations, b->cells[i].organisations);
        assert_int_equal(a->cells[i].quantity, b->cells[i].quantity);
        assert_true(a->cells[i].value_cents == b->cells[i].value_cents);
    }
    assert_int_equal(a->categories_count, b->categories_count);
    for (size_t i = 0; i < a->categories_count; i++)
        assert_string_equal(a->categories[i], b->categories[i]);
}

static void replace(reader_life *l)
{
    memory_archive memory;
    kg_archive archive = memory_archive_write(&memory);
    kg_disclosure_history_archive(l->history, &archive);
    kg_version *none = NULL, *version = l->version;
    kg_version_archive(none, &archive);
    kg_version_archive(version, &archive);
    archive = memory_archive_read(&memory);
    kg_disclosure_history_destroy(&l->history);
    l->history = kg_disclosure_history_new();
    kg_disclosure_history_archive(l->history, &archive);
    assert_null(kg_version_archive(NULL, &archive));
    kg_version *made = kg_version_archive(NULL, &archive);
    assert_same_version(version, made);
    kg_version_destroy(&l->version);
    l->version = made;
    assert_int_equal(memory.read, memory.bytes.count);
    kg_buffer_fini(&memory.bytes);
}

/* Of two equal lives one has its history read back after each version. */
static void a_history_goes_on_as_well(void **state)
{
    (void)state;
    static const kg_disclosure_rules rules = {5, 60, 80, 15};
    reader_life *a = kg_alloc(1, sizeof *a), *b = kg_alloc(1, sizeof *b);
    size_t cells = 0;
    reader_life_init(a, 3, rules, false);
    reader_life_init(b, 3, rules, false);
    for (size_t i = 0; i < 12; i++) {
        reader_life_step(a);
        reader_life_step(b);
        assert_same_version(a->version, b->version);
        replace(b);
        cells += a->version->count;
    }
    assert_true(cells > 12);
    reader_life_fini(a);
    reader_life_fini(b);
    free(a);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_goes_on_like_what_was_written),
        cmocka_unit_test(it_takes_no_more_memory),
        cmocka_unit_test(an_empty_state_is_one_too),
        cmocka_unit_test(numbers_and_amounts_may_be_large),
        cmocka_unit_test(a_history_goes_on_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
