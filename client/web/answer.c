/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/answer.h"

#include <jansson.h>
#include <stdlib.h>

#include "proto/memory.h"

static const struct {
    const char *name;
    unsigned status;
} outcomes[] = {
    [KOPGROEP_DONE] = {"done", 200},   [KOPGROEP_REFUSED] = {"refused", 422},
    [KOPGROEP_USAGE] = {"usage", 400}, [KOPGROEP_NOT_REACHED] = {"not-reached", 502},
    [KOPGROEP_LOCAL] = {"local", 422}, [KOPGROEP_UNKNOWN] = {"unknown", 504},
};

unsigned web_answer_status(const kopgroep_answer *answer)
{
    return outcomes[answer->outcome].status;
}

static json_t *problem(const kopgroep_problem *from)
{
    return json_pack("{s:s, s:I, s:s?, s:s?, s:s}", "code", from->code, "row",
                     (json_int_t)from->row, "column", from->column, "value", from->value, "allowed",
                     from->allowed);
}

static json_t *problems(const kopgroep_answer *answer)
{
    json_t *array = json_array();
    for (size_t i = 0; i < answer->problems_count; i++)
        json_array_append_new(array, problem(&answer->problems[i]));
    return array;
}

static json_t *receipt(const kopgroep_answer *answer)
{
    if (!answer->has_receipt)
        return json_null();
    return json_pack("{s:I, s:s, s:s}", "sequence", (json_int_t)answer->sequence, "time",
                     answer->time, "chain", answer->chain);
}

char *web_answer_text(const kopgroep_answer *answer)
{
    if (answer->outcome == KOPGROEP_DONE && answer->document)
        return kg_strdup(answer->document);
    json_t *object =
        json_pack("{s:s, s:s?, s:s, s:s, s:o, s:o, s:I}", "outcome", outcomes[answer->outcome].name,
                  "code", answer->code_name, "detail", answer->detail, "result", answer->result,
                  "receipt", receipt(answer), "problems", problems(answer), "problems_total",
                  (json_int_t)answer->problems_total);
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        kg_memory_end();
    return text;
}
