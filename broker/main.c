/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd: finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include "broker/commands.h"
#include "broker/net/door.h"

static void print_usage(FILE *out)
{
    fprintf(out,
            "Examples:\n"
            "  kopgroepd init --catalogue config/catalogue.conf /var/lib/kopgroep\n"
            "  kopgroepd run -c /var/lib/kopgroep/broker.conf\n"
            "  kopgroepd group --catalogue config/catalogue.conf round.conf lines.csv\n\n"
            "Usage: kopgroepd COMMAND [OPTION...]\n\nCommands:\n");
    for (const kg_broker_command *command = kg_broker_commands; command->name; command++)
        fprintf(out, "  %-14s %s\n", command->name, command->summary);
    fprintf(out, "\nkopgroepd COMMAND --help tells more. Exit status: 0 done, 1 no, 2 usage, "
                 "4 bad file or I/O.\n");
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("kopgroepd %s\n", KG_VERSION);
        return 0;
    }
    if (strcmp(name, KG_DOOR_ARGUMENT) == 0)
        return kg_door_run();
    for (const kg_broker_command *command = kg_broker_commands; command->name; command++)
        if (strcmp(command->name, name) == 0) {
            char full[64]; /* what usage and mistakes begin with */
            snprintf(full, sizeof full, "kopgroepd %s", name);
            argv[1] = full;
            return command->run(argc - 1, argv + 1);
        }
    if (name[0])
        fprintf(stderr, "kopgroepd: there is no command '%s'.\n\n", name);
    print_usage(stderr);
    return 2;
}
