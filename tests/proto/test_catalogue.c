/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_settings.h"
#include "proto/catalogue_file.h"

static kg_catalogue *read_right(const char *text)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue.conf", &problems);
    need_told("right", &problems, "");
    kg_problems_fini(&problems);
    return catalogue;
}

static const char criteria[] = "criterion w { scale = {a, b, c} type = clause }\n"
                               "criterion v { scale = {x, y} type = award }\n";

static kg_catalogue *read_with_criteria(const char *rest)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "%s%s", criteria, rest);
    kg_catalogue *catalogue = read_right(text.bytes);
    kg_buffer_fini(&text);
    return catalogue;
}

static const char nested[] = "category computer { cpv = {30200000} }\n"
                             "category laptop { cpv = {30213100, 30213000} }\n"
                             "category office { cpv = {30000000} }\n"
                             "category phone { cpv = {32250000-0} }\n"
                             "category tablet { cpv = {30213200} criteria = {w, v} }\n"
                             "category x99 { cpv = {99999999} }\n";

static void a_cpv_code_finds_its_category(void **state)
{
    static const struct {
        uint32_t cpv;
        const char *name;
    } cases[] = {
        {30213100, "laptop"},   {30213110, "laptop"},   {30213000, "laptop"},
        {30213999, "laptop"},   {30213200, "tablet"},   {30213299, "tablet"},
        {30213300, "laptop"},   {30213199, "laptop"},   {30214000, "computer"},
        {30299999, "computer"}, {30200000, "computer"}, {30300000, "office"},
        {30000000, "office"},   {30999999, "office"},   {30199999, "office"},
        {31000000, "cpv:3100"}, {32250000, "phone"},    {32251000, "phone"},
        {32260000, "cpv:3226"}, {32249999, "cpv:3224"}, {3000000, "cpv:0300"},
        {99999999, "x99"},      {99999998, "cpv:9999"}, {0, "cpv:0000"},
    };
    kg_catalogue *catalogue = read_with_criteria(nested);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[KG_CATEGORY_NAME_BYTES];
        kg_category category = kg_catalogue_by_cpv(catalogue, cases[i].cpv);
        kg_category_name(catalogue, category, name);
        if (strcmp(name, cases[i].name) != 0)
            fail_msg("%08u is %s, not %s", cases[i].cpv, name, cases[i].name);
        assert_int_equal(kg_category_find(catalogue, name), category);
    }
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

/* What DESIGN says, word by word, for comparison. */
static int longest_prefix(const kg_catalogue *catalogue, uint32_t cpv)
{
    char digits[9];
    int best = -1;
    size_t best_length = 0;
    snprintf(digits, sizeof digits, "%08u", cpv);
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        for (int k = 0; k < catalogue->categories[i].cpv_count; k++) {
            char prefix[9];
            size_t length = 8;
            snprintf(prefix, sizeof prefix, "%08u", catalogue->categories[i].cpv[k]);
            while (length > 2 && prefix[length - 1] == '0')
                length--;
            if (strncmp(prefix, digits, length) == 0 && length > best_length) {
                best = (int)i;
                best_length = length;
            }
        }
    }
    return best;
}

