/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan file: checked whole, then sent in as many parts as it needs. */
#include <stdlib.h>
#include <string.h>

#include "client/session.h"
#include "proto/plan.h"

#define PART_BYTES_MAX (KG_BODY_BYTES_MAX - 256) /* what is around the drafts */

/* The drafts of a file, kept while it is read. */
typedef struct kg_drafts {
    kg_line_draft *items; /* owned; texts in the arena */
    long *rows;           /* owned; of the file, by draft */
    size_t count, capacity, rows_capacity;
    kg_arena arena;
} kg_drafts;

static void keep_draft(void *context, long row, const kg_line_draft *draft)
{
    kg_drafts *drafts = context;
    drafts->items = kg_grow(drafts->items, drafts->count, &drafts->capacity,
                            sizeof *drafts->items);
    drafts->rows = kg_grow(drafts->rows, drafts->count, &drafts->rows_capacity,
                           sizeof *drafts->rows);
    kg_line_draft *copy = &drafts->items[drafts->count];
    drafts->rows[drafts->count++] = row;
    *copy = (kg_line_draft){0};
    for (int column = 0; column < KG_COLUMNS; column++) {
        const char *text = draft->text[column];
        if (text && text[0])
            copy->text[column] = kg_arena_text(&drafts->arena, text, strlen(text));
    }
}

static void drafts_fini(kg_drafts *drafts)
{
    free(drafts->items);
    free(drafts->rows);
    kg_arena_fini(&drafts->arena);
}

/* Reads and checks by the broker's catalogue; keeps the drafts. */
static bool read_plan(const char *file, const kg_catalogue *catalogue, kg_drafts *drafts,
                      kopgroep_answer *answer)
{
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading = {
        .catalogue = catalogue,
        .languages = 1u << KG_LANGUAGE_NL, /* the broker takes the organisation's own */
        .row = keep_draft,
        .context = drafts,
    };
    kg_plan_init(&plan);
    kg_problems_init(&problems, file);
    bool good = kg_plan_read(file, &reading, &plan, &problems);
    if (!good) {
        kg_client_take_problems(answer, &problems);
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "Problems: %zu, in %zu of %zu rows; nothing was sent.", problems.count,
                      kg_problems_rows(&problems), reading.rows);
    }
    kg_problems_fini(&problems);
    kg_plan_fini(&plan);
    return good;
}

/* The draft behind the last one that fits with `first` into one envelope. */
static size_t part_end(const kg_drafts *drafts, size_t first)
{
    size_t bytes = 0, end = first;
    while (end < drafts->count && end - first < KG_SUBMIT_LINES_MAX) {
        bytes += kg_codec_draft_bytes(&drafts->items[end]);
        if (bytes > PART_BYTES_MAX && end > first)
            break;
        end++;
    }
    return end;
}

static uint32_t count_parts(const kg_drafts *drafts)
{
    uint32_t parts = 0;
    for (size_t first = 0; first < drafts->count; first = part_end(drafts, first))
        parts++;
    return parts;
}

/* False when the plan ends here: refused, or no answer. */
static bool send_part(kopgroep_session *session, const char *file, const kg_drafts *drafts,
                      size_t first, size_t end, kg_submit *submit, kopgroep_answer *answer)
{
    kg_command command;
    kg_buffer body;
    kg_reply reply;
    kg_command_init(&command, KG_KIND_SUBMIT);
    kg_buffer_init(&body);
    submit->drafts = &drafts->items[first];
    submit->count = end - first;
    command.submit = *submit;
    kg_codec_command_encode(&command, NULL, &body);
    kopgroep_answer_fini(answer);
    if (kg_client_request(session, KG_KIND_SUBMIT, &body, &reply, answer))
        kg_client_take_reply(answer, &reply, file, &drafts->rows[first], end - first);
    kg_reply_fini(&reply);
    kg_buffer_fini(&body);
    kg_command_fini(&command);
    return answer->outcome == KOPGROEP_DONE;
}

static void send_plan(kopgroep_session *session, const char *file, const kg_drafts *drafts,
                      const kopgroep_submit_options *options, kopgroep_answer *answer)
{
    kg_submit submit = {.parts = count_parts(drafts)};
    bool good = true;
    kg_random(submit.plan_id, sizeof submit.plan_id);
    if (submit.parts > KG_PLAN_PARTS_MAX) {
        kg_client_say(answer, KOPGROEP_LOCAL, "%s: the plan is too large: %u parts, at most %u.",
                      file, submit.parts, KG_PLAN_PARTS_MAX);
        return;
    }
    for (size_t first = 0, end; first < drafts->count && good; first = end) {
        end = part_end(drafts, first);
        submit.part++;
        good = send_part(session, file, drafts, first, end, &submit, answer);
        if (good && options->progress)
            options->progress(options->context, end, drafts->count);
    }
}

void kopgroep_submit(kopgroep_session *session, const char *plan_file,
                     const kopgroep_submit_options *options, kopgroep_answer *answer)
{
    static const kopgroep_submit_options plain = {0};
    kg_drafts drafts = {0};
    *answer = (kopgroep_answer){0};
    kg_arena_init(&drafts.arena);
    options = options ? options : &plain;
    const kg_catalogue *catalogue = kg_client_catalogue(session, answer);
    if (catalogue && read_plan(plan_file, catalogue, &drafts, answer)) {
        if (options->dry_run)
            kg_text_format(answer->result, sizeof answer->result,
                           "%zu lines are right; nothing was sent.", drafts.count);
        else
            send_plan(session, plan_file, &drafts, options, answer);
    }
    drafts_fini(&drafts);
}
