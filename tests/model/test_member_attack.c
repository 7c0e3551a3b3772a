/* SPDX-License-Identifier: EUPL-1.2 */
/* Nobody can learn, from what one or two members and a reader are told over random histories,
 * within 15 % what another body plans (member_attack.h says what is left out); and the same
 * attacker finds it where exact sums of lots leak. Nor by anything else that they are told: there
 * are lives with other plans in which it is the same, to the letter (member_twin.h). */
#include <stdlib.h>

#include "member_twin.h"

/* More are asked for on the command line. */
static uint64_t first_seed = 1, seeds = 4, first_twin = 3, twin_seeds = 1;

static const uint32_t coalitions[] = {1U << MEMBER_READER, 1U << MEMBER_FIRST,
                                      1U << MEMBER_FIRST | 1U << MEMBER_SECOND};
#define COALITIONS (sizeof coalitions / sizeof *coalitions)
#define TWINS 1 /* that are sought for each of them in a life */

typedef struct tally {
    member_verdict verdict;
    size_t facts, lots, launched;
} tally;

static void attack_life(uint64_t seed, bool plant, tally *out)
{
    member_life *l = malloc(sizeof *l);
    member_life_init(l, seed);
    l->plant_sums = plant;
    member_life_live(l);
    for (size_t i = 0; i < COALITIONS; i++)
        member_attack(l, coalitions[i], &out->verdict);
    out->facts += l->facts_count;
    out->lots += l->lots_seen;
    out->launched += l->launched;
    member_life_fini(l);
    free(l);
}

static void nobody_is_bounded(void **state)
{
    (void)state;
    tally all = {0};
    const member_verdict *verdict = &all.verdict;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        attack_life(seed, false, &all);
        if (verdict->bounded + verdict->limited > 0)
            fail_msg("seed %llu: %zu bounded, %zu limited; %s", (unsigned long long)seed,
                     verdict->bounded, verdict->limited, verdict->first);
    }
    print_message("%llu histories, %zu lots (%zu launched), %zu facts, %zu targets, %zu linear "
                  "programmes\n",
                  (unsigned long long)seeds, all.lots, all.launched, all.facts, verdict->targets,
                  verdict->solved);
    assert_true(all.lots > seeds && all.facts > 10 * seeds); /* there was something to attack */
}

static void with_exact_sums_they_are(void **state)
{
    (void)state;
    tally all = {0};
    for (uint64_t seed = 1; seed <= 2; seed++)
        attack_life(seed, true, &all);
    assert_true(all.verdict.bounded > 0 && all.verdict.limited > 0);
}

static void seek_twins(uint64_t seed, size_t coalition, bool plant, member_twins *twins)
{
    member_life *l = malloc(sizeof *l);
    member_life_init(l, seed);
    l->letters = true;
    l->plant_unseen = plant;
    member_life_live(l);
    member_twins_seek(l, coalitions[coalition], TWINS, twins);
    member_life_fini(l);
    free(l);
}

/* Where others plan otherwise, lots may come out otherwise: not each has a twin. */
static void others_could_plan_otherwise(void **state)
{
    (void)state;
    member_twins twins = {0};
    if (twin_seeds == 0)
        skip(); /* not asked for */
    for (uint64_t seed = first_twin; seed < first_twin + twin_seeds; seed++)
        seek_twins(seed, (seed + 2) % COALITIONS, false, &twins);
    print_message("%zu of %zu amounts have a twin\n", twins.found, twins.sought);
    if (twins.found < twins.sought)
        print_message("one without: %s\n", twins.other);
    assert_true(twins.sought > 0 && 3 * twins.found >= 2 * twins.sought);
}

/* A sum that is in no fact, so that no linear programme knows of it. */
static void with_an_unseen_sum_they_could_not(void **state)
{
    (void)state;
    member_twins twins = {0};
    seek_twins(3, COALITIONS - 1, true, &twins);
    assert_true(twins.sought > 0 && twins.found == 0);
}

/* test_member_attack [FIRST-SEED SEEDS [TWIN-SEEDS]] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_bounded),
        cmocka_unit_test(with_exact_sums_they_are),
        cmocka_unit_test(others_could_plan_otherwise),
        cmocka_unit_test(with_an_unseen_sum_they_could_not),
    };
    if (argc >= 3) {
        first_seed = first_twin = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    if (argc == 4)
        twin_seeds = strtoull(argv[3], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
