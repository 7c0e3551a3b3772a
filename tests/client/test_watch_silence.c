/* SPDX-License-Identifier: EUPL-1.2 */
/* Following a feed of which every hint is lost: what is new is seen all the same, only later. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SILENCE_MS_MAX 15000 /* it asks every 10 s */

/* Entry 2 is there only this long after entry 1 was seen: no question of that moment shows it. */
#define LATER_MS 1000

typedef struct followed {
    fake_broker *broker;
    uint64_t seen;
    int64_t took_ms; /* from the first entry to the second */
} followed;

/* Entry 2 appears, and nobody is told. `state`: milliseconds of the clock when entry 1 was seen. */
static bool serve_in_silence(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    int seen_ms = atomic_load(&broker->state);
    if (seen_ms > 0 && (int)fake_now_ms() - seen_ms > LATER_MS)
        atomic_store(&broker->feed, 2);
    return fake_serve(broker, request, reply);
}

static bool take_entry(void *context, uint64_t number, const char *json)
{
    followed *follow = context;
    (void)json;
    assert_int_equal(number, follow->seen + 1);
    follow->seen = number;
    if (number == 1)
        atomic_store(&follow->broker->state, (int)fake_now_ms());
    follow->took_ms = (int)fake_now_ms() - atomic_load(&follow->broker->state);
    return number < 2;
}

static void lost_hints_lose_no_entries(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    followed follow = {.broker = broker};
    fake_handle(broker, serve_in_silence);
    atomic_store(&broker->feed, 1);
    kopgroep_watch(broker->session, 0, take_entry, &follow, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    assert_int_equal(follow.seen, 2);
    assert_in_range(follow.took_ms, LATER_MS, SILENCE_MS_MAX);
    kopgroep_answer_fini(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lost_hints_lose_no_entries, fake_setup_open,
                                        fake_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
