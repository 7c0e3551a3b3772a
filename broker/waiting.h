/* SPDX-License-Identifier: EUPL-1.2 */
/* Messages that wait until they can be answered, in the order in which they came: then they are
 * handled from the beginning again. What for, say aside.h and follower.h. */
#ifndef KG_WAITING_H
#define KG_WAITING_H

#include <stddef.h>

#include "broker/net/net.h"

struct kg_core;

/* All zero: none. */
typedef struct kg_waiting {
    kg_net_message *messages; /* owned, with what they hold */
    size_t count, capacity;
} kg_waiting;

/* Takes the message with what it holds. */
void kg_waiting_put(kg_waiting *waiting, kg_net_message *message);
/* Handles all that are there; some may be put there again. */
void kg_waiting_handle(kg_waiting *waiting, struct kg_core *core);
/* Forgets them. */
void kg_waiting_drop(kg_waiting *waiting);

#endif
