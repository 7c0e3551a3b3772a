/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/settings_file.h"

#include <pthread.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_settings.h"
#include "proto/limits.h"

enum { PORT, HOSTS, START, PRICE, ON };
static const kg_key broker_keys[] = {{"port", false},  {"hosts", true}, {"start", false},
                                     {"price", false}, {"on", false},   {NULL, false}};
static const kg_key log_keys[] = {{"level", false}, {NULL, false}};
static const kg_section_kind kinds[] = {{"log", log_keys}, {NULL, broker_keys}, {NULL, NULL}};

/* Reads, and fails unless exactly this is told. */
static kg_settings read_text(const char *text, bool whole, const char *expected)
{
    kg_settings settings;
    kg_problems problems;
    kg_problems_init(&problems, "file");
    bool end = kg_settings_read(text, kinds, &settings, &problems);
    need_told(text, &problems, expected);
    assert_int_equal(end, whole);
    kg_problems_fini(&problems);
    return settings;
}

static const kg_section *outside(const kg_settings *settings)
{
    return &settings->sections[settings->count - 1];
}

static void rows_are_exact(void **state)
{
    kg_settings settings = read_text("# one\n/* two\n three */ port = 5 # four\n// four\n"
                                     "hosts = { # five\n a, /* six\n */ b, // seven\n\n c }\n"
                                     "log \"a\" # ten\n{ level = 'x' }\n",
                                     true, "");
    const kg_section *keys = outside(&settings);
    assert_int_equal(keys->keys[PORT].items[0].row, 3);
    assert_int_equal(keys->keys[HOSTS].count, 3);
    assert_int_equal(keys->keys[HOSTS].items[0].row, 6);
    assert_int_equal(keys->keys[HOSTS].items[1].row, 7);
    assert_int_equal(keys->keys[HOSTS].items[2].row, 9);
    assert_int_equal(settings.count, 2);
    assert_string_equal(settings.sections[0].title, "a");
    assert_int_equal(settings.sections[0].row, 11);
    assert_string_equal(kg_section_text(&settings.sections[0], 0), "x");
    kg_settings_fini(&settings);
    (void)state;
}

static void keys_outside_sections_are_one_section(void **state)
{
    kg_settings settings = read_text("hosts = {a}\nlog x { level = 1 }\nhosts += {b}\nport = 5\n"
                                     "log y { }\n",
                                     true, "");
    const kg_section *keys = outside(&settings);
    assert_int_equal(settings.count, 3);
    assert_null(keys->kind->name);
    assert_string_equal(keys->title, "");
    assert_int_equal(keys->keys[HOSTS].count, 2);
    assert_string_equal(keys->keys[HOSTS].items[1].text, "b");
    assert_string_equal(kg_section_text(keys, PORT), "5");
    assert_null(kg_section_get(keys, START));
    kg_settings_fini(&settings);
    (void)state;
}

static void words_and_texts(void **state)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"port = http://a.b/c", "http://a.b/c"},
        {"port = 12.50", "12.50"},
        {"port = -5", "-5"},
        {"port = \"a # b // c /* d\"", "a # b // c /* d"},
        {"port = 'a \"b\" \\'c\\' \\\\ ${d}'", "a \"b\" 'c' \\ ${d}"},
        {"port = \"'a' \\\" \\\\ \\$\\${HOME}$\"", "'a' \" \\ $${HOME}$"},
        {"port = \"a\\\nb\"", "ab"},
        {"port\r\n=\r\n\"a\"\r\n", "a"},
        {"\"port\" = a", "a"},
        {"port=a#b", "a"},
        {"port = caf\xc3\xa9", "caf\xc3\xa9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_settings settings = read_text(cases[i].text, true, "");
        assert_string_equal(kg_section_text(outside(&settings), PORT), cases[i].value);
        kg_settings_fini(&settings);
    }
    (void)state;
}

static void unknown_keys_outside(void **state)
{
    kg_settings settings = read_text("prot = 5\nlog x { lvl = 3\n lvl = 4 }\nport = 6\n", true,
                                     "1 UNKNOWN_KEYWORD - prot\n2 UNKNOWN_KEYWORD log lvl\n"
                                     "3 UNKNOWN_KEYWORD log lvl");
    assert_string_equal(kg_section_text(outside(&settings), PORT), "6");
    kg_settings_fini(&settings);
    (void)state;
}

