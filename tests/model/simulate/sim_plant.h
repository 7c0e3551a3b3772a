/* SPDX-License-Identifier: EUPL-1.2 */
/* Faults that are planted: the world breaks a promise that the broker builds on, or says something
 * else than it did. What is held against the broker must find each of them, or it finds nothing. */
#ifndef SIM_PLANT_H
#define SIM_PLANT_H

#include <stddef.h>
#include <stdint.h>

#include "proto/outcome.h"

typedef enum sim_plant {
    SIM_PLANT_NONE,
    SIM_PLANT_UNSYNCED,         /* a kill takes a record that was durable */
    SIM_PLANT_FORGETFUL,        /* the journal no longer knows which requests it has */
    SIM_PLANT_STALE_CHECKPOINT, /* it says that it is of a later record */
    SIM_PLANT_WRONG_ANSWER,     /* a digit of it is another one */
    SIM_PLANT_WRONG_RECEIPT,    /* a bit of its chain value is another one */
    SIM_PLANT_EARLY_HINT,       /* of an entry that there is not yet */
    SIM_PLANT_LOST_LINE,        /* a line is left out of a grouping, and nothing says why */
    SIM_PLANTS
} sim_plant;

const char *sim_plant_name(sim_plant plant);
/* Makes a reply another one where that is planted. */
void sim_plant_in_reply(uint8_t *bytes, size_t count);
void sim_plant_in_outcome(kg_outcome *outcome);

#endif
