/* SPDX-License-Identifier: EUPL-1.2 */
/* The files in config/ read as they are shipped. */
#include "tests/demo_files.h"

#include "proto/catalogue_file.h"
#include "proto/plan.h"

#define TODAY 20781 /* 2026-11-24; any day does */

static kg_catalogue *catalogue;

static void print_problems(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        print_message("%s\n", text);
        free(text);
    }
}

/* Fails with every problem printed. */
static void assert_none(const kg_problems *problems)
{
    print_problems(problems);
    assert_int_equal(problems->count, 0);
}

static int read_catalogue(void **state)
{
    (void)state;
    char path[DEMO_PATH_BYTES];
    kg_problems problems;
    demo_path("catalogue.conf", path);
    kg_problems_init(&problems, path);
    catalogue = kg_catalogue_read(path, &problems);
    print_problems(&problems);
    kg_problems_fini(&problems);
    return catalogue ? 0 : -1;
}

static int drop_catalogue(void **state)
{
    (void)state;
    kg_catalogue_destroy(&catalogue);
    return 0;
}

static void assert_names(const char *const names[KG_NAMES])
{
    for (int i = 0; i < KG_NAMES; i++) {
        assert_non_null(names[i]);
        assert_true(names[i][0] != '\0');
    }
}

static void assert_source(const char *source)
{
    assert_non_null(source);
    assert_true(strlen(source) > 10);
}

/* ---- the catalogue ---- */

static void test_criteria(void **state)
{
    (void)state;
    size_t verified = 0;
    for (size_t i = 0; i < catalogue->criteria_count; i++) {
        const kg_criterion *criterion = &catalogue->criteria[i];
        assert_names(criterion->names);
        assert_source(criterion->source);
        assert_true(criterion->levels_count >= 2);
        assert_true(strcmp(criterion->levels[0], "0") == 0 ||
                    strcmp(criterion->levels[0], "none") == 0);
        verified += criterion->verified;
    }
    assert_true(verified > 0 && verified < catalogue->criteria_count);
}

static void test_warranty_scale(void **state)
{
    (void)state;
    static const char *const levels[] = {"0", "1", "2", "3", "5", "7"};
    int at = kg_catalogue_criterion(catalogue, "warranty-years");
    assert_true(at >= 0);
    const kg_criterion *criterion = &catalogue->criteria[at];
    assert_int_equal(criterion->levels_count, 6);
    for (int i = 0; i < 6; i++)
        assert_string_equal(criterion->levels[i], levels[i]);
}

static void test_categories(void **state)
{
    (void)state;
    static const char *const wanted[] = {"laptop", "desktop", "workstation", "thin-client",
        "tablet", "smartphone", "monitor", "printer", "server", "network", "peripheral",
        "projector", "storage", "software", "part", "service"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(kg_catalogue_category(catalogue, wanted[i]) >= 0);
    kg_levels none = kg_levels_fill(0);
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        const kg_category_entry *category = &catalogue->categories[i];
        assert_names(category->names);
        assert_source(category->source);
        assert_true(category->cpv_count > 0);
        assert_true(category->criteria_count > 0);
        if (!kg_levels_equal(&category->law, &none))
            assert_source(category->law_source);
    }
}

static void test_criteria_used(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogue->criteria_count; i++) {
        bool used = false;
        for (size_t j = 0; j < catalogue->categories_count; j++)
            used |= kg_category_place(catalogue, (kg_category)j, (int)i) >= 0;
        if (!used)
            fail_msg("no category lists %s", catalogue->criteria[i].id);
    }
}

