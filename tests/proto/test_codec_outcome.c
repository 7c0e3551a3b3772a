/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_event.h"
#include "proto/catalogue_file.h"

/* Numbers that look like chance and are the same each time. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void fill_ranks(const kg_catalogue *catalogue, kg_category category, kg_levels *levels,
                       uint32_t *seed)
{
    *levels = kg_levels_fill(0);
    for (int i = 0; i < kg_category_criteria(catalogue, category); i++)
        levels->rank[i] =
            (uint8_t)(next(seed) %
                      (unsigned)kg_category_criterion(catalogue, category, i)->levels_count);
}

static void fill_lot(const kg_catalogue *catalogue, kg_grouped_lot *lot, uint32_t *seed)
{
    static const char *const categories[] = {"laptop", "monitor", "cpv:7200"};
    static const char *const areas[] = {"BE", "BE2", "FRK2", "DE211"};
    lot->category = kg_category_find(catalogue, categories[next(seed) % 3]);
    strcpy(lot->nuts.code, areas[next(seed) % 4]);
    lot->number = next(seed) % 1000 + 1;
    lot->fixed = next(seed) % 4 ? KG_NO_LOT : next(seed) % 10;
    lot->condition = (uint8_t)(1 + next(seed) % 2);
    lot->track = (uint8_t)(next(seed) % 2);
    lot->language = (int)(next(seed) % 50);
    fill_ranks(catalogue, lot->category, &lot->x, seed);
    fill_ranks(catalogue, lot->category, &lot->headroom, seed);
    lot->steps = kg_levels_steps(&lot->x);
    lot->from = (kg_date)(next(seed) % 30000);
    lot->to = lot->from + 30;
    lot->bodies = next(seed) % 100;
    lot->quantity_min = next(seed);
    lot->quantity = (int64_t)next(seed) << 16;
    lot->quantity_max = INT64_MAX;
    lot->value_cents = (int64_t)next(seed) << 20;
    lot->value_max_cents = INT64_MAX - 1;
    lot->lead = next(seed) % 3 ? next(seed) : KG_NO_ORGANISATION;
    lot->regime = (kg_regime)(next(seed) % 3);
}

static void fill_change(kg_change *change, uint32_t *seed)
{
    *change = (kg_change){.field = (kg_change_field)(next(seed) % 7), .place = -1};
    switch (change->field) {
    case KG_CHANGE_NONE:
        break;
    case KG_CHANGE_ACCEPTS:
    case KG_CHANGE_CRITERIA:
        change->place = (int)(next(seed) % KG_CATEGORY_CRITERIA_MAX);
        change->rank = (uint8_t)(next(seed) % 64);
        break;
    case KG_CHANGE_DELIVERY_FROM:
    case KG_CHANGE_DELIVERY_TO:
        change->date = (kg_date)(next(seed) % 60000) - 30000;
        break;
    case KG_CHANGE_LANGUAGES:
        change->languages = 1 + next(seed) % 5000;
        break;
    case KG_CHANGE_CONDITION:
        change->conditions = (uint8_t)(1 + next(seed) % 3);
        break;
    }
}

static void fill_lots(const kg_catalogue *catalogue, kg_outcome *out, size_t lots, uint32_t *seed)
{
    out->lots_count = lots;
    out->lots = kg_alloc(lots, sizeof *out->lots);
    out->members = kg_alloc(lots * 20, sizeof *out->members);
    out->curve = kg_alloc(lots * 5, sizeof *out->curve);
    for (size_t i = 0; i < lots; i++) {
        kg_grouped_lot *lot = &out->lots[i];
        fill_lot(catalogue, lot, seed);
        lot->members_first = (uint32_t)out->members_count;
        lot->members_count = next(seed) % 20;
        lot->curve_first = (uint32_t)out->curve_count;
        lot->curve_count = next(seed) % 5;
        for (uint32_t j = 0; j < lot->members_count; j++)
            out->members[out->members_count++] = next(seed) % 9 ? next(seed) : UINT32_MAX;
        for (uint32_t j = 0; j < lot->curve_count; j++)
            out->curve[out->curve_count++] =
                (kg_curve_point){(int)(next(seed) % 33) - 1, next(seed), (int64_t)next(seed) << 30};
    }
}

static kg_outcome *an_outcome(const kg_catalogue *catalogue, size_t lots, size_t unplaced,
                              uint32_t seed)
{
    kg_outcome *out = kg_alloc(1, sizeof *out);
    fill_lots(catalogue, out, lots, &seed);
    out->unplaced_count = unplaced;
    out->unplaced = kg_alloc(unplaced, sizeof *out->unplaced);
    for (size_t i = 0; i < unplaced; i++) {
        kg_unplaced *line = &out->unplaced[i];
        line->line = next(&seed);
        line->reason = (kg_reason)(next(&seed) % KG_REASONS);
        line->blocking = next(&seed) % (1u << KG_REASONS);
        line->nearest_lot = lots && next(&seed) % 3 ? next(&seed) % (uint32_t)lots : KG_NO_LOT;
        fill_change(&line->change, &seed);
    }
    out->score = (kg_score){.lines = 10000000,
                            .placed = out->members_count,
                            .binding = 3,
                            .bodies = 50000,
                            .ambition_value = ((kg_int128)1 << 100) + 12345,
                            .value = (kg_int128)INT64_MAX * 7,
                            .lots = lots};
    return out;
}

static void need_lot(const kg_grouped_lot *a, const kg_grouped_lot *b)
{
    assert_int_equal(a->category, b->category);
    assert_string_equal(a->nuts.code, b->nuts.code);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->fixed, b->fixed);
    assert_int_equal(a->condition, b->condition);
    assert_int_equal(a->track, b->track);
    assert_int_equal(a->language, b->language);
    assert_true(kg_levels_equal(&a->x, &b->x));
    assert_true(kg_levels_equal(&a->headroom, &b->headroom));
    assert_int_equal(a->steps, b->steps);
    assert_int_equal(a->from, b->from);
    assert_int_equal(a->to, b->to);
    assert_int_equal(a->members_count, b->members_count);
    assert_int_equal(a->bodies, b->bodies);
    assert_int_equal(a->quantity_min, b->quantity_min);
    assert_int_equal(a->quantity, b->quantity);
    assert_int_equal(a->quantity_max, b->quantity_max);
    assert_int_equal(a->value_cents, b->value_cents);
    assert_int_equal(a->value_max_cents, b->value_max_cents);
    assert_int_equal(a->lead, b->lead);
    assert_int_equal(a->regime, b->regime);
    assert_int_equal(a->curve_count, b->curve_count);
}

static void need_unplaced(const kg_unplaced *a, const kg_unplaced *b)
{
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->blocking, b->blocking);
    assert_int_equal(a->nearest_lot, b->nearest_lot);
    assert_int_equal(a->change.field, b->change.field);
    assert_int_equal(a->change.place, b->change.place);
    assert_int_equal(a->change.rank, b->change.rank);
    assert_int_equal(a->change.conditions, b->change.conditions);
    assert_int_equal(a->change.date, b->change.date);
    assert_int_equal(a->change.languages, b->change.languages);
}

static void need_lists(const kg_outcome *got, const kg_outcome *sent)
{
    for (size_t i = 0; i < sent->lots_count; i++) {
        const kg_grouped_lot *a = &got->lots[i], *b = &sent->lots[i];
        need_lot(a, b);
        assert_memory_equal(got->members + a->members_first, sent->members + b->members_first,
                            b->members_count * sizeof *sent->members);
        for (uint32_t j = 0; j < b->curve_count; j++) {
            const kg_curve_point *p = &got->curve[a->curve_first + j];
            const kg_curve_point *q = &sent->curve[b->curve_first + j];
            assert_int_equal(p->place, q->place);
            assert_int_equal(p->bodies, q->bodies);
            assert_int_equal(p->value_cents, q->value_cents);
        }
    }
}

static void need_outcome(const kg_outcome *got, const kg_outcome *sent)
{
    assert_non_null(got);
    assert_int_equal(got->lots_count, sent->lots_count);
    assert_int_equal(got->unplaced_count, sent->unplaced_count);
    need_lists(got, sent);
    for (size_t i = 0; i < sent->unplaced_count; i++)
        need_unplaced(&got->unplaced[i], &sent->unplaced[i]);
    assert_int_equal(got->score.lines, sent->score.lines);
    assert_int_equal(got->score.placed, sent->score.placed);
    assert_int_equal(got->score.binding, sent->score.binding);
    assert_int_equal(got->score.bodies, sent->score.bodies);
    assert_int_equal(got->score.lots, sent->score.lots);
    assert_true(got->score.ambition_value == sent->score.ambition_value);
    assert_true(got->score.value == sent->score.value);
}

static void propose(struct event_scene *scene, size_t lots, size_t unplaced, uint32_t seed)
{
    event_start(scene, KG_KIND_ROUND_PROPOSE);
    scene->sent->command.round = "2027-laptops";
    scene->sent->outcome = an_outcome(scene->catalogue, lots, unplaced, seed);
}

static void outcomes_of_any_size_come_through(void **state)
{
    struct event_scene *scene = *state;
    static const size_t sizes[][2] = {{0, 0}, {1, 0}, {0, 1}, {3, 5}, {100, 1000}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (uint32_t seed = 0; seed < 20; seed++) {
            propose(scene, sizes[i][0], sizes[i][1], seed);
            event_send(scene);
            need_outcome(scene->got->outcome, scene->sent->outcome);
        }
    }
}

/* Far above what one message may take. */
static void large_outcomes_come_through(void **state)
{
    struct event_scene *scene = *state;
    propose(scene, 40000, 500000, 1);
    event_send(scene);
    assert_true(scene->bytes.count > 100 * KG_FRAME_BYTES_MAX);
    need_outcome(scene->got->outcome, scene->sent->outcome);
}

