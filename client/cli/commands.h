/* SPDX-License-Identifier: EUPL-1.2 */
/* The commands, an array a file, each ended by a row without a name. */
#ifndef KOPGROEP_CLI_COMMANDS_H
#define KOPGROEP_CLI_COMMANDS_H

#include "client/cli/cli.h"

extern const cli_command cli_keygen[], cli_register[], cli_submit[], cli_withdraw[], cli_lines[],
    cli_volume[], cli_round[], cli_lot[], cli_tender[], cli_explain[], cli_watch[], cli_export[],
    cli_catalogue[], cli_status[], cli_bench[], cli_what_if[], cli_key[],
    cli_audit[], cli_verify[], cli_context[], cli_completion[], cli_template[], cli_web[],
    cli_practice[];

/* All of them, in the order of the list of commands; ended by NULL. */
extern const cli_command *const cli_groups[];

#endif
