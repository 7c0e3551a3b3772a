/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_line.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_line.h"

static const struct {
    kg_status status;
    const char *column;
    struct line_change change;
} rules[] = {
    {KG_STATUS_MISSING, "line", {KG_COLUMN_LINE, "", 0, NULL}},
    {KG_STATUS_LINE_KEY, "line", {KG_COLUMN_LINE, "a\nb", 0, NULL}},
    {KG_STATUS_LINE_KEY, "line", {KG_COLUMN_LINE, "\xff", 0, NULL}},
    {KG_STATUS_LINE_KEY, "line",
     {KG_COLUMN_LINE, "12345678901234567890123456789012345678901234567890123456789012345", 0,
      NULL}},
    {KG_STATUS_ENCODING, "title", {KG_COLUMN_TITLE, "caf\xe9", 0, NULL}},
    {KG_STATUS_ENCODING, "title", {KG_COLUMN_TITLE, "\x1b[31m", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "3021310", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "30213100-", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "30213100-66", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "30213100 6", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "00000000", 0, NULL}},
    {KG_STATUS_CPV, "cpv", {KG_COLUMN_CPV, "3021310x", 0, NULL}},
    {KG_STATUS_MISSING, "category", {KG_COLUMN_CATEGORY, NULL, 0, NULL}},
    {KG_STATUS_UNKNOWN_CATEGORY, "category", {KG_COLUMN_CATEGORY, "laptops", 0, NULL}},
    {KG_STATUS_UNKNOWN_CATEGORY, "category", {KG_COLUMN_CATEGORY, "cpv:7200", 0, NULL}},
    {KG_STATUS_CATEGORY_CPV, "cpv", {KG_COLUMN_CPV, "30231000", 0, NULL}},
    {KG_STATUS_CATEGORY_CPV, "cpv", {KG_COLUMN_CPV, "72000000", 0, NULL}},
    {KG_STATUS_CATEGORY_CPV, "cpv",
     {KG_COLUMN_CATEGORY, "cpv:7200", KG_COLUMN_CPV, "30213100"}},
    {KG_STATUS_CONDITION, "condition", {KG_COLUMN_CONDITION, "used", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity", {KG_COLUMN_QUANTITY, "0", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity", {KG_COLUMN_QUANTITY, "1.5", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity", {KG_COLUMN_QUANTITY, "-3", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity", {KG_COLUMN_QUANTITY, "1000000001", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity_min", {KG_COLUMN_QUANTITY_MIN, "11", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity_min", {KG_COLUMN_QUANTITY_MIN, "x", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity_max", {KG_COLUMN_QUANTITY_MAX, "9", 0, NULL}},
    {KG_STATUS_QUANTITY, "quantity_max", {KG_COLUMN_QUANTITY_MAX, "x", 0, NULL}},
    {KG_STATUS_MISSING, "quantity", {KG_COLUMN_QUANTITY, "", 0, NULL}},
    {KG_STATUS_VALUE, "unit_price_max", {KG_COLUMN_UNIT_PRICE_MAX, "1.234,00", 0, NULL}},
    {KG_STATUS_VALUE, "unit_price_max",
     {KG_COLUMN_UNIT_PRICE_MAX, "2000000000", 0, NULL}}, /* ten of them are too much */
    {KG_STATUS_VALUE, "quantity", {KG_COLUMN_QUANTITY, "100000000", 0, NULL}},
    {KG_STATUS_VALUE, "quantity_max", {KG_COLUMN_QUANTITY_MAX, "100000000", 0, NULL}},
    {KG_STATUS_VALUE, "quantity_max",
     {KG_COLUMN_QUANTITY_MAX, "11", KG_COLUMN_VALUE, "10000000000"}},
    {KG_STATUS_VALUE, "value", {KG_COLUMN_VALUE, "10000000000.01", 0, NULL}},
    {KG_STATUS_NO_VALUE, "value", {KG_COLUMN_CATEGORY, "monitor", 0, NULL}},
    {KG_STATUS_NO_VALUE, "value", {KG_COLUMN_CATEGORY, "", KG_COLUMN_CPV, "72000000"}},
    {KG_STATUS_CURRENCY, "currency", {KG_COLUMN_CURRENCY, "USD", 0, NULL}},
    {KG_STATUS_MISSING, "delivery_from", {KG_COLUMN_DELIVERY_FROM, "", 0, NULL}},
    {KG_STATUS_MISSING, "delivery_to", {KG_COLUMN_DELIVERY_TO, NULL, 0, NULL}},
    {KG_STATUS_DATE, "delivery_from", {KG_COLUMN_DELIVERY_FROM, "01/01/2027", 0, NULL}},
    {KG_STATUS_DATE, "delivery_to", {KG_COLUMN_DELIVERY_TO, "2027-06-31", 0, NULL}},
    {KG_STATUS_DATE, "order_by", {KG_COLUMN_ORDER_BY, "soon", 0, NULL}},
    {KG_STATUS_DATE_ORDER, "delivery_to", {KG_COLUMN_DELIVERY_TO, "2026-12-31", 0, NULL}},
    {KG_STATUS_MISSING, "nuts", {KG_COLUMN_NUTS, "", 0, NULL}},
    {KG_STATUS_NUTS, "nuts", {KG_COLUMN_NUTS, "BE9", 0, NULL}},
    {KG_STATUS_NUTS, "nuts", {KG_COLUMN_NUTS, "be211", 0, NULL}},
    {KG_STATUS_LANGUAGE, "languages", {KG_COLUMN_LANGUAGES, "nl xx", 0, NULL}},
    {KG_STATUS_LANGUAGE, "languages", {KG_COLUMN_LANGUAGES, ",", 0, NULL}},
    {KG_STATUS_TRACK, "track", {KG_COLUMN_TRACK, "leader", 0, NULL}},
    {KG_STATUS_COMMITMENT, "commitment", {KG_COLUMN_COMMITMENT, "Binding", 0, NULL}},
    {KG_STATUS_UNKNOWN_CRITERION, "criteria", {KG_COLUMN_CRITERIA, "colour=red", 0, NULL}},
    {KG_STATUS_UNKNOWN_CRITERION, "criteria", {KG_COLUMN_CRITERIA, "rack-depth=any", 0, NULL}},
    {KG_STATUS_UNKNOWN_CRITERION, "accepts", {KG_COLUMN_ACCEPTS, "=2", 0, NULL}},
    {KG_STATUS_UNKNOWN_LEVEL, "criteria", {KG_COLUMN_CRITERIA, "warranty-years=4", 0, NULL}},
    {KG_STATUS_UNKNOWN_LEVEL, "criteria", {KG_COLUMN_CRITERIA, "warranty-years", 0, NULL}},
    {KG_STATUS_UNKNOWN_LEVEL, "accepts", {KG_COLUMN_ACCEPTS, "warranty-years=03", 0, NULL}},
    {KG_STATUS_PROFILE_CRITERIA, "criteria",
     {KG_COLUMN_CRITERIA, "warranty-years=2 warranty-years=2", 0, NULL}},
    {KG_STATUS_LEVEL_ORDER, "accepts",
     {KG_COLUMN_CRITERIA, "warranty-years=3", KG_COLUMN_ACCEPTS, "warranty-years=2"}},
    {KG_STATUS_LEVEL_ORDER, "accepts",
     {KG_COLUMN_PROFILE, "high", KG_COLUMN_ACCEPTS, "battery-cycles=800"}},
    {KG_STATUS_UNKNOWN_PROFILE, "profile", {KG_COLUMN_PROFILE, "cor", 0, NULL}},
    {KG_STATUS_LIFETIME, "lifetime_years", {KG_COLUMN_LIFETIME_YEARS, "0", 0, NULL}},
    {KG_STATUS_LIFETIME, "lifetime_years", {KG_COLUMN_LIFETIME_YEARS, "51", 0, NULL}},
    {KG_STATUS_ORGANISATION, "organisation", {KG_COLUMN_ORGANISATION, "a b", 0, NULL}},
};

static void each_rule_is_told_in_its_column(void **state)
{
    struct line_scene *s = *state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        line_start_with(s, &rules[i].change);
        assert_false(line_check(s));
        need_problem(&s->problems, rules[i].status, TEST_ROW, rules[i].column);
        need_problems(&s->problems, 1);
    }
}

static void a_title_is_bounded(void **state)
{
    struct line_scene *s = *state;
    char title[KG_TITLE_BYTES_MAX + 2];
    memset(title, 'a', sizeof title);
    title[KG_TITLE_BYTES_MAX + 1] = '\0';
    line_start(s);
    s->draft.text[KG_COLUMN_TITLE] = title;
    assert_false(line_check(s));
    need_problem(&s->problems, KG_STATUS_TOO_LONG, TEST_ROW, "title");
    line_start(s);
    title[KG_TITLE_BYTES_MAX] = '\0';
    s->draft.text[KG_COLUMN_TITLE] = title;
    line_need_right(s);
}

static void right_forms_are_taken(void **state)
{
    static const struct line_change cases[] = {
        {KG_COLUMN_CPV, "30213100", 0, NULL},
        {KG_COLUMN_CPV, "30213100-0", 0, NULL},
        {KG_COLUMN_CATEGORY, "", KG_COLUMN_CPV, "30213112"},
        {KG_COLUMN_QUANTITY, "", KG_COLUMN_VALUE, "5000"},
        {KG_COLUMN_QUANTITY_MIN, "10", KG_COLUMN_QUANTITY_MAX, "10"},
        {KG_COLUMN_UNIT_PRICE_MAX, "1000000000", 0, NULL}, /* ten of them are just not too much */
        {KG_COLUMN_VALUE, "0", 0, NULL},
        {KG_COLUMN_DELIVERY_FROM, "2027-06-30", 0, NULL},
        {KG_COLUMN_CRITERIA, "warranty-years=3", KG_COLUMN_ACCEPTS, "warranty-years=3"},
        {KG_COLUMN_CRITERIA, " ,warranty-years=0\n;take-back=no ", 0, NULL},
        {KG_COLUMN_NUTS, "BE", KG_COLUMN_LANGUAGES, "sv"},
        {KG_COLUMN_NUTS, "UKC11", 0, NULL},
        {KG_COLUMN_LIFETIME_YEARS, "50", 0, NULL},
        {KG_COLUMN_CONDITION, "refurbished", KG_COLUMN_COMMITMENT, "intended"},
    };
    struct line_scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line_start_with(s, &cases[i]);
        line_need_right(s);
    }
}

static void a_quantity_is_needed_beside_its_bounds(void **state)
{
    struct line_scene *s = *state;
    line_start(s);
    s->draft.text[KG_COLUMN_QUANTITY] = "";
    s->draft.text[KG_COLUMN_QUANTITY_MIN] = "1";
    s->draft.text[KG_COLUMN_QUANTITY_MAX] = "2";
    s->draft.text[KG_COLUMN_VALUE] = "5";
    assert_false(line_check(s));
    need_problem(&s->problems, KG_STATUS_QUANTITY, TEST_ROW, "quantity_min");
    need_problem(&s->problems, KG_STATUS_QUANTITY, TEST_ROW, "quantity_max");
    need_problems(&s->problems, 2);
}

static void all_problems_come_at_once(void **state)
{
    struct line_scene *s = *state;
    static const char *const texts[KG_COLUMNS] = {
        "", "\x01", "1", "laptob", "old", "0", "x", "y", "dear", "", "USD", "2027-02-30", "later",
        "2027", "BE9", "xx yy", "front", "sure", "colour=red warranty-years=9", "take-back=maybe",
        "cor", "99", "a b"};
    line_start(s);
    memcpy(s->draft.text, texts, sizeof texts);
    assert_false(line_check(s));
    for (int column = 0; column < KG_COLUMNS; column++) {
        bool found = column == KG_COLUMN_VALUE; /* the one that is right */
        for (size_t i = 0; i < s->problems.count; i++)
            found = found ||
                    strcmp(s->problems.items[i].column, kg_column_name((kg_column)column)) == 0;
        if (!found)
            fail_msg("nothing is told of %s", kg_column_name((kg_column)column));
    }
    need_problems(&s->problems, KG_COLUMNS - 1 + 2); /* two languages, two criteria */
}

static void messages_say_what_is_allowed(void **state)
{
    static const struct {
        struct line_change change;
        const char *says[3];
    } cases[] = {
        {{KG_COLUMN_CATEGORY, "latop", 0, NULL}, {"Did you mean laptop?", "laptop monitor", "cpv"}},
        {{KG_COLUMN_CRITERIA, "waranty-years=2", 0, NULL},
         {"Did you mean warranty-years?", "of laptop", "battery-cycles take-back warranty-years"}},
        {{KG_COLUMN_CRITERIA, "warranty-years=4", 0, NULL}, {"0 1 2 3 5 7", "warranty-years", ""}},
        {{KG_COLUMN_PROFILE, "cores", 0, NULL}, {"Did you mean core?", "core high", ""}},
        {{KG_COLUMN_LANGUAGES, "xx", 0, NULL}, {"nl fr de en", "sv", ""}},
        {{KG_COLUMN_NUTS, "BE9", 0, NULL}, {"BE1 BE2 BE3 BEZ", "2024", ""}},
        {{KG_COLUMN_TRACK, "kopgroup", 0, NULL}, {"Did you mean kopgroep?", "peloton", ""}},
        {{KG_COLUMN_CPV, "30231000", 0, NULL}, {"belongs to monitor", "not to laptop", ""}},
        {{KG_COLUMN_QUANTITY_MAX, "5", 0, NULL}, {"below quantity (10)", "", ""}},
        {{KG_COLUMN_UNIT_PRICE_MAX, "2000000000", 0, NULL},
         {"20000000000.00", "10000000000.00", ""}},
    };
    struct line_scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line_start_with(s, &cases[i].change);
        assert_false(line_check(s));
        for (size_t k = 0; k < 3; k++) {
            if (!strstr(s->problems.items[0].allowed, cases[i].says[k]))
                fail_msg("no \"%s\" in: %s", cases[i].says[k], s->problems.items[0].allowed);
        }
    }
}

static void what_was_told_is_not_told_again(void **state)
{
    struct line_scene *s = *state;
    line_start(s);
    s->draft.text[KG_COLUMN_NUTS] = "\xff";
    s->draft.text[KG_COLUMN_LINE] = NULL;
    s->draft.text[KG_COLUMN_QUANTITY] = NULL;
    s->draft.text[KG_COLUMN_CATEGORY] = NULL;
    s->draft.told = 1u << KG_COLUMN_NUTS | 1u << KG_COLUMN_LINE | 1u << KG_COLUMN_QUANTITY |
                    1u << KG_COLUMN_CATEGORY;
    assert_false(line_check(s));
    need_problems(&s->problems, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_told_in_its_column),
        cmocka_unit_test(a_title_is_bounded),
        cmocka_unit_test(right_forms_are_taken),
        cmocka_unit_test(a_quantity_is_needed_beside_its_bounds),
        cmocka_unit_test(all_problems_come_at_once),
        cmocka_unit_test(messages_say_what_is_allowed),
        cmocka_unit_test(what_was_told_is_not_told_again),
    };
    return cmocka_run_group_tests(tests, line_set_up, line_tear_down);
}
