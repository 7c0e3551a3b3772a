/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/cli.h"
#include "proto/memory.h"

#define TIMEOUT_MAX 86400 /* seconds */

enum {
    BROKER = 'B',
    IDENTITY = 'I',
    CONTEXT = 'C',
    TIMEOUT = 'T',
    OUTPUT = 'O',
    RECEIPT = 'R',
    QUIET = 'q',
    HELP = '?',
    VERSION = 'V',
};

static const struct argp_option common[] = {
    {"broker", BROKER, "FILE", 0, "the broker's access file (or KOPGROEP_BROKER)", 90},
    {"identity", IDENTITY, "FILE", 0, "your identity file (or KOPGROEP_IDENTITY)", 90},
    {"context", CONTEXT, "NAME", 0, "both from this context (kopgroep context add)", 90},
    {"timeout", TIMEOUT, "SECONDS", 0, "how long to wait for an answer (30)", 90},
    {"output", OUTPUT, "FORM", 0, "table, json or csv", 90},
    {"quiet", QUIET, NULL, 0, "say nothing of what went well", 90},
    {"help", HELP, NULL, 0, "give this help", 91},
    {"version", VERSION, NULL, 0, "print the version", 91},
    {0},
};

static const struct argp_option changing[] = {
    {"receipt", RECEIPT, "FILE", 0, "write the receipt, for kopgroep verify, to a new file", 89},
};

typedef struct cli_parsing {
    const cli_command *command;
    cli_arguments *out;
} cli_parsing;

static void print_help(const struct argp_state *state, const cli_command *command)
{
    char name[64];
    printf("%s.\n\nExamples:\n%s\n", command->summary, command->examples);
    snprintf(name, sizeof name, "kopgroep %s", command->name);
    argp_help(state->root_argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_LONG | ARGP_HELP_POST_DOC,
              name);
    exit(0);
}

static void set_output(struct argp_state *state, cli_arguments *out, const char *form)
{
    static const char *const forms[] = {[CLI_TABLE] = "table", [CLI_JSON] = "json",
                                        [CLI_CSV] = "csv"};
    for (int i = CLI_TABLE; i <= CLI_CSV; i++)
        if (strcmp(form, forms[i]) == 0) {
            out->output = (cli_output)i;
            return;
        }
    argp_error(state, "--output is table, json or csv, not '%s'", form);
}

static void set_timeout(struct argp_state *state, cli_arguments *out, const char *text)
{
    char *end;
    long seconds = strtol(text, &end, 10);
    if (end == text || *end != '\0' || seconds < 1 || seconds > TIMEOUT_MAX)
        argp_error(state, "--timeout is a whole number of seconds from 1 to %d, not '%s'",
                   TIMEOUT_MAX, text);
    out->timeout_s = (int)seconds;
}

static void add_operand(struct argp_state *state, const cli_parsing *parsing, const char *text)
{
    if (parsing->out->count == parsing->command->most)
        argp_error(state, "'%s' is one too many", text);
    parsing->out->rest[parsing->out->count++] = text;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    cli_parsing *parsing = state->input;
    switch (key) {
    case HELP:
        print_help(state, parsing->command);
        break;
    case VERSION:
        printf("kopgroep %s\n", kopgroep_version());
        exit(0);
    case OUTPUT:
        set_output(state, parsing->out, argument);
        break;
    case RECEIPT:
        parsing->out->receipt = argument;
        break;
    case TIMEOUT:
        set_timeout(state, parsing->out, argument);
        break;
    case QUIET:
        parsing->out->quiet = true;
        break;
    case ARGP_KEY_ARG:
        add_operand(state, parsing, argument);
        break;
    case ARGP_KEY_END:
        if (parsing->out->count < parsing->command->least)
            argp_error(state, "%s is missing", parsing->command->operands);
        break;
    default:
        if (key <= 0 || key >= 128)
            return ARGP_ERR_UNKNOWN;
        parsing->out->option[key] = argument ? argument : "";
    }
    return 0;
}

void cli_options_of(const cli_command *command, struct argp_option out[static CLI_OPTIONS_MAX])
{
    const struct argp_option *own = command->options;
    const size_t room = CLI_OPTIONS_MAX - sizeof common / sizeof *common - 1;
    size_t count = 0;
    for (; own && own->name && count < room; own++)
        out[count++] = *own;
    if (command->changes)
        out[count++] = changing[0];
    memcpy(&out[count], common, sizeof common);
}

void cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *out)
{
    char name[64], text[1024];
    struct argp_option options[CLI_OPTIONS_MAX];
    cli_options_of(command, options);
    snprintf(text, sizeof text,
             "\v%s%sExit status: 0 done; 1 the broker or the rules said no; 2 "
             "usage; 3 not reached, or not let in; 4 bad input file or local I/O; 5 outcome "
             "unknown: safe to send again.",
             command->text ? command->text : "", command->text ? "\n\n" : "");
    const struct argp argp = {options, parse_option, command->operands, text, NULL, NULL, NULL};
    cli_parsing parsing = {command, out};
    *out = (cli_arguments){.rest = kg_alloc((size_t)argc, sizeof *out->rest)};
    snprintf(name, sizeof name, "kopgroep %s", command->name);
    argv[0] = name;
    argp_err_exit_status = KOPGROEP_USAGE;
    argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &parsing);
}

const char *cli_option(const cli_arguments *arguments, int key, const char *otherwise)
{
    return arguments->option[key] ? arguments->option[key] : otherwise;
}