static void a_rerun_comes_through(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_ROUND_CONCLUDE);
    scene->sent->command.round = "2027-laptops";
    event_send(scene);
    assert_null(scene->got->outcome);
    scene->sent->outcome = an_outcome(scene->catalogue, 2, 2, 9);
    event_send(scene);
    need_outcome(scene->got->outcome, scene->sent->outcome);
}

static void sums_below_zero_come_through(void **state)
{
    struct event_scene *scene = *state;
    propose(scene, 0, 0, 0);
    scene->sent->outcome->score.value = -1;
    scene->sent->outcome->score.ambition_value = -((kg_int128)1 << 70) - 5;
    event_send(scene);
    need_outcome(scene->got->outcome, scene->sent->outcome);
}

/* Lists that lie in any order come back in that of the lots. */
static void lists_are_put_in_order(void **state)
{
    struct event_scene *scene = *state;
    propose(scene, 4, 0, 3);
    kg_outcome *sent = scene->sent->outcome;
    kg_grouped_lot first = sent->lots[0];
    sent->lots[0] = sent->lots[3];
    sent->lots[3] = first;
    event_send(scene);
    need_outcome(scene->got->outcome, sent);
    assert_int_equal(scene->got->outcome->lots[0].members_first, 0);
}

static void the_dump_counts(void **state)
{
    struct event_scene *scene = *state;
    char expected[100];
    propose(scene, 3, 5, 2);
    event_send(scene);
    char *json = kg_codec_event_json((const uint8_t *)scene->bytes.bytes, scene->bytes.count);
    kg_text_format(expected, sizeof expected,
                   ",\"round\":\"2027-laptops\",\"lots\":3,\"placed\":%zu,\"unplaced\":5}",
                   scene->sent->outcome->members_count);
    assert_non_null(strstr(json, expected));
    free(json);
}

