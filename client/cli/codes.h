/* SPDX-License-Identifier: EUPL-1.2 */
/* The codes that answers carry: of a refusal or a wrong value (proto/status.def), and why a line is
 * not placed (reasons.h). */
#ifndef KOPGROEP_CLI_CODES_H
#define KOPGROEP_CLI_CODES_H

#include "client/cli/cli.h"

/* Shows what a code means, or all of them for "all"; asks no broker. Gives the exit status: 2 for
 * a code that there is not. */
int cli_show_code(const cli_arguments *arguments, const char *code);

#endif
