/* SPDX-License-Identifier: EUPL-1.2 */
/* The same lines and rules give the same outcome: whatever the order in which a plan lists them,
 * the order in which buckets are solved, the number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <cmocka.h>

#include "helper_instances.h"
#include "proto/plan.h"

/* What makes no thread would only take a minute under thread checks. */
#ifdef __SANITIZE_THREAD__
#define SKIP_SERIAL() skip()
#else
#define SKIP_SERIAL() (void)0
#endif

#define CATEGORIES 12
#define LINES 14
#define BUCKET_LINES 80
#define FURTHER_LINES 400000

/* One input of many buckets: CPV classes that no catalogue category has. */
static kg_demand *many_buckets(sample *s, uint64_t seed, size_t *count)
{
    random_source random = {.state = seed};
    sample_recipe recipe = sample_recipe_random(&random, LINES * CATEGORIES);
    recipe.criteria = 0;
    recipe.bodies = LINES * 2;
    recipe.bodies_min = 2;
    sample_init(s, &recipe, &random);
    *count = s->lines_count;
    for (size_t i = 0; i < s->lines_count; i++)
        s->lines[i].category =
            (kg_category)(KG_CATEGORY_CPV + 3000 + random_between(&random, 0, CATEGORIES - 1));
    return s->lines;
}

static void assert_same_levels(const kg_levels *a, const kg_levels *b)
{
    assert_memory_equal(a->rank, b->rank, sizeof a->rank);
}

static void assert_same_lot(const kg_grouped_lot *a, const kg_grouped_lot *b)
{
    assert_int_equal(a->category, b->category);
    assert_string_equal(a->nuts.code, b->nuts.code);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->condition, b->condition);
    assert_int_equal(a->language, b->language);
    assert_int_equal(a->members_first, b->members_first);
    assert_int_equal(a->members_count, b->members_count);
    assert_int_equal(a->value_cents, b->value_cents);
    assert_int_equal(a->lead, b->lead);
    assert_int_equal(a->curve_first, b->curve_first);
    assert_int_equal(a->curve_count, b->curve_count);
    assert_same_levels(&a->x, &b->x);
    assert_same_levels(&a->headroom, &b->headroom);
}

static void assert_same(const kg_outcome *a, const kg_outcome *b)
{
    assert_int_equal(a->lots_count, b->lots_count);
    assert_int_equal(a->members_count, b->members_count);
    assert_int_equal(a->unplaced_count, b->unplaced_count);
    assert_int_equal(a->curve_count, b->curve_count);
    for (size_t i = 0; i < a->lots_count; i++)
        assert_same_lot(&a->lots[i], &b->lots[i]);
    for (size_t i = 0; i < a->members_count; i++)
        assert_int_equal(a->members[i], b->members[i]);
    for (size_t i = 0; i < a->unplaced_count; i++) {
        assert_int_equal(a->unplaced[i].line, b->unplaced[i].line);
        assert_int_equal(a->unplaced[i].reason, b->unplaced[i].reason);
        assert_int_equal(a->unplaced[i].blocking, b->unplaced[i].blocking);
        assert_int_equal(a->unplaced[i].nearest_lot, b->unplaced[i].nearest_lot);
        assert_int_equal(a->unplaced[i].change.field, b->unplaced[i].change.field);
    }
}

static void buckets_may_be_solved_in_any_order(void **state)
{
    (void)state;
    SKIP_SERIAL();
    sample s;
    size_t count;
    many_buckets(&s, 42, &count);
    kg_grouping_input input = sample_input(&s);
    kg_outcome *forward = kg_grouping_run(&input);
    kg_grouping *grouping = kg_grouping_new(&input);
    assert_int_equal(kg_grouping_buckets(grouping), CATEGORIES);
    for (size_t i = kg_grouping_buckets(grouping); i-- > 0;)
        kg_grouping_solve(grouping, i);
    kg_outcome *backward = kg_grouping_finish(&grouping);
    assert_null(grouping);
    assert_true(forward->lots_count > 0);
    assert_same(forward, backward);
    kg_outcome_destroy(&forward);
    kg_outcome_destroy(&backward);
    sample_fini(&s);
}

typedef struct worker {
    kg_grouping *grouping;
    size_t first, step;
} worker;

static void *solve_share(void *context)
{
    const worker *share = context;
    for (size_t i = share->first; i < kg_grouping_buckets(share->grouping); i += share->step)
        kg_grouping_solve(share->grouping, i);
    return NULL;
}

static void threads_give_the_same(void **state)
{
    (void)state;
    sample s;
    size_t count;
    many_buckets(&s, 43, &count);
    kg_grouping_input input = sample_input(&s);
    kg_outcome *alone = kg_grouping_run(&input);
    kg_grouping *grouping = kg_grouping_new(&input);
    pthread_t threads[4];
    worker shares[4];
    for (size_t t = 0; t < 4; t++) {
        shares[t] = (worker){.grouping = grouping, .first = t, .step = 4};
        assert_int_equal(pthread_create(&threads[t], NULL, solve_share, &shares[t]), 0);
    }
    for (size_t t = 0; t < 4; t++)
        pthread_join(threads[t], NULL);
    kg_outcome *together = kg_grouping_finish(&grouping);
    assert_same(alone, together);
    kg_outcome_destroy(&alone);
    kg_outcome_destroy(&together);
    sample_fini(&s);
}

