/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/language.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client/language/language_private.h"
#include "proto/status.h"

static const char *const codes[] = {"nl", "fr", "de"};

#define CODES (sizeof codes / sizeof *codes)

static const char *chosen(const char *language, const char *all, const char *messages,
                          const char *lang)
{
    const struct {
        const char *name, *value;
    } variables[] = {
        {"LANGUAGE", language}, {"LC_ALL", all}, {"LC_MESSAGES", messages}, {"LANG", lang}};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (variables[i].value)
            setenv(variables[i].name, variables[i].value, 1);
        else
            unsetenv(variables[i].name);
    kg_language_choose();
    return kg_language();
}

static void the_environment_chooses_as_gettext_has_it(void **state)
{
    (void)state;
    assert_string_equal("en", chosen(NULL, NULL, NULL, NULL));
    assert_string_equal("nl", chosen(NULL, NULL, NULL, "nl_BE.UTF-8"));
    assert_string_equal("fr", chosen(NULL, NULL, "fr_BE", "nl_BE.UTF-8"));
    assert_string_equal("de", chosen(NULL, "de@euro", "fr_BE", "nl_BE.UTF-8"));
    assert_string_equal("nl", chosen(NULL, "", "", "nl"));
    assert_string_equal("en", chosen(NULL, NULL, NULL, "es_ES.UTF-8"));
    assert_string_equal("en", chosen(NULL, NULL, NULL, "nld"));
    assert_string_equal("en", chosen(NULL, "en_GB.UTF-8", NULL, "nl_BE.UTF-8"));
}

static void a_list_of_languages_comes_first_but_not_in_the_c_locale(void **state)
{
    (void)state;
    assert_string_equal("fr", chosen("fr:nl", NULL, NULL, "de_BE.UTF-8"));
    assert_string_equal("nl", chosen("es:nl_BE:fr", NULL, NULL, "C.UTF-8"));
    assert_string_equal("en", chosen("en:nl", NULL, NULL, "de_BE.UTF-8"));
    assert_string_equal("de", chosen("es::pt", NULL, NULL, "de_BE.UTF-8"));
    assert_string_equal("en", chosen("nl", NULL, NULL, "C"));
    assert_string_equal("en", chosen("nl", "POSIX", NULL, "nl_BE.UTF-8"));
    assert_string_equal("en", chosen("nl", NULL, NULL, NULL));
}

static void only_what_there_is_can_be_set(void **state)
{
    (void)state;
    assert_true(kg_language_set("de"));
    assert_false(kg_language_set("es"));
    assert_string_equal("de", kg_language());
    assert_true(kg_language_set("en"));
    assert_string_equal("en", kg_language());
}

static void what_is_in_no_catalogue_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        assert_true(kg_language_set(codes[i]));
        assert_string_equal("", kg_said(""));
        assert_string_equal("Ab ovo.", kg_said("Ab ovo."));
        assert_string_equal("Ab ovo.", kg_said_as("fact", "Ab ovo."));
        assert_string_equal("one egg", kg_said_of("one egg", "%d eggs", 1));
        assert_string_equal("%d eggs", kg_said_of("one egg", "%d eggs", 0));
    }
}

static void every_text_of_a_catalogue_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        assert_true(kg_language_set(codes[i]));
        const kg_messages *messages = kg_language_messages();
        assert_true(kg_messages_count(messages) > 900);
        for (uint32_t n = 0; n < kg_messages_count(messages); n++)
            for (unsigned form = 0; form < 2; form++)
                assert_ptr_equal(kg_messages_target(messages, n, form),
                                 kg_messages_find(messages, kg_messages_source(messages, n), form));
    }
}

static void every_status_is_told_in_every_language(void **state)
{
    static const kg_status statuses[] = {
#define KG_STATUS(number, name, text) KG_STATUS_##name,
#include "proto/status.def"
#undef KG_STATUS
    };
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        assert_true(kg_language_set(codes[i]));
        for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++) {
            const char *english = kg_status_text(statuses[k]);
            assert_string_not_equal(english, kg_said(english));
        }
    }
}

/* The head's formula is what translators go by; the program's must be the same. */
static void numbers_take_the_form_that_the_catalogue_says(void **state)
{
    static const char one[] = "%zu line is right; nothing was sent.";
    static const char many[] = "%zu lines are right; nothing was sent.";
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        assert_true(kg_language_set(codes[i]));
        const kg_messages *messages = kg_language_messages();
        const char *head = kg_messages_find(messages, "", 0);
        bool none_is_one = strstr(head, "plural=(n > 1)") != NULL;
        assert_true(none_is_one || strstr(head, "plural=(n != 1)"));
        for (unsigned n = 0; n < 5; n++)
            assert_ptr_equal(
                kg_messages_find(messages, one, n == 1 || (n == 0 && none_is_one) ? 0 : 1),
                kg_said_of(one, many, n));
    }
    assert_true(kg_language_set("en"));
    assert_ptr_equal(one, kg_said_of(one, many, 1));
    assert_ptr_equal(many, kg_said_of(one, many, 0));
}

static void bytes_that_are_no_catalogue_have_no_texts(void **state)
{
    static const uint8_t bytes[32] = {0xde, 0x12, 0x04, 0x96, 0, 0, 0, 0, 9};
    (void)state;
    assert_int_equal(0, kg_messages_count(&(kg_messages){bytes, sizeof bytes}));
    assert_int_equal(0, kg_messages_count(&(kg_messages){bytes, 3}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_chooses_as_gettext_has_it),
        cmocka_unit_test(a_list_of_languages_comes_first_but_not_in_the_c_locale),
        cmocka_unit_test(only_what_there_is_can_be_set),
        cmocka_unit_test(what_is_in_no_catalogue_stays),
        cmocka_unit_test(every_text_of_a_catalogue_is_found),
        cmocka_unit_test(every_status_is_told_in_every_language),
        cmocka_unit_test(numbers_take_the_form_that_the_catalogue_says),
        cmocka_unit_test(bytes_that_are_no_catalogue_have_no_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
