/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroep: finds the command and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"
#include "proto/text.h"

static bool begins_group(const cli_command *command, const char *word)
{
    size_t length = strlen(word);
    return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

/* All of them, or those whose name begins with this word. */
static void print_commands(FILE *out, const char *group)
{
    fputs(_("Commands:\n"), out);
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++)
            if (!group || begins_group(command, group))
                fprintf(out, "  %-15s %s\n", command->name, _(command->summary));
}

static void print_usage(FILE *out)
{
    fprintf(out,
            "%s\n"
            "  kopgroep keygen BE-0316380940\n"
            "  kopgroep submit plan.csv --dry-run\n"
            "  kopgroep lines\n"
            "  kopgroep explain laptops-2027\n"
            "  kopgroep volume --by category,month\n\n"
            "%s kopgroep %s\n\n",
            _("Examples:"), _("Usage:"), _("COMMAND [OPTION...]"));
    print_commands(out, NULL);
    fputs(_("\nkopgroep COMMAND --help tells more. KOPGROEP_BROKER and KOPGROEP_IDENTITY "
            "stand for --broker and\n--identity. Exit status: 0 done; 1 the broker or the "
            "rules said no; 2 usage; 3 not reached,\nor not let in; 4 bad input file or "
            "local I/O; 5 outcome unknown: safe to send again.\n"),
          out);
}

/* How many words of argv name this command: 0, 1 or 2. */
static int words(const cli_command *command, int argc, char **argv)
{
    char two[64];
    if (argc > 1 && strcmp(command->name, argv[1]) == 0)
        return 1;
    if (argc < 3)
        return 0;
    snprintf(two, sizeof two, "%s %s", argv[1], argv[2]);
    return strcmp(command->name, two) == 0 ? 2 : 0;
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_arguments arguments;
    cli_parse(command, argc, argv, &arguments);
    int status = command->run(&arguments);
    free(arguments.rest);
    if (status == KOPGROEP_DONE && arguments.out && access(arguments.out, F_OK) != 0) {
        cli_tell("kopgroep %s: it has no table for a workbook: %s was not made.\n", command->name,
                 arguments.out);
        return KOPGROEP_USAGE;
    }
    if (fflush(stdout) != 0) {
        cli_tell("kopgroep: cannot write the output: %s\n", kg_said_as("fact", strerror(errno)));
        return KOPGROEP_LOCAL;
    }
    return status;
}

static bool is_group(const char *word)
{
    bool group = false;
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++)
            group |= begins_group(command, word);
    return group;
}

/* What was meant; the commands of its group, where its first word is one's. */
static void suggest(int argc, char **argv)
{
    const char *names[64];
    size_t count = 0;
    char said[64];
    const bool group = is_group(argv[1]);
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++)
            names[count++] = command->name;
    snprintf(said, sizeof said, group && argc > 2 ? "%s %s" : "%s", argv[1],
             argc > 2 ? argv[2] : "");
    const char *near = kg_text_nearest(said, names, count);
    if (argv[1][0] == '-')
        cli_tell("kopgroep: '%s' stands before the command; options come after it.", argv[1]);
    else
        cli_tell("kopgroep: there is no command '%s'.", said);
    if (near && argv[1][0] != '-')
        cli_tell(" Did you mean '%s'?", near);
    fprintf(stderr, "\n\n");
    if (group)
        print_commands(stderr, argv[1]);
    else
        print_usage(stderr);
}

/* Texts are UTF-8, also where the locale is not there: then at least their width is known. */
static void set_locale(void)
{
    if (!setlocale(LC_ALL, "") || MB_CUR_MAX == 1)
        setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
    kg_language_choose();
}

/* One that is closed would be libzmq's next one, and what is printed would go into its wake-ups.
 * Opened so that using it fails as it would. */
static void hold_standard_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 &&
            open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            exit(KOPGROEP_LOCAL);
}

int main(int argc, char **argv)
{
    hold_standard_descriptors();
    set_locale();
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout);
        return 0;
    }
    if (argc == 3 && strcmp(argv[2], "--help") == 0 && is_group(argv[1])) {
        print_commands(stdout, argv[1]);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("kopgroep %s\n", kopgroep_version());
        return 0;
    }
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++) {
            int used = words(command, argc, argv);
            if (used > 0)
                return run(command, argc - used, argv + used);
        }
    if (argc > 1)
        suggest(argc, argv);
    else
        print_usage(stderr);
    return KOPGROEP_USAGE;
}