static void a_hundred_unknown_keys_are_enough(void **state)
{
    kg_buffer text;
    kg_settings settings;
    kg_problems problems;
    kg_buffer_init(&text);
    kg_problems_init(&problems, NULL);
    for (int i = 0; i < 300; i++)
        kg_buffer_format(&text, "u%d = 1\n", i);
    assert_false(kg_settings_read(text.bytes, kinds, &settings, &problems));
    assert_in_range(problems.count, 100, 102);
    kg_settings_fini(&settings);
    kg_problems_fini(&problems);
    kg_buffer_fini(&text);
    (void)state;
}

static void values_have_types(void **state)
{
    kg_settings settings =
        read_text("port = 80 start = \"2027-01-31\" price = \"12.50\" on = true", true, "");
    const kg_section *keys = outside(&settings);
    kg_problems problems;
    kg_date date = 0, expected;
    int64_t port = 0, price = 0;
    bool on = false;
    kg_problems_init(&problems, NULL);
    assert_true(kg_section_integer(keys, PORT, 1, 65535, &port, &problems));
    assert_true(kg_section_date(keys, START, &date, &problems));
    assert_true(kg_section_money(keys, PRICE, &price, &problems));
    assert_true(kg_section_bool(keys, ON, &on, &problems));
    assert_int_equal(port, 80);
    assert_true(kg_date_parse("2027-01-31", &expected));
    assert_int_equal(date, expected);
    assert_int_equal(price, 1250);
    assert_true(on);
    assert_false(kg_section_integer(keys, PORT, 100, 65535, &port, &problems));
    assert_false(kg_section_bool(keys, START, &on, &problems));
    assert_false(kg_section_require(keys, HOSTS, &problems));
    need_told("types", &problems,
              "1 INVALID port 80\n1 INVALID start 2027-01-31\n0 MISSING hosts -");
    assert_int_equal(port, 80);
    assert_true(on);
    kg_problems_fini(&problems);
    kg_settings_fini(&settings);
    (void)state;
}

static void texts_are_bounded(void **state)
{
    kg_buffer text;
    kg_settings settings;
    kg_problems problems;
    kg_buffer_init(&text);
    kg_problems_init(&problems, NULL);
    kg_buffer_format(&text, "port = \"%0*d\"", KG_TEXT_BYTES_MAX, 0);
    assert_true(kg_settings_read(text.bytes, kinds, &settings, &problems));
    assert_int_equal(problems.count, 0);
    kg_settings_fini(&settings);
    text.count = 0;
    kg_buffer_format(&text, "\nport = \"%0*d\"", KG_TEXT_BYTES_MAX + 1, 0);
    assert_true(kg_settings_read(text.bytes, kinds, &settings, &problems));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].status, KG_STATUS_TOO_LONG);
    assert_int_equal(problems.items[0].row, 2);
    kg_settings_fini(&settings);
    kg_problems_fini(&problems);
    kg_buffer_fini(&text);
    (void)state;
}

/* Reads right and wrong files by turns; returns how often the outcome was not what it must be. */
static void *read_often(void *argument)
{
    size_t *wrong = argument;
    for (int i = 0; i < 200; i++) {
        kg_settings settings;
        kg_problems problems;
        bool bad = i % 2;
        kg_problems_init(&problems, NULL);
        bool end = kg_settings_read(bad ? "port = {5\n" : "port = 5 log x { level = 2 }", kinds,
                                    &settings, &problems);
        *wrong += end == bad || (problems.count == 0) == bad;
        *wrong += !bad && strcmp(kg_section_text(outside(&settings), PORT), "5") != 0;
        kg_settings_fini(&settings);
        kg_problems_fini(&problems);
    }
    return NULL;
}

static void threads_may_read_at_once(void **state)
{
    pthread_t threads[4];
    size_t wrong[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &wrong[i]), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(wrong[i], 0);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_exact),
        cmocka_unit_test(keys_outside_sections_are_one_section),
        cmocka_unit_test(words_and_texts),
        cmocka_unit_test(unknown_keys_outside),
        cmocka_unit_test(a_hundred_unknown_keys_are_enough),
        cmocka_unit_test(values_have_types),
        cmocka_unit_test(texts_are_bounded),
        cmocka_unit_test(threads_may_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
