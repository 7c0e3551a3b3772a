/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_file.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "helper_settings.h"

#define W "criterion w { scale = {a, b} type = clause }\n"
#define X "category x { cpv = {\"30213100\"} criteria = {w} }\n"

static const wrong_file wrong[] = {
    {"unknown key", "criterion w {\n scale = {a, b}\n typ = clause\n type = clause }\n",
     "3 UNKNOWN_KEYWORD criterion typ"},
    {"unknown keys, and what else is wrong",
     W "category x {\n cpvs = {\"30213100\"}\n nam_nl = x\n criteria = {q} }\n"
       "category y { nam_nl = x cpv = {\"3021\"} }",
     "2 MISSING cpv -\n3 UNKNOWN_KEYWORD category cpvs\n4 UNKNOWN_KEYWORD category nam_nl\n"
     "5 UNKNOWN_CRITERION criteria q\n6 UNKNOWN_KEYWORD category nam_nl\n6 CPV cpv 3021"},
    {"unknown section", W "\ncriterium v { scale = {a, b} }\n", "3 UNKNOWN_KEYWORD - criterium"},
    {"key outside sections", W "scale = {a}\n", "2 UNKNOWN_KEYWORD - scale"},
    {"unknown key without a value", "criterion w { typ }", "1 UNKNOWN_KEYWORD criterion typ"},
    {"unknown empty list", "criterion w { typ = {} }",
     "1 UNKNOWN_KEYWORD criterion typ\n1 MISSING scale -\n1 MISSING type -"},
    {"no equal sign", "criterion w {\n\n scale {a, b} }", "3 FILE_SYNTAX - -"},
    {"no closing brace", "criterion w {\n scale = {a, b}\n type = clause\n", "1 FILE_SYNTAX - -"},
    {"closing brace too many", W "}\n", "2 FILE_SYNTAX - -"},
    {"no title", "criterion {\n}\n", "1 FILE_SYNTAX - -"},
    {"empty key", W "\"\" = x\n", "2 FILE_SYNTAX - -"},
    {"a path for a key", W "\"criterion|scale\" = x\n", "2 FILE_SYNTAX - -"},
    {"key twice", "criterion w { scale = {a, b}\n type = clause type = award\n scale = {c, d} }",
     "2 FILE_SYNTAX type award\n3 FILE_SYNTAX scale c"},
    {"text without end", W "criterion v { scale = {\"a,\n\"b\"} }", "2 FILE_SYNTAX - -"},
    {"single-quoted text without end", W "\ncriterion 'v", "3 FILE_SYNTAX - -"},
    {"comment without end", W "\n/* criterion\n\n", "3 FILE_SYNTAX - /*"},
    {"bad escape", W "criterion v { source = \"a\\x00b\" }", "2 FILE_SYNTAX - \\"},
    {"bad octal escape", W "criterion v { source = \"\\777\" }", "2 FILE_SYNTAX - \\"},
    {"environment in a text", W "criterion v { source = \"${HOME}\" }", "2 FILE_SYNTAX - ${"},
    {"environment as a word", W "criterion v { source = ${HOME} }", "2 FILE_SYNTAX - ${"},
    {"stray plus", W "criterion v { source + = a }", "2 FILE_SYNTAX - +"},
    {"stray star", W "criterion v { source = a*b }", "2 FILE_SYNTAX - *"},
    {"not UTF-8", W "label l {\n source = \"caf\xe9\" }", "3 ENCODING source caf\\xe9"},
    {"control character", W "label l {\n source = \"a\x1b[0m\" }", "3 ENCODING source a\\x1b[0m"},
    {"title not UTF-8", W "label \"\xff\" { source = s }", "2 ENCODING label \\xff"},
    {"criterion bare", "\ncriterion w { }\n", "2 MISSING scale -\n2 MISSING type -"},
    {"one level", "criterion w { scale = {a} type = clause }", "1 MISSING scale -"},
    {"level twice", "criterion w { type = clause scale = {a,\n b,\n a} }", "3 CATALOGUE scale a"},
    {"levels that lists cannot hold",
     "criterion w { type = clause scale = {\"a b\", \"a=b\", \"a,b\", \"\", \"a;b\", c} }",
     "1 INVALID scale \n1 INVALID scale a b\n1 INVALID scale a,b\n1 INVALID scale a;b\n"
     "1 INVALID scale a=b"},
    {"type", "criterion w { scale = {a, b}\n type = \"Award\" }", "2 INVALID type Award"},
    {"verified", "criterion w { scale = {a, b} type = award\n verified = 1 }",
     "2 INVALID verified 1"},
    {"criterion twice", W "\n" W, "3 CATALOGUE criterion w"},
    {"ids",
     "criterion \"w w\" { scale = {a, b} type = award }\ncategory \"\" { cpv = 30213100 }\n"
     "profile \"a/b\" { }\nlabel \"\" { }\nthreshold \"\xc3\xa9\" { value = 1 }",
     "1 INVALID criterion w w\n2 INVALID category \n3 INVALID profile a/b\n4 INVALID label \n"
     "5 INVALID threshold \xc3\xa9"},
    {"id like a CPV code's", "category \"cpv:3021\" { cpv = 30213100 }",
     "1 INVALID category cpv:3021"},
    {"CPV codes",
     "category x { cpv = {\"3021310\", \"302131000\", \"30213100-x\", \"30213100-11\",\n"
     " \"\", \"00123456\", \"30213100-1\"} }",
     "1 CPV cpv 3021310\n1 CPV cpv 30213100-11\n1 CPV cpv 30213100-x\n1 CPV cpv 302131000\n"
     "2 CPV cpv \n2 CPV cpv 00123456"},
    {"CPV code twice in a category", "category x { cpv = {30213100, 30213100-1} }",
     "1 CATALOGUE category x"},
    {"CPV code in two categories", W X "category y { cpv = 30213100 }", "3 CATALOGUE category y"},
    {"category twice", W X "category x { cpv = 30213200 }", "3 CATALOGUE category x"},
    {"criterion that is not there", X, "1 UNKNOWN_CRITERION criteria w"},
    {"criterion twice in a category", W "category x { cpv = 30213100\n criteria = {w, w} }",
     "3 PROFILE_CRITERIA criteria w"},
    {"price", "category x { cpv = 30213100\n reference_price = \"1.234\" }",
     "2 VALUE reference_price 1.234"},
    {"law",
     W "criterion v { scale = {a, b} type = clause }\n"
       "category x { cpv = 30213100 criteria = {w} law = {\"w=b\", \"w=b\",\n"
       " \"w=c\",\n \"v=b\",\n \"u=b\",\n \"w\",\n \"=b\"} }",
     "3 PROFILE_CRITERIA law w=b\n4 UNKNOWN_LEVEL law w=c\n5 UNKNOWN_CRITERION law v=b\n"
     "6 UNKNOWN_CRITERION law u=b\n7 INVALID law w\n8 INVALID law =b"},
    {"profile", W "profile p { levels = {\"w=b\",\n \"w=a\",\n \"w=c\",\n \"v=b\",\n \"wb\"} }",
     "3 PROFILE_CRITERIA levels w=a\n4 UNKNOWN_LEVEL levels w=c\n"
     "5 UNKNOWN_CRITERION levels v=b\n6 INVALID levels wb"},
    {"profile twice", W "profile p { levels = \"w=b\" }\nprofile p { levels = \"w=a\" }",
     "3 CATALOGUE profile p"},
    {"label",
     W "criterion v { scale = {a, b} type = clause }\n" X
       "label l { proves = {\"x:w=b\",\n \"y:w=b\",\n \"x:w=c\",\n \"x:v=b\",\n \"w=b\"}\n"
       " available_models = many\n as_of = \"2026-02-30\" }",
     "5 UNKNOWN_CATEGORY proves y:w=b\n6 UNKNOWN_LEVEL proves x:w=c\n"
     "7 UNKNOWN_CRITERION proves x:v=b\n8 UNKNOWN_CATEGORY proves w=b\n"
     "9 INVALID available_models many\n10 DATE as_of 2026-02-30"},
    {"threshold",
     "threshold t {\n value = lots from = \"2026-13-01\"\n to = tomorrow }\n"
     "threshold u { }",
     "2 DATE from 2026-13-01\n2 VALUE value lots\n3 DATE to tomorrow\n4 MISSING value -"},
    {"threshold's period", "threshold t { value = 1\n from = \"2027-01-01\" to = \"2026-12-31\" }",
     "2 DATE_ORDER from 2027-01-01"},
    {"thresholds that overlap",
     "threshold t { value = 1 from = \"2026-01-01\" to = \"2027-12-31\" }\n"
     "threshold t { value = 2 from = \"2028-01-01\" }\n"
     "threshold t { value = 3 to = \"2025-12-31\" }\n"
     "threshold t { value = 4 from = \"2027-12-31\" to = \"2027-12-31\" }",
     "4 CATALOGUE threshold t"},
};

