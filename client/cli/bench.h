/* SPDX-License-Identifier: EUPL-1.2 */
/* What `kopgroep bench` measures with: how long each of many took, a broker of its own, and
 * clients that submit at the same time. */
#ifndef KOPGROEP_CLI_BENCH_H
#define KOPGROEP_CLI_BENCH_H

#include <jansson.h>
#include <sys/types.h>

#include "client/kopgroep.h"

#define BENCH_CLIENTS_MAX 64
#define BENCH_PATH_BYTES 4096

double bench_now_s(void);
/* From here on SIGINT and SIGTERM only end the measurement, which then leaves nothing behind. */
void bench_catch_signals(void);
bool bench_interrupted(void);

/* ---- how long each took ---- */

typedef struct bench_times {
    float *ms; /* owned */
    size_t count, capacity;
} bench_times;

void bench_times_add(bench_times *times, double ms);
/* Takes the times of `from`. */
void bench_times_join(bench_times *times, bench_times *from);
/* {"work", "clients", "per_second", "unit", "p50_ms", "p99_ms"}; each of them was of `size` units,
 * and all were done within `seconds`. New reference. */
json_t *bench_times_row(bench_times *times, const char *work, size_t clients, size_t size,
                        const char *unit, double seconds);
void bench_times_fini(bench_times *times);

/* ---- a broker of its own ---- */

typedef struct bench_broker {
    char folder[BENCH_PATH_BYTES]; /* made in the folder that was named; goes with the broker */
    char access[BENCH_PATH_BYTES + 64], administrator[BENCH_PATH_BYTES + 64];
    pid_t pid;
} bench_broker;

/* Starts kopgroepd, which stands beside this program or in the PATH, on a fresh folder in `parent`
 * with this catalogue, on loopback. False after saying on stderr why not; nothing is left then. */
bool bench_broker_start(bench_broker *broker, const char *parent, const char *catalogue);
/* Ends it and removes its folder. */
void bench_broker_stop(bench_broker *broker);

/* ---- clients that submit at the same time ---- */

/* `clients` (up to BENCH_CLIENTS_MAX) organisations of the broker, registered here, submit plans of
 * `lines` lines each, one after the other, for so many seconds. Returns a row as above, or NULL
 * after saying why. */
json_t *bench_submit(const bench_broker *broker, size_t clients, size_t lines, double seconds);

#endif
