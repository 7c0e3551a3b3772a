/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"

const cli_command *const cli_groups[] = {
    cli_keygen, cli_key,     cli_register, cli_template,  cli_submit,     cli_withdraw,
    cli_lines,  cli_explain, cli_what_if,  cli_volume,    cli_round,      cli_lot,
    cli_tender, cli_watch,   cli_export,   cli_catalogue, cli_practice,   cli_audit,
    cli_verify, cli_status,  cli_bench,    cli_context,   cli_completion,
#ifdef KG_WEB
    cli_web,
#endif
    NULL,
};
