/* SPDX-License-Identifier: EUPL-1.2 */
/* The simulated world around a broker's core: one seed, one thread, one course of events. It stands
 * in, at link time, for the clock, the log, randomness and signatures; sim_net.c, sim_journal.c,
 * sim_worker.c and sim_checkpoint.c for what their names say. */
#ifndef SIM_H
#define SIM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "proto/identity.h"
#include "sim_plant.h"

typedef struct sim_counts {
    uint64_t boots, kills, stops, failures, checkpoints;            /* of brokers */
    uint64_t sent, again, lost, twice, garbled;                     /* messages of clients */
    uint64_t receipts, recalled, refusals, answers, compared, late; /* replies */
    uint64_t read_only, batches, groupings;
    uint64_t records[128]; /* by kind */
} sim_counts;

typedef struct sim_world {
    uint64_t seed, random;
    int64_t now_us;   /* what passes between events */
    int64_t wall_ms;  /* what the wall clock says beyond that */
    atomic_bool stop; /* the broker is asked to end */
    bool dead;        /* the broker was killed: nothing it does has an effect any more */
    bool calm;        /* no more faults */
    bool disk_low;
    bool loud;           /* tells on stderr what happens */
    sim_plant plant;     /* what is wrong with the world, all along */
    uint64_t calls_left; /* of the broker's into the world, until it is killed; 0: it is not */
    kg_sha256 *trace;    /* of all that happens */
    sim_counts counts;
} sim_world;

/* Exit status of a process in which something was found to be wrong. */
#define SIM_FOUND 9

extern sim_world sim;

void sim_begin(uint64_t seed);
void sim_end(uint8_t trace[KG_SHA256_BYTES]);

int64_t sim_between(int64_t low, int64_t high);
bool sim_chance(int in_thousand);

/* Something happens: it is in the trace. */
__attribute__((format(printf, 1, 2))) void sim_note(const char *format, ...);
/* Something is wrong: says so, with the seed, and ends the process. */
__attribute__((format(printf, 1, 2), noreturn)) void sim_fail(const char *format, ...);

/* The broker calls the world; here it may be killed. */
void sim_call(void);
int64_t sim_wall_ms(void);

/* Events: `action(subject)` at a time, those of the same time in the order in which they came. */
typedef void (*sim_action)(void *subject);
void sim_at(int64_t time_us, sim_action action, void *subject);
/* When the next one is; INT64_MAX: none. */
int64_t sim_next_us(void);
/* Moves the clock there and runs it. */
void sim_run_next(void);
/* Runs all up to a time, and moves the clock there. */
void sim_run_until(int64_t time_us);

/* Who signs next, as the half of the key that others know; NULL: the broker. */
void sim_sign_as(const uint8_t *sign);

#endif
