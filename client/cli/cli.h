/* SPDX-License-Identifier: EUPL-1.2 */
/* The command line client: what all commands share. A command is a row of a table in commands.h;
 * its own options are argp's; parsing leaves texts, which the command or the library checks.
 * Data goes to stdout, talk to stderr. */
#ifndef KOPGROEP_CLI_H
#define KOPGROEP_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/kopgroep.h"

typedef enum cli_output { CLI_TABLE, CLI_JSON, CLI_CSV, CLI_XLSX } cli_output;

#define CLI_ARGUMENTS_MAX 4096

/* A parsed command line; borrows argv. */
typedef struct cli_arguments {
    const char *option[128]; /* by an option's key; NULL = not given; "" = given without a value */
    const char **rest;       /* what is not an option; owned */
    size_t count;
    const char *command; /* its name */
    cli_output output;
    bool quiet;
    int timeout_s; /* for an answer; 0 = the library's own */
    const char *receipt; /* file to be written; NULL = none */
    const char *out;     /* new file for a workbook; NULL = stdout */
} cli_arguments;

typedef struct cli_command {
    const char *name;       /* "round open" */
    const char *operands;   /* "FILE", "LINE..." or NULL */
    size_t least, most;     /* how many operands */
    const char *summary;    /* for the list of commands */
    const char *examples;   /* lines, each with two spaces before and a newline behind */
    const char *text;       /* after the options; NULL */
    const struct argp_option *options; /* NULL */
    int (*run)(const cli_arguments *arguments);
    bool changes; /* is recorded by the broker, and has a receipt */
} cli_command;

#define CLI_OPTIONS_MAX 40

/* The command's own options, then those of all commands; ended by a row without a name. */
void cli_options_of(const cli_command *command, struct argp_option out[static CLI_OPTIONS_MAX]);

/* Parses argv[1...] by the command; ends the process on --help (0) and wrong usage (2). */
void cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *out);

/* An option's value, else `otherwise`. */
const char *cli_option(const cli_arguments *arguments, int key, const char *otherwise);

/* A session with the broker and as the identity that target.h finds; asks for a passphrase where
 * the key needs one. NULL after saying on stderr why not, with the exit status. */
kopgroep_session *cli_open(const cli_arguments *arguments, int *status);

/* Says what came of a command (receipt to stdout unless quiet; problems and detail to stderr),
 * frees the answer and gives the exit status. */
int cli_finish(const cli_arguments *arguments, kopgroep_answer *answer);
/* Only what went wrong; does not free. */
void cli_complain(const kopgroep_answer *answer);

/* Opens a session, does one thing, closes, says what came of it; with --receipt, writes that. */
typedef void cli_act(kopgroep_session *session, const cli_arguments *arguments,
                     kopgroep_answer *answer);
int cli_do(const cli_arguments *arguments, cli_act *act);

#endif
