/* SPDX-License-Identifier: EUPL-1.2 */
/* The attacker among members: has all that one or two members and a reader were told in a life of
 * sums (member_told.h), and their own plans, and knows everything else but amounts; finds by linear
 * programming what each other amount can be at least and at most.
 *
 * Not promised (SECURITY.md), and so left out of what it has, by name:
 *
 * | what | why |
 * | --- | --- |
 * | a lot's sums from its launch on: exact, its tender's, what is left, the notice | the contract |
 * | awards, and each call-off under them | the contract |
 * | what a coordinator sees of its rounds | its work; each reading is recorded and shown |
 * | limits of a round, and the threshold, that lie close together | lives have none |
 * | which lots were formed, and why not: one comparison of sums each | grouping itself |
 * | a catalogue with other reference prices while lots stand | lives have one |
 *
 * Amounts are bounded when the limits leave an estimate that is right within MEMBER_PERCENT: a
 * band always limits from one side. Of exact sums alone, as those in published cells, more is
 * asked: that no limit, from above or below, comes so near. */
#ifndef MEMBER_ATTACK_H
#define MEMBER_ATTACK_H

#include "linear_programme.h"
#include "member_life.h"

#define MEMBER_PERCENT 15
/* An estimate e of what lies between a and b is right within p % when (1 - p) e <= a and
 * b <= (1 + p) e. */
#define MEMBER_APART ((100.0 + MEMBER_PERCENT) / (100.0 - MEMBER_PERCENT))

typedef struct member_verdict {
    size_t targets;  /* amounts that were sought */
    size_t bounded;
    size_t limited;  /* that exact sums alone bound from above or below so nearly */
    size_t solved;   /* linear programmes */
    char first[400]; /* the first that was bounded */
} member_verdict;

/* Adds to the verdict. `ears`: who listens, a bit each. */
void member_attack(const member_life *l, uint32_t ears, member_verdict *verdict);

/* What an attacker has. */
typedef struct member_case {
    const member_life *life;
    uint32_t ears;
    bool contract; /* with facts of launched lots */
    bool exact;    /* with exact sums alone */
} member_case;

/* Is the body, or another of its holding, one of those that listen? */
bool member_listens(const member_life *l, uint32_t ears, uint32_t body);
bool member_knows(const member_case *by, const member_fact *fact);
/* An amount as its column counts it: pieces or EUR. */
double member_truth(const member_life *l, size_t amount);
/* Columns: amounts. Adds a row for each fact, and what the attacker has chosen itself. */
void member_know_all(linear_programme *p, const member_case *by);

#endif
