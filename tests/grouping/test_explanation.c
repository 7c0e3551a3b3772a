/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "helper_reasons.h"

#define BIT(reason) (1u << KG_REASON_##reason)
#define DAY 20000 /* first day of the delivery period, which has 120 */
#define NL 1u
#define FR 2u
#define DE 4u
#define ANY KG_LEVEL_ANY

/* One line in a table; the levels are those of the two criteria, 0 to 4. */
typedef struct row {
    uint32_t organisation;
    uint8_t track, conditions;
    kg_languages languages;
    kg_date from, to; /* days of the period, from 0 */
    uint8_t lo[2], hi[2];
    int64_t value_cents;
} row;

#define PELOTON KG_TRACK_PELOTON
#define KOPGROEP KG_TRACK_KOPGROEP
#define NEW KG_CONDITION_NEW
#define OLD KG_CONDITION_REFURBISHED
/* A line that asks for nothing. */
#define EASY(body) {body, PELOTON, NEW, NL, 0, 119, {0, 0}, {ANY, ANY}, 100}

#define ROWS_MAX 8

typedef struct example {
    const char *name;
    row rows[ROWS_MAX]; /* the last with a value above 0 is the one explained */
    size_t members;     /* of the lot, from the first; 0 = a bucket without lots */
    int64_t bodies_min, quantity_min, value_min, value_max;
    int days_min;
    uint32_t blocking;
    kg_change change;
} example;

#define NONE {.field = KG_CHANGE_NONE, .place = -1}

