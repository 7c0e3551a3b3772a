/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches and clauses as members write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/practice.h"

typedef struct reading {
    kg_arena arena;
    kg_problems problems;
    kg_practice practice;
    bool good;
} reading;

static void read_text(reading *r, const char *text)
{
    char path[] = "/tmp/kopgroep-practice-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    kg_arena_init(&r->arena);
    kg_problems_init(&r->problems, "practice.conf");
    r->good = kg_practice_read(path, &r->arena, &r->practice, &r->problems);
    unlink(path);
}

static void done(reading *r)
{
    kg_problems_fini(&r->problems);
    kg_arena_fini(&r->arena);
}

static void a_clause_is_read(void **state)
{
    reading r;
    (void)state;
    read_text(&r, "clause \"parts\" {\n category = \"laptop\"  criteria = {\"a\", \"b\"}\n"
                  " type = \"award\"  title_fr = \"Titre\"  words_fr = \"Mots\"\n}\n");
    assert_true(r.good);
    assert_true(r.practice.clause);
    assert_string_equal(r.practice.key, "parts");
    assert_int_equal(r.practice.type, KG_CRITERION_AWARD);
    assert_int_equal(r.practice.criteria.count, 2);
    assert_string_equal(r.practice.texts[KG_NAME_FR].parts[KG_PART_WORDS], "Mots");
    assert_null(r.practice.texts[KG_NAME_NL].title);
    done(&r);
}

static void a_fiche_is_read(void **state)
{
    reading r;
    (void)state;
    read_text(&r,
              "fiche \"how\" { category = \"laptop\"  lot = \"R/laptop/BE/1\"\n"
              " title_nl = \"T\"  approach_nl = \"A\"  result_nl = \"R\"  lesson_nl = \"L\"\n"
              " title_en = \"T\"  approach_en = \"A\"  result_en = \"R\"  lesson_en = \"L\" }\n");
    assert_true(r.good);
    assert_false(r.practice.clause);
    assert_string_equal(r.practice.lot, "R/laptop/BE/1");
    assert_string_equal(r.practice.texts[KG_NAME_EN].parts[KG_PART_LESSON], "L");
    done(&r);
}

static void need(const char *text, kg_status status, const char *words)
{
    reading r;
    bool found = false;
    read_text(&r, text);
    assert_false(r.good);
    for (size_t i = 0; i < r.problems.count; i++)
        found = found || (r.problems.items[i].status == status &&
                          strstr(r.problems.items[i].allowed, words));
    if (!found)
        fail_msg("%s: %zu problems, none of them \"%s\"", text, r.problems.count, words);
    done(&r);
}

#define WHOLE " title_en = \"T\" words_en = \"W\" "

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    need("", KG_STATUS_PRACTICE_TEXT, "this one has 0");
    need("clause \"a\" { category = \"c\" type = \"award\"" WHOLE "}\n"
         "clause \"b\" { category = \"c\" type = \"award\"" WHOLE "}\n",
         KG_STATUS_PRACTICE_TEXT, "this one has 2");
    need("clause \"a\" { category = \"c\"" WHOLE "}\n", KG_STATUS_MISSING, "");
    need("clause \"a\" { category = \"c\" type = \"law\"" WHOLE "}\n", KG_STATUS_INVALID,
         "selection, technical, award or clause");
    need("fiche \"a\" { category = \"c\" type = \"award\" title_en = \"T\" }\n", KG_STATUS_INVALID,
         "Only a clause has a type.");
    need("fiche \"a\" { category = \"c\" words_en = \"W\" }\n", KG_STATUS_INVALID,
         "A fiche has a title");
    need("clause \"a\" { category = \"c\" type = \"award\" lesson_en = \"L\"" WHOLE "}\n",
         KG_STATUS_INVALID, "A clause has a title");
    need("clause \"a\" { category = \"c\" type = \"award\" title_en = \"T\" }\n",
         KG_STATUS_PRACTICE_TEXT, "In en a part is missing.");
    need("clause \"a\" { category = \"c\" type = \"award\" }\n", KG_STATUS_PRACTICE_TEXT,
         "It is in no language.");
    need("clause \"a b\" { category = \"c\" type = \"award\"" WHOLE "}\n", KG_STATUS_INVALID, "");
    need("clause \"a\" { type = \"award\"" WHOLE "}\n", KG_STATUS_MISSING, "");
    need("clause \"a\" { category = \"c\" type = \"award\" colour = \"x\"" WHOLE "}\n",
         KG_STATUS_UNKNOWN_KEYWORD, "");
}

/* All at once, and a text that is too long among them. */
static void every_problem_is_told(void **state)
{
    reading r;
    static char text[6000];
    (void)state;
    char *at = text + sprintf(text, "clause \"a\" { type = \"law\" title_nl = \"T\" words_nl = \"");
    memset(at, 'w', KG_PRACTICE_BYTES_MAX + 1);
    strcpy(at + KG_PRACTICE_BYTES_MAX + 1, "\" }\n");
    read_text(&r, text);
    assert_false(r.good);
    assert_int_equal(r.problems.count, 3); /* category, type, words */
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clause_is_read),
        cmocka_unit_test(a_fiche_is_read),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(every_problem_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
