/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/book.h"
#include "client/cli/cli.h"
#include "client/cli/options.h"
#include "client/cli/tell.h"
#include "proto/memory.h"

#define HELP_BYTES 4096
#define TIMEOUT_MAX 86400 /* seconds */

enum {
    BROKER = 'B',
    IDENTITY = 'I',
    CONTEXT = 'C',
    TIMEOUT = 'T',
    OUTPUT = 'O',
    RECEIPT = 'R',
    OUT = 'U',
    QUIET = 'q',
    HELP = '?',
    VERSION = 'V',
};

static const struct argp_option common[] = {
    {"broker", BROKER, "FILE", 0,
     N_("the broker's access file; of several brokers of one deployment FILE,FILE,... (or "
        "KOPGROEP_BROKER)"),
     90},
    {"identity", IDENTITY, "FILE", 0, N_("your identity file (or KOPGROEP_IDENTITY)"), 90},
    {"context", CONTEXT, "NAME", 0, N_("both from this context (kopgroep context add)"), 90},
    {"timeout", TIMEOUT, "SECONDS", 0, N_("how long to wait for an answer (30)"), 90},
    {"output", OUTPUT, "FORM", 0, N_("table, json, csv or xlsx (a workbook: > FILE.xlsx)"), 90},
    {"out", OUT, "FILE", 0, N_("write a workbook (xlsx) to this new file"), 90},
    {"quiet", QUIET, NULL, 0, N_("say nothing of what went well"), 90},
    {"help", HELP, NULL, 0, N_("give this help"), 91},
    {"version", VERSION, NULL, 0, N_("print the version"), 91},
    {0},
};

static const struct argp_option changing[] = {
    {"receipt", RECEIPT, "FILE", 0, N_("write the receipt, for kopgroep verify, to a new file"),
     89},
};

typedef struct cli_parsing {
    const cli_command *command;
    cli_arguments *out;
    bool chosen; /* --output is there */
} cli_parsing;

/* argp counts bytes: where a text of other letters than English ones just fits its line, it leaves
 * an indented line without a word. */
static void print_options(const struct argp *argp, char *name)
{
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);
    if (!out)
        kg_memory_end();
    argp_help(argp, out, ARGP_HELP_LONG | ARGP_HELP_POST_DOC, name);
    fclose(out);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n"), whole = length + (line[length] == '\n');
        if (length == 0 || strspn(line, " ") < length)
            fwrite(line, 1, whole, stdout);
        line += whole;
    }
    free(text);
}

/* Who reads it reads the language that was chosen; the names of options are the same in all. */
static void print_help(const struct argp_state *state, const cli_command *command)
{
    char name[64];
    snprintf(name, sizeof name, "kopgroep %s", command->name);
    printf("%s.\n\n%s\n%s\n%s %s%s%s %s\n\n", _(command->summary), _("Examples:"),
           command->examples, _("Usage:"), name, command->operands ? " " : "",
           command->operands ? command->operands : "", _("[OPTION...]"));
    setenv("ARGP_HELP_FMT", "no-dup-args-note", 0); /* a note in English on short options */
    print_options(state->root_argp, name);
    exit(0);
}

static void set_output(cli_parsing *parsing, const char *form)
{
    static const char *const forms[] = {
        [CLI_TABLE] = "table", [CLI_JSON] = "json", [CLI_CSV] = "csv", [CLI_XLSX] = "xlsx"};
    int i = CLI_TABLE;
    while (i <= CLI_XLSX && strcmp(form, forms[i]) != 0)
        i++;
    if (i > CLI_XLSX)
        cli_wrong(parsing->command->name, "--output is table, json, csv or xlsx, not '%s'", form);
    parsing->out->output = (cli_output)i;
    parsing->chosen = true;
}

