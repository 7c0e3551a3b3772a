/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_line.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_line.h"

static void a_bare_line_gets_the_defaults(void **state)
{
    struct line_scene *s = *state;
    line_start(s);
    line_need_right(s);
    assert_null(s->line.organisation);
    assert_string_equal(s->line.line, "l1");
    assert_string_equal(s->line.title, "");
    assert_int_equal(s->line.cpv, 0);
    assert_int_equal(kg_plan_line_cpv(&s->line, s->catalogue), 30213100);
    assert_int_equal(s->line.conditions, KG_CONDITION_NEW);
    assert_int_equal(s->line.track, KG_TRACK_PELOTON);
    assert_int_equal(s->line.commitment, KG_COMMITMENT_INDICATIVE);
    assert_int_equal(s->line.lifetime_years, 0);
    assert_true(s->line.has_quantity);
    assert_int_equal(s->line.quantity, 10);
    assert_int_equal(s->line.quantity_min, 0);
    assert_int_equal(s->line.quantity_max, 10);
    assert_int_equal(s->line.unit_price_max_cents, -1);
    assert_int_equal(s->line.value_given_cents, -1);
    assert_int_equal(s->line.value_cents, 800000);
    assert_int_equal(s->line.value_max_cents, 800000);
    assert_int_equal(s->line.order_by, KG_DATE_NONE);
    assert_string_equal(s->line.nuts.code, "BE211");
    assert_int_equal(s->line.languages, TEST_NL);
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++) {
        assert_int_equal(s->line.lo.rank[i], 0);
        assert_int_equal(s->line.hi.rank[i], KG_LEVEL_ANY);
    }
}

static void a_full_line_is_read(void **state)
{
    struct line_scene *s = *state;
    static const char *const texts[KG_COLUMNS] = {
        "key 1/2027", "Laptops\r\nfor schools", "30213100-6", "laptop", "either", "10", "5", "20",
        "900,50", "", "EUR", "2027-01-01", "2027-06-30", "2027-03-01", "BE2", "nl, fr", "kopgroep",
        "binding", "warranty-years=3; take-back=yes", "battery-cycles=800", "core", "6",
        "BE-0316380940"};
    line_start(s);
    memcpy(s->draft.text, texts, sizeof texts);
    line_need_right(s);
    assert_string_equal(s->line.organisation, "BE-0316380940");
    assert_string_equal(s->line.line, "key 1/2027");
    assert_string_equal(s->line.title, "Laptops for schools");
    assert_int_equal(s->line.cpv, 30213100);
    assert_int_equal(s->line.conditions, KG_CONDITION_EITHER);
    assert_int_equal(s->line.quantity_min, 5);
    assert_int_equal(s->line.quantity_max, 20);
    assert_int_equal(s->line.unit_price_max_cents, 90050);
    assert_int_equal(s->line.value_cents, 900500);
    assert_int_equal(s->line.value_max_cents, 1801000);
    assert_int_equal(s->line.languages, TEST_NL | TEST_FR);
    assert_int_equal(s->line.track, KG_TRACK_KOPGROEP);
    assert_int_equal(s->line.commitment, KG_COMMITMENT_BINDING);
    assert_int_equal(s->line.lifetime_years, 6);
    char *lo = kg_levels_text(s->catalogue, s->line.category, &s->line.lo, 0);
    char *hi = kg_levels_text(s->catalogue, s->line.category, &s->line.hi, KG_LEVEL_ANY);
    assert_string_equal(lo, "battery-cycles=500 take-back=yes warranty-years=3");
    assert_string_equal(hi, "battery-cycles=800");
    free(lo);
    free(hi);
}

static void a_cpv_in_no_category_makes_its_own(void **state)
{
    struct line_scene *s = *state;
    char name[KG_CATEGORY_NAME_BYTES];
    line_start(s);
    s->draft.text[KG_COLUMN_CATEGORY] = NULL;
    s->draft.text[KG_COLUMN_CPV] = "72000000";
    s->draft.text[KG_COLUMN_VALUE] = "1000";
    s->draft.text[KG_COLUMN_PROFILE] = "high"; /* all of it is skipped */
    line_need_right(s);
    kg_category_name(s->catalogue, s->line.category, name);
    assert_string_equal(name, "cpv:7200");
    assert_int_equal(kg_plan_line_cpv(&s->line, s->catalogue), 72000000);
    assert_int_equal(kg_levels_steps(&s->line.lo), 0);
    s->draft.text[KG_COLUMN_CATEGORY] = "cpv:7200";
    line_need_right(s);
    s->draft.text[KG_COLUMN_CRITERIA] = "warranty-years=2";
    assert_false(line_check(s));
    need_problem(&s->problems, KG_STATUS_UNKNOWN_CRITERION, TEST_ROW, "criteria");
}