/* Codes near each other, so that prefixes nest and touch at both ends. */
static uint32_t near_code(uint32_t *seed)
{
    static const uint32_t cut[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    uint32_t cpv = 30;
    for (int digit = 0; digit < 6; digit++) {
        static const uint32_t ends[] = {0, 9, 1};
        *seed = *seed * 1664525u + 1013904223u;
        cpv = cpv * 10 + ends[(*seed >> 16) % 3];
    }
    *seed = *seed * 1664525u + 1013904223u;
    uint32_t width = cut[(*seed >> 16) % 7];
    return cpv / width * width;
}

static void every_code_agrees_with_the_rule(void **state)
{
    uint32_t seed = 7;
    for (int round = 0; round < 40; round++) {
        kg_buffer text;
        uint32_t used[40];
        int count = 0;
        kg_buffer_init(&text);
        while (count < 40) {
            uint32_t cpv = near_code(&seed);
            bool twice = false;
            for (int i = 0; i < count; i++)
                twice = twice || used[i] == cpv;
            if (!twice) {
                kg_buffer_format(&text, "category c%02d { cpv = {%u} }\n", count, cpv);
                used[count++] = cpv;
            }
        }
        kg_catalogue *catalogue = read_right(text.bytes);
        for (int i = 0; i < 2000; i++) {
            uint32_t cpv = near_code(&seed) + (uint32_t)i % 3 - 1;
            int expected = longest_prefix(catalogue, cpv);
            assert_int_equal(kg_catalogue_by_cpv(catalogue, cpv),
                             expected < 0 ? KG_CATEGORY_CPV + cpv / 10000 : (uint32_t)expected);
        }
        kg_catalogue_destroy(&catalogue);
        kg_buffer_fini(&text);
    }
    (void)state;
}

static void names_that_are_no_category(void **state)
{
    static const char *const names[] = {"",         "desktop",  "cpv:",     "cpv:321", "cpv:32100",
                                        "cpv:32a0", "cpv:+123", "CPV:3210", "laptops"};
    kg_catalogue *catalogue = read_with_criteria(nested);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(kg_category_find(catalogue, names[i]), KG_CATEGORY_NONE);
    assert_int_equal(kg_category_find(catalogue, "cpv:3210"), KG_CATEGORY_CPV + 3210);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void cpv_codes_are_read(void **state)
{
    static const struct {
        const char *text;
        uint32_t cpv; /* 0: refused */
        uint32_t last;
    } cases[] = {
        {"30213100", 30213100, 30213199},
        {"30213100-6", 30213100, 30213199},
        {"03000000", 3000000, 3999999},
        {"30000000", 30000000, 30999999},
        {"30213101", 30213101, 30213101},
        {"3021310", 0, 0},
        {"302131000", 0, 0},
        {"30213100-", 0, 0},
        {"30213100-66", 0, 0},
        {"30213100 ", 0, 0},
        {" 30213100", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t cpv = 0;
        assert_int_equal(kg_catalogue_cpv_parse(cases[i].text, &cpv), cases[i].cpv != 0);
        assert_int_equal(cpv, cases[i].cpv);
        if (cpv)
            assert_int_equal(kg_catalogue_cpv_last(cpv), cases[i].last);
    }
    (void)state;
}

static void criteria_have_their_places(void **state)
{
    kg_catalogue *catalogue = read_with_criteria(nested);
    kg_category tablet = kg_category_find(catalogue, "tablet");
    kg_category none = kg_category_find(catalogue, "cpv:7200");
    int v = kg_catalogue_criterion(catalogue, "v"), w = kg_catalogue_criterion(catalogue, "w");
    assert_int_equal(v, 0);
    assert_int_equal(w, 1);
    assert_int_equal(kg_catalogue_criterion(catalogue, "x"), -1);
    assert_int_equal(kg_category_criteria(catalogue, tablet), 2);
    assert_string_equal(kg_category_criterion(catalogue, tablet, 0)->id, "v");
    assert_int_equal(kg_category_place(catalogue, tablet, w), 1);
    assert_int_equal(kg_category_place(catalogue, kg_category_find(catalogue, "laptop"), w), -1);
    assert_int_equal(kg_category_criteria(catalogue, none), 0);
    assert_int_equal(kg_category_place(catalogue, none, w), -1);
    assert_null(kg_category_entry_of(catalogue, none));
    assert_int_equal(kg_criterion_rank(&catalogue->criteria[w], "c"), 2);
    assert_int_equal(kg_criterion_rank(&catalogue->criteria[w], "d"), -1);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void the_lowest_threshold_holds(void **state)
{
    static const char text[] =
        "threshold supplies-central { value = 100 from = \"2026-01-01\" to = \"2027-12-31\" }\n"
        "threshold supplies-sub-central { value = 200 from = \"2026-01-01\" to = \"2027-12-31\" }\n"
        "threshold supplies-sub-central { value = 90 from = \"2028-01-01\" to = \"2029-12-31\" }\n"
        "threshold supplies-central-2030 { value = 70 from = \"2030-01-01\" }\n"
        "threshold supplies-centralised { value = 1 }\n"
        "threshold works { value = 2 }\n";
    static const struct {
        int central;
        const char *day;
        int64_t cents;
    } cases[] = {
        {1, "2026-01-01", 10000}, {0, "2026-01-01", 20000}, {-1, "2027-12-31", 10000},
        {1, "2028-01-01", -1},    {0, "2028-01-01", 9000},  {-1, "2028-06-01", 9000},
        {1, "2035-01-01", 7000},  {0, "2030-01-01", -1},    {-1, "2025-12-31", -1},
    };
    kg_catalogue *catalogue = read_right(text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_date day;
        assert_true(kg_date_parse(cases[i].day, &day));
        assert_int_equal(kg_catalogue_threshold(catalogue, cases[i].central, day), cases[i].cents);
    }
    assert_int_equal(kg_catalogue_threshold(catalogue, -1, KG_DATE_NONE), -1);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static kg_buffer written(const char *text)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_catalogue *catalogue = read_right(text);
    kg_catalogue_write(catalogue, kg_buffer_sink(&out));
    kg_catalogue_destroy(&catalogue);
    return out;
}

#define BASE                                                                                       \
    "criterion w { scale = {a, b} type = clause }\ncriterion v { scale = {x, y} type = award }\n"  \
    "category c { cpv = {30213100, 30200000, 48000000} criteria = {w, v}\n"                        \
    "  reference_price = 800 }\ncategory d { cpv = 72000000 }\n"                                   \
    "threshold t { value = 5 from = \"2026-01-01\" }\n"

static void canonical_bytes_follow_the_rules_only(void **state)
{
    static const struct {
        const char *name, *text;
        int same;
    } cases[] = {
        {"sections and keys in another order, comments, white space",
         "category d { cpv = {72000000} } # d\nthreshold t { from = \"2026-01-01\" value = \"5.00\""
         "}\ncriterion v { type = 'award' scale = {\"x\", /* */ y,} }\n"
         "category c {\n\tcriteria = {v} criteria += {w} reference_price = \"800,0\"\n"
         " cpv = {\"30213100-6\", 48000000,\n30200000} }\n"
         "criterion w { scale = {a, b} type = clause }\n",
         1},
        {"names, sources, labels, profiles, law",
         "criterion w { scale = {a, b} type = clause name_nl = n source = s verified = true }\n"
         "criterion v { scale = {x, y} type = award }\n"
         "category c { cpv = {30213100, 30200000, 48000000} criteria = {w, v}\n"
         "  reference_price = 800 name_fr = n source = s law = \"w=b\" law_source = l }\n"
         "category d { cpv = 72000000 }\nthreshold t { value = 5 from = \"2026-01-01\" source = s "
         "}\nlabel l { proves = \"c:w=b\" }\nprofile p { levels = \"w=b\" }\n",
         1},
        {"another first CPV code",
         "criterion w { scale = {a, b} type = clause }\n"
         "criterion v { scale = {x, y} type = award }\n"
         "category c { cpv = {30200000, 30213100, 48000000} criteria = {w, v}\n"
         "  reference_price = 800 }\ncategory d { cpv = 72000000 }\n"
         "threshold t { value = 5 from = \"2026-01-01\" }\n",
         0},
        {"a criterion more", BASE "criterion u { scale = {a, b} type = clause }\n", 0},
        {"a category more", BASE "category e { cpv = 31000000 }\n", 0},
        {"a threshold more", BASE "threshold u { value = 5 }\n", 0},
        {"a scale turned round",
         "criterion w { scale = {b, a} type = clause }\n"
         "criterion v { scale = {x, y} type = award }\n"
         "category c { cpv = {30213100, 30200000, 48000000} criteria = {w, v}\n"
         "  reference_price = 800 }\ncategory d { cpv = 72000000 }\n"
         "threshold t { value = 5 from = \"2026-01-01\" }\n",
         0},
    };
    kg_buffer base = written(BASE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_buffer other = written(cases[i].text);
        need_bytes(cases[i].name, &base, &other, cases[i].same);
        kg_buffer_fini(&other);
    }
    kg_buffer_fini(&base);
    (void)state;
}

static void destroying_nothing_is_allowed(void **state)
{
    kg_catalogue *catalogue = NULL;
    kg_catalogue_destroy(&catalogue);
    assert_null(catalogue);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpv_code_finds_its_category),
        cmocka_unit_test(every_code_agrees_with_the_rule),
        cmocka_unit_test(names_that_are_no_category),
        cmocka_unit_test(cpv_codes_are_read),
        cmocka_unit_test(criteria_have_their_places),
        cmocka_unit_test(the_lowest_threshold_holds),
        cmocka_unit_test(canonical_bytes_follow_the_rules_only),
        cmocka_unit_test(destroying_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
