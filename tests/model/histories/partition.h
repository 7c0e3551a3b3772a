/* SPDX-License-Identifier: EUPL-1.2 */
/* A way to a broker on which connections are cut, stand still for a while, or go on in one
 * direction only, and which is gone as a whole for a while: it listens at a port of its own and
 * passes on what comes, in either direction, until after some bytes, drawn from the seed, the next
 * fault happens. A thread of its own. Ends the program when it cannot. */
#ifndef PARTITION_H
#define PARTITION_H

#include <stdint.h>

typedef struct partition partition;

typedef struct partition_counts {
    uint64_t connections;
    uint64_t reset;  /* both sides at once, and what was on its way is lost */
    uint64_t closed; /* both sides, after all that was read */
    uint64_t halved; /* one direction ends, the other goes on */
    uint64_t stalls; /* one direction stands still for 1 to 1000 ms */
    uint64_t parted; /* all connections do, and no new one is made */
} partition_counts;

/* To what listens at this port of the loopback interface, now or later. */
partition *partition_begin(uint16_t port, uint64_t seed);
uint16_t partition_port(const partition *of);
/* Cuts all connections that are left. */
partition_counts partition_end(partition **of);

#endif
