/* SPDX-License-Identifier: EUPL-1.2 */
/* The options that demand cosignatures: --witness FILE,... and --witnesses-min N. */
#ifndef KOPGROEP_CLI_WITNESSES_H
#define KOPGROEP_CLI_WITNESSES_H

#include "client/cli/cli.h"

#define CLI_WITNESSES_MAX 64

typedef struct cli_witnesses {
    char *text; /* owned */
    const char *files[CLI_WITNESSES_MAX];
    kopgroep_witnesses wanted;
} cli_witnesses;

/* Rows of a command's options; the keys are 'w' and 'n'. */
#define CLI_WITNESS_OPTIONS                                                                        \
    {"witness", 'w', "FILE,...", 0, "public key files of witnesses that must have cosigned", 0},   \
    {                                                                                              \
        "witnesses-min", 'n', "N", 0, "how many of them (all)", 0                                  \
    }

/* False after saying on stderr what makes no sense; frees nothing then. */
bool cli_witnesses_read(const cli_arguments *arguments, cli_witnesses *out);
void cli_witnesses_fini(cli_witnesses *witnesses);
/* A whole number of an option, from 1 to `most`; `otherwise` where it is not given; 0 after saying
 * what is wrong. */
long cli_number(const cli_arguments *arguments, int key, const char *name, long most,
                long otherwise);

#endif
