/* SPDX-License-Identifier: EUPL-1.2 */
/* Random lives in which a member of each lot asks for its sums after every step: none is told
 * exactly before the launch, and in all of a lot's life one number is, so that no difference of two
 * answers is what somebody who left, or came, has planned; and the number of lines never changes
 * again once one was told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"
#include "random_life.h"

enum { STEPS = 700, SEEDS = 3, LOTS_MAX = 4096 };

typedef struct told {
    bool exactly;
    int64_t quantity;
    size_t members;
} told;

static told seen[LOTS_MAX];
static size_t exact, early;

static const char *first_member(const world *w, const kg_lot *lot)
{
    const kg_campaign *campaign = kg_state_campaign(w->state, lot->campaign);
    return campaign->claims[lot->members[0]].line.organisation;
}

static void look_at(const world *w, uint32_t index)
{
    const kg_lot *lot = kg_state_lot(w->state, index);
    told *before = &seen[index];
    if (lot->members_count == 0 || (before->exactly && lot->state > KG_LOT_LAUNCHED))
        return;
    kg_query query = query_of(KG_VIEW_LOT, NULL, lot->id, NULL);
    json_t *answer = asked(w, first_member(w, lot), KG_ROLE_ORGANISATION, &query);
    if (json_is_true(entry(answer, "exact"))) {
        const int64_t quantity = json_integer_value(entry(answer, "quantity"));
        if (before->exactly &&
            (before->quantity != quantity || before->members != lot->members_count))
            fail_msg("%s told %lld of %zu lines, and now %lld of %zu", lot->id,
                     (long long)before->quantity, before->members, (long long)quantity,
                     lot->members_count);
        exact += !before->exactly;
        early += !before->exactly && lot->state == KG_LOT_CONFIRMED;
        *before = (told){true, quantity, lot->members_count};
    }
    json_decref(answer);
}

static void no_difference_tells_a_plan(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world w;
        life l;
        memset(seen, 0, sizeof seen);
        world_init(&w);
        life_init(&l, &w, seed);
        for (int i = 0; i < STEPS; i++) {
            life_step(&l);
            assert_true(kg_state_lots(w.state) <= LOTS_MAX);
            for (uint32_t lot = 0; lot < kg_state_lots(w.state); lot++)
                look_at(&w, lot);
        }
        world_fini(&w);
    }
    print_message("%zu lots told exactly, %zu of them before they were launched\n", exact, early);
    assert_true(exact > 0 && early == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_difference_tells_a_plan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
