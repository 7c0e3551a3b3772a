/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal whose chain is sound but whose events are damaged, or come from another life: each is
 * refused with half a sentence, or applies without harm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_log.h"
#include "random_life.h"

#define STEPS 260
#define TRIES 60 /* at each event */

static uint64_t first_seed = 1, seeds = 2;

typedef struct trial {
    const event_log *own, *other;
    kg_state *state; /* before event `at` */
    size_t at;
    uint64_t random;
    size_t unread, refused, applied;
} trial;

static size_t below(trial *t, size_t limit)
{
    t->random = t->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(t->random >> 33) % limit;
}

/* An event of this life or of the other. */
static const kg_buffer *pick(trial *t)
{
    if (below(t, 3) > 0)
        return &t->own->events[t->at];
    const event_log *from = below(t, 2) ? t->own : t->other;
    return &from->events[below(t, from->count)];
}

/* A copy with some bytes changed, or none; returns owned. */
static uint8_t *damaged(trial *t, size_t *count)
{
    const kg_buffer *from = pick(t);
    uint8_t *bytes = kg_alloc(from->count + 1, 1);
    memcpy(bytes, from->bytes, from->count);
    *count = from->count;
    for (size_t i = below(t, 4); i > 0; i--) {
        uint8_t *byte = &bytes[below(t, *count)];
        switch (below(t, 3)) {
        case 0:
            *byte ^= (uint8_t)(1 << below(t, 8));
            break;
        case 1:
            *byte = (uint8_t)(*byte + 1);
            break;
        default:
            *byte = (uint8_t)below(t, 256);
        }
    }
    return bytes;
}

static void try_one(trial *t)
{
    size_t count;
    char why[200];
    uint8_t *bytes = damaged(t, &count);
    kg_event *event =
        event_log_decode(bytes, count, kg_state_catalogue(t->state), t->at + 1);
    free(bytes);
    if (!event) {
        t->unread++;
        return;
    }
    if (!kg_state_accepts(t->state, event, why)) {
        assert_true(why[0] != '\0');
        t->refused++;
    } else {
        kg_effects effects;
        kg_buffer out;
        kg_effects_init(&effects);
        kg_buffer_init(&out);
        kg_state_apply(t->state, event, &effects);
        kg_state_write(t->state, kg_buffer_sink(&out));
        kg_buffer_fini(&out);
        kg_effects_fini(&effects);
        kg_state_destroy(&t->state);
        t->state = event_log_replay(t->own, t->at);
        t->applied++;
    }
    kg_event_destroy(&event);
}

static void live(event_log *events, uint64_t seed)
{
    world w;
    life l;
    event_log_begin(&w, events);
    life_init(&l, &w, seed);
    for (size_t i = 0; i < STEPS; i++)
        life_step(&l);
    world_fini(&w);
}

static void go_on(trial *t)
{
    kg_effects effects;
    kg_effects_init(&effects);
    const kg_buffer *bytes = &t->own->events[t->at];
    kg_event *event = event_log_decode((const uint8_t *)bytes->bytes, bytes->count,
                                       kg_state_catalogue(t->state), t->at + 1);
    kg_state_apply(t->state, event, &effects);
    kg_event_destroy(&event);
    kg_effects_fini(&effects);
}

static void no_event_of_a_journal_does_harm(void **state)
{
    trial sum = {0};
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        event_log own = {0}, other = {0};
        live(&own, seed);
        live(&other, seed + 1000);
        trial t = {.own = &own, .other = &other, .state = kg_state_new(), .random = seed};
        for (; t.at < own.count; t.at++) {
            for (size_t i = 0; i < TRIES; i++)
                try_one(&t);
            go_on(&t);
        }
        kg_state_destroy(&t.state);
        sum.unread += t.unread;
        sum.refused += t.refused;
        sum.applied += t.applied;
        event_log_fini(&own);
        event_log_fini(&other);
    }
    print_message("%zu unread, %zu refused, %zu applied\n", sum.unread, sum.refused, sum.applied);
    assert_true(sum.unread > 100 && sum.refused > 100 && sum.applied > 100);
}

/* test_foreign [FIRST-SEED SEEDS] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_event_of_a_journal_does_harm),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
