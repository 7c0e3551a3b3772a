/* SPDX-License-Identifier: EUPL-1.2 */
/* What the client says to a person, in the person's language: the format is translated, and is
 * found by xgettext under these names. */
#ifndef KOPGROEP_CLI_TELL_H
#define KOPGROEP_CLI_TELL_H

#include "client/cli/cli.h"
#include "client/language/language.h"
#include "proto/problem.h"

/* To stderr. */
__attribute__((format(printf, 1, 2))) void cli_tell(const char *format, ...);
/* A sentence of its own, where tables go (show.h): never what a program reads. */
__attribute__((format(printf, 1, 2))) void cli_print(const char *format, ...);

/* Wrong usage of a command: ends the process with exit status 2. */
__attribute__((format(printf, 2, 3), noreturn)) void cli_wrong(const char *command,
                                                               const char *format, ...);
/* Ends the process so where a workbook was asked for, and there is no table. */
void cli_no_workbook(const cli_arguments *arguments);
/* What is wrong with a file, a line each, to stderr. */
void cli_tell_problems(const kg_problems *problems);

#endif
