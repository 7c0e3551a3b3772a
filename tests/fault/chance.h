/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers that a seed gives again: a linear congruential generator, of whose state the upper bits
 * are used. */
#ifndef FAULT_CHANCE_H
#define FAULT_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* 0 to 2^31 - 1. */
static inline uint32_t chance_next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Less than `below`, which is not 0. */
static inline uint32_t chance_below(uint64_t *seed, size_t below)
{
    return (uint32_t)(chance_next(seed) % below);
}

#endif