/* Before anything is asked or done: a workbook has a place to go. */
static void settle_output(const cli_parsing *parsing)
{
    cli_arguments *out = parsing->out;
    if (out->out && !parsing->chosen)
        out->output = CLI_XLSX;
    if (out->out && out->output != CLI_XLSX)
        cli_wrong(out->command, "--out goes with --output xlsx");
    if (out->output == CLI_XLSX && !cli_book_has_place(out))
        exit(out->out ? KOPGROEP_LOCAL : KOPGROEP_USAGE);
}

static void set_timeout(const cli_parsing *parsing, const char *text)
{
    char *end;
    long seconds = strtol(text, &end, 10);
    if (end == text || *end != '\0' || seconds < 1 || seconds > TIMEOUT_MAX)
        cli_wrong(parsing->command->name,
                  "--timeout is a whole number of seconds from 1 to %d, not '%s'", TIMEOUT_MAX,
                  text);
    parsing->out->timeout_s = (int)seconds;
}

static void add_operand(const cli_parsing *parsing, const char *text)
{
    if (parsing->out->count == parsing->command->most)
        cli_wrong(parsing->command->name, "'%s' is one too many", text);
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
    case OUT:
        parsing->out->out = argument;
        break;
    case OUTPUT:
        set_output(parsing, argument);
        break;
    case RECEIPT:
        parsing->out->receipt = argument;
        break;
    case TIMEOUT:
        set_timeout(parsing, argument);
        break;
    case QUIET:
        parsing->out->quiet = true;
        break;
    case ARGP_KEY_ARG:
        add_operand(parsing, argument);
        break;
    case ARGP_KEY_END:
        if (parsing->out->count < parsing->command->least)
            cli_wrong(parsing->command->name, "%s is missing", parsing->command->operands);
        settle_output(parsing);
        break;
    default:
        if (key <= 0 || key >= 128)
            return ARGP_ERR_UNKNOWN;
        parsing->out->option[key] = argument ? argument : "";
    }
    return 0;
}

static bool is_named(const struct argp_option *options, size_t count, const char *name)
{
    while (count > 0 && strcmp(options[count - 1].name, name) != 0)
        count--;
    return count > 0;
}

/* An --out of its own stands for that of all commands; no other option may be one of those. */
void cli_options_of(const cli_command *command, struct argp_option out[static CLI_OPTIONS_MAX])
{
    const struct argp_option *own = command->options;
    const size_t room = CLI_OPTIONS_MAX - sizeof common / sizeof *common - 1;
    size_t count = 0;
    for (; own && own->name && count < room; own++)
        out[count++] = *own;
    if (command->changes)
        out[count++] = changing[0];
    const size_t own_count = count;
    for (const struct argp_option *option = common; option->name; option++)
        if (option->key != OUT || !is_named(out, own_count, option->name))
            out[count++] = *option;
    out[count] = (struct argp_option){0};
}

void cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *out)
{
    char name[64], text[HELP_BYTES];
    struct argp_option options[CLI_OPTIONS_MAX];
    cli_options_of(command, options);
    snprintf(text, sizeof text, "\v%s%s%s", command->text ? _(command->text) : "",
             command->text ? "\n\n" : "",
             _("Exit status: 0 done; 1 the broker or the rules said no; 2 usage; 3 not reached, or "
               "not let in; 4 bad input file or local I/O; 5 outcome unknown: safe to send "
               "again."));
    for (struct argp_option *option = options; option->name; option++)
        option->doc = _(option->doc);
    const struct argp argp = {options, parse_option, command->operands, text, NULL, NULL, NULL};
    cli_parsing parsing = {command, out, false};
    *out = (cli_arguments){.command = command->name,
                           .rest = kg_alloc((size_t)argc, sizeof *out->rest)};
    snprintf(name, sizeof name, "kopgroep %s", command->name);
    cli_options_check(command->name, options, argc, argv);
    argv[0] = name;
    argp_err_exit_status = KOPGROEP_USAGE;
    argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &parsing);
}

const char *cli_option(const cli_arguments *arguments, int key, const char *otherwise)
{
    return arguments->option[key] ? arguments->option[key] : otherwise;
}
