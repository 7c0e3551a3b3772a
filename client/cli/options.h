/* SPDX-License-Identifier: EUPL-1.2 */
/* What is wrong with the options of a command line, said in the user's language: getopt, below
 * argp, would say it in English wherever the C library's own catalogue is not installed. */
#ifndef KOPGROEP_CLI_OPTIONS_H
#define KOPGROEP_CLI_OPTIONS_H

#include <argp.h>

/* Ends the process with exit status 2 at the first option that is not known, lacks its value or
 * has one that it does not take. */
void cli_options_check(const char *command, const struct argp_option *options, int argc,
                       char **argv);

#endif
