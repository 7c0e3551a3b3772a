/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan file: checked whole, then sent in as many parts as it needs. Parts are in flight
 * together, but leave and are taken in order. A plan that was not answered stays with the session
 * and goes on where it stood. */
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/history.h"
#include "client/workbook/plan_workbook.h"
#include "proto/memory.h"
#include "proto/plan.h"

#define PART_BYTES_MAX                                                                             \
    (KG_BODY_BYTES_MAX - 64) /* the plan's id and the numbers are beside them                      \
                              */

struct kg_client_plan {
    char *file; /* owned */
    uint8_t id[KG_REQUEST_ID_BYTES];
    /* The lines as written. Each is its columns' texts, in order, each ended by a NUL. */
    kg_buffer texts;
    size_t *starts; /* owned; by line: its place in `texts` */
    long *rows;     /* owned; by line: its row in the file */
    size_t count, starts_capacity, rows_capacity;
    size_t *parts; /* owned; first line of each part */
    size_t parts_count, parts_capacity;
    size_t part_bytes; /* of the part that is being filled */
    size_t part_next;  /* to be sent */
    size_t parts_taken;
    size_t window; /* parts in flight: the first goes alone, then more and more */
    kopgroep_submit_options options;
};

void kg_client_plan_destroy(kg_client_plan **plan)
{
    kg_client_plan *self = *plan;
    if (!self)
        return;
    free(self->file);
    kg_buffer_fini(&self->texts);
    free(self->starts);
    free(self->rows);
    free(self->parts);
    free(self);
    *plan = NULL;
}

/* ---- reading ---- */

/* Begins a part with the line that is added next when it does not fit in the one before. */
static void put_into_part(kg_client_plan *plan, size_t bytes)
{
    size_t lines = plan->parts_count ? plan->count - plan->parts[plan->parts_count - 1] : 0;
    plan->part_bytes += bytes;
    if (plan->parts_count > 0 && lines < KG_SUBMIT_LINES_MAX && plan->part_bytes <= PART_BYTES_MAX)
        return;
    plan->parts =
        kg_grow(plan->parts, plan->parts_count, &plan->parts_capacity, sizeof *plan->parts);
    plan->parts[plan->parts_count++] = plan->count;
    plan->part_bytes = bytes;
}

static void keep_row(void *context, long row, const kg_line_draft *draft)
{
    kg_client_plan *plan = context;
    put_into_part(plan, kg_codec_draft_bytes(draft));
    plan->starts = kg_grow(plan->starts, plan->count, &plan->starts_capacity, sizeof *plan->starts);
    plan->rows = kg_grow(plan->rows, plan->count, &plan->rows_capacity, sizeof *plan->rows);
    plan->starts[plan->count] = plan->texts.count;
    plan->rows[plan->count++] = row;
    for (int column = 0; column < KG_COLUMN_ORGANISATION; column++) {
        const char *text = draft->text[column] ? draft->text[column] : "";
        kg_buffer_add(&plan->texts, text, strlen(text) + 1);
    }
}

/* Borrows from the plan. */
static void get_line(const kg_client_plan *plan, size_t line, kg_line_draft *out)
{
    const char *text = plan->texts.bytes + plan->starts[line];
    *out = (kg_line_draft){0};
    for (int column = 0; column < KG_COLUMN_ORGANISATION; column++, text += strlen(text) + 1)
        out->text[column] = text;
}

static bool has_row(const kg_problems *problems, long row)
{
    size_t i = 0;
    while (i < problems->count && problems->items[i].row != row)
        i++;
    return i < problems->count;
}

static void say_problems(const kg_problems *problems, const kg_plan_reading *reading,
                         kopgroep_answer *answer)
{
    const size_t rows = kg_problems_rows(problems);
    kg_client_take_problems(answer, problems);
    if (reading->rows == 0)
        kg_client_say(answer, KOPGROEP_LOCAL, "Problems: %zu; nothing was sent.", problems->count);
    else if (reading->heading > 0 && has_row(problems, reading->heading))
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "Problems: %zu, in the headings and in %zu of %zu rows; nothing was sent.",
                      problems->count, rows - 1, reading->rows);
    else
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "Problems: %zu, in %zu of %zu rows; nothing was sent.", problems->count, rows,
                      reading->rows);
}

/* Reads the file and checks it by the broker's catalogue; NULL with the answer set. */
static kg_client_plan *read_plan(const char *file, const kg_catalogue *catalogue,
                                 kopgroep_answer *answer)
{
    kg_plan checked;
    kg_problems problems;
    kg_client_plan *plan = kg_alloc(1, sizeof *plan);
    kg_plan_reading reading = {
        .catalogue = catalogue,
        .languages = 1u << KG_LANGUAGE_NL, /* the broker takes the organisation's own */
        .row = keep_row,
        .context = plan,
    };
    plan->file = kg_strdup(file);
    plan->window = 1;
    kg_random(plan->id, sizeof plan->id);
    kg_buffer_init(&plan->texts);
    kg_plan_init(&checked);
    kg_problems_init(&problems, file);
    bool good = kg_workbook_is(file) ? kg_workbook_read(file, &reading, &checked, &problems)
                                     : kg_plan_read(file, &reading, &checked, &problems);
    if (!good)
        say_problems(&problems, &reading, answer);
    else if (plan->parts_count > KG_PLAN_PARTS_MAX)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s makes %zu messages; a plan has at most %d. Divide it into several files.",
                      file, plan->parts_count, KG_PLAN_PARTS_MAX);
    if (answer->outcome != KOPGROEP_DONE)
        kg_client_plan_destroy(&plan);
    kg_problems_fini(&problems);
    kg_plan_fini(&checked);
    return plan;
}

