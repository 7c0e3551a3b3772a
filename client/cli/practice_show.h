/* SPDX-License-Identifier: EUPL-1.2 */
/* What fiches and clauses say, in the user's language or the next that they have. */
#ifndef KOPGROEP_CLI_PRACTICE_SHOW_H
#define KOPGROEP_CLI_PRACTICE_SHOW_H

#include "client/cli/show.h"

/* The user's language where the texts have it, else the first of nl fr de en; NULL: none. */
const char *cli_practice_language(const json_t *texts);
/* Adds "name" ("ORGANISATION/NAME") and "shown_title" to an element of a list. */
void cli_practice_name(json_t *practice);
/* One, whole. */
void cli_practice_show(const json_t *practice);
/* The clauses that a lot's levels need: a row each, and one that says so where there is none. */
void cli_practice_show_clauses(const json_t *clauses);

#endif
