/* SPDX-License-Identifier: EUPL-1.2 */
/* What is made from the table of commands: completion for a shell, the commands of the man page. */
#include <stdio.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"

/* The first words of all commands, once each. */
static void print_first_words(void)
{
    const char *last = "";
    size_t last_length = 0;
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++) {
            size_t length = strcspn(command->name, " ");
            if (length != last_length || strncmp(command->name, last, length) != 0)
                printf(" %.*s", (int)length, command->name);
            last = command->name;
            last_length = length;
        }
}

/* "round) second="open close" ;;" for a group of commands of two words. */
static void print_second_words(const cli_command *group)
{
    size_t length = strcspn(group->name, " ");
    if (!strchr(group->name, ' '))
        return;
    printf("    %.*s) second=\"", (int)length, group->name);
    for (const cli_command *command = group; command->name; command++)
        printf("%s%s", command == group ? "" : " ", command->name + length + 1);
    printf("\" ;;\n");
}

static void print_options(const cli_command *command)
{
    struct argp_option options[CLI_OPTIONS_MAX];
    cli_options_of(command, options);
    printf("    \"%s\") options=\"", command->name);
    for (const struct argp_option *option = options; option->name; option++)
        printf("%s--%s", option == options ? "" : " ", option->name);
    printf("\" ;;\n");
}

static void each_command(void (*act)(const cli_command *command))
{
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++)
            act(command);
}

static void print_bash(void)
{
    printf("# bash completion of kopgroep. Put there by: source <(kopgroep completion bash)\n"
           "_kopgroep() {\n"
           "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "  local first=${COMP_WORDS[1]} second='' options='' named=''\n"
           "  COMPREPLY=()\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "    COMPREPLY=($(compgen -W \"");
    print_first_words();
    printf(" --help --version\" -- \"$current\"))\n    return\n  fi\n  case $first in\n");
    for (size_t i = 0; cli_groups[i]; i++)
        print_second_words(cli_groups[i]);
    printf("  esac\n"
           "  if [ -n \"$second\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
           "    COMPREPLY=($(compgen -W \"$second\" -- \"$current\"))\n"
           "    return\n"
           "  fi\n"
           "  named=$first${second:+ ${COMP_WORDS[2]}}\n"
           "  case $named in\n");
    each_command(print_options);
    printf("  esac\n"
           "  case $previous in\n"
           "    --output) COMPREPLY=($(compgen -W \"table json csv xlsx\" -- \"$current\")) ;;\n"
           "    --context) COMPREPLY=($(compgen -W \"$(kopgroep context list --output csv 2>"
           "/dev/null |\n      sed '1d;s/,.*//;s/\"//g')\" -- \"$current\")) ;;\n"
           "    *)\n"
           "      if [[ $current == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
           "      else\n"
           "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
           "      fi ;;\n"
           "  esac\n"
           "}\n"
           "complete -o filenames -F _kopgroep kopgroep\n");
}

/* ---- scdoc ---- */

/* Text whose marks scdoc would take for its own. */
static void print_plain(const char *text)
{
    for (; *text; text++) {
        if (strchr("*_\\<>#[]", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void print_manual_option(const struct argp_option *option)
{
    printf("*--%s*", option->name);
    if (option->arg) {
        printf(option->flags & OPTION_ARG_OPTIONAL ? "[=_" : " _");
        print_plain(option->arg);
        printf(option->flags & OPTION_ARG_OPTIONAL ? "_]" : "_");
    }
    printf("\n\t");
    print_plain(option->doc);
    printf(".\n\n");
}

/* A command's own options: those of all commands stand once in the page. */
static void print_manual_of(const cli_command *command)
{
    printf("## %s", command->name); /* in headings scdoc has no marks, and no escapes */
    if (command->operands)
        printf(" %s", command->operands);
    printf("\n\n");
    print_plain(command->summary);
    printf(".\n\n");
    for (const struct argp_option *option = command->options; option && option->name; option++)
        print_manual_option(option);
    if (command->text) {
        print_plain(command->text);
        printf("\n\n");
    }
    printf("```\n%s```\n\n", command->examples);
}

static void print_manual(void)
{
    static const cli_command none = {0};
    struct argp_option options[CLI_OPTIONS_MAX];
    kg_language_set("en");
    cli_options_of(&none, options);
    printf("# OPTIONS OF ALL COMMANDS\n\n");
    for (const struct argp_option *option = options; option->name; option++)
        print_manual_option(option);
    printf("# COMMANDS\n\n");
    each_command(print_manual_of);
}

static int run(const cli_arguments *arguments)
{
    const char *form = arguments->rest[0];
    if (strcmp(form, "bash") == 0)
        print_bash();
    else if (strcmp(form, "scdoc") == 0)
        print_manual();
    else
        cli_tell("kopgroep: completion is for bash, or for the man page (scdoc), not '%s'.\n",
                 form);
    return strcmp(form, "bash") == 0 || strcmp(form, "scdoc") == 0 ? KOPGROEP_DONE : KOPGROEP_USAGE;
}

const cli_command cli_completion[] = {
    {"completion", "bash", 1, 1, N_("Completion of commands and options, for your shell"),
     "  source <(kopgroep completion bash)\n"
     "  kopgroep completion bash > ~/.local/share/bash-completion/completions/kopgroep\n",
     NULL, NULL, run, false},
    {0},
};
