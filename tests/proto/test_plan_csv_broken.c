/* SPDX-License-Identifier: EUPL-1.2 */
/* Files that are no plan, or only in part. */
#include "proto/plan.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_plan.h"

#define HEADER "line,title,category,quantity,delivery_from,delivery_to,nuts\n"
#define CELLS "laptop,10,2027-01-01,2027-06-30,BE211\n"
#define BYTES(text) text, sizeof text - 1

struct scene {
    kg_catalogue *catalogue;
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading;
};

static int set_up(void **state)
{
    struct scene *s = kg_alloc(1, sizeof *s);
    s->catalogue = small_catalogue();
    kg_plan_init(&s->plan);
    kg_problems_init(&s->problems, NULL);
    s->reading = (kg_plan_reading){.catalogue = s->catalogue, .languages = 1};
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    kg_plan_fini(&s->plan);
    kg_problems_fini(&s->problems);
    kg_catalogue_destroy(&s->catalogue);
    free(s);
    return 0;
}

static void read_bytes(struct scene *s, const char *bytes, size_t count)
{
    kg_problems_fini(&s->problems);
    kg_problems_init(&s->problems, NULL);
    assert_false(kg_plan_read_bytes(bytes, count, &s->reading, &s->plan, &s->problems));
}

static const struct {
    const char *bytes;
    size_t count;
    kg_status status;
    const char *says;
} no_plans[] = {
    {BYTES(""), KG_STATUS_EMPTY, "empty"},
    {BYTES("\xef\xbb\xbf"), KG_STATUS_EMPTY, "empty"},
    {BYTES("\r\n \n\n,,,\n"), KG_STATUS_EMPTY, "empty"},
    {BYTES(HEADER), KG_STATUS_EMPTY, "no lines"},
    {BYTES(HEADER ",,\n\n"), KG_STATUS_EMPTY, "no lines"},
    {BYTES("\xff\xfel\0i\0n\0e\0"), KG_STATUS_ENCODING, "UTF-8"},
    {BYTES("\xfe\xff\0l\0i\0n\0e"), KG_STATUS_ENCODING, "UTF-8"},
    {BYTES("l\0i\0n\0e\0"), KG_STATUS_ENCODING, "UTF-8"},
    {BYTES("\0l\0i\0n\0e"), KG_STATUS_ENCODING, "UTF-8"},
    {BYTES("PK\x03\x04\x14\0\6\0"), KG_STATUS_FILE_SYNTAX, "workbook"},
    {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), KG_STATUS_FILE_SYNTAX, "workbook"},
    {BYTES("%PDF-1.7\n"), KG_STATUS_FILE_SYNTAX, "PDF"},
    {BYTES("\x7f"
           "ELF\2\1\1\0"),
     KG_STATUS_FILE_SYNTAX, "not a CSV"},
    {BYTES("line,ti\0tle\n"), KG_STATUS_FILE_SYNTAX, "not a CSV"},
    {BYTES("line\ttitle\tnuts\nl1\ta\tBE\n"), KG_STATUS_FILE_SYNTAX, "tabs"},
};

static void what_is_no_plan_is_refused_as_a_whole(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof no_plans / sizeof no_plans[0]; i++) {
        read_bytes(s, no_plans[i].bytes, no_plans[i].count);
        const kg_problem *problem = need_problem(&s->problems, no_plans[i].status, 0, NULL);
        need_problems(&s->problems, 1);
        if (!strstr(problem->allowed, no_plans[i].says))
            fail_msg("case %zu: %s", i, problem->allowed);
    }
}

