/* SPDX-License-Identifier: EUPL-1.2 */
/* Those who have no key, each in a process of its own: they speak TCP to a broker's sockets, and
 * never ZMTP as it should be. Make them before there are threads, and before there is a broker:
 * they wait until they are told where to go. */
#ifndef FAULT_STRANGERS_H
#define FAULT_STRANGERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "proto/access_file.h"

struct strangers {
    pid_t child;
    int in;  /* where to go */
    int out; /* what it counted, at its end */
};

typedef struct strangers_count {
    uint64_t connections; /* that were made */
    uint64_t failed;      /* that could not be */
    uint64_t closed;      /* by the broker */
    double longest_s;     /* that one stood until then */
} strangers_count;

/* Makes `connections` connections, from addresses of the whole loopback network, and sends
 * something malformed by each: noise, HTTP, greetings that are none, commands and frames whose
 * lengths are wrong; many are cut off in the middle. */
struct strangers strangers_flood(uint64_t connections, uint64_t seed);
/* Has `connections` at any time, half of which say nothing, while the others send a right greeting,
 * a byte a second; what is closed is opened again. */
struct strangers strangers_dawdle(size_t connections);

void strangers_go(const struct strangers *strangers, const kg_broker_access *access);
/* Has the flood come to its end? */
bool strangers_ended(const struct strangers *strangers);
/* Ends them, waits for the end, and tells what was counted. */
strangers_count strangers_end(struct strangers *strangers);

#endif
