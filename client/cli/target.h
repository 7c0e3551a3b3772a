/* SPDX-License-Identifier: EUPL-1.2 */
/* Which broker a command goes to, and as whom: each of the two from its option, else from
 * --context, else from the environment, else from the context in use (KOPGROEP_CONTEXT, or as
 * `context use` left it). A context that there is not is an error, never passed over. */
#ifndef KOPGROEP_CLI_TARGET_H
#define KOPGROEP_CLI_TARGET_H

#include "client/cli/cli.h"
#include "client/cli/contexts.h"

typedef struct cli_target {
    const char *broker, *identity; /* files, borrowed; NULL: not said */
    const char *context;           /* borrowed; NULL when neither came from one */
    cli_contexts contexts;         /* owned */
} cli_target;

/* False after saying why on stderr, with the exit status. Fini it in either case. */
bool cli_target_find(const cli_arguments *arguments, cli_target *out, int *status);
void cli_target_fini(cli_target *target);
/* Says which setting is missing. */
void cli_target_say_missing(const cli_target *target);

#endif
