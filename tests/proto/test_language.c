/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/language.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#define BIT(language) ((kg_languages)1 << (language))

static void the_first_four_lead_and_the_rest_is_by_code(void **state)
{
    const char *before = "";
    int count = 0;
    assert_int_equal(kg_language_find("nl"), KG_LANGUAGE_NL);
    assert_int_equal(kg_language_find("fr"), KG_LANGUAGE_FR);
    assert_int_equal(kg_language_find("de"), KG_LANGUAGE_DE);
    assert_int_equal(kg_language_find("en"), KG_LANGUAGE_EN);
    for (; kg_language_code(count); count++) {
        const char *code = kg_language_code(count);
        assert_int_equal(kg_language_find(code), count);
        assert_non_null(strstr(kg_language_allowed(), code));
        if (count > KG_LANGUAGE_EN)
            assert_true(strcmp(before, code) < 0 || count == KG_LANGUAGE_EN + 1);
        before = code;
    }
    assert_int_equal(strlen(kg_language_allowed()), (size_t)count * 3 - 1);
    assert_true(count > 24 && count <= 64);
    (void)state;
}

static void every_official_language_of_the_union_is_listed(void **state)
{
    static const char *const codes[] = {"bg", "cs", "da", "de", "el", "en", "es", "et",
                                        "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv",
                                        "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_true(kg_language_find(codes[i]) >= 0);
    (void)state;
}

static void sets_are_read(void **state)
{
    static const struct {
        const char *text;
        kg_languages set;
        const char *bad, *written;
    } cases[] = {
        {"nl", BIT(KG_LANGUAGE_NL), "", "nl"},
        {"fr nl", BIT(KG_LANGUAGE_NL) | BIT(KG_LANGUAGE_FR), "", "nl fr"},
        {" de,en;nl nl ", BIT(KG_LANGUAGE_NL) | BIT(KG_LANGUAGE_DE) | BIT(KG_LANGUAGE_EN), "",
         "nl de en"},
        {"", 0, "", NULL},
        {" ,; ", 0, "", NULL},
        {"nl xx", 0, "xx", NULL},
        {"NL", 0, "NL", NULL},
        {"dutch-and-more-of-it", 0, "dutch-and-more-", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_languages set = 0;
        char bad[16], text[KG_LANGUAGES_BYTES];
        assert_int_equal(kg_languages_parse(cases[i].text, &set, bad), cases[i].written != NULL);
        assert_int_equal(set, cases[i].set);
        assert_string_equal(bad, cases[i].bad);
        if (!cases[i].written)
            continue;
        kg_languages_write(set, text);
        assert_string_equal(text, cases[i].written);
    }
    (void)state;
}

static void all_of_them_fit(void **state)
{
    kg_languages set, again;
    char bad[16], text[KG_LANGUAGES_BYTES];
    assert_true(kg_languages_parse(kg_language_allowed(), &set, bad));
    kg_languages_write(set, text);
    assert_true(kg_languages_parse(text, &again, bad));
    assert_int_equal(set, again);
    assert_int_equal(kg_languages_first(set), KG_LANGUAGE_NL);
    assert_int_equal(kg_languages_first(BIT(KG_LANGUAGE_EN) | BIT(20)), KG_LANGUAGE_EN);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_four_lead_and_the_rest_is_by_code),
        cmocka_unit_test(every_official_language_of_the_union_is_listed),
        cmocka_unit_test(sets_are_read),
        cmocka_unit_test(all_of_them_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
