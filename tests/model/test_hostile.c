/* SPDX-License-Identifier: EUPL-1.2 */
/* Commands of a registered member who means harm: properly signed, with bytes that no client of
 * ours makes. Each is refused with a reason, or is a command like others: its event can be read
 * back, fits the state, and leaves it sound. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_log.h"
#include "helper_invariants.h"
#include "helper_hostile.h"
#include "proto/codec.h"
#include "random_life.h"

#define STEPS 400
#define TRIES 40 /* at each command */

static uint64_t first_seed = 1, seeds = 2;

typedef struct attack {
    world *w;
    uint64_t random;
    size_t unread, refused, taken, applied;
} attack;

static size_t below(attack *a, size_t limit)
{
    a->random = a->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(a->random >> 33) % limit;
}

/* What is journalled must be there after a restart. */
static void assert_survives(const attack *a, const kg_event *event)
{
    kg_buffer bytes;
    char why[200];
    const kg_catalogue *catalogue = kg_state_catalogue(a->w->state);
    kg_buffer_init(&bytes);
    kg_codec_event_encode(event, catalogue, &bytes);
    kg_event *again = event_log_decode((const uint8_t *)bytes.bytes, bytes.count, catalogue,
                                       a->w->sequence + 1);
    if (!again)
        fail_msg("a journalled %s cannot be read", kg_kind_name(event->command.kind));
    if (!kg_state_accepts(a->w->state, again, why))
        fail_msg("a journalled %s does not fit: %s", kg_kind_name(event->command.kind), why);
    kg_event_destroy(&again);
    kg_buffer_fini(&bytes);
}

static void apply(attack *a, kg_event *event)
{
    char wrong[300];
    event->sequence = ++a->w->sequence;
    kg_effects_clear(&a->w->effects);
    kg_state_apply(a->w->state, event, &a->w->effects);
    if (!invariants_hold(a->w->state, wrong))
        fail_msg("after a hostile %s: %s", kg_kind_name(event->command.kind), wrong);
    a->applied++;
}

static void decide(attack *a, const char *actor, kg_command *command)
{
    kg_decision decision;
    const kg_actor who = {actor, (uint32_t)below(a, 16)};
    kg_decision_init(&decision);
    kg_state_check(a->w->state, &who, command, a->w->now, &decision);
    kg_job_destroy(&decision.job);
    if (!decision.event) {
        a->refused++;
    } else {
        a->taken++;
        assert_survives(a, decision.event);
        if (below(a, 10) == 0)
            apply(a, decision.event);
    }
    kg_decision_fini(&decision);
}

static void on_sent(void *context, const char *actor, kg_kind kind, const kg_buffer *bytes)
{
    attack *a = context;
    for (size_t i = 0; i < TRIES; i++) {
        kg_buffer bad;
        kg_command command;
        char detail[600];
        uint32_t as = below(a, 20) == 0 ? (uint32_t)below(a, 40) : (uint32_t)kind;
        kg_buffer_init(&bad);
        for (size_t changes = 1 + below(a, 2); changes > 0; changes--) {
            kg_buffer next;
            kg_buffer_init(&next);
            hostile_bytes((const uint8_t *)(bad.count ? bad.bytes : bytes->bytes),
                          bad.count ? bad.count : bytes->count, &a->random, &next);
            kg_buffer_fini(&bad);
            bad = next;
        }
        kg_status status =
            kg_codec_command_decode(as, (const uint8_t *)bad.bytes, bad.count,
                                    kg_state_catalogue(a->w->state), &command, detail);
        if (status == KG_STATUS_OK) {
            decide(a, actor, &command);
        } else {
            assert_true(detail[0] != '\0' || status == KG_STATUS_UNKNOWN_KIND);
            a->unread++;
        }
        kg_command_fini(&command);
        kg_buffer_fini(&bad);
    }
}

static void no_command_does_harm(void **state)
{
    attack sum = {0};
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        world w;
        life l;
        attack a = {.w = &w, .random = seed};
        world_init(&w);
        w.look_every = 25;
        life_init(&l, &w, seed);
        l.sent = on_sent;
        l.context = &a;
        for (size_t i = 0; i < STEPS; i++)
            life_step(&l);
        sum.unread += a.unread;
        sum.refused += a.refused;
        sum.taken += a.taken;
        sum.applied += a.applied;
        world_fini(&w);
    }
    print_message("%zu unread, %zu refused, %zu taken, %zu of them applied\n", sum.unread,
                  sum.refused, sum.taken, sum.applied);
    assert_true(sum.unread > 1000 && sum.refused > 1000 && sum.taken > 1000 && sum.applied > 100);
}

/* test_hostile [FIRST-SEED SEEDS] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_command_does_harm),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
