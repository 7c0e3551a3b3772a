/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/reasons.h"
#include "client/cli/show.h"

static const cli_column fields[] = {
    {"line", "line", false},
    {"round", "round", false},
    {"today it would be", "outcome", false},
    {"in a lot that asks", "lot.criteria", false},
    {"track", "lot.track", false},
    {"condition", "lot.condition", false},
    {"window from", "lot.window.from", false},
    {"window to", "lot.window.to", false},
    {"organisations, at least", "lot.organisations_at_least", false},
    {"reason", "reason", false},
    {"all that blocks", "blocking", false},
    {"nearest lot asks", "nearest.criteria", false},
    {"its window from", "nearest.window.from", false},
    {"its window to", "nearest.window.to", false},
    {"change: field", "change.field", false},
    {"change: criterion", "change.criterion", false},
    {"change: to", "change.to", false},
    {0},
};

static void show_left_out(const json_t *answer, const char *reason)
{
    char *field = cli_value(answer, "change.field"), *to = cli_value(answer, "change.to");
    char *criterion = cli_value(answer, "change.criterion");
    printf("\n%s\n", cli_reason_text(reason));
    if (field[0])
        printf("\nThe smallest change that would make the nearest lot feasible with this line: "
               "%s %s%s%s.\n", field, criterion, criterion[0] ? "=" : "", to);
    free(field);
    free(to);
    free(criterion);
}

static void show(const json_t *answer)
{
    char *outcome = cli_value(answer, "outcome"), *reason = cli_value(answer, "reason");
    cli_show_fields(answer, fields);
    if (reason[0])
        show_left_out(answer, reason);
    else if (strcmp(outcome, "no-open-round") == 0)
        printf("\nNo open round has this line in its scope.\n");
    else if (!json_is_object(json_object_get(answer, "lot")))
        printf("\nToo few organisations are in that lot to tell more of it.\n");
    free(outcome);
    free(reason);
}

static int run(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_WHAT_IF,
                                  .line = arguments->rest[0],
                                  .round = cli_option(arguments, 'r', NULL)};
    return cli_ask(arguments, &question, fields, show);
}

static const struct argp_option options[] = {
    {"round", 'r', "ROUND", 0, "in this open round (the first that has the line in its scope)", 0},
    {0},
};

const cli_command cli_what_if[] = {
    {"what-if", "LINE", 1, 1, "What one of your lines would join if its round were grouped today",
     "  kopgroep what-if laptops-2027\n"
     "  kopgroep what-if laptops-2027 --round spring-2027\n",
     "The free lines of its category and region are grouped as they are at this moment: others may "
     "still come, change or go until the round closes. Of others' plans only what a lot of enough "
     "organisations has in common is told. To try another line, submit it changed and ask again.",
     options, run, false},
    {0},
};
