/* SPDX-License-Identifier: EUPL-1.2 */
/* Checkpoints behind checkpoint.h, in memory: the last one that was written whole is there. */
#ifndef SIM_CHECKPOINT_H
#define SIM_CHECKPOINT_H

void sim_checkpoint_begin(void);
/* It is lost: it was not synced. */
void sim_checkpoint_lose(void);

#endif
