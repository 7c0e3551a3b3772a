/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"

static int run(const cli_arguments *arguments)
{
    int status;
    kopgroep_answer answer = {0};
    kopgroep_question question = {.view = KOPGROEP_VIEW_CATALOGUE};
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    kopgroep_ask(session, &question, &answer);
    if (answer.outcome == KOPGROEP_DONE)
        fputs(answer.document, stdout);
    else
        cli_complain(&answer);
    status = (int)answer.outcome;
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return status;
}

const cli_command cli_catalogue[] = {
    {"catalogue", NULL, 0, 0,
     N_("The catalogue in force: categories, criteria, labels, thresholds"),
     "  kopgroep catalogue > catalogue.conf\n",
     N_("The file can be given to kopgroepd group, to try a grouping offline."), NULL, run, false},
    {0},
};
