/* SPDX-License-Identifier: EUPL-1.2 */
/* What a set of lines has in common, rule by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "broker/grouping/frame.h"

static kg_round round_of(void)
{
    return (kg_round){.delivery_from = 100, .delivery_to = 199, .window_days_min = 10};
}

static kg_demand line_of(uint8_t track, uint8_t lo, uint8_t hi)
{
    kg_demand line = {.track = track,
                      .conditions = KG_CONDITION_NEW,
                      .languages = 1,
                      .from = 100,
                      .to = 199,
                      .quantity_min = 1,
                      .quantity = 2,
                      .quantity_max = 3,
                      .value_cents = 10,
                      .value_max_cents = 15};
    line.lo = kg_levels_fill(0);
    line.hi = kg_levels_fill(KG_LEVEL_ANY);
    line.lo.rank[0] = lo;
    line.hi.rank[0] = hi;
    return line;
}

static unsigned breaks_of(const kg_demand *lines, size_t count, const kg_round *round)
{
    kg_frame frame;
    kg_frame_init(&frame, round);
    for (size_t i = 0; i < count; i++)
        kg_frame_add(&frame, &lines[i], round);
    return kg_frame_breaks(&frame, round, NULL);
}

static void sums_are_kept(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand line = line_of(KG_TRACK_PELOTON, 0, KG_LEVEL_ANY);
    kg_frame frame;
    kg_frame_init(&frame, &round);
    kg_frame_add(&frame, &line, &round);
    kg_frame_add(&frame, &line, &round);
    assert_int_equal(frame.lines, 2);
    assert_int_equal(frame.quantity_min, 2);
    assert_int_equal(frame.quantity, 4);
    assert_int_equal(frame.quantity_max, 6);
    assert_int_equal(frame.value_cents, 20);
    assert_int_equal(frame.value_max_cents, 30);
    line.value_cents = INT64_MAX;
    kg_frame_add(&frame, &line, &round);
    assert_true(frame.value_cents == INT64_MAX);
}

static void kopgroep_lines_set_the_levels(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand lines[] = {line_of(KG_TRACK_KOPGROEP, 2, KG_LEVEL_ANY),
                         line_of(KG_TRACK_PELOTON, 1, 2)};
    kg_frame frame;
    kg_frame_init(&frame, &round);
    kg_frame_add(&frame, &lines[1], &round);
    assert_int_equal(kg_frame_x(&frame)->rank[0], 1);
    kg_frame_add(&frame, &lines[0], &round);
    assert_int_equal(kg_frame_x(&frame)->rank[0], 2);
    assert_int_equal(kg_frame_breaks(&frame, &round, NULL), 0);
}

static void a_peloton_line_cannot_ask_for_more_than_the_kopgroep(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand lines[] = {line_of(KG_TRACK_KOPGROEP, 1, KG_LEVEL_ANY),
                         line_of(KG_TRACK_PELOTON, 2, KG_LEVEL_ANY),
                         line_of(KG_TRACK_PELOTON, 0, 1)};
    assert_int_equal(breaks_of(lines, 2, &round), KG_BREAKS_CRITERION);
    assert_int_equal(breaks_of(lines + 1, 2, &round), KG_BREAKS_CRITERION);
}

static void languages_are_shared_by_all_at_once(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand lines[3];
    for (int i = 0; i < 3; i++) {
        lines[i] = line_of(KG_TRACK_PELOTON, 0, KG_LEVEL_ANY);
        lines[i].languages = 7u & ~(1u << i);
    }
    assert_int_equal(breaks_of(lines, 2, &round), 0);
    assert_int_equal(breaks_of(lines + 1, 2, &round), 0);
    assert_int_equal(breaks_of(lines, 3, &round), KG_BREAKS_LANGUAGE);
}

static void windows_are_cut_to_the_delivery_period(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand line = line_of(KG_TRACK_PELOTON, 0, KG_LEVEL_ANY);
    line.from = 50;
    line.to = 109;
    assert_int_equal(breaks_of(&line, 1, &round), 0);
    line.to = 108;
    assert_int_equal(breaks_of(&line, 1, &round), KG_BREAKS_WINDOW);
    kg_demand lines[] = {line_of(KG_TRACK_PELOTON, 0, 9), line_of(KG_TRACK_PELOTON, 0, 9)};
    lines[0].to = 110;
    lines[1].from = 120;
    kg_frame frame;
    kg_frame_init(&frame, &round);
    kg_frame_add(&frame, &lines[0], &round);
    kg_frame_add(&frame, &lines[1], &round);
    assert_true(kg_frame_days(&frame) <= 0);
}

static void conditions_and_cap_break(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand lines[] = {line_of(KG_TRACK_PELOTON, 0, 9), line_of(KG_TRACK_PELOTON, 0, 9)};
    lines[1].conditions = KG_CONDITION_REFURBISHED;
    round.value_max_cents = 29;
    assert_int_equal(breaks_of(lines, 2, &round), KG_BREAKS_CONDITION | KG_BREAKS_CAP);
    lines[1].conditions = KG_CONDITION_EITHER;
    round.value_max_cents = 30;
    assert_int_equal(breaks_of(lines, 2, &round), 0);
}

static void criteria_are_counted(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_demand lines[] = {line_of(KG_TRACK_PELOTON, 2, 9), line_of(KG_TRACK_PELOTON, 0, 1)};
    lines[0].lo.rank[31] = 1;
    lines[1].hi.rank[31] = 0;
    kg_frame frame;
    int broken;
    kg_frame_init(&frame, &round);
    kg_frame_add(&frame, &lines[0], &round);
    kg_frame_add(&frame, &lines[1], &round);
    assert_int_equal(kg_frame_breaks(&frame, &round, &broken), KG_BREAKS_CRITERION);
    assert_int_equal(broken, 2);
}

static void a_lot_that_stands_keeps_levels_and_track(void **state)
{
    (void)state;
    kg_round round = round_of();
    kg_fixed_lot fixed = {.condition = KG_CONDITION_NEW, .track = KG_TRACK_KOPGROEP, .language = 0};
    kg_demand leader = line_of(KG_TRACK_KOPGROEP, 1, KG_LEVEL_ANY), eager = leader;
    kg_frame frame;
    fixed.x.rank[0] = 2;
    eager.lo.rank[0] = 3;
    kg_frame_init_fixed(&frame, &round, &fixed);
    kg_frame_add(&frame, &leader, &round);
    assert_int_equal(kg_frame_x(&frame)->rank[0], 2);
    assert_int_equal(kg_frame_breaks(&frame, &round, NULL), 0);
    kg_frame_add(&frame, &eager, &round);
    assert_int_equal(kg_frame_breaks(&frame, &round, NULL), KG_BREAKS_CRITERION);
    fixed.track = KG_TRACK_PELOTON;
    kg_frame_init_fixed(&frame, &round, &fixed);
    assert_int_equal(kg_frame_breaks(&frame, &round, NULL), 0);
    kg_frame_add(&frame, &leader, &round);
    assert_int_equal(kg_frame_breaks(&frame, &round, NULL), KG_BREAKS_CRITERION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_kept),
        cmocka_unit_test(kopgroep_lines_set_the_levels),
        cmocka_unit_test(a_peloton_line_cannot_ask_for_more_than_the_kopgroep),
        cmocka_unit_test(languages_are_shared_by_all_at_once),
        cmocka_unit_test(windows_are_cut_to_the_delivery_period),
        cmocka_unit_test(conditions_and_cap_break),
        cmocka_unit_test(criteria_are_counted),
        cmocka_unit_test(a_lot_that_stands_keeps_levels_and_track),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
