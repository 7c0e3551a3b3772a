/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "broker/grouping/support.h"
#include "helper_instances.h"

#define LINES_MAX 8

/* One bucket with one lot: the lines with `in` are its members. */
typedef struct row {
    bool in;
    uint32_t organisation;
    uint8_t track;
    kg_languages languages;
    uint8_t lo[2], hi[2]; /* of two criteria with levels 0 to 4 */
    int64_t value_cents;
} row;

typedef struct stage {
    sample sample;
    kg_threshold thresholds[3];
    kg_body bodies[LINES_MAX];
    kg_grouping_input input;
    uint32_t lines[LINES_MAX], members[LINES_MAX], unplaced[LINES_MAX];
    kg_grouped_lot lot;
    kg_frame frame;
    kg_solved_bucket bucket;
} stage;

#define ANY KG_LEVEL_ANY
#define P KG_TRACK_PELOTON
#define K KG_TRACK_KOPGROEP

static void add_row(stage *s, const row *of)
{
    uint32_t i = (uint32_t)s->bucket.lines_count++;
    kg_demand *line = &s->sample.lines[i];
    *line = (kg_demand){.organisation = of->organisation, .conditions = KG_CONDITION_NEW,
                        .track = of->track, .nuts = {"BE"}, .from = 20000, .to = 20119,
                        .order_by = KG_DATE_NONE, .languages = of->languages, .quantity = 1,
                        .value_cents = of->value_cents, .value_max_cents = of->value_cents,
                        .hi = kg_levels_fill(ANY)};
    memcpy(line->lo.rank, of->lo, 2);
    memcpy(line->hi.rank, of->hi, 2);
    s->lines[i] = i;
    if (!of->in) {
        s->unplaced[s->bucket.unplaced_count++] = i;
        return;
    }
    kg_grouped_lot *lot = &s->lot;
    lot->bodies += lot->members_count == 0 ||
                   s->sample.lines[s->members[lot->members_count - 1]].organisation !=
                       line->organisation;
    s->members[lot->members_count++] = i;
    kg_frame_add(&s->frame, line, &s->sample.round);
    lot->value_cents += line->value_cents;
    lot->value_max_cents += line->value_max_cents;
}

/* A kopgroep lot in nl at x = (2, 1). */
static void stage_init(stage *s, const row *rows, size_t count)
{
    random_source random = {1};
    sample_recipe recipe = {.criteria = 2, .levels = 5, .days = 120, .bodies = 1};
    memset(s, 0, sizeof *s);
    sample_init(&s->sample, &recipe, &random);
    s->sample.round.window_days_min = 14;
    free(s->sample.lines);
    s->sample.lines = kg_alloc(LINES_MAX, sizeof *s->sample.lines);
    s->lot = (kg_grouped_lot){.fixed = KG_NO_LOT, .condition = KG_CONDITION_NEW, .track = K,
                              .x = {{2, 1}}, .from = 20000, .to = 20119};
    s->bucket = (kg_solved_bucket){.input = &s->input, .lines = s->lines, .lots = &s->lot,
                                   .lots_count = 1, .frames = &s->frame,
                                   .members = s->members,
                                   .unplaced = s->unplaced};
    kg_frame_init(&s->frame, &s->sample.round);
    for (size_t i = 0; i < count; i++)
        add_row(s, &rows[i]);
    s->sample.lines_count = count;
    s->sample.catalogue.thresholds = s->thresholds;
    s->thresholds[0] = (kg_threshold){.id = "supplies-central", .value_cents = 14000000,
                                      .from = 19000, .to = 29999};
    s->thresholds[1] = (kg_threshold){.id = "supplies-sub-central", .value_cents = 21600000,
                                      .from = 19000, .to = 29999};
    s->input = sample_input(&s->sample);
    for (size_t i = 0; i < LINES_MAX; i++)
        s->bodies[i] = (kg_body){.can_lead = true, .languages = 1};
}

static void with_thresholds(stage *s, const int *central, size_t count)
{
    s->sample.catalogue.thresholds_count = 2;
    s->input.bodies = s->bodies;
    for (size_t i = 0; i < count; i++)
        s->bodies[i].central = central[i];
}

static const row two_members[] = {{true, 0, K, 1, {2, 1}, {ANY, ANY}, 10000000},
                                  {true, 1, P, 1, {0, 0}, {ANY, 3}, 5000000}};