static void wrong_files_are_told_of(void **state)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kg_problems problems;
        kg_problems_init(&problems, "elsewhere");
        kg_catalogue *none = kg_catalogue_read_text(wrong[i].text, "catalogue.conf", &problems);
        need_told(wrong[i].name, &problems, wrong[i].expected);
        assert_null(none);
        assert_string_equal(problems.items[0].file, "catalogue.conf");
        assert_string_equal(problems.file, "elsewhere");
        kg_problems_fini(&problems);
    }
    (void)state;
}

static void an_unknown_key_says_which_are_known(void **state)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    assert_null(kg_catalogue_read_text(W "profile p {\n level = {\"w=b\"} }", "c.conf", &problems));
    char *text = kg_problem_write(&problems.items[0]);
    assert_string_equal(text, "c.conf:3: profile: \"level\": Known here are levels. Did you mean "
                              "levels? [UNKNOWN_KEYWORD]");
    free(text);
    kg_problems_fini(&problems);
    (void)state;
}

static kg_catalogue *read_right(const char *text)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue.conf", &problems);
    need_told("right", &problems, "");
    assert_non_null(catalogue);
    kg_problems_fini(&problems);
    return catalogue;
}

static const char whole[] =
    "\xef\xbb\xbf# as DESIGN shows it, out of order\r\n"
    "category \"laptop\" { cpv = {\"30213100\", # a comment in a list\r\n"
    "    '30213000-5'} reference_price = \"800.00\" criteria = {\"warranty-years\",\r\n"
    "    \"battery-cycles\",} name_nl = \"draagbare \\\"pc\\\"\" source = \"a\\\r\nb \\${c}\"\r\n"
    "  law = {\"battery-cycles=800\"} law_source = \"l\" verified = true }\r\n"
    "/* several\r\n lines */\r\n"
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\"}  type = \"technical\"\r\n"
    "  name_nl = \"garantie\" name_fr = 'garantie' source = \"\" verified = false }\r\n"
    "criterion \"battery-cycles\" { scale = {0, 500} scale += {800} type = award }\r\n"
    "profile \"core\" { levels = {\"warranty-years=2\",\"battery-cycles=500\"} }\r\n"
    "label \"TCO Certified 10\" { proves = \"laptop:warranty-years=2\" available_models = 12\r\n"
    "  as_of = \"2026-06-30\" source = \"s\" }\r\n"
    "threshold \"supplies-sub-central\" { value = 216000 from = \"2026-01-01\" }\r\n";