static void test_cpv(void **state)
{
    (void)state;
    static const struct {
        uint32_t cpv;
        const char *category;
    } cases[] = {
        {30213100, "laptop"},     {30213300, "desktop"},          {30213000, "cpv:3021"},
        {30231310, "monitor"},    {32252100, "smartphone"},       {48820000, "server"},
        {48822000, "server"},     {48000000, "software"},         {48814400, "information-system"},
        {72268000, "software"},   {72000000, "cpv:7200"},         {72710000, "network-service"},
        {30233141, "storage"},    {30233132, "part"},             {30233310, "peripheral"},
        {30237280, "part"},       {30237240, "peripheral"},       {30121200, "printer"},
        {50323000, "service"},    {50312300, "network-service"},  {33195100, "cpv:3319"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[KG_CATEGORY_NAME_BYTES];
        kg_category_name(catalogue, kg_catalogue_by_cpv(catalogue, cases[i].cpv), name);
        assert_string_equal(name, cases[i].category);
    }
}

static void test_profiles(void **state)
{
    (void)state;
    assert_true(kg_catalogue_profile(catalogue, "core") >= 0);
    assert_true(kg_catalogue_profile(catalogue, "comprehensive") >= 0);
}

/* Every criterion of core is in comprehensive, at no lower level. */
static void test_comprehensive_includes_core(void **state)
{
    (void)state;
    const kg_profile *core = &catalogue->profiles[kg_catalogue_profile(catalogue, "core")];
    const kg_profile *more =
        &catalogue->profiles[kg_catalogue_profile(catalogue, "comprehensive")];
    for (int i = 0; i < core->count; i++) {
        int at = 0;
        while (at < more->count && more->criteria[at] != core->criteria[i])
            at++;
        if (at == more->count || more->ranks[at] < core->ranks[i])
            fail_msg("comprehensive is below core on %s",
                     catalogue->criteria[core->criteria[i]].id);
    }
}

static void test_labels_and_thresholds(void **state)
{
    (void)state;
    assert_true(catalogue->labels_count >= 8);
    for (size_t i = 0; i < catalogue->labels_count; i++) {
        assert_source(catalogue->labels[i].source);
        assert_true(catalogue->labels[i].proves_count > 0);
    }
    for (size_t i = 0; i < catalogue->thresholds_count; i++)
        assert_source(catalogue->thresholds[i].source);
    kg_date day;
    assert_true(kg_date_parse("2027-03-01", &day));
    assert_int_equal(kg_catalogue_threshold(catalogue, 1, day), 14000000);
    assert_int_equal(kg_catalogue_threshold(catalogue, 0, day), 21600000);
    assert_int_equal(kg_catalogue_threshold(catalogue, -1, day), 14000000);
    assert_true(kg_date_parse("2028-01-01", &day));
    assert_int_equal(kg_catalogue_threshold(catalogue, 0, day), -1);
}

/* ---- the two demos ---- */

typedef struct demo {
    const char *name, *organisations, *round, *plans;
    size_t bodies;
} demo;

static const demo demos[] = {
    {"buyer-group", "demo/buyer-group/organisations.conf", "demo/buyer-group/round.conf.in",
     "demo/buyer-group/plans", 22},
    {"real", "demo/real/organisations.conf", "demo/real/round.conf.in", "demo/real/plans", 28},
};

static void test_rounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof demos / sizeof *demos; i++) {
        char path[DEMO_PATH_BYTES], filled[DEMO_PATH_BYTES];
        kg_problems problems;
        kg_round round;
        demo_path(demos[i].round, path);
        demo_filled_file(path, TODAY, "test_config_round.conf", filled);
        kg_problems_init(&problems, path);
        assert_true(kg_round_read(filled, catalogue, &round, &problems));
        assert_none(&problems);
        for (int name = 0; name < KG_NAMES; name++)
            assert_non_null(round.titles[name]);
        assert_int_equal(round.opens, TODAY);
        assert_int_equal(round.award_by, TODAY + 120);
        assert_int_equal(round.bodies_min, 3);
        kg_round_fini(&round);
        kg_problems_fini(&problems);
    }
}

typedef struct bodies {
    kg_organisation *items;
    size_t count;
} bodies;

static bodies read_bodies(const char *part)
{
    char path[DEMO_PATH_BYTES];
    kg_problems problems;
    bodies out;
    demo_path(part, path);
    kg_problems_init(&problems, path);
    out.items = kg_organisations_read(path, &out.count, &problems);
    assert_none(&problems);
    assert_non_null(out.items);
    kg_problems_fini(&problems);
    return out;
}

