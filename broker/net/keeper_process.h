/* SPDX-License-Identifier: EUPL-1.2 */
/* A door as a process: its beginning and its end. */
#ifndef KG_KEEPER_PROCESS_H
#define KG_KEEPER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts a door, which ends with the calling thread; `end`: this side's end of its channel, the
 * caller's from then on. Less than 0, with a sentence, when that cannot be. */
pid_t kg_keeper_spawn(int *end, char error[static 200]);
/* Ends it unless it does so itself in time, and forgets it. True when its exit status was 0; else
 * `ended` says how. */
bool kg_keeper_reap(pid_t pid, int wait_ms, char ended[static 100]);

#endif
