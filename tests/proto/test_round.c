/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/round.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_plan.h"
#include "helper_settings.h"
#include "proto/catalogue_file.h"

#define PERIOD "delivery_from = \"2027-01-01\" delivery_to = \"2027-12-31\"\n"

static kg_round read_right(const kg_catalogue *catalogue, const char *text)
{
    kg_problems problems;
    kg_round round;
    kg_problems_init(&problems, NULL);
    (void)kg_round_read_text(text, "round.conf", catalogue, &round, &problems);
    need_told("right", &problems, "");
    kg_problems_fini(&problems);
    return round;
}

static kg_date date(const char *text)
{
    kg_date out;
    assert_true(kg_date_parse(text, &out));
    return out;
}

static const struct {
    const char *name, *scope;
    uint32_t cpv;
    const char *nuts, *from, *to;
    bool covered;
} scopes[] = {
    {"no scope", "", 72000000, "BE234", "2027-03-01", "2027-04-01", true},
    {"its category", "categories = {monitor, laptop}", 30213100, "BE234", "2027-03-01",
     "2027-04-01", true},
    {"another category", "categories = {monitor}", 30213100, "BE234", "2027-03-01", "2027-04-01",
     false},
    {"no category of the catalogue", "categories = {monitor}", 72000000, "BE234", "2027-03-01",
     "2027-04-01", false},
    {"CPV prefix", "cpv = {\"48\", \"302131\"}", 30213199, "BE234", "2027-03-01", "2027-04-01",
     true},
    {"CPV prefix of a whole code", "cpv = {\"30200000\"}", 30213100, "BE", "2027-03-01",
     "2027-04-01", true},
    {"CPV prefix with a zero kept", "cpv = {\"3000\"}", 30213100, "BE", "2027-03-01", "2027-04-01",
     false},
    {"CPV code whole", "cpv = {\"30213199\"}", 30213199, "BE", "2027-03-01", "2027-04-01", true},
    {"CPV code differs in its last digit", "cpv = {\"30213198\"}", 30213199, "BE", "2027-03-01",
     "2027-04-01", false},
    {"CPV code with a leading zero", "cpv = {\"03\"}", 3100000, "BE", "2027-03-01", "2027-04-01",
     true},
    {"CPV code that only looks alike", "cpv = {\"31\"}", 3100000, "BE", "2027-03-01", "2027-04-01",
     false},
    {"another CPV prefix", "cpv = {\"48\"}", 30213100, "BE234", "2027-03-01", "2027-04-01", false},
    {"one of the areas", "nuts = {NL, BE2}", 30213100, "BE234", "2027-03-01", "2027-04-01", true},
    {"another area", "nuts = {NL, BE3}", 30213100, "BE234", "2027-03-01", "2027-04-01", false},
    {"coarser than the area", "nuts = {BE2}", 30213100, "BE", "2027-03-01", "2027-04-01", false},
    {"window ends on the first day", "", 30213100, "BE", "2026-01-01", "2027-01-01", true},
    {"window ends before", "", 30213100, "BE", "2026-01-01", "2026-12-31", false},
    {"window begins on the last day", "", 30213100, "BE", "2027-12-31", "2028-12-31", true},
    {"window begins after", "", 30213100, "BE", "2028-01-01", "2028-12-31", false},
    {"window around the period", "", 30213100, "BE", "2020-01-01", "2030-12-31", true},
};

static void scopes_are_kept(void **state)
{
    kg_catalogue *catalogue = small_catalogue();
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        char text[300];
        kg_text_format(text, sizeof text, "round a { %s %s }", PERIOD, scopes[i].scope);
        kg_round round = read_right(catalogue, text);
        if (kg_round_covers(&round, kg_catalogue_by_cpv(catalogue, scopes[i].cpv), scopes[i].cpv,
                            scopes[i].nuts, date(scopes[i].from),
                            date(scopes[i].to)) != scopes[i].covered)
            fail_msg("%s: %s", scopes[i].name, scopes[i].covered ? "left out" : "let in");
        kg_round_fini(&round);
    }
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void a_line_without_cpv_counts_under_its_category(void **state)
{
    kg_catalogue *catalogue = small_catalogue();
    kg_round round = read_right(catalogue, "round a { " PERIOD "cpv = {\"302131\"} nuts = {BE} }");
    kg_plan_line line = {.category = kg_category_find(catalogue, "laptop"),
                         .delivery_from = date("2027-03-01"),
                         .delivery_to = date("2027-03-31"),
                         .nuts = {"BE234"}};
    assert_true(kg_round_in_scope(&round, catalogue, &line));
    line.cpv = 30213200;
    assert_false(kg_round_in_scope(&round, catalogue, &line));
    line.cpv = 0;
    line.category = kg_category_find(catalogue, "monitor");
    assert_false(kg_round_in_scope(&round, catalogue, &line));
    kg_round_fini(&round);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static kg_buffer written(const kg_catalogue *catalogue, const char *text)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_round round = read_right(catalogue, text);
    kg_round_write(&round, catalogue, kg_buffer_sink(&out));
    kg_round_fini(&round);
    return out;
}

