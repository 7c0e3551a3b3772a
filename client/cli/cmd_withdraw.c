/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/tell.h"

static void act(kopgroep_session *session, const cli_arguments *arguments,
                kopgroep_answer *answer)
{
    kopgroep_withdraw(session, arguments->rest, arguments->count, answer);
}

static int run(const cli_arguments *arguments)
{
    return cli_do(arguments, act);
}

const cli_command cli_withdraw[] = {
    {"withdraw", "LINE...", 1, CLI_ARGUMENTS_MAX, N_("Withdraw plan lines, all of them or none"),
     "  kopgroep withdraw laptops-2027 screens-2027\n",
     N_("A line that a running round has claimed cannot be withdrawn: decline its lot instead."),
     NULL, run, true},
    {0},
};
