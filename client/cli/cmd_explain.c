/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/codes.h"
#include "client/cli/commands.h"
#include "client/cli/reasons.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column fields[] = {
    {N_("line"), "line", false},
    {N_("title"), "title", false},
    {N_("standing"), "standing", false},
    {N_("round"), "round", false},
    {N_("lot"), "lot", false},
    {N_("lot state"), "lot_state", false},
    {N_("reason"), "reason", false},
    {N_("all that blocks"), "blocking", false},
    {N_("nearest lot"), "nearest_lot", false},
    {N_("its criteria"), "lot_criteria", false},
    {N_("its window from"), "lot_window.from", false},
    {N_("its window to"), "lot_window.to", false},
    {N_("line requires"), "criteria", false},
    {N_("line accepts"), "accepts", false},
    {N_("at its limit on"), "binds.accepts_no_more", false},
    {N_("it asks for"), "binds.requires_this", false},
    {N_("change: field"), "change.field", false},
    {N_("change: criterion"), "change.criterion", false},
    {N_("change: to"), "change.to", false},
    {0},
};

static void show_change(const json_t *line, const char *reason)
{
    char *field = cli_value(line, "change.field"), *to = cli_value(line, "change.to");
    char *criterion = cli_value(line, "change.criterion"), *lot = cli_value(line, "nearest_lot");
    if (field[0])
        cli_print("The smallest change that would make %s feasible with this line: %s %s%s%s.", lot,
                  field, criterion, criterion[0] ? "=" : "", to);
    else if (lot[0] && strcmp(reason, "DECLINED") != 0 && strcmp(reason, "LOT_FAILED") != 0)
        cli_print("No single change of this line would make %s feasible with it.", lot);
    free(field);
    free(to);
    free(criterion);
    free(lot);
}

static void show(const json_t *line)
{
    char *reason = cli_value(line, "reason");
    cli_show_fields(line, fields);
    if (reason[0]) {
        cli_show_text(_(cli_reason_text(reason)));
        show_change(line, reason);
    }
    free(reason);
}

static int run(const cli_arguments *arguments)
{
    const char *code = arguments->option['c'];
    if ((code != NULL) == (arguments->count == 1)) {
        cli_tell("kopgroep explain: give a LINE or --code CODE.\n");
        return KOPGROEP_USAGE;
    }
    if (code)
        return cli_show_code(arguments, code);
    kopgroep_question question = {.view = KOPGROEP_VIEW_EXPLAIN, .line = arguments->rest[0]};
    return cli_ask(arguments, &question, fields, show);
}

static const struct argp_option options[] = {
    {"code", 'c', "CODE", 0,
     N_("what a code in an answer means and how to mend it; all: all codes"), 0},
    {0},
};

const cli_command cli_explain[] = {
    {"explain", "LINE", 0, 1, N_("Why one of your lines is where it is, and what would place it"),
     "  kopgroep explain laptops-2027\n"
     "  kopgroep explain --code LINE_CLAIMED\n",
     N_("The change is checked against the lot as it stands; it says nothing about what a new "
        "grouping would choose."),
     options, run, false},
    {0},
};
