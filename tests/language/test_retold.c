/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client/language/language.h"
#include "client/language/language_private.h"
#include "proto/sink.h"

static const char *const codes[] = {"nl", "fr", "de"};

/* The form with a fact of its own in each place, as printf would have it; letters instead of text
 * where `number` is 0. Returns how many facts. */
static size_t make(const char *form, kg_buffer *out)
{
    size_t facts = 0;
    kg_buffer_add(out, "", 0);
    while (*form) {
        if (*form != '%' || form[1] == '%') {
            form += *form == '%';
            kg_buffer_add(out, form++, 1);
            continue;
        }
        form += strcspn(form, "sdiucoxX");
        if (*form == 's')
            kg_buffer_format(out, "Q%zuQ", facts);
        else if (*form == 'c')
            kg_buffer_add(out, "q", 1);
        else
            kg_buffer_format(out, "%zu", 70 + facts);
        form++;
        facts++;
    }
    return facts;
}

/* Whatever the form, the sentence is told in another language with all its facts, but for the
 * endings that only English has. */
static void every_form_is_told_again_with_its_facts(void **state)
{
    (void)state;
    size_t told = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        assert_true(kg_language_set(codes[i]));
        const kg_messages *messages = kg_language_messages();
        for (uint32_t n = 0; n < kg_messages_count(messages); n++) {
            const char *form = kg_messages_source(messages, n);
            const char *target = kg_messages_target(messages, n, 0);
            kg_buffer english, wanted;
            if (!strchr(form, '%') || strcmp(form, target) == 0 || strcmp(form, "%s: %s.") == 0 ||
                strchr(form, '\004') || strchr(target, '$') || strstr(form, "%g") ||
                strstr(form, "%02x") || strstr(form, "% ") || form[strlen(form) - 1] == '%')
                continue;
            kg_buffer_init(&english);
            kg_buffer_init(&wanted);
            make(form, &english);
            make(target, &wanted);
            char *said = kg_retold(english.bytes);
            /* Of two forms that both fit the sentence, one is found; its facts are the same. */
            if (strcmp(said, wanted.bytes) == 0)
                told++;
            else
                assert_string_not_equal(said, english.bytes);
            free(said);
            kg_buffer_fini(&english);
            kg_buffer_fini(&wanted);
        }
    }
    assert_true(told > 500);
}

static void expect(const char *language, const char *english, const char *wanted)
{
    assert_true(kg_language_set(language));
    char *said = kg_retold(english);
    assert_string_equal(wanted, said);
    free(said);
}

static void places_endings_and_words_are_told_as_the_language_has_them(void **state)
{
    (void)state;
    expect("nl", "3 problems in 2 lines; nothing was taken.",
           "Problemen: 3, in 2 lijn(en); er is niets opgenomen.");
    expect("fr", "1 problem; nothing was withdrawn.", "Problèmes : 1 ; rien n'a été retiré.");
    expect("de", "r-1 is closed: 1 line of 3 organisations claimed.",
           "r-1 ist geschlossen: übernommene Zeilen: 1, von 3 Organisation(en).");
    expect("nl", "The round is closed; this needs open. The next step is round propose.",
           "De toestand van de ronde is: gesloten; hiervoor is vereist: open. De volgende stap is "
           "round propose.");
    expect("nl",
           "x/laptop/BE/1 is awarded to Firma & Co. The price is above what was planned: at "
           "most 3 of 10 pieces can be ordered within the maximum of 900.00 EUR.",
           "x/laptop/BE/1 is gegund aan Firma & Co. De prijs ligt boven wat gepland was: binnen "
           "het maximum van 900.00 EUR kunnen hoogstens 3 van 10 stuks worden besteld.");
}

static void a_sentence_without_facts_is_found_too(void **state)
{
    (void)state;
    expect("de", "This round belongs to another coordinator.",
           "Diese Runde gehört einem anderen Koordinator.");
    expect("en", "This round belongs to another coordinator.",
           "This round belongs to another coordinator.");
}

/* What a newer broker may say, or a person wrote, is not taken apart by a form that fits anything.
 */
static void what_no_form_fits_stays(void **state)
{
    static const char *const sentences[] = {
        "",
        "The budget of the city was moved to 2028.",
        "A broker of tomorrow: has new words.",
        "%s %n %",
        "100% of it",
    };
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t k = 0; k < sizeof sentences / sizeof *sentences; k++)
            expect(codes[i], sentences[k], sentences[k]);
}

/* Facts go into the sentence as they are, whatever marks they have. */
static void marks_in_facts_are_no_places(void **state)
{
    (void)state;
    expect("nl", "There is no lot %s%n%1$s.", "Er is geen perceel %s%n%1$s.");
    expect("de", "There is no lot \xc3\xa9\xe2\x82\xac.", "Es gibt kein Los \xc3\xa9\xe2\x82\xac.");
}

/* Without a bound the first would take longer than anybody waits, the second the whole stack. */
static void sentences_made_to_be_slow_are_given_up(void **state)
{
    static const char *const pieces[] = {": , ", "The command was accepted as record 1, but: "};
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        kg_buffer sentence;
        kg_buffer_init(&sentence);
        while (sentence.count < 60000)
            kg_buffer_add(&sentence, pieces[i], strlen(pieces[i]));
        assert_true(kg_language_set("nl"));
        char *said = kg_retold(sentence.bytes);
        assert_non_null(said);
        free(said);
        kg_buffer_fini(&sentence);
    }
}

/* A short form is known by what stands in it. */
static void a_short_form_holds_words_that_are_known(void **state)
{
    (void)state;
    assert_true(kg_language_set("nl"));
    char *known = kg_retold("Give the reason."), *unknown = kg_retold("Give me a sign.");
    assert_string_equal(known, "Geef de reden op.");
    assert_string_equal(unknown, "Give me a sign.");
    free(known);
    free(unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_told_again_with_its_facts),
        cmocka_unit_test(a_short_form_holds_words_that_are_known),
        cmocka_unit_test(places_endings_and_words_are_told_as_the_language_has_them),
        cmocka_unit_test(a_sentence_without_facts_is_found_too),
        cmocka_unit_test(what_no_form_fits_stays),
        cmocka_unit_test(marks_in_facts_are_no_places),
        cmocka_unit_test(sentences_made_to_be_slow_are_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