static const kg_organisation *find_body(const bodies *all, const char *id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].id, id) == 0)
            return &all->items[i];
    }
    fail_msg("no organisation %s", id);
    return NULL;
}

static void free_bodies(bodies *all)
{
    for (size_t i = 0; i < all->count; i++)
        kg_organisation_fini(&all->items[i]);
    free(all->items);
}

/* Each body has a name and one plan file; each parent stands in the file. */
static void test_organisations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof demos / sizeof *demos; i++) {
        bodies all = read_bodies(demos[i].organisations);
        demo_folder *folder = demo_folder_read(demos[i].plans);
        assert_int_equal(all.count, demos[i].bodies);
        assert_int_equal(folder->count, demos[i].bodies);
        for (size_t f = 0; f < folder->count; f++)
            assert_true(find_body(&all, folder->ids[f])->name[0] != '\0');
        for (size_t b = 0; b < all.count; b++) {
            if (all.items[b].parent[0])
                (void)find_body(&all, all.items[b].parent);
        }
        free(folder);
        free_bodies(&all);
    }
}

/* What a folder of plans holds, read body by body. */
typedef struct reading {
    size_t rows, wrong_rows, right_files;
    size_t missing, nuts, other; /* problems by status */
} reading;

static void count_problems(reading *out, const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        kg_status status = problems->items[i].status;
        out->missing += status == KG_STATUS_MISSING;
        out->nuts += status == KG_STATUS_NUTS;
        out->other += status != KG_STATUS_MISSING && status != KG_STATUS_NUTS;
    }
    out->wrong_rows += kg_problems_rows(problems);
    out->right_files += problems->count == 0;
}

static reading read_plans(const char *part, const char *organisations, bool print)
{
    reading out = {0};
    bodies all = read_bodies(organisations);
    demo_folder *folder = demo_folder_read(part);
    for (size_t i = 0; i < folder->count; i++) {
        char *text = demo_filled(folder->paths[i], TODAY);
        kg_plan_reading how = {.catalogue = catalogue,
                               .languages = find_body(&all, folder->ids[i])->languages};
        kg_problems problems;
        kg_plan plan;
        kg_problems_init(&problems, folder->paths[i]);
        kg_plan_init(&plan);
        (void)kg_plan_read_bytes(text, strlen(text), &how, &plan, &problems);
        if (print)
            print_problems(&problems);
        out.rows += how.rows;
        count_problems(&out, &problems);
        kg_plan_fini(&plan);
        kg_problems_fini(&problems);
        free(text);
    }
    free(folder);
    free_bodies(&all);
    return out;
}

static void test_example_plans(void **state)
{
    (void)state;
    reading out =
        read_plans("demo/buyer-group/plans", "demo/buyer-group/organisations.conf", true);
    assert_int_equal(out.wrong_rows, 0);
    assert_int_equal(out.right_files, 22);
    assert_int_equal(out.rows, 40);
}

/* 79 rows, of which 30 lack a date or a value or name a region that is not on the list. */
static void test_real_plans(void **state)
{
    (void)state;
    reading raw = read_plans("demo/real/plans", "demo/real/organisations.conf", false);
    assert_int_equal(raw.rows, 79);
    assert_int_equal(raw.wrong_rows, 30);
    assert_int_equal(raw.right_files, 11);
    assert_int_equal(raw.other, 0);
    assert_int_equal(raw.nuts, 5);
}

static void test_corrected_plans(void **state)
{
    (void)state;
    reading out = read_plans("demo/real/corrected", "demo/real/organisations.conf", true);
    assert_int_equal(out.rows, 49);
    assert_int_equal(out.wrong_rows, 0);
    assert_int_equal(out.right_files, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_criteria),
        cmocka_unit_test(test_warranty_scale),
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_criteria_used),
        cmocka_unit_test(test_cpv),
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_comprehensive_includes_core),
        cmocka_unit_test(test_labels_and_thresholds),
        cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_organisations),
        cmocka_unit_test(test_example_plans),
        cmocka_unit_test(test_real_plans),
        cmocka_unit_test(test_corrected_plans),
    };
    return cmocka_run_group_tests(tests, read_catalogue, drop_catalogue);
}
