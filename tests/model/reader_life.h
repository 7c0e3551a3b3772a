/* SPDX-License-Identifier: EUPL-1.2 */
/* Random histories of plans as readers see them: bodies, some of them under one parent, submit,
 * amend and withdraw lines, and now and then a version of the volume is published. Keeps what a
 * strong attacker may know of them: which line was counted in which published sum, and when an
 * amount changed, never how much it is. Beside it stands the truth, to hold against what the
 * attacker finds. */
#ifndef READER_LIFE_H
#define READER_LIFE_H

#include "broker/query/disclosure_pool.h"
#include "helper_world.h"

#define READER_BODIES 28
#define READER_KEYS 10
#define READER_LINES (READER_BODIES * READER_KEYS)
#define READER_SUMS_MAX 2048

enum { READER_VALUE, READER_QUANTITY, READER_MEASURES };

/* A set of published sums. */
typedef struct reader_set {
    uint64_t bits[READER_SUMS_MAX / 64];
} reader_set;

/* An unknown of the attacker: an amount of a holding, for as long as it was the same. Lines that
 * were counted in the same sums are one. */
typedef struct reader_piece {
    uint32_t holding;
    int64_t amount; /* the truth */
    reader_set sums;
} reader_piece;

/* A published sum. */
typedef struct reader_sum {
    uint32_t version;
    kg_cell_key at;
    int level;
    int64_t amounts[READER_MEASURES];
} reader_sum;

/* A line, as far as it was counted. */
typedef struct reader_line {
    uint32_t holding, class;
    int64_t counted[READER_MEASURES];     /* in the class */
    reader_piece pieces[READER_MEASURES]; /* of the present amount */
} reader_line;

typedef struct reader_pieces {
    reader_piece *items; /* owned */
    size_t count, capacity;
} reader_pieces;

typedef struct reader_life {
    world w;
    uint64_t random;
    kg_disclosure_rules rules;
    bool forgetful; /* each version knows nothing of those before: a control that must fail */
    kg_disclosure_history *history;
    kg_version *version;
    uint32_t versions;
    reader_line lines[READER_LINES];
    reader_pieces pieces[READER_MEASURES];
    reader_sum sums[READER_SUMS_MAX];
    size_t sums_count;
    size_t bodies;
    int rough;  /* per cent of the amounts that may be much unlike the others */
    int spread; /* per cent of the lines that are of another cell than most */
    int busy; /* the most that happens between two versions */
    size_t changed; /* sums that a version gave a cell that had another */
} reader_life;

void reader_life_init(reader_life *l, uint64_t seed, kg_disclosure_rules rules, bool forgetful);
void reader_life_fini(reader_life *l);
uint64_t reader_next(reader_life *l);
/* Random plans and withdrawals, then a version. */
void reader_life_step(reader_life *l);
/* Ends what is still counted: then `pieces` are whole. No step may follow. */
void reader_life_end(reader_life *l);
bool reader_set_has(const reader_set *set, size_t sum);

#endif
