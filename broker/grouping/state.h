/* SPDX-License-Identifier: EUPL-1.2 */
/* Lots in the making: which item is in which lot, what each lot comes to, and the score, kept up
 * as items come and go. Internal to grouping. Owns its arrays, borrows the instance. */
#ifndef KG_STATE_H
#define KG_STATE_H

#include "broker/grouping/instance.h"

#define KG_NO_ITEM UINT32_MAX

typedef struct kg_making {
    kg_span span;
    int64_t steps;
    uint32_t first; /* a member, or KG_NO_ITEM; the others through `next` */
    uint32_t count, bodies;
    bool open;
} kg_making;

/* The five components. */
typedef struct kg_worth {
    int64_t binding, bodies;
    kg_int128 ambition, value;
    int64_t lots;
} kg_worth;

typedef struct kg_state {
    const kg_instance *instance;
    uint32_t *lot_of;       /* by item */
    uint32_t *next, *before; /* by item: its lot's members as a list */
    kg_making *lots;        /* bins first; then lots, some of them closed */
    uint32_t lots_count, lots_capacity;
    uint32_t lots_open; /* so many at the beginning are open, at least */
    uint32_t *placed, *binding; /* by body: placed lines, placed binding lines; bins count one */
    kg_worth worth;
    void *memory; /* all of the above */
    size_t memory_bytes;
} kg_state;

void kg_state_init(kg_state *state, const kg_instance *instance);
void kg_state_fini(kg_state *state);
/* Both of the same instance. */
void kg_state_copy(kg_state *to, const kg_state *from);

/* An open lot without members. */
uint32_t kg_state_open(kg_state *state);
/* The item is in no lot; whether it fits was asked before. */
void kg_state_add(kg_state *state, uint32_t item, uint32_t lot);
/* The same for all members of a new lot at once; `bodies`: how many they are of. */
void kg_state_add_all(kg_state *state, const uint32_t *items, size_t count, uint32_t bodies,
                      uint32_t lot);
void kg_state_remove(kg_state *state, uint32_t item);
/* Removes all items; a bin stays, any other lot is closed. */
void kg_state_dissolve(kg_state *state, uint32_t lot);
/* After items left: makes the lot keep the rules again, in the last resort by dissolving it. */
void kg_state_settle(kg_state *state, uint32_t lot);
/* Does it reach the minima? A bin does. */
bool kg_state_reaches(const kg_state *state, uint32_t lot);

/* Above 0 when a is better. */
int kg_worth_compare(const kg_worth *a, const kg_worth *b);

#endif
