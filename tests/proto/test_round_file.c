/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_file.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "helper_plan.h"
#include "helper_settings.h"

#define PERIOD "delivery_from = \"2027-01-01\" delivery_to = \"2027-12-31\"\n"

static const wrong_file wrong[] = {
    {"no round", "# nothing", "0 EMPTY - -"},
    {"two rounds", "round a { " PERIOD "}\nround b { " PERIOD "}", "3 FILE_SYNTAX round b"},
    {"bare", "\nround a { }", "2 MISSING delivery_from -\n2 MISSING delivery_to -"},
    {"unknown key", "round a { " PERIOD "close = \"2026-01-01\"\n}",
     "2 UNKNOWN_KEYWORD round close"},
    {"another kind of section", "lot a { }", "1 UNKNOWN_KEYWORD - lot"},
    {"id", "round \"a b\" { " PERIOD "}", "1 INVALID round a b"},
    {"id too long",
     "round a1234567890123456789012345678901234567890123456789012345678901234 { " PERIOD "}",
     "1 INVALID round a1234567890123456789012345678901234567890123456789012345678901234"},
    {"categories and cpv", "round a { " PERIOD "cpv = {\"30\"}\n categories = {laptop} }",
     "3 SCOPE categories -"},
    {"categories", "round a { " PERIOD "categories = {laptop,\n desktop,\n \"cpv:7200\"} }",
     "3 UNKNOWN_CATEGORY categories desktop\n4 UNKNOWN_CATEGORY categories cpv:7200"},
    {"category twice", "round a { " PERIOD "categories = {laptop, monitor, laptop} }",
     "2 INVALID categories laptop"},
    {"CPV prefixes",
     "round a { " PERIOD "cpv = {\"3\", \"302131001\", \"30a\", \"3021-1\", \"\"} }",
     "2 CPV cpv \n2 CPV cpv 3\n2 CPV cpv 3021-1\n2 CPV cpv 302131001\n2 CPV cpv 30a"},
    {"CPV prefix twice", "round a { " PERIOD "cpv = {\"30000000\",\n \"30\"} }",
     "2 INVALID cpv 30000000"},
    {"NUTS", "round a { " PERIOD "nuts = {BE,\n BE9,\n BE2341,\n be} nuts_level = 4 }",
     "3 NUTS nuts BE9\n4 NUTS nuts BE2341\n5 NUTS nuts be\n5 INVALID nuts_level 4"},
    {"dates",
     "round a { delivery_from = \"2027-01-01\" delivery_to = \"2027-02-29\"\n"
     "opens = soon closes = \"1.1.2027\" }",
     "1 DATE delivery_to 2027-02-29\n2 DATE closes 1.1.2027\n2 DATE opens soon"},
    {"delivery period",
     "round a {\n delivery_from = \"2027-02-01\"\n delivery_to = \"2027-01-31\" }",
     "2 DATE_ORDER delivery_from -"},
    {"closes before opens",
     "round a { " PERIOD "opens = \"2026-11-02\"\n closes = \"2026-11-01\" }",
     "3 ROUND_DATES closes 2026-11-01"},
    {"dates far apart", "round a { " PERIOD "opens = \"2026-11-02\"\n award_by = \"2026-11-01\" }",
     "3 ROUND_DATES award_by 2026-11-01"},
    {"award before the default of reconfirm_by",
     "round a { " PERIOD "confirm_by = \"2026-11-02\"\n award_by = \"2026-11-01\" }",
     "3 ROUND_DATES award_by 2026-11-01"},
    {"confirm and reconfirm",
     "round a { " PERIOD "confirm_by = \"2026-11-02\"\n reconfirm_by = \"2026-11-01\" }",
     "3 ROUND_DATES reconfirm_by 2026-11-01"},
    {"minima",
     "round a { " PERIOD "bodies_min = -1\nquantity_min = 1.5\nvalue_min = \"12.345\"\n"
     "value_max = lots\nwindow_days_min = 0 }",
     "2 INVALID bodies_min -1\n3 INVALID quantity_min 1.5\n4 VALUE value_min 12.345\n"
     "5 VALUE value_max lots\n6 INVALID window_days_min 0"},
    {"value_min above value_max", "round a { " PERIOD "value_min = 2\n value_max = 1 }",
     "2 INVALID value_min -"},
    {"everything at once",
     "round a { delivery_from = \"2027-01-01\"\n categories = {desktop} cpv = {\"30\"}\n"
     " opens = \"2026-11-02\"\n closes = \"2026-11-01\" bodies_min = x }",
     "1 MISSING delivery_to -\n2 UNKNOWN_CATEGORY categories desktop\n"
     "4 INVALID bodies_min x\n4 ROUND_DATES closes 2026-11-01"},
};

static void wrong_files_are_told_of(void **state)
{
    kg_catalogue *catalogue = small_catalogue();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kg_problems problems;
        kg_round round;
        kg_problems_init(&problems, NULL);
        bool right = kg_round_read_text(wrong[i].text, "round.conf", catalogue, &round, &problems);
        need_told(wrong[i].name, &problems, wrong[i].expected);
        assert_false(right);
        assert_string_equal(problems.items[0].file, "round.conf");
        kg_round_fini(&round);
        kg_problems_fini(&problems);
    }
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static kg_round read_right(const char *text)
{
    kg_catalogue *catalogue = small_catalogue();
    kg_problems problems;
    kg_round round;
    kg_problems_init(&problems, NULL);
    bool right = kg_round_read_text(text, "round.conf", catalogue, &round, &problems);
    need_told("right", &problems, "");
    assert_true(right);
    kg_problems_fini(&problems);
    kg_catalogue_destroy(&catalogue);
    return round;
}

