/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd: finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include "broker/commands.h"
#include "broker/net/door.h"

static const kg_broker_command commands[] = {
    {"init", kg_cmd_init, "make a broker's folder, its keys and the first administrator"},
    {"run", kg_cmd_run, "run the broker"},
    {"check-config", kg_cmd_check_config, "check broker.conf and the catalogue it names"},
    {"config", kg_cmd_config, "show the settings, and where each comes from"},
    {"group", kg_cmd_group, "group plan lines offline"},
    {"journal", kg_cmd_journal, "dump, verify, back up or restore a journal"},
    {"doctor", kg_cmd_doctor, "check this machine: disk, clock, ports, limits"},
};

static void print_usage(FILE *out)
{
    fprintf(out,
            "Examples:\n"
            "  kopgroepd init --catalogue config/catalogue.conf /var/lib/kopgroep\n"
            "  kopgroepd run -c /var/lib/kopgroep/broker.conf\n"
            "  kopgroepd group --catalogue config/catalogue.conf round.conf lines.csv\n\n"
            "Usage: kopgroepd COMMAND [OPTION...]\n\nCommands:\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].summary);
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
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0) {
            char full[64]; /* what usage and mistakes begin with */
            snprintf(full, sizeof full, "kopgroepd %s", name);
            argv[1] = full;
            return commands[i].run(argc - 1, argv + 1);
        }
    if (name[0])
        fprintf(stderr, "kopgroepd: there is no command '%s'.\n\n", name);
    print_usage(stderr);
    return 2;
}
