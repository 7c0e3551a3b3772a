/* SPDX-License-Identifier: EUPL-1.2 */
/* Random histories as members live them: bodies, some of them under one parent, plan and amend,
 * rounds come and are grouped, confirmed and concluded, lots fail, expire or are launched, volume
 * is published between; all that two of the bodies and a reader are told is kept (member_told.h).
 *
 * A life can be lived again with other amounts in others' plans and all else the same: a twin. */
#ifndef MEMBER_LIFE_H
#define MEMBER_LIFE_H

#include "broker/query/disclosure_pool.h"
#include "helper_world.h"

#define MEMBER_BODIES 14
#define MEMBER_READS "READER" /* plans nothing */
#define MEMBER_KEYS 3
#define MEMBER_POOL (MEMBER_BODIES * MEMBER_KEYS)
#define MEMBER_ROUNDS 4
#define MEMBER_CLAIMS MEMBER_POOL
#define NO_END 1e300 /* of a fact: nothing limits it above */

/* Who is told: the first two bodies, and a body that only reads. */
enum { MEMBER_FIRST, MEMBER_SECOND, MEMBER_READER, MEMBER_EARS };

enum {
    MEMBER_QUANTITY, MEMBER_QUANTITY_MAX, MEMBER_VALUE, MEMBER_VALUE_MAX, MEMBER_QUANTITY_MIN,
    MEMBER_FIGURES
};

/* An unknown of the attacker: an amount that somebody chose. */
typedef struct member_amount {
    uint32_t body; /* number in the life */
    bool value;    /* cents, of whole EUR; else pieces */
    int64_t truth;
} member_amount;

/* A figure of a line: that many times an amount; 0 times: it has none. */
typedef struct member_term {
    uint32_t amount;
    int64_t times;
} member_term;

/* A line as it was submitted once. */
typedef struct member_line {
    uint32_t body;
    member_term figures[MEMBER_FIGURES];
} member_line;

/* What somebody was told: a figure, summed over these lines, lies between two limits. */
typedef struct member_fact {
    const char *what;
    uint32_t ears;   /* who was told: a bit each */
    bool contract;   /* told since a lot was launched */
    int figure;
    double least, most; /* the same: exactly */
    uint32_t *lines; /* owned; numbers of submissions */
    size_t count;
} member_fact;

typedef struct member_life {
    world w;
    uint64_t seed, random;
    kg_disclosure_rules rules;
    /* Of a twin: amounts in the order in which they are chosen; NULL: they are drawn. */
    const int64_t *instead;
    size_t instead_count;
    bool letters;      /* ask everything there is, for a twin to be held against */
    bool plant_sums;   /* a leak: exact sums of lots from the proposal on */
    bool plant_unseen; /* a leak that is in no fact: sums over all plans */
    bool launches;     /* some lots are launched; else none is */

    member_amount *amounts; /* owned */
    size_t amounts_count, amounts_capacity;
    member_line *lines; /* owned; by submission */
    size_t lines_count, lines_capacity;
    uint32_t present[MEMBER_POOL]; /* submission of each line of the pool, as it stands */
    uint32_t counted[MEMBER_POOL]; /* submission that a published class counts */
    uint32_t class[MEMBER_POOL];   /* that class, or 0 */
    uint32_t claimed[MEMBER_ROUNDS][MEMBER_CLAIMS]; /* submission of each claim */
    size_t rounds;
    int rough, small; /* per cent of amounts that are unlike the others; of small lives */

    kg_disclosure_history *history;
    kg_version *version;

    member_fact *facts; /* owned */
    size_t facts_count, facts_capacity;
    kg_buffer told[MEMBER_EARS]; /* all that each was told, in order */
    size_t lots_seen, launched;
} member_life;

/* Sets what a life follows from; the caller may then set rules, plants and `instead`. */
void member_life_init(member_life *l, uint64_t seed);
/* Lives it, from the first plan to the end. */
void member_life_live(member_life *l);
void member_life_fini(member_life *l);

/* "O00"; a body's holding as the number of its topmost body. */
void member_name(uint32_t body, char out[static 8]);
uint32_t member_holding(const member_life *l, uint32_t body);
/* The truth of a figure of a line. */
int64_t member_figure(const member_life *l, uint32_t line, int figure);

#endif