static const example examples[] = {
    {"condition", {EASY(0), EASY(1), {2, PELOTON, OLD, NL, 0, 119, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CONDITION),
     {.field = KG_CHANGE_CONDITION, .place = -1, .conditions = KG_CONDITION_EITHER}},
    {"language, the first that all share",
     {{0, PELOTON, NEW, FR | DE, 0, 119, {0, 0}, {ANY, ANY}, 100},
      {1, PELOTON, NEW, NL | FR | DE, 0, 119, {0, 0}, {ANY, ANY}, 100}, EASY(2)}, 2,
     2, 0, 0, 0, 1, BIT(LANGUAGE),
     {.field = KG_CHANGE_LANGUAGES, .place = -1, .languages = NL | FR}},
    {"languages are not Helly: each pair agrees, the three do not",
     {{0, PELOTON, NEW, NL | FR, 0, 119, {0, 0}, {ANY, ANY}, 100},
      {1, PELOTON, NEW, FR | DE, 0, 119, {0, 0}, {ANY, ANY}, 100},
      {2, PELOTON, NEW, NL | DE, 0, 119, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(LANGUAGE),
     {.field = KG_CHANGE_LANGUAGES, .place = -1, .languages = NL | FR | DE}},
    {"accepts too little",
     {{0, KOPGROEP, NEW, NL, 0, 119, {0, 3}, {ANY, ANY}, 100}, EASY(1),
      {2, PELOTON, NEW, NL, 0, 119, {0, 0}, {ANY, 1}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), {.field = KG_CHANGE_ACCEPTS, .place = 1, .rank = 3}},
    {"requires more than the kopgroep",
     {{0, KOPGROEP, NEW, NL, 0, 119, {2, 0}, {ANY, ANY}, 100}, EASY(1),
      {2, PELOTON, NEW, NL, 0, 119, {4, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), {.field = KG_CHANGE_CRITERIA, .place = 0, .rank = 2}},
    {"would raise x above what a member accepts",
     {{0, KOPGROEP, NEW, NL, 0, 119, {1, 0}, {ANY, ANY}, 100},
      {1, PELOTON, NEW, NL, 0, 119, {0, 0}, {2, ANY}, 100},
      {2, KOPGROEP, NEW, NL, 0, 119, {4, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), {.field = KG_CHANGE_CRITERIA, .place = 0, .rank = 2}},
    {"would lead a more ambitious peloton lot",
     {{0, PELOTON, NEW, NL, 0, 119, {3, 0}, {ANY, ANY}, 100}, EASY(1),
      {2, KOPGROEP, NEW, NL, 0, 119, {1, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), {.field = KG_CHANGE_CRITERIA, .place = 0, .rank = 3}},
    {"would lead it, but accepts too little: no single change",
     {{0, PELOTON, NEW, NL, 0, 119, {3, 0}, {ANY, ANY}, 100}, EASY(1),
      {2, KOPGROEP, NEW, NL, 0, 119, {1, 0}, {2, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), NONE},
    {"two criteria count twice, and no single change does",
     {{0, KOPGROEP, NEW, NL, 0, 119, {3, 3}, {ANY, ANY}, 100}, EASY(1),
      {2, PELOTON, NEW, NL, 0, 119, {0, 0}, {1, 1}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CRITERION), NONE},
    {"window too late",
     {{0, PELOTON, NEW, NL, 10, 40, {0, 0}, {ANY, ANY}, 100}, EASY(1),
      {2, PELOTON, NEW, NL, 35, 119, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 14, BIT(WINDOW),
     {.field = KG_CHANGE_DELIVERY_FROM, .place = -1, .date = DAY + 27}},
    {"window too early",
     {{0, PELOTON, NEW, NL, 50, 119, {0, 0}, {ANY, ANY}, 100}, EASY(1),
      {2, PELOTON, NEW, NL, -30, 50, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 14, BIT(WINDOW),
     {.field = KG_CHANGE_DELIVERY_TO, .place = -1, .date = DAY + 63}},
    {"window too short either way: earlier comes first",
     {EASY(0), EASY(1), {2, PELOTON, NEW, NL, 60, 64, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 14, BIT(WINDOW),
     {.field = KG_CHANGE_DELIVERY_FROM, .place = -1, .date = DAY + 51}},
    {"cap", {EASY(0), EASY(1), {2, PELOTON, NEW, NL, 0, 119, {0, 0}, {ANY, ANY}, 200}}, 2,
     2, 0, 0, 399, 1, BIT(ABOVE_CAP), NONE},
    {"two rules", {EASY(0), EASY(1), {2, PELOTON, OLD, FR, 0, 119, {0, 0}, {ANY, ANY}, 100}}, 2,
     2, 0, 0, 0, 1, BIT(CONDITION) | BIT(LANGUAGE), NONE},
    {"beaten", {EASY(0), EASY(1), EASY(2)}, 2, 2, 0, 0, 0, 1, BIT(BEATEN), NONE},
    {"alone", {EASY(0), EASY(0)}, 0, 2, 0, 0, 0, 1, BIT(ALONE), NONE},
    {"nobody of its condition",
     {EASY(0), {0, PELOTON, OLD, NL, 0, 119, {0, 0}, {ANY, ANY}, 100}, EASY(1)}, 0,
     3, 0, 0, 0, 1, BIT(BELOW_MIN_BODIES), NONE},
    {"nobody else new", {{0, PELOTON, OLD, NL, 0, 119, {0, 0}, {ANY, ANY}, 100}, EASY(1)}, 0,
     2, 0, 0, 0, 1, BIT(CONDITION), NONE},
    {"nobody of its language and condition at once",
     {{0, PELOTON, OLD, FR, 0, 119, {0, 0}, {ANY, ANY}, 100},
      {1, PELOTON, NEW, NL, 0, 119, {0, 0}, {ANY, ANY}, 100},
      {2, PELOTON, NEW, FR, 0, 119, {0, 0}, {ANY, ANY}, 100}}, 0,
     2, 0, 0, 0, 1, BIT(LANGUAGE), NONE},
    {"the leader's levels are refused",
     {{0, PELOTON, NEW, NL, 0, 119, {0, 0}, {1, ANY}, 100},
      {1, KOPGROEP, NEW, NL, 0, 119, {2, 0}, {ANY, ANY}, 100}}, 0,
     2, 0, 0, 0, 1, BIT(CRITERION), NONE},
    {"the leader's levels are too low",
     {{0, PELOTON, NEW, NL, 0, 119, {3, 0}, {ANY, ANY}, 100},
      {1, KOPGROEP, NEW, NL, 0, 119, {2, 0}, {ANY, ANY}, 100}}, 0,
     2, 0, 0, 0, 1, BIT(CRITERION), NONE},
    {"nobody in time",
     {{0, PELOTON, NEW, NL, 0, 40, {0, 0}, {ANY, ANY}, 100},
      {1, PELOTON, NEW, NL, 41, 119, {0, 0}, {ANY, ANY}, 100}}, 0,
     2, 0, 0, 0, 1, BIT(WINDOW), NONE},
    {"one body will do, but its window is too short",
     {{0, PELOTON, NEW, NL, 0, 12, {0, 0}, {ANY, ANY}, 100}}, 0,
     1, 0, 0, 0, 14, BIT(WINDOW), NONE},
    {"every minimum missed", {EASY(0), EASY(1)}, 0, 3, 1000, 10000, 0, 1,
     BIT(BELOW_MIN_BODIES) | BIT(BELOW_MIN_QUANTITY) | BIT(BELOW_MIN_VALUE), NONE},
    {"value missed", {EASY(0), EASY(1)}, 0, 2, 0, 201, 0, 1, BIT(BELOW_MIN_VALUE), NONE},
    {"above the cap on its own", {EASY(0), EASY(1)}, 0, 2, 0, 0, 99, 1, BIT(ABOVE_CAP), NONE},
    {"beaten without a lot", {EASY(0), EASY(1)}, 0, 2, 0, 0, 0, 1, BIT(BEATEN), NONE},
};

static kg_demand demand_of(const row *of)
{
    kg_demand line = {.organisation = of->organisation,
                      .cpv = 30213100,
                      .conditions = of->conditions,
                      .track = of->track,
                      .nuts = {"BE100"},
                      .from = DAY + of->from,
                      .to = DAY + of->to,
                      .order_by = KG_DATE_NONE,
                      .languages = of->languages,
                      .quantity = 1,
                      .value_cents = of->value_cents,
                      .value_max_cents = of->value_cents,
                      .hi = kg_levels_fill(ANY)};
    for (int i = 0; i < 2; i++) {
        line.lo.rank[i] = of->lo[i];
        line.hi.rank[i] = of->hi[i];
    }
    return line;
}

/* A bucket with at most one lot: the first `members` lines. */
typedef struct stage {
    sample sample;
    kg_grouping_input input;
    uint32_t lines[ROWS_MAX];
    kg_grouped_lot lot;
    kg_solved_bucket bucket;
} stage;

static void stage_init(stage *s, const example *e)
{
    random_source random = {1};
    sample_recipe recipe = {.criteria = 2, .levels = 5, .days = 120, .bodies = 1};
    sample_init(&s->sample, &recipe, &random);
    free(s->sample.lines);
    s->sample.lines = kg_alloc(ROWS_MAX, sizeof *s->sample.lines);
    size_t count = 0;
    for (; count < ROWS_MAX && e->rows[count].value_cents > 0; count++) {
        s->sample.lines[count] = demand_of(&e->rows[count]);
        s->lines[count] = (uint32_t)count;
    }
    s->sample.lines_count = count;
    s->sample.round.bodies_min = e->bodies_min;
    s->sample.round.quantity_min = e->quantity_min;
    s->sample.round.value_min_cents = e->value_min;
    s->sample.round.value_max_cents = e->value_max;
    s->sample.round.window_days_min = e->days_min;
    s->input = sample_input(&s->sample);
    s->lot = (kg_grouped_lot){.number = 1, .fixed = KG_NO_LOT,
                              .members_count = (uint32_t)e->members};
    s->bucket = (kg_solved_bucket){.input = &s->input, .lines = s->lines, .lines_count = count,
                                   .lots = &s->lot, .lots_count = e->members > 0,
                                   .members = s->lines, .unplaced = s->lines + e->members,
                                   .unplaced_count = count - e->members};
}

static void test_example(void **state)
{
    const example *e = *state;
    stage s;
    kg_unplaced out[ROWS_MAX];
    stage_init(&s, e);
    kg_frame *frames = reasons_frames(&s.bucket);
    s.bucket.frames = frames;
    kg_explain_bucket(&s.bucket, out);
    free(frames);
    const kg_unplaced *last = &out[s.bucket.unplaced_count - 1];
    assert_int_equal(last->line, s.bucket.lines_count - 1);
    assert_int_equal(last->blocking, e->blocking);
    assert_int_equal(last->reason, __builtin_ctz(e->blocking));
    assert_int_equal(last->nearest_lot, e->members ? 0 : KG_NO_LOT);
    assert_int_equal(last->change.field, e->change.field);
    assert_int_equal(last->change.place, e->change.place);
    assert_int_equal(last->change.rank, e->change.rank);
    assert_int_equal(last->change.conditions, e->change.conditions);
    assert_int_equal(last->change.date, e->change.date);
    assert_int_equal(last->change.languages, e->change.languages);
    assert_ptr_equal(reasons_check(&s.sample, &s.bucket, out), NULL);
    sample_fini(&s.sample);
}

static uint32_t filters_of(void (*alter)(kg_demand *line, kg_round *round))
{
    random_source random = {1};
    sample_recipe recipe = {.criteria = 2, .levels = 5, .days = 120, .bodies = 1};
    sample s;
    sample_init(&s, &recipe, &random);
    row easy = EASY(0);
    kg_demand line = demand_of(&easy);
    alter(&line, &s.round);
    kg_grouping_input input = sample_input(&s);
    uint32_t filters = kg_explain_filters(&input, &line);
    sample_fini(&s);
    return filters;
}

static void nothing(kg_demand *line, kg_round *round)
{
    (void)line;
    (void)round;
}

static void outside_period(kg_demand *line, kg_round *round)
{
    line->from = round->delivery_to + 1;
    line->to = line->from + 30;
}

static void outside_area(kg_demand *line, kg_round *round)
{
    static kg_nuts scope = {"NL"};
    (void)line;
    round->nuts = &scope;
    round->nuts_count = 1;
}

static void other_category(kg_demand *line, kg_round *round)
{
    static kg_category scope = 0;
    line->category = KG_CATEGORY_CPV + 7200;
    round->categories = &scope;
    round->categories_count = 1;
}

static void ordered_too_early(kg_demand *line, kg_round *round)
{
    line->order_by = round->award_by - 1;
}

static void ordered_on_the_day(kg_demand *line, kg_round *round)
{
    line->order_by = round->award_by;
}

static void coarse(kg_demand *line, kg_round *round)
{
    strcpy(line->nuts.code, "BE1");
    round->nuts_level = 2;
}

static void everything(kg_demand *line, kg_round *round)
{
    outside_period(line, round);
    ordered_too_early(line, round);
    coarse(line, round);
}

static void test_filters(void **state)
{
    (void)state;
    assert_int_equal(filters_of(nothing), 0);
    assert_int_equal(filters_of(outside_period), BIT(NOT_IN_SCOPE));
    assert_int_equal(filters_of(outside_area), BIT(NOT_IN_SCOPE));
    assert_int_equal(filters_of(other_category), BIT(NOT_IN_SCOPE));
    assert_int_equal(filters_of(ordered_too_early), BIT(PROCEDURE_DATE));
    assert_int_equal(filters_of(ordered_on_the_day), 0);
    assert_int_equal(filters_of(coarse), BIT(AREA));
    assert_int_equal(filters_of(everything),
                     BIT(NOT_IN_SCOPE) | BIT(PROCEDURE_DATE) | BIT(AREA));
}

/* What blocks the first of 71 lines: `easy` of them easy ones of organisation 0, then the one
 * given, again and again. */
static uint32_t reason_of_many(uint32_t easy, const row *other, int64_t value_min)
{
    enum { MANY = 71 };
    stage s;
    uint32_t lines[MANY];
    kg_unplaced out[MANY];
    const row first = EASY(0);
    stage_init(&s, &examples[0]);
    s.sample.lines = kg_realloc(s.sample.lines, MANY, sizeof *s.sample.lines);
    for (uint32_t i = 0; i < MANY; i++) {
        s.sample.lines[i] = demand_of(i < easy ? &first : other);
        lines[i] = i;
    }
    s.sample.round.value_min_cents = value_min;
    s.input.lines = s.sample.lines;
    s.bucket = (kg_solved_bucket){.input = &s.input, .lines = lines, .lines_count = MANY,
                                  .unplaced = lines, .unplaced_count = MANY};
    kg_explain_bucket(&s.bucket, out);
    sample_fini(&s.sample);
    return out[0].blocking;
}

static void test_many_lines_of_two_organisations(void **state)
{
    (void)state;
    const row other = EASY(1), old = {1, PELOTON, OLD, NL, 0, 119, {0, 0}, {ANY, ANY}, 100};
    assert_int_equal(reason_of_many(70, &old, 0), BIT(CONDITION));
    assert_int_equal(reason_of_many(30, &other, 7100), BIT(BEATEN));
    assert_int_equal(reason_of_many(30, &other, 7101), BIT(BELOW_MIN_VALUE));
}

int main(void)
{
    enum { EXAMPLES = sizeof examples / sizeof *examples };
    struct CMUnitTest tests[EXAMPLES + 2];
    for (size_t i = 0; i < EXAMPLES; i++)
        tests[i] =
            (struct CMUnitTest){examples[i].name, test_example, NULL, NULL, (void *)&examples[i]};
    tests[EXAMPLES] = (struct CMUnitTest)cmocka_unit_test(test_filters);
    tests[EXAMPLES + 1] =
        (struct CMUnitTest)cmocka_unit_test(test_many_lines_of_two_organisations);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