static void values_follow_exactly(void **state)
{
    static const struct {
        const char *quantity, *quantity_max, *price, *value;
        int64_t value_cents, value_max_cents;
    } cases[] = {
        {"10", "", "", "", 800000, 800000},       {"10", "15", "", "", 800000, 1200000},
        {"10", "15", "100", "", 100000, 150000},  {"10", "15", "100", "999", 99900, 149850},
        {"", "", "100", "999.99", 99999, 99999},  {"3", "4", "", "100", 10000, 13334},
        {"3", "3", "", "0.01", 1, 1},             {"1000000000", "1000000000", "", "0.01", 1, 1},
        {"999999999", "1000000000", "", "1", 100, 101},
        {"1000000000", "", "10", "", 1000000000000, 1000000000000},
        {"7", "1000000", "0.01", "", 7, 1000000},
        {"1", "1000000000", "", "10", 1000, 1000000000000},
    };
    struct line_scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line_start(s);
        s->draft.text[KG_COLUMN_QUANTITY] = cases[i].quantity;
        s->draft.text[KG_COLUMN_QUANTITY_MAX] = cases[i].quantity_max;
        s->draft.text[KG_COLUMN_UNIT_PRICE_MAX] = cases[i].price;
        s->draft.text[KG_COLUMN_VALUE] = cases[i].value;
        line_need_right(s);
        assert_int_equal(s->line.value_cents, cases[i].value_cents);
        assert_int_equal(s->line.value_max_cents, cases[i].value_max_cents);
    }
}

static void a_profile_is_overridden_by_criteria(void **state)
{
    static const struct {
        const char *profile, *criteria, *accepts, *category, *lo;
    } cases[] = {
        {"core", "", "", "laptop", "battery-cycles=500 warranty-years=2"},
        {"high", "warranty-years=1", "", "laptop", "battery-cycles=1000 warranty-years=1"},
        {"high", "warranty-years=0", "warranty-years=1", "laptop", "battery-cycles=1000"},
        {"high", "", "", "monitor", "warranty-years=5"},
    };
    struct line_scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line_start(s);
        s->draft.text[KG_COLUMN_PROFILE] = cases[i].profile;
        s->draft.text[KG_COLUMN_CRITERIA] = cases[i].criteria;
        s->draft.text[KG_COLUMN_ACCEPTS] = cases[i].accepts;
        s->draft.text[KG_COLUMN_CATEGORY] = cases[i].category;
        s->draft.text[KG_COLUMN_VALUE] = "5";
        line_need_right(s);
        char *lo = kg_levels_text(s->catalogue, s->line.category, &s->line.lo, 0);
        assert_string_equal(lo, cases[i].lo);
        free(lo);
    }
}

static void the_lowest_level_can_be_the_highest_accepted(void **state)
{
    struct line_scene *s = *state;
    line_start(s);
    s->draft.text[KG_COLUMN_ACCEPTS] = "warranty-years=0";
    line_need_right(s);
    char *hi = kg_levels_text(s->catalogue, s->line.category, &s->line.hi, KG_LEVEL_ANY);
    assert_string_equal(hi, "warranty-years=0");
    free(hi);
}

static void lines_are_compared(void **state)
{
    struct line_scene *s = *state;
    line_start(s);
    line_need_right(s);
    kg_plan_line first = s->line;
    s->draft.text[KG_COLUMN_LINE] = "l2";
    line_need_right(s);
    assert_true(kg_plan_line_equal(&first, &s->line));
    assert_true(kg_plan_line_compare(&first, &s->line) < 0);
    s->line.organisation = "a";
    assert_true(kg_plan_line_compare(&first, &s->line) < 0);
    first.organisation = "b";
    assert_true(kg_plan_line_compare(&first, &s->line) > 0);
    s->draft.text[KG_COLUMN_TITLE] = "other";
    line_need_right(s);
    assert_false(kg_plan_line_equal(&first, &s->line));
}