static void canonical_bytes_follow_the_rules_only(void **state)
{
    static const char base[] =
        "round a { " PERIOD "categories = {laptop, monitor} nuts = {BE, NL}\n"
        "award_by = \"2027-03-01\" value_min = 12 }";
    static const struct {
        const char *name, *text;
        int same;
    } cases[] = {
        {"order, comments, titles, other dates, defaults said",
         "round a { # a\n value_min = \"12.00\" nuts = {NL,BE,} title_nl = t bodies_min = 1\n"
         "award_by = \"2027-03-01\" categories = {monitor, /* */ laptop} opens = \"2026-01-01\"\n"
         "closes = \"2026-02-01\" confirm_by = \"2026-03-01\" window_days_min = 1\n" PERIOD "}",
         1},
        {"id",
         "round b { " PERIOD "categories = {laptop, monitor} nuts = {BE, NL}\n"
         "award_by = \"2027-03-01\" value_min = 12 }",
         0},
        {"a category less",
         "round a { " PERIOD "categories = {laptop} nuts = {BE, NL}\n"
         "award_by = \"2027-03-01\" value_min = 12 }",
         0},
        {"award_by",
         "round a { " PERIOD "categories = {laptop, monitor} nuts = {BE, NL}\n"
         "award_by = \"2027-03-02\" value_min = 12 }",
         0},
        {"bodies_min",
         "round a { " PERIOD "categories = {laptop, monitor} nuts = {BE, NL}\n"
         "award_by = \"2027-03-01\" value_min = 12 bodies_min = 0 }",
         0},
    };
    kg_catalogue *catalogue = small_catalogue();
    kg_buffer first = written(catalogue, base);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_buffer other = written(catalogue, cases[i].text);
        need_bytes(cases[i].name, &first, &other, cases[i].same);
        kg_buffer_fini(&other);
    }
    kg_buffer_fini(&first);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void a_copy_stands_alone(void **state)
{
    kg_catalogue *catalogue = small_catalogue();
    kg_round round = read_right(catalogue, "round a { " PERIOD "categories = {laptop} nuts = {BE}\n"
                                           "title_nl = \"t\" }");
    kg_round copy;
    kg_buffer before, after;
    kg_buffer_init(&before);
    kg_buffer_init(&after);
    kg_round_write(&round, catalogue, kg_buffer_sink(&before));
    kg_round_copy(&copy, &round);
    round.categories[0] = 1;
    kg_round_fini(&round);
    kg_round_write(&copy, catalogue, kg_buffer_sink(&after));
    need_bytes("copy", &before, &after, 1);
    assert_string_equal(copy.titles[KG_NAME_NL], "t");
    kg_round_fini(&copy);
    kg_buffer_fini(&before);
    kg_buffer_fini(&after);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

/* What a message may carry and a file could not. */
static void a_round_from_a_message_is_checked(void **state)
{
    kg_catalogue *catalogue = small_catalogue();
    kg_problems problems;
    kg_category category = 99;
    kg_cpv_prefix cpv = {"3"};
    kg_nuts nuts = {"XX"};
    kg_round round;
    kg_problems_init(&problems, NULL);
    kg_round_init(&round);
    round.categories = &category;
    round.cpv = &cpv;
    round.nuts = &nuts;
    round.categories_count = round.cpv_count = round.nuts_count = 1;
    round.nuts_level = -1;
    round.bodies_min = round.quantity_min = round.value_min_cents = -1;
    round.window_days_min = 0;
    assert_false(kg_round_check(&round, catalogue, 0, &problems));
    need_told("message", &problems,
              "0 INVALID round \n0 SCOPE categories -\n0 UNKNOWN_CATEGORY categories -\n"
              "0 CPV cpv 3\n0 NUTS nuts XX\n0 INVALID nuts_level -\n0 MISSING delivery_from -\n"
              "0 MISSING delivery_to -\n0 INVALID bodies_min -\n0 QUANTITY quantity_min -\n"
              "0 VALUE value_min -\n0 INVALID window_days_min -");
    kg_problems_fini(&problems);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scopes_are_kept),
        cmocka_unit_test(a_line_without_cpv_counts_under_its_category),
        cmocka_unit_test(canonical_bytes_follow_the_rules_only),
        cmocka_unit_test(a_copy_stands_alone),
        cmocka_unit_test(a_round_from_a_message_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