static void test_headroom_is_what_all_accept(void **state)
{
    (void)state;
    static const row rows[] = {{true, 0, K, 1, {2, 1}, {2, ANY}, 100},
                               {true, 1, P, 1, {0, 0}, {ANY, 3}, 100},
                               {false, 2, P, 1, {0, 0}, {2, 1}, 100}};
    stage s;
    stage_init(&s, rows, 3);
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.headroom.rank[0], 2);
    assert_int_equal(s.lot.headroom.rank[1], 3);
    for (int i = 2; i < KG_CATEGORY_CRITERIA_MAX; i++)
        assert_int_equal(s.lot.headroom.rank[i], 0);
    sample_fini(&s.sample);
}

static void test_headroom_ends_at_the_top_of_the_scale(void **state)
{
    (void)state;
    static const row rows[] = {{true, 0, K, 1, {2, 1}, {ANY, ANY}, 100}};
    stage s;
    stage_init(&s, rows, 1);
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.headroom.rank[0], 4);
    assert_int_equal(s.lot.headroom.rank[1], 4);
    sample_fini(&s.sample);
}

/* Organisation 1 has most in two lines, 2 has most in one; ties go to the first. */
static const row leads[] = {{true, 0, K, 1, {2, 1}, {ANY, ANY}, 100},
                            {true, 1, P, 1, {0, 0}, {ANY, ANY}, 300},
                            {true, 1, P, 1, {0, 0}, {ANY, ANY}, 300},
                            {true, 2, P, 1, {0, 0}, {ANY, ANY}, 500},
                            {true, 3, P, 1, {0, 0}, {ANY, ANY}, 500},
                            {false, 4, P, 1, {0, 0}, {ANY, ANY}, 900}};

static uint32_t lead_when(void (*alter)(kg_body *bodies))
{
    stage s;
    stage_init(&s, leads, 6);
    s.input.bodies = s.bodies;
    alter(s.bodies);
    kg_support_lot(&s.bucket, 0, &s.lot);
    sample_fini(&s.sample);
    return s.lot.lead;
}

static void all_can(kg_body *bodies)
{
    (void)bodies;
}

static void first_cannot(kg_body *bodies)
{
    bodies[1].can_lead = false;
}

static void first_speaks_french(kg_body *bodies)
{
    bodies[1].languages = 2;
    bodies[2].languages = 3;
}

static void none_can(kg_body *bodies)
{
    for (int i = 0; i < 4; i++)
        bodies[i].can_lead = false;
}

static void test_lead_has_the_largest_value_of_those_that_can(void **state)
{
    (void)state;
    assert_int_equal(lead_when(all_can), 1);
    assert_int_equal(lead_when(first_cannot), 2);
    assert_int_equal(lead_when(first_speaks_french), 2);
    assert_int_equal(lead_when(none_can), KG_NO_ORGANISATION);
}

static void test_no_lead_without_organisation_records(void **state)
{
    (void)state;
    stage s;
    stage_init(&s, leads, 6);
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.lead, KG_NO_ORGANISATION);
    sample_fini(&s.sample);
}

static kg_regime regime_when(int first, int second, int64_t value_max)
{
    stage s;
    stage_init(&s, two_members, 2);
    with_thresholds(&s, (int[]){first, second}, 2);
    s.lot.value_max_cents = value_max;
    kg_support_lot(&s.bucket, 0, &s.lot);
    sample_fini(&s.sample);
    return s.lot.regime;
}

static void test_regime_takes_the_lowest_threshold_of_the_members(void **state)
{
    (void)state;
    assert_int_equal(regime_when(0, 0, 21599999), KG_REGIME_NATIONAL);
    assert_int_equal(regime_when(0, 0, 21600000), KG_REGIME_EU);
    assert_int_equal(regime_when(0, 1, 13999999), KG_REGIME_NATIONAL);
    assert_int_equal(regime_when(0, 1, 14000000), KG_REGIME_EU);
    assert_int_equal(regime_when(1, 1, 14000000), KG_REGIME_EU);
}

static void test_regime_is_unknown_without_a_threshold(void **state)
{
    (void)state;
    stage s;
    stage_init(&s, two_members, 2);
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.regime, KG_REGIME_UNKNOWN);
    sample_fini(&s.sample);
}

