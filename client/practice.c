/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches of good practice and clauses. */
#include "proto/practice.h"

#include "client/session.h"

static void say_other_kind(const char *file, bool clause, kopgroep_answer *answer)
{
    if (clause)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s holds a fiche: kopgroep fiche publish takes it. Nothing was sent.", file);
    else
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s holds a clause: kopgroep clause publish takes it. Nothing was sent.",
                      file);
}

void kopgroep_practice_publish(kopgroep_session *session, const char *file, bool clause,
                               kopgroep_answer *answer)
{
    kg_command command;
    kg_problems problems;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_PRACTICE_PUBLISH);
    kg_problems_init(&problems, file);
    if (!kg_practice_read(file, &command.arena, &command.practice, &problems))
        kg_client_take_problems(answer, &problems);
    else if (command.practice.clause != clause)
        say_other_kind(file, clause, answer);
    else
        kg_client_command(session, &command, NULL, answer);
    kg_problems_fini(&problems);
    kg_command_fini(&command);
}

void kopgroep_practice_retire(kopgroep_session *session, const char *name, kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_PRACTICE_RETIRE);
    command.practice.key = name;
    kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}