static kg_buffer written(struct line_scene *s)
{
    kg_buffer out;
    kg_buffer_init(&out);
    line_need_right(s);
    kg_plan_line_write(&s->line, s->catalogue, kg_buffer_sink(&out));
    return out;
}

/* Each column changes the bytes; a line written twice does not. */
static void every_field_is_in_the_canonical_bytes(void **state)
{
    static const struct line_change cases[] = {
        {KG_COLUMN_LINE, "l2", 0, NULL},
        {KG_COLUMN_TITLE, "t", 0, NULL},
        {KG_COLUMN_CPV, "30213100", 0, NULL},
        {KG_COLUMN_CATEGORY, "monitor", KG_COLUMN_UNIT_PRICE_MAX, "800"},
        {KG_COLUMN_CONDITION, "either", 0, NULL},
        {KG_COLUMN_QUANTITY, "11", 0, NULL},
        {KG_COLUMN_QUANTITY_MIN, "1", 0, NULL},
        {KG_COLUMN_QUANTITY_MAX, "12", 0, NULL},
        {KG_COLUMN_UNIT_PRICE_MAX, "800", 0, NULL},
        {KG_COLUMN_VALUE, "8000", 0, NULL},
        {KG_COLUMN_DELIVERY_FROM, "2027-01-02", 0, NULL},
        {KG_COLUMN_DELIVERY_TO, "2027-06-29", 0, NULL},
        {KG_COLUMN_ORDER_BY, "2027-01-01", 0, NULL},
        {KG_COLUMN_NUTS, "BE212", 0, NULL},
        {KG_COLUMN_LANGUAGES, "fr", 0, NULL},
        {KG_COLUMN_TRACK, "kopgroep", 0, NULL},
        {KG_COLUMN_COMMITMENT, "binding", 0, NULL},
        {KG_COLUMN_CRITERIA, "take-back=yes", 0, NULL},
        {KG_COLUMN_ACCEPTS, "take-back=yes", 0, NULL},
        {KG_COLUMN_PROFILE, "core", 0, NULL},
        {KG_COLUMN_LIFETIME_YEARS, "5", 0, NULL},
        {KG_COLUMN_ORGANISATION, "o", 0, NULL},
    };
    struct line_scene *s = *state;
    line_start(s);
    kg_buffer plain = written(s), again = written(s);
    assert_int_equal(plain.count, again.count);
    assert_memory_equal(plain.bytes, again.bytes, plain.count);
    kg_buffer_fini(&again);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line_start_with(s, &cases[i]);
        kg_buffer other = written(s);
        if (other.count == plain.count && memcmp(other.bytes, plain.bytes, plain.count) == 0)
            fail_msg("%s is not written", kg_column_name(cases[i].column));
        kg_buffer_fini(&other);
    }
    kg_buffer_fini(&plain);
}

static void names_are_given(void **state)
{
    for (int i = 0; i < KG_COLUMNS; i++)
        assert_int_equal(kg_column_find(kg_column_name((kg_column)i)), i);
    assert_int_equal(kg_column_find("Line"), -1);
    assert_string_equal(kg_track_name(KG_TRACK_KOPGROEP), "kopgroep");
    assert_string_equal(kg_track_name(KG_TRACK_PELOTON), "peloton");
    assert_string_equal(kg_commitment_name(KG_COMMITMENT_BINDING), "binding");
    assert_string_equal(kg_condition_name(KG_CONDITION_REFURBISHED), "refurbished");
    assert_string_equal(kg_condition_name(KG_CONDITION_EITHER), "either");
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_line_gets_the_defaults),
        cmocka_unit_test(a_full_line_is_read),
        cmocka_unit_test(a_cpv_in_no_category_makes_its_own),
        cmocka_unit_test(values_follow_exactly),
        cmocka_unit_test(a_profile_is_overridden_by_criteria),
        cmocka_unit_test(the_lowest_level_can_be_the_highest_accepted),
        cmocka_unit_test(lines_are_compared),
        cmocka_unit_test(every_field_is_in_the_canonical_bytes),
        cmocka_unit_test(names_are_given),
    };
    return cmocka_run_group_tests(tests, line_set_up, line_tear_down);
}