/* The plan's lines from a sample's demands; keys count up with the lines. */
static void fill_plan(kg_plan *plan, const sample *s, const uint32_t *order)
{
    kg_plan_init(plan);
    plan->lines = kg_alloc(s->lines_count, sizeof *plan->lines);
    plan->count = plan->capacity = s->lines_count;
    for (size_t i = 0; i < s->lines_count; i++) {
        const kg_demand *d = &s->lines[order[i]];
        char organisation[16], line[16];
        kg_text_format(organisation, sizeof organisation, "o%05u", d->organisation);
        kg_text_format(line, sizeof line, "l%05u", order[i]);
        plan->lines[i] = (kg_plan_line){
            .organisation = kg_arena_text(&plan->arena, organisation, strlen(organisation)),
            .line = kg_arena_text(&plan->arena, line, strlen(line)),
            .cpv = d->cpv,
            .category = d->category,
            .conditions = d->conditions,
            .track = d->track,
            .commitment = d->binding ? KG_COMMITMENT_BINDING : KG_COMMITMENT_INTENDED,
            .quantity_min = d->quantity_min,
            .quantity = d->quantity,
            .quantity_max = d->quantity_max,
            .value_cents = d->value_cents,
            .value_max_cents = d->value_max_cents,
            .delivery_from = d->from,
            .delivery_to = d->to,
            .order_by = d->order_by,
            .nuts = d->nuts,
            .languages = d->languages,
            .lo = d->lo,
            .hi = d->hi};
    }
}

static kg_outcome *run_plan(const sample *s, kg_plan *plan)
{
    kg_demand *lines = kg_alloc(plan->count, sizeof *lines);
    uint32_t organisation = 0;
    kg_plan_sort(plan);
    for (size_t i = 0; i < plan->count; i++) {
        organisation +=
            i && strcmp(plan->lines[i - 1].organisation, plan->lines[i].organisation) != 0;
        lines[i] = kg_demand_of(&plan->lines[i], &s->catalogue, organisation);
    }
    kg_grouping_input input = sample_input(s);
    input.lines = lines;
    kg_outcome *outcome = kg_grouping_run(&input);
    free(lines);
    return outcome;
}

static void the_order_of_a_plan_does_not_matter(void **state)
{
    (void)state;
    SKIP_SERIAL();
    for (uint64_t seed = 0; seed < 4; seed++) {
        random_source random = {.state = 300 + seed};
        sample_recipe recipe = sample_recipe_random(&random, 8 + 5 * seed);
        sample s;
        kg_plan plans[2];
        sample_init(&s, &recipe, &random);
        uint32_t *order = kg_alloc(s.lines_count, sizeof *order);
        for (uint32_t i = 0; i < s.lines_count; i++)
            order[i] = i;
        fill_plan(&plans[0], &s, order);
        for (size_t i = s.lines_count; i > 1; i--) {
            size_t k = (size_t)random_between(&random, 0, (int64_t)i - 1);
            uint32_t moved = order[k];
            order[k] = order[i - 1];
            order[i - 1] = moved;
        }
        fill_plan(&plans[1], &s, order);
        kg_outcome *sorted = run_plan(&s, &plans[0]), *shuffled = run_plan(&s, &plans[1]);
        assert_same(sorted, shuffled);
        kg_outcome_destroy(&sorted);
        kg_outcome_destroy(&shuffled);
        kg_plan_fini(&plans[0]);
        kg_plan_fini(&plans[1]);
        free(order);
        sample_fini(&s);
    }
}

/* A bucket alone is placed as it is among many lines, when it is told of so many. */
static void effort_is_that_of_a_larger_input(void **state)
{
    (void)state;
    SKIP_SERIAL();
    sample s;
    random_source random = {.state = 44};
    sample_recipe recipe = sample_recipe_random(&random, BUCKET_LINES);
    sample_init(&s, &recipe, &random);
    kg_grouping_input input = sample_input(&s);
    size_t total = s.lines_count + FURTHER_LINES;
    kg_demand *lines = kg_alloc(total, sizeof *lines);
    memcpy(lines, s.lines, s.lines_count * sizeof *lines);
    for (size_t i = s.lines_count; i < total; i++) {
        lines[i] = s.lines[s.lines_count - 1];
        lines[i].from = lines[i].to = s.round.delivery_to + 1; /* not in scope */
    }
    kg_outcome *full = kg_grouping_run(&input);
    input.effort_lines = total;
    kg_outcome *alone = kg_grouping_run(&input);
    input.effort_lines = 0;
    input.lines = lines;
    input.lines_count = total;
    kg_outcome *among = kg_grouping_run(&input);
    assert_true(alone->lots_count > 0);
    assert_int_equal(alone->lots_count, among->lots_count);
    assert_int_equal(alone->members_count, among->members_count);
    for (size_t i = 0; i < alone->lots_count; i++)
        assert_same_lot(&alone->lots[i], &among->lots[i]);
    assert_memory_equal(alone->members, among->members,
                        alone->members_count * sizeof *alone->members);
    assert_true(full->score.ambition_value != alone->score.ambition_value); /* it matters */
    kg_outcome_destroy(&full);
    kg_outcome_destroy(&alone);
    kg_outcome_destroy(&among);
    free(lines);
    sample_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_may_be_solved_in_any_order),
        cmocka_unit_test(threads_give_the_same),
        cmocka_unit_test(the_order_of_a_plan_does_not_matter),
        cmocka_unit_test(effort_is_that_of_a_larger_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
