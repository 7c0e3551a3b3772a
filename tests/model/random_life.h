/* SPDX-License-Identifier: EUPL-1.2 */
/* A random life of a deployment: organisations, plans, rounds, answers, tenders, dates that pass.
 * The same seed lives the same life. */
#ifndef RANDOM_LIFE_H
#define RANDOM_LIFE_H

#include "helper_world.h"

#define TITLE_OF "planned-by-" /* and the organisation: title of its lines */

typedef struct life {
    world *w;
    uint64_t random;
    size_t rounds;              /* opened so far */
    size_t tenders;
    size_t steps;
    size_t taken[128], refused[128]; /* by kind */
    size_t moved, exhausted, expired, failed, partial; /* seen in the end */
    bool wide; /* the other catalogue is in force */
    /* Called with every command as it is sent, before it is taken; NULL: nothing. */
    void (*sent)(void *context, const char *actor, kg_kind kind, const kg_buffer *bytes);
    /* Takes every command in the world's place, which then is only looked at; NULL: the world does.
     * Without bytes: what only a broker decides (CATALOGUE, LINES_READ), or time passes (NONE). */
    void (*take)(void *context, const char *actor, kg_kind kind, const kg_buffer *bytes);
    void *context;
} life;

/* A catalogue that has more of everything than helper_world.h's. */
extern const char life_wide_catalogue[];

void life_init(life *l, world *w, uint64_t seed);
/* One random thing happens, through the codec as on the wire. */
void life_step(life *l);
/* Counts what the end shows. */
void life_sum_up(life *l);

#endif