static void a_criterion_is_whole(void **state)
{
    kg_catalogue *catalogue = read_right(whole);
    assert_int_equal(catalogue->criteria_count, 2);
    const kg_criterion *battery = &catalogue->criteria[0], *warranty = &catalogue->criteria[1];
    assert_string_equal(battery->id, "battery-cycles");
    assert_int_equal(battery->levels_count, 3);
    assert_string_equal(battery->levels[2], "800");
    assert_int_equal(battery->type, KG_CRITERION_AWARD);
    assert_string_equal(warranty->names[KG_NAME_NL], "garantie");
    assert_string_equal(warranty->names[KG_NAME_FR], "garantie");
    assert_null(warranty->names[KG_NAME_EN]);
    assert_null(warranty->source);
    assert_false(warranty->verified);
    kg_catalogue_destroy(&catalogue);
    assert_null(catalogue);
    (void)state;
}

static void a_category_is_whole(void **state)
{
    kg_catalogue *catalogue = read_right(whole);
    const kg_category_entry *laptop = &catalogue->categories[0];
    assert_int_equal(catalogue->categories_count, 1);
    assert_int_equal(laptop->cpv_count, 2);
    assert_int_equal(laptop->cpv[0], 30213100);
    assert_int_equal(laptop->cpv[1], 30213000);
    assert_int_equal(laptop->reference_price_cents, 80000);
    assert_int_equal(laptop->criteria_count, 2);
    assert_int_equal(laptop->criteria[0], 0);
    assert_int_equal(laptop->law.rank[0], 2);
    assert_int_equal(laptop->law.rank[1], 0);
    assert_string_equal(laptop->names[KG_NAME_NL], "draagbare \"pc\"");
    assert_string_equal(laptop->source, "ab ${c}");
    assert_string_equal(laptop->law_source, "l");
    assert_true(laptop->verified);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void the_rest_is_whole(void **state)
{
    kg_catalogue *catalogue = read_right(whole);
    const kg_profile *core = &catalogue->profiles[0];
    const kg_label *tco = &catalogue->labels[0];
    const kg_threshold *threshold = &catalogue->thresholds[0];
    assert_int_equal(core->count, 2);
    assert_int_equal(core->criteria[0], 1);
    assert_int_equal(core->ranks[0], 2);
    assert_string_equal(tco->id, "TCO Certified 10");
    assert_int_equal(tco->proves_count, 1);
    assert_int_equal(tco->proves[0].category, 0);
    assert_int_equal(tco->proves[0].criterion, 1);
    assert_int_equal(tco->proves[0].rank, 2);
    assert_int_equal(tco->available_models, 12);
    assert_string_equal(tco->as_of, "2026-06-30");
    assert_int_equal(threshold->value_cents, 21600000);
    assert_int_equal(threshold->to, KG_DATE_NONE);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

/* Adds `count` of "PREFIX number SUFFIX". */
static void many(kg_buffer *text, int count, const char *prefix, const char *suffix)
{
    for (int i = 0; i < count; i++)
        kg_buffer_format(text, "%s%d%s", prefix, 100 + i, suffix);
}

static void need_many(const kg_buffer *text, const char *expected)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(text->bytes, "many", &problems);
    need_told("many", &problems, expected);
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
}

/* A catalogue of so many of each; `expected` is what is told of it. */
static void need_sizes(int levels, int criteria, int of_category, int codes, const char *expected)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "criterion a { type = award scale = {");
    many(&text, levels, "", ",");
    kg_buffer_format(&text, "} }\n");
    many(&text, criteria - 1, "criterion c", " { type = award scale = {0, 1} }\n");
    kg_buffer_format(&text, "category x { criteria = {");
    many(&text, of_category, "c", ",");
    kg_buffer_format(&text, "}\n cpv = {");
    many(&text, codes, "30213", ",");
    kg_buffer_format(&text, "} }\n");
    need_many(&text, expected);
    kg_buffer_fini(&text);
}

