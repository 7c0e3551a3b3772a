/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/session.h"
#include "proto/memory.h"

void kg_client_say(kopgroep_answer *answer, kopgroep_outcome outcome, const char *format, ...)
{
    va_list arguments;
    answer->outcome = outcome;
    va_start(arguments, format);
    kg_text_vformat(answer->detail, sizeof answer->detail, kg_said(format), arguments);
    va_end(arguments);
}

static void retell(char *out, size_t size, const char *sentence)
{
    char *said = kg_retold(sentence);
    kg_text_format(out, size, "%s", said);
    free(said);
}

void kg_client_say_retold(kopgroep_answer *answer, kopgroep_outcome outcome, const char *sentence)
{
    answer->outcome = outcome;
    retell(answer->detail, sizeof answer->detail, sentence);
}

static kg_arena *arena_of(kopgroep_answer *answer)
{
    if (!answer->owned) {
        answer->owned = kg_alloc(1, sizeof(kg_arena));
        kg_arena_init(answer->owned);
    }
    return answer->owned;
}

static const char *keep(kopgroep_answer *answer, const char *text)
{
    return text ? kg_arena_text(arena_of(answer), text, strlen(text)) : NULL;
}

/* Where a sentence was made in English, here or by the broker. */
static const char *keep_retold(kopgroep_answer *answer, const char *sentence)
{
    char *said = sentence ? kg_retold(sentence) : NULL;
    const char *kept = keep(answer, said);
    free(said);
    return kept;
}

static void add_problems(kopgroep_answer *answer, const kg_problem *problems, size_t count,
                         const kg_client_origin *origin)
{
    answer->problems = kg_alloc(count ? count : 1, sizeof *answer->problems);
    answer->problems_count = count;
    for (size_t i = 0; i < count; i++) {
        const kg_problem *problem = &problems[i];
        answer->problems[i] = (kopgroep_problem){
            .code = kg_status_name(problem->status),
            .file = keep(answer, origin ? origin->file : problem->file),
            .row = origin ? origin->row(origin->context, problem) : problem->row,
            .column = keep(answer, problem->column),
            .value = keep(answer, problem->value),
            .allowed = keep_retold(answer, problem->allowed),
        };
    }
}

static void set_code(kopgroep_answer *answer, kg_status status)
{
    answer->code = (int)status;
    answer->code_name = kg_status_name(status);
}

void kg_client_take_problems(kopgroep_answer *answer, const kg_problems *problems)
{
    answer->outcome = KOPGROEP_LOCAL;
    answer->problems_total = problems->count;
    add_problems(answer, problems->items, problems->count, NULL);
}

void kg_client_take_reply(kopgroep_answer *answer, const kg_reply *reply,
                          const kg_client_origin *origin)
{
    answer->outcome = reply->status == KG_STATUS_OK ? KOPGROEP_DONE : KOPGROEP_REFUSED;
    set_code(answer, reply->status);
    if (reply->status != KG_STATUS_OK)
        retell(answer->detail, sizeof answer->detail,
               reply->detail[0] ? reply->detail : kg_status_text(reply->status));
    answer->problems_total = reply->problems_total;
    if (reply->problems_count > 0)
        add_problems(answer, reply->problems, reply->problems_count, origin);
    answer->has_receipt = reply->has_receipt;
    if (reply->has_receipt) {
        answer->sequence = reply->sequence;
        kg_time_write(reply->time_ms, answer->time);
        kg_hex_write(reply->chain, sizeof reply->chain, answer->chain);
    }
    retell(answer->result, sizeof answer->result, reply->result);
    answer->head = reply->head;
}

bool kopgroep_language(const char *code)
{
    if (code)
        return kg_language_set(code);
    kg_language_choose();
    return true;
}

void kopgroep_answer_fini(kopgroep_answer *answer)
{
    if (answer->owned)
        kg_arena_fini(answer->owned);
    free(answer->owned);
    free(answer->problems);
    free(answer->document);
    *answer = (kopgroep_answer){0};
}