/* Ranks mean the criteria of the category: in another order they would mean something else. */
static void other_criteria_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const char text[] =
        "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
        "criterion \"aaa\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
        "criterion \"bbb\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
        "category \"laptop\" { cpv = {\"30213100\"} criteria = "
        "{\"warranty-years\",\"aaa\",\"bbb\"} }\n"
        "category \"monitor\" { cpv = {\"30231000\"} criteria = {\"warranty-years\"} }\n";
    kg_problems problems;
    propose(scene, 30, 0, 2);
    event_send(scene);
    kg_catalogue_destroy(&scene->catalogue);
    kg_problems_init(&problems, NULL);
    scene->catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    assert_non_null(scene->catalogue);
    assert_false(event_take(scene));
    assert_non_null(strstr(scene->error, "laptop has other criteria"));
    kg_problems_fini(&problems);
}

/* A proposal whose Outcome a test writes. */
static bool take_outcome(struct event_scene *scene, const kg_buffer *outcome)
{
    kg_buffer names, category;
    kg_buffer_init(&names);
    kg_buffer_init(&category);
    wire_text(&category, 1, "monitor");
    wire_part(&names, 1, &category);
    wire_text(&names, 3, "BE1");
    wire_text(&names, 4, "nl");
    scene->bytes.count = 0;
    wire_number(&scene->bytes, 2, 1);
    wire_number(&scene->bytes, 4, KG_KIND_ROUND_PROPOSE);
    wire_bytes(&scene->bytes, 5, "\x0a\x01r", 3);
    wire_part(&scene->bytes, 6, &names);
    wire_part(&scene->bytes, 8, outcome);
    kg_buffer_fini(&names);
    kg_buffer_fini(&category);
    return event_take(scene);
}

static bool take_lot(struct event_scene *scene, unsigned field, uint64_t value)
{
    kg_buffer outcome, lot;
    kg_buffer_init(&outcome);
    kg_buffer_init(&lot);
    wire_number(&lot, field, value);
    wire_part(&outcome, 1, &lot);
    bool good = take_outcome(scene, &outcome);
    kg_buffer_fini(&outcome);
    kg_buffer_fini(&lot);
    return good;
}

