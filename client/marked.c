/* SPDX-License-Identifier: EUPL-1.2 */
/* A workbook that was refused goes back to its sender with what is wrong in its own rows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/session.h"
#include "client/workbook/plan_workbook.h"
#include "client/workbook/write_marked.h"

#define COPIES_MAX 99

/* "plan.xlsx" to "plan.problems.xlsx", then "plan.problems-2.xlsx". Into `out`. */
static void name_copy(const char *plan, int number, kg_buffer *out)
{
    const char *slash = strrchr(plan, '/'), *dot = strrchr(plan, '.');
    size_t stem = dot && (!slash || dot > slash + 1) ? (size_t)(dot - plan) : strlen(plan);
    out->count = 0;
    kg_buffer_format(out, "%.*s.problems", (int)stem, plan);
    if (number > 1)
        kg_buffer_format(out, "-%d", number);
    kg_buffer_format(out, ".xlsx");
}

/* Never over a file that is there: an earlier copy may hold what its reader mended. */
static bool write_copy(const char *plan, const kg_catalogue *catalogue, const kg_mark *marks,
                       size_t count, kg_buffer *path, char *why, size_t why_bytes)
{
    bool written = false, taken = true;
    for (int number = 1; !written && taken && number <= COPIES_MAX; number++) {
        name_copy(plan, number, path);
        written = kg_marked_write(plan, path->bytes, catalogue, marks, count, why, why_bytes);
        taken = errno == EEXIST;
    }
    return written;
}

/* Adds a sentence to the detail; cut where there is no room. */
static void add_detail(kopgroep_answer *answer, const char *sentence)
{
    size_t used = strlen(answer->detail);
    kg_text_format(answer->detail + used, sizeof answer->detail - used, "%s%s", used ? " " : "",
                   sentence);
}

static void say_no_workbook(const char *why, char *out, size_t size)
{
    char *said = kg_retold(why);
    kg_text_format(out, size, _("No workbook shows them: %s"), said);
    free(said);
}

void kg_client_mark(kopgroep_session *session, const char *plan, kopgroep_answer *answer)
{
    char why[600], sentence[600];
    kopgroep_answer other = {0};
    kg_buffer path;
    bool placed = false;
    for (size_t i = 0; i < answer->problems_count; i++)
        placed = placed || answer->problems[i].row > 0;
    const kg_catalogue *catalogue =
        placed && kg_workbook_is(plan) ? kg_client_catalogue(session, &other) : NULL;
    kopgroep_answer_fini(&other);
    if (!catalogue)
        return;
    kg_mark *marks = kg_alloc(answer->problems_count, sizeof *marks);
    for (size_t i = 0; i < answer->problems_count; i++)
        marks[i] = (kg_mark){answer->problems[i].row, answer->problems[i].column,
                             answer->problems[i].value, answer->problems[i].allowed};
    kg_buffer_init(&path);
    if (write_copy(plan, catalogue, marks, answer->problems_count, &path, why, sizeof why))
        kg_text_format(sentence, sizeof sentence, _("%s shows them in your rows."), path.bytes);
    else
        say_no_workbook(why, sentence, sizeof sentence);
    add_detail(answer, sentence);
    kg_buffer_fini(&path);
    free(marks);
}
