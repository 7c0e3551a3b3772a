/* SPDX-License-Identifier: EUPL-1.2 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/bench.h"
#include "proto/memory.h"

double bench_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void bench_catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool bench_interrupted(void)
{
    return interrupted != 0;
}

void bench_times_add(bench_times *times, double ms)
{
    times->ms = kg_grow(times->ms, times->count, &times->capacity, sizeof *times->ms);
    times->ms[times->count++] = (float)ms;
}

void bench_times_join(bench_times *times, bench_times *from)
{
    for (size_t i = 0; i < from->count; i++)
        bench_times_add(times, from->ms[i]);
    bench_times_fini(from);
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

json_t *bench_times_row(bench_times *times, const char *work, size_t clients, size_t size,
                        const char *unit, double seconds)
{
    if (times->count == 0)
        return json_pack("{s:s,s:I,s:n}", "work", work, "clients", (json_int_t)clients,
                         "per_second");
    qsort(times->ms, times->count, sizeof *times->ms, compare);
    return json_pack("{s:s,s:I,s:I,s:s,s:f,s:f}", "work", work, "clients", (json_int_t)clients,
                     "per_second", (json_int_t)((double)(times->count * size) / seconds + 0.5),
                     "unit", unit, "p50_ms", (double)times->ms[times->count / 2], "p99_ms",
                     (double)times->ms[times->count * 99 / 100]);
}

void bench_times_fini(bench_times *times)
{
    free(times->ms);
    *times = (bench_times){0};
}