static void test_regime_looks_at_the_day_of_the_award(void **state)
{
    (void)state;
    stage s;
    stage_init(&s, two_members, 2);
    with_thresholds(&s, (int[]){0, 0}, 2);
    s.thresholds[0].to = s.thresholds[1].to = s.sample.round.award_by - 1;
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.regime, KG_REGIME_UNKNOWN);
    s.thresholds[0].to = s.thresholds[1].to = s.sample.round.award_by;
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.regime, KG_REGIME_NATIONAL);
    s.sample.round.award_by = KG_DATE_NONE;
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.regime, KG_REGIME_UNKNOWN);
    sample_fini(&s.sample);
}

static void test_regime_offline_takes_the_lowest_of_all(void **state)
{
    (void)state;
    stage s;
    stage_init(&s, two_members, 2);
    s.sample.catalogue.thresholds_count = 2;
    s.lot.value_max_cents = 14000000;
    kg_support_lot(&s.bucket, 0, &s.lot);
    assert_int_equal(s.lot.regime, KG_REGIME_EU);
    sample_fini(&s.sample);
}

static void test_curve_shows_what_each_step_keeps_out(void **state)
{
    (void)state;
    static const row rows[] = {
        {true, 0, K, 1, {2, 1}, {ANY, ANY}, 100}, {false, 0, P, 1, {0, 0}, {1, ANY}, 1},
        {true, 1, P, 1, {0, 0}, {ANY, ANY}, 100}, {false, 2, P, 1, {0, 0}, {1, ANY}, 10},
        {false, 2, P, 1, {0, 0}, {1, ANY}, 20},   {false, 3, P, 1, {0, 0}, {ANY, 0}, 1000},
        {false, 4, P, 1, {2, 0}, {ANY, ANY}, 7},  {false, 5, P, 2, {0, 0}, {ANY, ANY}, 9}};
    stage s;
    kg_curve_point out[KG_CATEGORY_CRITERIA_MAX + 1];
    stage_init(&s, rows, 8);
    assert_int_equal(kg_support_curve(&s.bucket, 0, out), 3);
    assert_int_equal(out[0].place, -1);
    assert_int_equal(out[0].bodies, 3); /* the members', and 4 which accepts x */
    assert_int_equal(out[0].value_cents, 207);
    assert_int_equal(out[1].place, 0);
    assert_int_equal(out[1].bodies, 3); /* 2 twice comes, 4 goes; 0 was there already */
    assert_int_equal(out[1].value_cents, 231);
    assert_int_equal(out[2].place, 1);
    assert_int_equal(out[2].bodies, 4);
    assert_int_equal(out[2].value_cents, 1207);
    sample_fini(&s.sample);
}

static void test_curve_needs_days_in_common(void **state)
{
    (void)state;
    static const row rows[] = {{true, 0, K, 1, {2, 1}, {ANY, ANY}, 100},
                               {false, 1, P, 1, {0, 0}, {ANY, ANY}, 10}};
    stage s;
    kg_curve_point out[KG_CATEGORY_CRITERIA_MAX + 1];
    stage_init(&s, rows, 2);
    s.lot.to = 20020;
    s.sample.lines[1].from = 20007;
    kg_support_curve(&s.bucket, 0, out);
    assert_int_equal(out[0].bodies, 2);
    s.sample.lines[1].from = 20008;
    kg_support_curve(&s.bucket, 0, out);
    assert_int_equal(out[0].bodies, 1);
    sample_fini(&s.sample);
}

static void test_peloton_lot_has_no_curve(void **state)
{
    (void)state;
    stage s;
    kg_curve_point out[KG_CATEGORY_CRITERIA_MAX + 1];
    stage_init(&s, two_members, 2);
    s.lot.track = P;
    assert_int_equal(kg_support_curve(&s.bucket, 0, out), 0);
    sample_fini(&s.sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headroom_is_what_all_accept),
        cmocka_unit_test(test_headroom_ends_at_the_top_of_the_scale),
        cmocka_unit_test(test_lead_has_the_largest_value_of_those_that_can),
        cmocka_unit_test(test_no_lead_without_organisation_records),
        cmocka_unit_test(test_regime_takes_the_lowest_threshold_of_the_members),
        cmocka_unit_test(test_regime_is_unknown_without_a_threshold),
        cmocka_unit_test(test_regime_looks_at_the_day_of_the_award),
        cmocka_unit_test(test_regime_offline_takes_the_lowest_of_all),
        cmocka_unit_test(test_curve_shows_what_each_step_keeps_out),
        cmocka_unit_test(test_curve_needs_days_in_common),
        cmocka_unit_test(test_peloton_lot_has_no_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
