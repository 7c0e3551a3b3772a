/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/commands.h"

#include <stddef.h>

const kg_broker_command kg_broker_commands[] = {
    {"init", kg_cmd_init, "make a broker's folder, its keys and the first administrator",
     &kg_argp_init},
    {"run", kg_cmd_run, "run the broker", &kg_argp_run},
    {"check-config", kg_cmd_check_config, "check broker.conf and the catalogue it names",
     &kg_argp_check_config},
    {"config", kg_cmd_config, "show the settings, and where each comes from", &kg_argp_config},
    {"group", kg_cmd_group, "group plan lines offline", &kg_argp_group},
    {"journal", kg_cmd_journal, "dump, verify, back up or restore a journal", &kg_argp_journal},
    {"doctor", kg_cmd_doctor, "check this machine: disk, clock, ports, limits", &kg_argp_doctor},
    {"completion", kg_cmd_completion, "completion of commands and options, for your shell",
     &kg_argp_completion},
    {NULL, NULL, NULL, NULL},
};
