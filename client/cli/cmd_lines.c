/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/show.h"

static const cli_column columns[] = {
    {"line", "line", false},          {"title", "title", false},
    {"category", "category", false},  {"condition", "condition", false},
    {"quantity", "quantity", true},   {"value", "value", true},
    {"from", "delivery_from", false}, {"to", "delivery_to", false},
    {"nuts", "nuts", false},          {"track", "track", false},
    {"commitment", "commitment", false}, {"standing", "standing", false},
    {"lot", "lot", false},            {"reason", "reason", false},
    {"read", "reads", true},          {0},
};

/* What a round claimed. */
static const cli_column round_columns[] = {
    {"organisation", "organisation", false}, {"line", "line", false},
    {"title", "title", false},               {"category", "category", false},
    {"condition", "condition", false},       {"quantity", "quantity", true},
    {"value", "value", true},                {"from", "delivery_from", false},
    {"to", "delivery_to", false},            {"nuts", "nuts", false},
    {"track", "track", false},               {"commitment", "commitment", false},
    {"standing", "standing", false},         {"lot", "lot", false},
    {"reason", "reason", false},             {0},
};

static int run(const cli_arguments *arguments)
{
    const char *round = arguments->option['r'];
    kopgroep_question question = {.view = KOPGROEP_VIEW_LINES, .round = round};
    return cli_ask(arguments, &question, round ? round_columns : columns, NULL);
}

static const struct argp_option options[] = {
    {"round", 'r', "ROUND", 0, "those that a round has claimed; its coordinator sees all members'",
     0},
    {0},
};

const cli_command cli_lines[] = {
    {"lines", NULL, 0, 0, "Your plan lines and where each stands",
     "  kopgroep lines\n"
     "  kopgroep lines --round 2027-laptops\n"
     "  kopgroep lines --output csv > lines.csv\n",
     "free: no round has claimed it. claimed: a round is considering it. placed: it is in a lot. "
     "unplaced: the last round left it out; kopgroep explain LINE says why. read: how often the "
     "coordinator was shown lines of yours in the line's last round. To a coordinator the lines "
     "that its own round has claimed are shown from closed on, without price ceilings; each time "
     "the members can see so.",
     options, run, false},
    {0},
};
