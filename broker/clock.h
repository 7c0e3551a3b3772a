/* SPDX-License-Identifier: EUPL-1.2 */
/* The clock, read in one place. Days are UTC days. */
#ifndef KG_CLOCK_H
#define KG_CLOCK_H

#include "broker/domain/state.h"

kg_moment kg_clock_now(void);
/* Milliseconds of a clock that only goes forward; for measuring. */
int64_t kg_clock_monotonic_ms(void);
int64_t kg_clock_monotonic_us(void);

#endif
