/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd completion bash: out of the table of commands. */
#include <stdio.h>
#include <string.h>

#include "broker/commands.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz-"

/* The words that a text "dump|verify DIR" begins with, with blanks between; none of "FILE". */
static void print_words(const char *text)
{
    size_t count;
    if (text[0] == '-')
        return;
    while ((count = strspn(text, LETTERS)) > 0 && text[count] && strchr("| \n", text[count])) {
        printf("%.*s ", (int)count, text);
        if (text[count] != '|')
            return;
        text += count + 1;
    }
    printf("%.*s", text[count] ? 0 : (int)count, text);
}

/* Of operands, each line has its own. */
static void print_verbs(const kg_broker_command *command)
{
    const char *line = command->argp->args_doc;
    printf("    %s) verbs=\"", command->name);
    while (line) {
        print_words(line);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    printf("\"; options=\"");
    for (const struct argp_option *option = command->argp->options; option && option->name;
         option++)
        printf("--%s ", option->name);
    printf("--help\" ;;\n");
}

/* Options whose value is one of some words: "required|none". */
static void print_values(const kg_broker_command *command)
{
    for (const struct argp_option *option = command->argp->options; option && option->name;
         option++)
        if (option->arg && strchr(option->arg, '|')) {
            printf("    %s:--%s) values=\"", command->name, option->name);
            print_words(option->arg);
            printf("\" ;;\n");
        }
}

static void each(void (*print)(const kg_broker_command *command))
{
    for (const kg_broker_command *command = kg_broker_commands; command->name; command++)
        print(command);
}

static void print_name(const kg_broker_command *command)
{
    printf("%s ", command->name);
}

static void print_bash(void)
{
    printf("# bash completion of kopgroepd. Put there by: source <(kopgroepd completion bash)\n"
           "_kopgroepd() {\n"
           "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "  local verbs='' options='' values=''\n"
           "  COMPREPLY=()\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "    COMPREPLY=($(compgen -W \"");
    each(print_name);
    printf("--help --version\" -- \"$current\"))\n    return\n  fi\n"
           "  case ${COMP_WORDS[1]} in\n");
    each(print_verbs);
    printf("  esac\n  case ${COMP_WORDS[1]}:$previous in\n");
    each(print_values);
    printf("  esac\n"
           "  if [ -n \"$values\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
           "  elif [[ $current == -* ]]; then\n"
           "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
           "  elif [ -n \"$verbs\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
           "    COMPREPLY=($(compgen -W \"$verbs\" -- \"$current\"))\n"
           "  else\n"
           "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
           "  fi\n"
           "}\n"
           "complete -o filenames -F _kopgroepd kopgroepd\n");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    if (key == ARGP_KEY_ARG && state->arg_num == 0) {
        if (strcmp(argument, "bash") != 0)
            argp_error(state, "completion is for bash, not '%s'", argument);
    } else if (key == ARGP_KEY_ARG || key == ARGP_KEY_NO_ARGS)
        argp_usage(state);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static const char doc[] = "Examples:\n"
                          "  source <(kopgroepd completion bash)\n"
                          "  kopgroepd completion bash > /etc/bash_completion.d/kopgroepd\n\n"
                          "Writes a script for the shell.\v"
                          "Exit status: 0 done, 2 usage, 4 local I/O.";

const struct argp kg_argp_completion = {.parser = parse, .args_doc = "bash", .doc = doc};

int kg_cmd_completion(int argc, char **argv)
{
    argp_err_exit_status = 2;
    argp_parse(&kg_argp_completion, argc, argv, 0, NULL, NULL);
    print_bash();
    if (fflush(stdout) == 0)
        return 0;
    perror("kopgroepd completion");
    return 4;
}
