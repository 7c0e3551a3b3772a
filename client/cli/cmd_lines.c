/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

/* clang-format off */
#define OF_A_LINE                                                                                  \
    {N_("line"), "line", false},                                                                   \
    {N_("title"), "title", false},                                                                 \
    {N_("category"), "category", false},                                                           \
    {N_("condition"), "condition", false},                                                         \
    {N_("quantity"), "quantity", true},                                                            \
    {N_("value"), "value", true},                                                                  \
    {N_("from"), "delivery_from", false},                                                          \
    {N_("to"), "delivery_to", false},                                                              \
    {N_("nuts"), "nuts", false},                                                                   \
    {N_("track"), "track", false},                                                                 \
    {N_("commitment"), "commitment", false},                                                       \
    {N_("standing"), "standing", false},                                                           \
    {N_("lot"), "lot", false},                                                                     \
    {N_("reason"), "reason", false}
/* clang-format on */

static const cli_column columns[] = {OF_A_LINE, {N_("read"), "reads", true}, {0}};

/* What a round claimed. */
static const cli_column round_columns[] = {
    {N_("organisation"), "organisation", false}, OF_A_LINE, {0}};

static int run(const cli_arguments *arguments)
{
    const char *round = arguments->option['r'];
    kopgroep_question question = {.view = KOPGROEP_VIEW_LINES, .round = round};
    return cli_ask(arguments, &question, round ? round_columns : columns, NULL);
}

static const struct argp_option options[] = {
    {"round", 'r', "ROUND", 0,
     N_("those that a round has claimed; its coordinator sees all members'"), 0},
    {0},
};

const cli_command cli_lines[] = {
    {"lines", NULL, 0, 0, N_("Your plan lines and where each stands"),
     "  kopgroep lines\n"
     "  kopgroep lines --round 2027-laptops\n"
     "  kopgroep lines --output csv > lines.csv\n",
     N_("free: no round has claimed it. claimed: a round is considering it. placed: it is in a "
        "lot. "
        "unplaced: the last round left it out; kopgroep explain LINE says why. read: how often the "
        "coordinator was shown lines of yours in the line's last round. To a coordinator the lines "
        "that its own round has claimed are shown from closed on, without price ceilings; each "
        "time "
        "the members can see so."),
     options, run, false},
    {0},
};
