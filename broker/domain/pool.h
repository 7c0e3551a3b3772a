/* SPDX-License-Identifier: EUPL-1.2 */
/* The pool: every plan line that was ever submitted, in its present form. */
#ifndef KG_POOL_H
#define KG_POOL_H

#include "proto/plan_line.h"

#define KG_NONE UINT32_MAX

typedef struct kg_pool_line {
    kg_plan_line line; /* texts live as long as the state */
    uint32_t member;   /* index of its organisation */
    bool withdrawn;
    uint32_t round;       /* index of the running round that has claimed it, or KG_NONE: free */
    uint32_t last_round;  /* the last round that claimed it, or KG_NONE */
    uint32_t last_claim;  /* its place in that round's claims */
    uint32_t next;        /* the next line of the same organisation, by first submission, or
                             KG_NONE */
    uint64_t sequence;    /* journal record of its last change */
} kg_pool_line;

#endif