static void sizes_are_bounded(void **state)
{
    need_sizes(KG_SCALE_LEVELS_MAX, KG_CATALOGUE_CRITERIA_MAX, KG_CATEGORY_CRITERIA_MAX,
               KG_CATEGORY_CPV_MAX, "");
    need_sizes(KG_SCALE_LEVELS_MAX + 2, 64, 20, 20, "1 CATALOGUE scale 164");
    need_sizes(2, 64, KG_CATEGORY_CRITERIA_MAX + 1, 20, "65 CATALOGUE criteria c132");
    need_sizes(2, 64, 20, KG_CATEGORY_CPV_MAX + 1, "66 CATALOGUE cpv 30213164");
    need_sizes(2, KG_CATALOGUE_CRITERIA_MAX + 1, 20, 20, "257 CATALOGUE criterion c355");
    (void)state;
}

static void categories_are_bounded(void **state)
{
    kg_buffer text;
    kg_buffer_init(&text);
    for (int i = 0; i < KG_CATALOGUE_CATEGORIES_MAX; i++)
        kg_buffer_format(&text, "category c%d { cpv = {30213%03d} }\n", 100 + i, 100 + i);
    need_many(&text, "");
    kg_buffer_format(&text, "category c356 { cpv = {30213356} }\n");
    need_many(&text, "257 CATALOGUE category c356");
    kg_buffer_fini(&text);
    (void)state;
}