static void bytes_that_are_no_text_are_told_by_cell(void **state)
{
    static const char text[] = HEADER "l1,caf\xe9," CELLS "l2,a\0b," CELLS
                                      "l3,ok,lap\xfftop,10,2027-01-01,2027-06-30,B\0E\n"
                                      "l4,\xc3\xa9t\xc3\xa9," CELLS;
    struct scene *s = *state;
    read_bytes(s, BYTES(text));
    const kg_problem *latin = need_problem(&s->problems, KG_STATUS_ENCODING, 2, "title");
    assert_string_equal(latin->value, "caf\\xe9");
    const kg_problem *nul = need_problem(&s->problems, KG_STATUS_ENCODING, 3, "title");
    assert_non_null(strstr(nul->allowed, "NUL"));
    need_problem(&s->problems, KG_STATUS_ENCODING, 4, "category");
    need_problem(&s->problems, KG_STATUS_ENCODING, 4, "nuts");
    need_problems(&s->problems, 4);
    read_bytes(s, BYTES("lin\xe9,title\nl1,a\n"));
    assert_string_equal(need_problem(&s->problems, KG_STATUS_ENCODING, 1, NULL)->value,
                        "lin\\xe9");
}

static void after_wrong_quotes_reading_goes_on(void **state)
{
    struct scene *s = *state;
    read_bytes(s, BYTES(HEADER "l1,24\" screen," CELLS /* 2: a quote in a bare text */
                               "l2,\"24\" screen\"," CELLS /* 3: a quote not doubled */
                               "l3,\"24\"\" screen\"," CELLS
                               "l4,ok,laptob,10,2027-01-01,2027-06-30,BE211\n"));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 2, NULL);
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 3, NULL);
    need_problem(&s->problems, KG_STATUS_UNKNOWN_CATEGORY, 5, "category");
    need_problems(&s->problems, 3);
    assert_int_equal(s->reading.rows, 4);
    read_bytes(s, BYTES(HEADER "l1,\"24\" screen"));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 2, NULL);
    need_problems(&s->problems, 1);
}

static void an_open_quote_is_told_where_it_opens(void **state)
{
    struct scene *s = *state;
    read_bytes(s, BYTES(HEADER "l1,a," CELLS "l2,\"b," CELLS "l3,c," CELLS));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 3, NULL);
    need_problems(&s->problems, 1);
}

static void an_open_quote_does_not_swallow_a_large_file(void **state)
{
    struct scene *s = *state;
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, HEADER "l1,\"b," CELLS);
    for (int i = 0; i < 20000; i++)
        kg_buffer_format(&text, "l,c," CELLS);
    read_bytes(s, text.bytes, text.count);
    const kg_problem *problem = need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 2, NULL);
    assert_non_null(strstr(problem->allowed, "64 KiB"));
    need_problems(&s->problems, 1);
    kg_buffer_fini(&text);
}

static void a_header_with_wrong_quotes_ends_the_reading(void **state)
{
    struct scene *s = *state;
    read_bytes(s, BYTES("line,\"ti\"tle\",nuts\nl1,a,BE\n"));
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 1, NULL);
    need_problems(&s->problems, 1);
}

static void a_header_is_bounded(void **state)
{
    struct scene *s = *state;
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "line");
    for (int i = 0; i < 100000; i++)
        kg_buffer_add(&text, ",", 1);
    read_bytes(s, text.bytes, text.count);
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 1, NULL);
    need_problems(&s->problems, 1);
    kg_buffer_fini(&text);
}

static void problems_are_bounded(void **state)
{
    struct scene *s = *state;
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "line,category,quantity,delivery_from,delivery_to,nuts\n");
    for (int i = 0; i < 120000; i++)
        kg_buffer_format(&text, "k%d,laptop,1,2027-01-01,2027-06-30,x\n", i);
    read_bytes(s, text.bytes, text.count);
    assert_int_equal(s->problems.count, 100001);
    need_problem(&s->problems, KG_STATUS_FILE_SYNTAX, 100001, NULL);
    kg_buffer_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_plan_is_refused_as_a_whole),
        cmocka_unit_test(bytes_that_are_no_text_are_told_by_cell),
        cmocka_unit_test(after_wrong_quotes_reading_goes_on),
        cmocka_unit_test(an_open_quote_is_told_where_it_opens),
        cmocka_unit_test(an_open_quote_does_not_swallow_a_large_file),
        cmocka_unit_test(a_header_with_wrong_quotes_ends_the_reading),
        cmocka_unit_test(a_header_is_bounded),
        cmocka_unit_test(problems_are_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
