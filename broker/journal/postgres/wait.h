/* SPDX-License-Identifier: EUPL-1.2 */
/* Time that passes: the monotonic clock, and waiting for it. */
#ifndef KG_POSTGRES_WAIT_H
#define KG_POSTGRES_WAIT_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

int64_t kg_wait_now_ms(void);
/* So long from now, for a condition that kg_wait_condition() made. */
struct timespec kg_wait_until(int64_t ms);
void kg_wait_condition(pthread_cond_t *condition);
/* Between two attempts to reach a server. */
void kg_wait_a_little(void);

#endif
