/* SPDX-License-Identifier: EUPL-1.2 */
/* The broker in the simulated world: all that kopgroepd runs, but for its threads and files. */
#ifndef SIM_BROKER_H
#define SIM_BROKER_H

#include <stdint.h>

typedef struct sim_outcome {
    uint8_t trace[32]; /* SHA-256 over all that happened, and when */
    char state[65];    /* of the state in the end, hexadecimal */
} sim_outcome;

/* Lives one life of a deployment to its end, with all that may befall it. */
void sim_live(uint64_t seed, unsigned steps, sim_outcome *out);

#endif
