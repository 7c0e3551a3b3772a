/* SPDX-License-Identifier: EUPL-1.2 */
/* What the page is told of an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "client/web/answer.h"

static json_t *told(const kopgroep_answer *answer)
{
    char *text = web_answer_text(answer);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    free(text);
    return object;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void documents(void **state)
{
    (void)state;
    kopgroep_answer answer = {.outcome = KOPGROEP_DONE, .document = (char *)"[{\"line\":\"é\"}]"};
    char *text = web_answer_text(&answer);
    assert_string_equal(text, answer.document);
    free(text);
    assert_int_equal(web_answer_status(&answer), 200);
}

static void receipts(void **state)
{
    (void)state;
    kopgroep_answer answer = {.outcome = KOPGROEP_DONE,
                              .has_receipt = true,
                              .sequence = UINT64_C(9007199254740991),
                              .time = "2026-11-26T20:00:00.000Z",
                              .chain = "00ff",
                              .result = "2 new."};
    json_t *object = told(&answer);
    const json_t *receipt = json_object_get(object, "receipt");
    assert_string_equal(text_of(object, "outcome"), "done");
    assert_string_equal(text_of(object, "result"), "2 new.");
    assert_true(json_integer_value(json_object_get(receipt, "sequence")) == 9007199254740991);
    assert_string_equal(text_of(receipt, "chain"), "00ff");
    json_decref(object);
}

/* Texts of a plan come back as they were written, whatever they hold. */
static void problems(void **state)
{
    (void)state;
    kopgroep_problem rows[] = {
        {"NUTS", "/tmp/plan", 7, "nuts", "<script>\"\\\n\xc3\xa9", "A code."},
        {"FILE_SYNTAX", NULL, 0, NULL, NULL, "A file."},
    };
    kopgroep_answer answer = {.outcome = KOPGROEP_LOCAL, .code_name = "NUTS",
                              .detail = "No.",           .problems = rows,
                              .problems_count = 2,       .problems_total = 9};
    json_t *object = told(&answer);
    const json_t *array = json_object_get(object, "problems");
    assert_int_equal(json_array_size(array), 2);
    assert_string_equal(text_of(json_array_get(array, 0), "value"), rows[0].value);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(array, 0), "row")), 7);
    assert_true(json_is_null(json_object_get(json_array_get(array, 1), "column")));
    assert_null(json_object_get(json_array_get(array, 0), "file"));
    assert_int_equal(json_integer_value(json_object_get(object, "problems_total")), 9);
    assert_true(json_is_null(json_object_get(object, "receipt")));
    assert_string_equal(text_of(object, "outcome"), "local");
    json_decref(object);
}

static void statuses(void **state)
{
    static const unsigned wanted[] = {200, 422, 400, 502, 422, 504};
    (void)state;
    for (int outcome = KOPGROEP_DONE; outcome <= KOPGROEP_UNKNOWN; outcome++) {
        kopgroep_answer answer = {.outcome = (kopgroep_outcome)outcome};
        assert_int_equal(web_answer_status(&answer), wanted[outcome]);
        json_decref(told(&answer));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(receipts),
        cmocka_unit_test(problems),
        cmocka_unit_test(statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
