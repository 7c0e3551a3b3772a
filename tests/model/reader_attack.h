/* SPDX-License-Identifier: EUPL-1.2 */
/* The attacker: has every published sum of a life, knows which unknowns are in which, and the
 * amounts of up to two holdings; finds by linear programming (GLPK) what everything else can be at
 * least and at most. */
#ifndef READER_ATTACK_H
#define READER_ATTACK_H

#include "reader_life.h"

#define ATTACK_PERCENT 15

typedef struct attack_result {
    size_t targets;  /* amounts of bodies that were sought */
    size_t bounded;  /* from above or below, nearer to the truth than ATTACK_PERCENT */
    size_t solved;   /* linear programmes */
    char first[300]; /* the first that was bounded */
} attack_result;

/* Adds to the result. `coalition`: 0, 1 or 2 holdings whose amounts are known; of every target
 * those are taken that contribute most to the same sums. */
void attack(reader_life *l, int measure, int coalition, attack_result *result);

#endif
