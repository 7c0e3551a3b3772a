/* SPDX-License-Identifier: EUPL-1.2 */
/* The commands of kopgroepd: each takes its own argv (its name first) and returns the exit
 * status: 0 done, 1 the rules or the broker said no, 2 usage, 4 bad input file or local I/O. */
#ifndef KG_COMMANDS_H
#define KG_COMMANDS_H

#include <argp.h>

typedef struct kg_broker_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
    const struct argp *argp; /* its options; operands that are words ("dump|verify DIR") */
} kg_broker_command;

/* All of them, ended by one without a name: dispatch, usage and completion come from it. */
extern const kg_broker_command kg_broker_commands[];

int kg_cmd_init(int argc, char **argv);
int kg_cmd_run(int argc, char **argv);
int kg_cmd_check_config(int argc, char **argv);
int kg_cmd_config(int argc, char **argv);
int kg_cmd_group(int argc, char **argv);
int kg_cmd_journal(int argc, char **argv);
int kg_cmd_doctor(int argc, char **argv);
int kg_cmd_completion(int argc, char **argv);

extern const struct argp kg_argp_init, kg_argp_run, kg_argp_check_config, kg_argp_config,
    kg_argp_group, kg_argp_journal, kg_argp_doctor, kg_argp_completion;

#endif
