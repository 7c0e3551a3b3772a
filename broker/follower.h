/* SPDX-License-Identifier: EUPL-1.2 */
/* What the core does while another broker leads: it takes in what that one commits, and so answers
 * questions; who has seen more than this one is answered once it is here too, or is told that it
 * is not. Until it leads itself. */
#ifndef KG_FOLLOWER_H
#define KG_FOLLOWER_H

#include "broker/core.h"

/* From now on it follows: the store holds the journal up to its last record. `wake` as of
 * kg_pursuit_start(). */
void kg_follower_begin(kg_core *core, void (*wake)(void *context), void *context);
/* Takes in some of what came; answers who waited for it, or waited long enough. It leads
 * (core->pursuit is NULL) or failed afterwards, or neither. True: there is more to do at once. */
bool kg_follower_turn(kg_core *core);
/* How long the core may sleep. */
int kg_follower_idle_ms(const kg_core *core, int most_ms);
void kg_follower_end(kg_core *core);

typedef enum kg_recency {
    KG_RECENCY_GOOD,   /* what was seen elsewhere is here too */
    KG_RECENCY_WAIT,   /* put it by: kg_follower_put() */
    KG_RECENCY_BEHIND  /* it was waited for in vain */
} kg_recency;

/* May a question be answered whose asker has seen record `seen`? */
kg_recency kg_follower_recency(kg_core *core, kg_arrival *arrival, uint64_t seen);
/* Says that another one leads, and where. */
void kg_follower_refuse(const kg_core *core, kg_reply *reply);
/* Takes the message, which is handled again later. */
void kg_follower_put(kg_core *core, kg_net_message *message);

#endif