static void a_bad_file_leaves_nothing_behind(void **state)
{
    static const char *const bad[] = {"criterion \"w",
                                      "/*",
                                      "criterion 'w",
                                      "criterion w { \"\\7",
                                      "criterion w { scale = {\"a\"",
                                      "=",
                                      "\"",
                                      "${",
                                      "}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        assert_null(kg_catalogue_read_text(bad[i], "bad", &problems));
        assert_true(problems.count > 0);
        kg_problems_fini(&problems);
        kg_catalogue *catalogue = read_right(W X);
        kg_catalogue_destroy(&catalogue);
    }
    (void)state;
}

static void files_that_cannot_be_read(void **state)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    assert_null(kg_catalogue_read("/nowhere/catalogue.conf", &problems));
    assert_null(kg_catalogue_read("/", &problems));
    need_told("no file", &problems, "0 FILE_SYNTAX - -\n0 FILE_SYNTAX - -");
    assert_string_equal(problems.items[0].file, "/nowhere/catalogue.conf");
    kg_problems_fini(&problems);
    (void)state;
}

static void a_file_is_read(void **state)
{
    char path[] = "/tmp/kg-catalogue-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, whole, sizeof whole - 1), sizeof whole - 1);
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read(path, &problems);
    need_told("file", &problems, "");
    kg_catalogue_destroy(&catalogue);
    assert_int_equal(write(file, "\0", 1), 1);
    assert_null(kg_catalogue_read(path, &problems));
    need_told("a NUL", &problems, "0 FILE_SYNTAX - -");
    kg_problems_fini(&problems);
    close(file);
    unlink(path);
    (void)state;
}

static void the_empty_catalogue_is_one(void **state)
{
    kg_catalogue *catalogue = read_right("# nothing\n");
    assert_int_equal(kg_catalogue_by_cpv(catalogue, 30213100), KG_CATEGORY_CPV + 3021);
    assert_int_equal(kg_catalogue_category(catalogue, "laptop"), -1);
    kg_catalogue_destroy(&catalogue);
    (void)state;
}

static void the_example_catalogue_is_right(void **state)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read(KG_SOURCE_DIR "/config/catalogue.conf", &problems);
    need_told("example", &problems, "");
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_told_of),
        cmocka_unit_test(an_unknown_key_says_which_are_known),
        cmocka_unit_test(a_criterion_is_whole),
        cmocka_unit_test(a_category_is_whole),
        cmocka_unit_test(the_rest_is_whole),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(categories_are_bounded),
        cmocka_unit_test(a_bad_file_leaves_nothing_behind),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(a_file_is_read),
        cmocka_unit_test(the_empty_catalogue_is_one),
        cmocka_unit_test(the_example_catalogue_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
