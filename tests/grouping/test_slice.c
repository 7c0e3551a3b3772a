/* SPDX-License-Identifier: EUPL-1.2 */
/* A slice's answers against its definition, asked place by place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "broker/grouping/order.h"
#include "broker/grouping/slice.h"
#include "helper_instances.h"

#define SAMPLES 300

typedef struct trial {
    sample sample;
    kg_grouping_input input;
    kg_instance instance;
    kg_ranks top;
    kg_slice slice;
    uint32_t *items; /* by first day */
} trial;

static void trial_init(trial *t, random_source *random)
{
    sample_recipe recipe = sample_recipe_random(random, (size_t)random_between(random, 1, 260));
    recipe.criteria = (int)random_between(random, 1, 12); /* one word of levels or two */
    if (random_chance(random, 20))
        recipe.days = recipe.window_max = 1500;
    memset(t, 0, sizeof *t);
    sample_init(&t->sample, &recipe, random);
    t->input = sample_input(&t->sample);
    size_t count = t->sample.lines_count;
    uint32_t *lines = kg_alloc(count * 4, sizeof *lines);
    uint32_t *keys = lines + count, *scratch = keys + count;
    t->items = scratch + count;
    for (uint32_t i = 0; i < count; i++)
        t->items[i] = lines[i] = i;
    kg_instance_init(&t->instance, &t->input, lines, count, NULL, 0, NULL);
    for (size_t i = 0; i < count; i++) {
        keys[i] = (uint32_t)t->instance.items[i].from ^ UINT32_C(0x80000000);
        kg_ranks_raise(&t->top, &t->instance.items[i].lo, t->instance.words);
    }
    kg_order_by_key(t->items, keys, count, scratch);
    kg_slice_init(&t->slice, &t->instance, count, &t->top, 0);
    kg_slice_fill(&t->slice, t->items, count);
    t->items = lines;
}

static void trial_fini(trial *t)
{
    kg_slice_fini(&t->slice);
    kg_instance_fini(&t->instance);
    free(t->items);
    sample_fini(&t->sample);
}

static const kg_item *item_of(const trial *t, size_t place)
{
    return &t->instance.items[t->slice.item[place]];
}

/* The last day on which a lot with it may begin. */
static int64_t last_of(const trial *t, size_t place)
{
    return item_of(t, place)->to - t->instance.days_min + 1;
}

/* Could they be in a lot together? `dropped` by place. */
static bool belongs(const trial *t, size_t seed, size_t place, const uint8_t *dropped)
{
    const kg_item *a = item_of(t, seed), *b = item_of(t, place);
    int words = t->instance.words;
    kg_ranks target = a->hi;
    kg_ranks_lower(&target, &t->top, words);
    kg_ranks_raise(&target, &a->lo, words);
    return seed != place && !dropped[place] && (a->conditions & b->conditions) &&
           (a->languages & b->languages) && a->from <= last_of(t, place) &&
           b->from <= last_of(t, seed) && b->from <= last_of(t, place) &&
           a->kopgroep >= b->kopgroep && kg_ranks_within(&b->lo, &target, words) &&
           kg_ranks_within(&a->lo, &b->hi, words);
}

static void check_find(trial *t, const uint8_t *dropped)
{
    for (size_t seed = 0; seed < t->slice.count; seed++) {
        size_t k = 0;
        kg_slice_find(&t->slice, seed);
        for (uint32_t place = 0; place < t->slice.count; place++)
            if (belongs(t, seed, place, dropped)) {
                assert_true(k < t->slice.found_count);
                assert_int_equal(t->slice.found[k++], place);
            }
        assert_int_equal(k, t->slice.found_count);
    }
}

static void all_who_belong_are_found_and_no_other(void **state)
{
    (void)state;
    random_source random = {41};
    for (int i = 0; i < SAMPLES; i++) {
        trial t;
        trial_init(&t, &random);
        uint8_t *dropped = kg_alloc(t.slice.count + 1, 1);
        check_find(&t, dropped);
        for (size_t place = 0; place < t.slice.count; place++)
            if (random_chance(&random, 60)) {
                kg_slice_drop(&t.slice, place);
                dropped[place] = 1;
            }
        check_find(&t, dropped);
        kg_slice_open(&t.slice);
        memset(dropped, 0, t.slice.count);
        check_find(&t, dropped);
        free(dropped);
        trial_fini(&t);
    }
}

static bool allows(const trial *t, size_t place, const kg_cell *cell)
{
    const kg_item *item = item_of(t, place);
    return (item->conditions & cell->condition) && (item->languages >> cell->language & 1) &&
           item->from <= cell->day && cell->day <= last_of(t, place);
}

static int64_t sum_in(const trial *t, const int64_t *weights, const kg_cell *cell)
{
    int64_t sum = 0;
    for (size_t k = 0; k < t->slice.found_count; k++)
        if (allows(t, t->slice.found[k], cell))
            sum += weights[k];
    return sum;
}

/* No cell of the seed sums to more, and none before it, by condition, language, day, to as much. */
static void check_choice(const trial *t, size_t seed, const int64_t *weights, const kg_cell *chosen)
{
    int64_t most = sum_in(t, weights, chosen);
    bool before = true;
    assert_true(allows(t, seed, chosen));
    for (uint8_t c = KG_CONDITION_NEW; c <= KG_CONDITION_REFURBISHED; c++)
        for (int l = 0; l < 64; l++)
            for (kg_date day = item_of(t, seed)->from; day <= last_of(t, seed); day++) {
                kg_cell cell = {c, l, day};
                if (!allows(t, seed, &cell))
                    continue;
                before &= c != chosen->condition || l != chosen->language || day != chosen->day;
                assert_true(sum_in(t, weights, &cell) <= most - before);
            }
}

static void the_first_best_cell_is_chosen_and_cut_out(void **state)
{
    (void)state;
    random_source random = {43};
    for (int i = 0; i < SAMPLES / 10; i++) {
        trial t;
        trial_init(&t, &random);
        int64_t weights[512];
        for (size_t seed = 0; seed < t.slice.count; seed += 7) {
            /* Of more days than that only some are tried. */
            if (last_of(&t, seed) < item_of(&t, seed)->from ||
                last_of(&t, seed) - item_of(&t, seed)->from > 500)
                continue;
            kg_slice_find(&t.slice, seed);
            for (size_t k = 0; k < t.slice.found_count; k++)
                weights[k] = random_between(&random, 0, 5);
            kg_cell cell = kg_slice_choose(&t.slice, seed, weights);
            check_choice(&t, seed, weights, &cell);
            size_t left = 0;
            for (size_t k = 0; k < t.slice.found_count; k++)
                left += allows(&t, t.slice.found[k], &cell);
            kg_slice_cut(&t.slice, &cell);
            assert_int_equal(t.slice.found_count, left);
            for (size_t k = 0; k < left; k++)
                assert_true(allows(&t, t.slice.found[k], &cell));
        }
        trial_fini(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_who_belong_are_found_and_no_other),
        cmocka_unit_test(the_first_best_cell_is_chosen_and_cut_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
