/* SPDX-License-Identifier: EUPL-1.2 */
/* All that members and readers are told in a life, kept twice: word for word, and as what it says
 * of sums of amounts. Which lines a sum is of is taken from the truth: the attacker is assumed to
 * know everything but amounts. */
#ifndef MEMBER_TOLD_H
#define MEMBER_TOLD_H

#include "member_life.h"

/* What a body's own command came to. */
void member_told_answer(member_life *l, uint32_t body, kg_status status);
/* Everybody who listens asks everything. */
void member_told_all(member_life *l);
/* A version was published: its cells, for all who listen. */
void member_told_version(member_life *l);

#endif
