/* SPDX-License-Identifier: EUPL-1.2 */
/* Nobody can learn from what readers are told, of any number of versions, within 15 % what a body
 * plans: held against an attacker, over random histories; and the same attacker finds it where
 * the rules are off, or where versions are made without regard to those before. */
#include <stdlib.h>

#include "reader_attack.h"

/* More are asked for on the command line. */
static uint64_t first_seed = 1, seeds = 12;

static const kg_disclosure_rules rules = {5, 60, 80, 15};

static attack_result attack_life(uint64_t seed, const kg_disclosure_rules *by, bool forgetful,
                                 size_t *cells, size_t *changed)
{
    attack_result result = {0};
    reader_life *l = malloc(sizeof *l);
    reader_life_init(l, seed, *by, forgetful);
    for (int versions = 4 + (int)(seed % 7); versions > 0; versions--)
        reader_life_step(l);
    reader_life_end(l);
    for (int coalition = 0; coalition <= 2; coalition++)
        for (int measure = 0; measure < READER_MEASURES; measure++)
            attack(l, measure, coalition, &result);
    *cells += l->sums_count;
    *changed += l->changed;
    reader_life_fini(l);
    free(l);
    return result;
}

static void nobody_is_bounded(void **state)
{
    (void)state;
    size_t cells = 0, changed = 0, targets = 0, solved = 0;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        attack_result result = attack_life(seed, &rules, false, &cells, &changed);
        if (result.bounded > 0)
            fail_msg("seed %llu: %zu of %zu bounded; %s", (unsigned long long)seed,
                     result.bounded, result.targets, result.first);
        targets += result.targets;
        solved += result.solved;
    }
    print_message("%llu histories, %zu published sums, %zu changes of one, %zu targets, "
                  "%zu linear programmes\n",
                  (unsigned long long)seeds, cells, changed, targets, solved);
    assert_true(cells > 5 * seeds && changed > seeds); /* there was something to attack */
}

static void without_rules_they_are(void **state)
{
    (void)state;
    static const kg_disclosure_rules off = {1, 100, 100, 0};
    size_t cells = 0, changed = 0, bounded = 0;
    for (uint64_t seed = 1; seed <= 3; seed++)
        bounded += attack_life(seed, &off, false, &cells, &changed).bounded;
    assert_true(bounded > 0);
}

/* Each version passes all the rules by itself; their differences do not. */
static void without_a_history_they_are(void **state)
{
    (void)state;
    size_t cells = 0, changed = 0, bounded = 0;
    for (uint64_t seed = 1; seed <= 3; seed++)
        bounded += attack_life(seed, &rules, true, &cells, &changed).bounded;
    assert_true(bounded > 0);
}

/* test_reader_attack [FIRST-SEED SEEDS] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_bounded),
        cmocka_unit_test(without_rules_they_are),
        cmocka_unit_test(without_a_history_they_are),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