/* ---- sending ---- */

static size_t part_end(const kg_client_plan *plan, size_t part)
{
    return part + 1 < plan->parts_count ? plan->parts[part + 1] : plan->count;
}

static void add_part(kopgroep_session *session, kg_client_plan *plan)
{
    kg_command command;
    kg_buffer body;
    size_t part = plan->part_next++, first = plan->parts[part], end = part_end(plan, part);
    kg_command_init(&command, KG_KIND_SUBMIT);
    kg_buffer_init(&body);
    memcpy(command.submit.plan_id, plan->id, sizeof plan->id);
    command.submit.part = (uint32_t)part + 1;
    command.submit.parts = (uint32_t)plan->parts_count;
    command.submit.count = end - first;
    command.submit.drafts = kg_alloc(end - first, sizeof *command.submit.drafts);
    for (size_t line = first; line < end; line++)
        get_line(plan, line, &command.submit.drafts[line - first]);
    kg_codec_command_encode(&command, NULL, &body);
    kg_client_flight_add(session, &session->flight, KG_KIND_SUBMIT, &body, part);
    free(command.submit.drafts);
    kg_buffer_fini(&body);
    kg_command_fini(&command);
}

typedef struct kg_part_origin {
    const kg_client_plan *plan;
    size_t part;
} kg_part_origin;

/* Of a line of an earlier part the broker names the key only. */
static long row_of_key(const kg_client_plan *plan, const char *key)
{
    for (size_t line = 0; line < plan->count; line++)
        if (strcmp(plan->texts.bytes + plan->starts[line], key) == 0)
            return plan->rows[line];
    return 0;
}

static long row_in_file(const void *context, const kg_problem *problem)
{
    const kg_part_origin *origin = context;
    const kg_client_plan *plan = origin->plan;
    size_t first = plan->parts[origin->part], end = part_end(plan, origin->part);
    if (problem->row > 0)
        return (size_t)problem->row <= end - first ? plan->rows[first + (size_t)problem->row - 1]
                                                   : 0;
    bool names_line = problem->column && problem->value &&
                      strcmp(problem->column, kg_column_name(KG_COLUMN_LINE)) == 0;
    return names_line ? row_of_key(plan, problem->value) : 0;
}

/* True while more parts are to be answered. */
static bool take_part(kg_client_plan *plan, size_t part, const kg_reply *reply,
                      kopgroep_answer *answer)
{
    const kg_part_origin place = {plan, part};
    const kg_client_origin origin = {plan->file, row_in_file, &place};
    bool good = reply->status == KG_STATUS_OK;
    if (good && plan->options.progress)
        plan->options.progress(plan->options.context, part_end(plan, part), plan->count);
    if (plan->window < KG_CLIENT_WINDOW)
        plan->window++;
    if (good && ++plan->parts_taken < plan->parts_count)
        return true;
    kg_client_take_reply(answer, reply, &origin);
    return false;
}

void kg_client_plan_go_on(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_client_plan *plan = session->plan;
    kg_client_flight *flight = &session->flight;
    bool more = true;
    while (more) {
        kg_reply reply;
        size_t which;
        kg_client_flight_prune(flight);
        while (flight->count < plan->window && plan->part_next < plan->parts_count)
            add_part(session, plan);
        more =
            kg_client_await(session, flight, false, &reply, &which, answer) == KG_CLIENT_ANSWERED &&
            take_part(plan, flight->messages[which].mark, &reply, answer);
        if (!more && answer->outcome == KOPGROEP_DONE)
            kg_client_history_take(session, &reply, answer);
        kg_reply_fini(&reply);
    }
    plan->options = (kopgroep_submit_options){0}; /* the caller's, for this call only */
    if (answer->outcome == KOPGROEP_DONE || answer->outcome == KOPGROEP_REFUSED)
        kg_client_plan_destroy(&session->plan);
    if (answer->outcome == KOPGROEP_REFUSED)
        kg_catalogue_destroy(&session->catalogue); /* the broker's may be another by now */
}

static void submit(kopgroep_session *session, const char *plan_file,
                   const kopgroep_submit_options *options, kopgroep_answer *answer)
{
    const kg_catalogue *catalogue = kg_client_catalogue(session, answer);
    kg_client_plan *plan = catalogue ? read_plan(plan_file, catalogue, answer) : NULL;
    if (plan && options->dry_run) {
        kg_text_format(answer->result, sizeof answer->result,
                       kg_said_of("%zu line is right; nothing was sent.",
                                  "%zu lines are right; nothing was sent.", plan->count),
                       plan->count);
        kg_client_plan_destroy(&plan);
    }
    if (!plan)
        return;
    plan->options = *options;
    session->plan = plan;
    kg_client_plan_go_on(session, answer);
}

void kopgroep_submit(kopgroep_session *session, const char *plan_file,
                     const kopgroep_submit_options *options, kopgroep_answer *answer)
{
    const kopgroep_submit_options none = {0};
    kg_client_begin(session, answer);
    submit(session, plan_file, options ? options : &none, answer);
    if (options && options->mark)
        kg_client_mark(session, plan_file, answer);
}
