/* SPDX-License-Identifier: EUPL-1.2 */
/* One who subscribes to every feed, asks for much and then reads nothing: a process of its own,
 * which stops itself. Make it before there are threads. */
#ifndef FAULT_STALLED_H
#define FAULT_STALLED_H

#include <sys/types.h>

struct stalled {
    pid_t child;
    int in, out;
};

struct stalled stalled_make(void);
/* Connects to the broker of a folder, as its administrator; returns once it has stopped. */
void stalled_stop(const struct stalled *stalled, const char *folder);
void stalled_end(struct stalled *stalled);

#endif
