/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/reasons.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column fields[] = {
    {N_("line"), "line", false},
    {N_("round"), "round", false},
    {N_("today it would be"), "outcome", false},
    {N_("in a lot that asks"), "lot.criteria", false},
    {N_("track"), "lot.track", false},
    {N_("condition"), "lot.condition", false},
    {N_("window from"), "lot.window.from", false},
    {N_("window to"), "lot.window.to", false},
    {N_("organisations, at least"), "lot.organisations_at_least", false},
    {N_("reason"), "reason", false},
    {N_("all that blocks"), "blocking", false},
    {N_("nearest lot asks"), "nearest.criteria", false},
    {N_("its window from"), "nearest.window.from", false},
    {N_("its window to"), "nearest.window.to", false},
    {N_("change: field"), "change.field", false},
    {N_("change: criterion"), "change.criterion", false},
    {N_("change: to"), "change.to", false},
    {0},
};

static void show_left_out(const json_t *answer, const char *reason)
{
    char *field = cli_value(answer, "change.field"), *to = cli_value(answer, "change.to");
    char *criterion = cli_value(answer, "change.criterion");
    cli_show_text(_(cli_reason_text(reason)));
    if (field[0])
        cli_print("The smallest change that would make the nearest lot feasible with this line: "
                  "%s %s%s%s.",
                  field, criterion, criterion[0] ? "=" : "", to);
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
        cli_print("No open round has this line in its scope.");
    else if (!json_is_object(json_object_get(answer, "lot")))
        cli_print("Too few organisations are in that lot to tell more of it.");
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
    {"round", 'r', "ROUND", 0, N_("in this open round (the first that has the line in its scope)"),
     0},
    {0},
};

const cli_command cli_what_if[] = {
    {"what-if", "LINE", 1, 1,
     N_("What one of your lines would join if its round were grouped today"),
     "  kopgroep what-if laptops-2027\n"
     "  kopgroep what-if laptops-2027 --round spring-2027\n",
     N_("The free lines of its category and region are grouped as they are at this moment: others "
        "may still come, change or go until the round closes. Amounts are left aside, since the "
        "answers would tell others': whether a lot reaches the round's least quantity and value "
        "shows in the proposal. Of others' plans only what a lot of enough organisations has in "
        "common is told. To try another line, submit it changed and ask again."),
     options, run, false},
    {0},
};
