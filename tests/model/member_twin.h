/* SPDX-License-Identifier: EUPL-1.2 */
/* Twins: the same life with other amounts in others' plans, found by an integer programme over the
 * facts and then lived. Where the attacker is told the same, to the letter, in answers, errors,
 * feeds, counts, order and time, then no way there may be tells it an amount better than the two
 * lives differ. Where no twin is found that may also be because lots came out otherwise, which says
 * which of two sums is more; nothing is concluded then. */
#ifndef MEMBER_TWIN_H
#define MEMBER_TWIN_H

#include "member_attack.h"

typedef struct member_twins {
    size_t sought;   /* amounts for which the facts allow one */
    size_t found;    /* of them, such as tell the attacker the same */
    char other[400]; /* where the first life that is no twin parts from the true one */
} member_twins;

/* Seeks one that is apart by more than MEMBER_PERCENT for each of some amounts, `count` at most, of
 * a life that was lived with `letters`. */
void member_twins_seek(const member_life *l, uint32_t ears, size_t count, member_twins *twins);

#endif
