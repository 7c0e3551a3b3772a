/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/clock.h"

#include <time.h>

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t read_ms(clockid_t clock)
{
    return read_us(clock) / 1000;
}

kg_moment kg_clock_now(void)
{
    int64_t now = read_ms(CLOCK_REALTIME);
    return (kg_moment){.time_ms = now, .today = (kg_date)(now / 86400000)};
}

int64_t kg_clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t kg_clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}
