/* SPDX-License-Identifier: EUPL-1.2 */
/* Random histories: the state that lived through them, and the one that is made again from the
 * journalled events alone, have the same canonical bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "event_log.h"
#include "helper_invariants.h"
#include "proto/identity.h"
#include "random_life.h"

#define STEPS 2000

/* Of the lives to be lived; more may be asked for on the command line. */
static uint64_t first_seed = 1, seeds = 3;

static void write_state(const kg_state *state, kg_buffer *out)
{
    kg_buffer_init(out);
    kg_state_write(state, kg_buffer_sink(out));
}

/* For comparing what other compilers and machines make of the same seed. */
static void print_hash(const world *w, const event_log *events, uint64_t seed)
{
    uint8_t digest[KG_SHA256_BYTES];
    char text[2 * KG_SHA256_BYTES + 1];
    kg_sha256 *hash = kg_sha256_new();
    kg_state_write(w->state, kg_sha256_sink(hash));
    for (size_t i = 0; i < events->count; i++)
        kg_sha256_add(hash, events->events[i].bytes, events->events[i].count);
    kg_sha256_end(&hash, digest);
    kg_hex_write(digest, sizeof digest, text);
    print_message("seed %llu: %zu events, state and journal %s\n", (unsigned long long)seed,
                  events->count, text);
}

static void add_up(life *sum, const life *l)
{
    for (size_t i = 0; i < 128; i++) {
        sum->taken[i] += l->taken[i];
        sum->refused[i] += l->refused[i];
    }
    sum->moved += l->moved;
    sum->exhausted += l->exhausted;
    sum->expired += l->expired;
    sum->failed += l->failed;
    sum->partial += l->partial;
}

/* The lives were lives: everything happened, and was refused, more than once. */
static void assert_eventful(const life *sum)
{
    static const kg_kind kinds[] = {
        KG_KIND_SUBMIT,        KG_KIND_WITHDRAW,      KG_KIND_LOT_CONFIRM,    KG_KIND_LOT_DECLINE,
        KG_KIND_LOT_CALL_OFF,  KG_KIND_ROUND_OPEN,    KG_KIND_ROUND_CLOSE,    KG_KIND_ROUND_EXTEND,
        KG_KIND_ROUND_PROPOSE, KG_KIND_ROUND_CONFIRM, KG_KIND_ROUND_CONCLUDE, KG_KIND_ROUND_CANCEL,
        KG_KIND_LOT_AWARD,     KG_KIND_LOT_FAIL,      KG_KIND_TENDER_LAUNCH,  KG_KIND_REGISTER,
        KG_KIND_CATALOGUE,     KG_KIND_ROUND_START,   KG_KIND_LOTS_EXPIRE,
        KG_KIND_KEY_ADD,       KG_KIND_KEY_REVOKE,    KG_KIND_LINES_READ,     KG_KIND_LOT_OFFERS,
        KG_KIND_PRACTICE_PUBLISH, KG_KIND_PRACTICE_RETIRE,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (sum->taken[kinds[i]] < 2)
            fail_msg("%s was taken %zu times only", kg_kind_name(kinds[i]), sum->taken[kinds[i]]);
    assert_true(sum->moved >= 3 && sum->exhausted >= 3 && sum->expired >= 3);
    assert_true(sum->failed >= 3 && sum->partial >= 3);
}

static void a_replay_makes_the_same_state(void **state)
{
    (void)state;
    life sum = {0};
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        char wrong[300];
        world w;
        life l;
        event_log events = {0};
        event_log_begin(&w, &events);
        life_init(&l, &w, seed);
        for (size_t i = 0; i < STEPS; i++)
            life_step(&l);
        if (!invariants_hold(w.state, wrong))
            fail_msg("seed %llu: %s", (unsigned long long)seed, wrong);
        kg_state *again = event_log_replay(&events, events.count);
        assert_same_state(w.state, again, seed);
        print_hash(&w, &events, seed);
        life_sum_up(&l);
        add_up(&sum, &l);
        kg_state_destroy(&again);
        world_fini(&w);
        event_log_fini(&events);
    }
    assert_eventful(&sum);
}

/* Whatever an event changes, the bytes tell; and a state made from the events up to then goes on
 * to the same end. */
static void every_event_shows_in_the_bytes(void **state)
{
    (void)state;
    world w;
    life l;
    event_log events = {0};
    kg_buffer before, after;
    event_log_begin(&w, &events);
    life_init(&l, &w, 99);
    write_state(w.state, &before);
    for (size_t i = 0; i < 500; i++) {
        size_t count = events.count;
        life_step(&l);
        write_state(w.state, &after);
        bool same =
            before.count == after.count && memcmp(before.bytes, after.bytes, before.count) == 0;
        bool unchanged = strstr(w.effects.result, "0 new, 0 amended") == w.effects.result;
        if (same != (count == events.count) && !unchanged)
            fail_msg("step %zu: %s", i, w.effects.result);
        kg_buffer_fini(&before);
        before = after;
        if (i % 100 == 0) {
            kg_state *again = event_log_replay(&events, events.count);
            assert_same_state(w.state, again, 99);
            kg_state_destroy(&again);
        }
    }
    kg_buffer_fini(&before);
    world_fini(&w);
    event_log_fini(&events);
}

/* test_replay [FIRST-SEED SEEDS] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replay_makes_the_same_state),
        cmocka_unit_test(every_event_shows_in_the_bytes),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