static void wrong_lots_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        unsigned field;
        uint64_t value;
        bool good;
    } cases[] = {
        {1, 0, true},
        {1, 1, false},
        {2, 1, false},
        {5, 0, false},
        {5, 3, false},
        {6, 2, false},
        {7, 1, false},
        {9, UINT32_MAX, false},
        {12, 1, false},
        {22, 1, false},
        {21, 3, false},
        {15, UINT64_MAX, false},
        {17, 1ull << 63, false},
        {4, 0, true},
        {23, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (take_lot(scene, cases[i].field, cases[i].value) != cases[i].good)
            fail_msg("case %zu: %s", i, scene->error);
}

/* Two lines left out, and one more field of Unplaced. */
static bool take_unplaced(struct event_scene *scene, unsigned field, const char *bytes,
                          size_t count, const char *changes)
{
    kg_buffer outcome, unplaced;
    kg_buffer_init(&outcome);
    kg_buffer_init(&unplaced);
    wire_bytes(&unplaced, 1, "\x04\x07", 2);
    if (changes)
        wire_bytes(&unplaced, 5, changes, 2);
    if (field)
        wire_bytes(&unplaced, field, bytes, count);
    wire_part(&outcome, 3, &unplaced);
    bool good = take_outcome(scene, &outcome);
    kg_buffer_fini(&outcome);
    kg_buffer_fini(&unplaced);
    return good;
}

static void wrong_unplaced_lines_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        unsigned field;
        const char *bytes;
        size_t count;
        const char *changes;
        bool good;
    } cases[] = {
        {0, NULL, 0, NULL, true},
        {2, "\x0f\x00", 2, NULL, true},
        {2, "\x10\x00", 2, NULL, false},
        {2, "\x01", 1, NULL, false},
        {3, "\x01\x02", 2, NULL, true},
        {3, "\x01", 1, NULL, false},
        {4, "\x00\x00", 2, NULL, true},
        {4, "\x00\x01", 2, NULL, false},
        {0, NULL, 0, "\x00\x00", true},
        {0, NULL, 0, "\x00\x07", false},
        {0, NULL, 0, "\x00\x01", false},
        {0, NULL, 0, "\x02\x00", false},
        {0, NULL, 0, "\x04\x00", false},
        {0, NULL, 0, "\x05\x00", false},
        {8, "\x02\x04", 2, "\x02\x03", true},
        {8, "\x02\x04", 2, "\x02\x00", false},
        {9, "\x00", 1, "\x04\x00", true},
        {9, "\x01", 1, "\x04\x00", false},
        {10, "\x03", 1, "\x05\x00", true},
        {10, "\x00", 1, "\x05\x00", false},
        {10, "\x04", 1, "\x05\x00", false},
        {6, "\x01", 1, "\x01\x00", false},
        {7, "\x01", 1, "\x00\x00", false},
        {11, "\x01", 1, "\x00\x00", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (take_unplaced(scene, cases[i].field, cases[i].bytes, cases[i].count,
                          cases[i].changes) != cases[i].good)
            fail_msg("case %zu: %s", i, scene->error);
}

static void wrong_lists_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        unsigned field;
        const char *bytes;
    } cases[] = {{2, "\x01"}, {4, "\x01"}, {5, "\x01"}, {6, "\x01"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_buffer outcome;
        kg_buffer_init(&outcome);
        wire_text(&outcome, cases[i].field, cases[i].bytes); /* of no lot */
        assert_false(take_outcome(scene, &outcome));
        kg_buffer_fini(&outcome);
    }
}

static void ranks_off_their_scale_are_damage(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        const char *ranks; /* of a monitor: one criterion of six levels */
        size_t count;
        bool good;
    } cases[] = {{"", 0, true}, {"\x05", 1, true}, {"\x06", 1, false}, {"\x01\x00", 2, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned field = 8; field <= 19; field += 11) {
            kg_buffer outcome, lot;
            kg_buffer_init(&outcome);
            kg_buffer_init(&lot);
            wire_bytes(&lot, field, cases[i].ranks, cases[i].count);
            wire_part(&outcome, 1, &lot);
            assert_int_equal(take_outcome(scene, &outcome), cases[i].good);
            kg_buffer_fini(&outcome);
            kg_buffer_fini(&lot);
        }
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, event_set_up, event_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(outcomes_of_any_size_come_through),
        CASE(large_outcomes_come_through),
        CASE(a_rerun_comes_through),
        CASE(sums_below_zero_come_through),
        CASE(lists_are_put_in_order),
        CASE(the_dump_counts),
        CASE(other_criteria_are_damage),
        CASE(wrong_lots_are_damage),
        CASE(wrong_unplaced_lines_are_damage),
        CASE(wrong_lists_are_damage),
        CASE(ranks_off_their_scale_are_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
