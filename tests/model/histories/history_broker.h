/* SPDX-License-Identifier: EUPL-1.2 */
/* A kopgroepd of one's own that is killed and started again, in a fresh folder, on ports that stay
 * the same. Ends the program when it cannot. */
#ifndef HISTORY_BROKER_H
#define HISTORY_BROKER_H

#include <sys/types.h>

typedef struct history_broker {
    const char *kopgroepd; /* path of the program */
    char folder[200];      /* the broker's is FOLDER/broker; keys beside it */
    pid_t pid;
    unsigned starts;
} history_broker;

/* Makes the folder, and serves. */
void history_broker_begin(history_broker *broker, const char *kopgroepd, const char *catalogue);
/* Returns once it serves. */
void history_broker_start(history_broker *broker);
void history_broker_kill(history_broker *broker);
/* Kills it and removes the folder. */
void history_broker_end(history_broker *broker);
/* FOLDER/NAME */
void history_path(const history_broker *broker, const char *name, char out[static 300]);

#endif
