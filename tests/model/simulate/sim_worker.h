/* SPDX-License-Identifier: EUPL-1.2 */
/* A worker behind worker.h without a thread: an outcome is there a while after the job was given.
 */
#ifndef SIM_WORKER_H
#define SIM_WORKER_H

#include <stdint.h>

/* When the next one can be taken; INT64_MAX: nothing is being grouped. */
int64_t sim_worker_ready_us(void);

#endif