static void need_date(kg_date date, const char *expected)
{
    char text[KG_DATE_BYTES] = "none";
    if (date != KG_DATE_NONE)
        kg_date_write(date, text);
    assert_string_equal(text, expected);
}

static const char design[] =
    "round \"2027-laptops\" {\n"
    "  title_nl = \"Draagbare\"  title_fr = \"Portables\"  title_de = \"\"  title_en = "
    "\"Laptops\"\n"
    "  categories = {\"monitor\", \"laptop\"}     # or cpv = {\"30\", \"48\"}; neither = all\n"
    "  nuts = {\"NL\", \"BE\"}  nuts_level = 1\n"
    "  delivery_from = \"2027-01-01\"  delivery_to = \"2027-12-31\"\n"
    "  opens = \"2026-11-01\"  closes = \"2027-01-15\"  confirm_by = \"2027-02-01\"\n"
    "  reconfirm_by = \"2027-02-15\"  award_by = \"2027-03-01\"\n"
    "  bodies_min = 3  quantity_min = 100  value_min = \"12.50\"  value_max = 5000000\n"
    "  window_days_min = 14     # values in EUR, integer or \"12.50\"\n"
    "}\n";

static void a_round_is_whole(void **state)
{
    kg_round round = read_right(design);
    assert_string_equal(round.id, "2027-laptops");
    assert_string_equal(round.titles[KG_NAME_FR], "Portables");
    assert_null(round.titles[KG_NAME_DE]);
    assert_int_equal(round.categories_count, 2);
    assert_int_equal(round.categories[0], 0);
    assert_int_equal(round.categories[1], 1);
    assert_int_equal(round.nuts_count, 2);
    assert_string_equal(round.nuts[0].code, "BE");
    assert_int_equal(round.nuts_level, 1);
    need_date(round.delivery_from, "2027-01-01");
    need_date(round.delivery_to, "2027-12-31");
    need_date(round.opens, "2026-11-01");
    need_date(round.closes, "2027-01-15");
    need_date(round.confirm_by, "2027-02-01");
    need_date(round.reconfirm_by, "2027-02-15");
    need_date(round.award_by, "2027-03-01");
    assert_int_equal(round.bodies_min, 3);
    assert_int_equal(round.quantity_min, 100);
    assert_int_equal(round.value_min_cents, 1250);
    assert_int_equal(round.value_max_cents, 500000000);
    assert_int_equal(round.window_days_min, 14);
    kg_round_fini(&round);
    (void)state;
}

static void what_is_absent_has_its_default(void **state)
{
    kg_round round = read_right("round a { " PERIOD " confirm_by = \"2027-02-01\" }");
    assert_int_equal(round.categories_count + round.cpv_count + round.nuts_count, 0);
    assert_int_equal(round.nuts_level, 0);
    need_date(round.opens, "none");
    need_date(round.closes, "none");
    need_date(round.reconfirm_by, "2027-02-01");
    need_date(round.award_by, "none");
    assert_int_equal(round.bodies_min, 1);
    assert_int_equal(round.quantity_min, 0);
    assert_int_equal(round.value_min_cents, 0);
    assert_int_equal(round.value_max_cents, 0);
    assert_int_equal(round.window_days_min, 1);
    kg_round_fini(&round);
    round = read_right("round a { " PERIOD " }");
    need_date(round.reconfirm_by, "none");
    kg_round_fini(&round);
    (void)state;
}

static void no_limit_may_be_said(void **state)
{
    kg_round round = read_right("round a { " PERIOD "bodies_min = 0 nuts = {} categories = {} }");
    assert_int_equal(round.bodies_min, 0);
    assert_int_equal(round.nuts_count, 0);
    kg_round_fini(&round);
    (void)state;
}

static void cpv_codes_are_cut(void **state)
{
    kg_round round = read_right("round a { " PERIOD "cpv = {\"48000000-8\", \"3000\", 30213100, 72,"
                                "\"30200000\"} }");
    static const char *const expected[] = {"3000", "302", "302131", "48", "72"};
    assert_int_equal(round.cpv_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(round.cpv[i].digits, expected[i]);
    kg_round_fini(&round);
    (void)state;
}

static void files_are_read(void **state)
{
    char path[] = "/tmp/kg-round-XXXXXX";
    int file = mkstemp(path);
    kg_catalogue *catalogue = small_catalogue();
    kg_problems problems;
    kg_round round;
    kg_problems_init(&problems, NULL);
    assert_int_equal(write(file, design, sizeof design - 1), sizeof design - 1);
    assert_true(kg_round_read(path, catalogue, &round, &problems));
    assert_string_equal(round.id, "2027-laptops");
    kg_round_fini(&round);
    close(file);
    unlink(path);
    assert_false(kg_round_read(path, catalogue, &round, &problems));
    need_told("no file", &problems, "0 FILE_SYNTAX - -");
    kg_round_fini(&round);
    kg_problems_fini(&problems);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_told_of),
        cmocka_unit_test(a_round_is_whole),
        cmocka_unit_test(what_is_absent_has_its_default),
        cmocka_unit_test(no_limit_may_be_said),
        cmocka_unit_test(cpv_codes_are_cut),
        cmocka_unit_test(files_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
