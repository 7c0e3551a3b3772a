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
    {0},
};

static int run(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_LINES};
    return cli_ask(arguments, &question, columns, NULL);
}

const cli_command cli_lines[] = {
    {"lines", NULL, 0, 0, "Your plan lines and where each stands",
     "  kopgroep lines\n"
     "  kopgroep lines --output csv > lines.csv\n",
     "free: no round has claimed it. claimed: a round is considering it. placed: it is in a lot. "
     "unplaced: the last round left it out; kopgroep explain LINE says why.",
     NULL, run},
    {0},
};
