/* SPDX-License-Identifier: EUPL-1.2 */
/* The commands of kopgroepd: each takes its own argv (its name first) and returns the exit
 * status: 0 done, 1 the rules or the broker said no, 2 usage, 4 bad input file or local I/O. */
#ifndef KG_COMMANDS_H
#define KG_COMMANDS_H

typedef struct kg_broker_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} kg_broker_command;

int kg_cmd_init(int argc, char **argv);
int kg_cmd_run(int argc, char **argv);
int kg_cmd_check_config(int argc, char **argv);
int kg_cmd_config(int argc, char **argv);
int kg_cmd_group(int argc, char **argv);
int kg_cmd_journal(int argc, char **argv);
int kg_cmd_doctor(int argc, char **argv);

#endif
