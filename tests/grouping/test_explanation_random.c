/* SPDX-License-Identifier: EUPL-1.2 */
/* Explanations of random buckets against the slow evaluator of helper_reasons.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "helper_reasons.h"

#define LOTS_MAX 8

/* Lots that nobody optimised: each line joins the first lot that it may, or is left out. */
typedef struct scatter {
    kg_grouped_lot lots[LOTS_MAX];
    uint32_t *lines, *members, *unplaced;
    kg_solved_bucket bucket;
} scatter;

static void scatter_lot(scatter *c, const sample *s, bool *placed, random_source *random)
{
    uint32_t fixed = c->bucket.lots_count < s->fixed_count ? (uint32_t)c->bucket.lots_count
                                                           : KG_NO_LOT;
    uint32_t first = 0, count = 0;
    for (size_t i = 0; i < c->bucket.lots_count; i++)
        first += c->lots[i].members_count;
    for (uint32_t i = 0; i < s->lines_count; i++) {
        sample_lot unused;
        bool mine = sample_fixed_of(s, i) == fixed;
        if (placed[i] || !mine || (fixed == KG_NO_LOT && !random_chance(random, 40)))
            continue;
        c->members[first + count] = i;
        placed[i] = fixed != KG_NO_LOT ||
                    sample_rules_hold(s, c->members + first, count + 1, NULL, &unused);
        count += placed[i];
    }
    if (count > 0)
        c->lots[c->bucket.lots_count++] =
            (kg_grouped_lot){.fixed = fixed, .members_first = first, .members_count = count};
}

static void scatter_init(scatter *c, const sample *s, const kg_grouping_input *input,
                         size_t lots, random_source *random)
{
    size_t count = s->lines_count;
    bool *placed = kg_alloc(count, sizeof *placed);
    c->lines = kg_alloc(count, sizeof *c->lines);
    c->members = kg_alloc(count + 1, sizeof *c->members);
    c->unplaced = kg_alloc(count, sizeof *c->unplaced);
    c->bucket = (kg_solved_bucket){.input = input, .lines = c->lines, .lines_count = count,
                                   .lots = c->lots, .members = c->members,
                                   .unplaced = c->unplaced};
    for (size_t i = 0; i < s->fixed_count + lots; i++)
        scatter_lot(c, s, placed, random);
    for (uint32_t i = 0; i < count; i++) {
        c->lines[i] = i;
        if (!placed[i])
            c->unplaced[c->bucket.unplaced_count++] = i;
    }
    free(placed);
}

static void scatter_fini(scatter *c)
{
    free(c->lines);
    free(c->members);
    free(c->unplaced);
}

/* Changes one thing that may matter. */
static void alter(kg_demand *line, random_source *random)
{
    int64_t place = random_between(random, 0, 2);
    switch (random_between(random, 0, 6)) {
    case 0:
        line->conditions ^= KG_CONDITION_REFURBISHED;
        line->conditions |= KG_CONDITION_NEW;
        break;
    case 1:
        line->languages |= 1u << random_between(random, 0, 3);
        break;
    case 2:
        line->track ^= 1;
        break;
    case 3:
        line->lo.rank[place] = 0;
        break;
    case 4:
        line->hi.rank[place] = random_chance(random, 50) ? KG_LEVEL_ANY
                                                         : line->lo.rank[place];
        break;
    case 5:
        line->to = line->from + (kg_date)random_between(random, 11, 60);
        break;
    default:
        line->value_max_cents *= 2;
    }
}

/* Many lines that ask for the same, or nearly. */
static void make_alike(sample *s, random_source *random)
{
    for (size_t i = 1; i < s->lines_count; i++) {
        uint32_t organisation = s->lines[i].organisation;
        if (!random_chance(random, 80))
            continue;
        s->lines[i] = s->lines[random_between(random, 0, (int64_t)i - 1)];
        s->lines[i].organisation = organisation;
        if (random_chance(random, 50))
            alter(&s->lines[i], random);
    }
}

static void check_scattered(random_source *random, size_t lines, size_t fixed, size_t lots)
{
    sample s;
    sample_recipe recipe = sample_recipe_random(random, lines);
    if (lines > 24) { /* minima near what a part of the lines comes to */
        recipe.bodies_min = random_between(random, 0, (int64_t)lines / 2);
        recipe.quantity_min = random_between(random, 0, (int64_t)lines * 8);
        recipe.value_min = random_between(random, 0, (int64_t)lines * recipe.value_high / 3);
    }
    if (fixed + lots > 0)
        recipe.bodies_min = recipe.quantity_min = recipe.value_min = 0;
    sample_init(&s, &recipe, random);
    if (random_chance(random, 50))
        make_alike(&s, random);
    if (fixed > 0)
        sample_fix_lots(&s, fixed, random);
    kg_grouping_input input = sample_input(&s);
    scatter c;
    scatter_init(&c, &s, &input, lots, random);
    kg_unplaced *out = kg_alloc(c.bucket.unplaced_count + 1, sizeof *out);
    kg_frame *frames = reasons_frames(&c.bucket);
    c.bucket.frames = frames;
    kg_explain_bucket(&c.bucket, out);
    free(frames);
    const char *wrong = reasons_check(&s, &c.bucket, out);
    if (wrong)
        fail_msg("%s (random state %llu)", wrong, (unsigned long long)random->state);
    free(out);
    scatter_fini(&c);
    sample_fini(&s);
}

static size_t some(random_source *random)
{
    return (size_t)random_between(random, 1, 24);
}

static void test_nearest_lots(void **state)
{
    (void)state;
    random_source random = {2};
    for (int i = 0; i < 350; i++)
        check_scattered(&random, some(&random), 0, (size_t)random_between(&random, 1, 5));
}

static void test_lots_that_stand(void **state)
{
    (void)state;
    random_source random = {3};
    for (int i = 0; i < 200; i++)
        check_scattered(&random, some(&random), (size_t)random_between(&random, 1, 3),
                        (size_t)random_between(&random, 0, 2));
}

static void test_without_lots(void **state)
{
    (void)state;
    random_source random = {4};
    for (int i = 0; i < 1000; i++)
        check_scattered(&random, some(&random), 0, 0);
}

/* Long enough for several of the blocks in which lines are asked; minima that some miss. */
static void test_many_lines_without_lots(void **state)
{
    (void)state;
    random_source random = {5};
    for (int i = 0; i < 40; i++)
        check_scattered(&random, (size_t)random_between(&random, 60, 200), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_lots),
        cmocka_unit_test(test_lots_that_stand),
        cmocka_unit_test(test_without_lots),
        cmocka_unit_test(test_many_lines_without_lots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
