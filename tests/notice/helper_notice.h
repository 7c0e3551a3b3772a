/* SPDX-License-Identifier: EUPL-1.2 */
/* Notices of random rounds: worlds of helper_world.h with organisations, lines and lots of any
 * kind, as the broker answers for them. */
#ifndef HELPER_NOTICE_H
#define HELPER_NOTICE_H

#include "../query/helper_asking.h"

#include "client/notice/notice.h"

typedef struct dice {
    uint64_t state;
} dice;

/* From 0 up to, without, `most`. */
uint32_t chance_below(dice *chance, uint32_t most);

/* What the coordinator is answered of a round with at least one lot. Returns owned. */
json_t *random_facts(uint64_t seed);
/* A notice file (its text, owned) that gives whatever any subtype of a notice of these facts can
 * need. */
char *whole_file(const json_t *facts, uint64_t seed, int subtype);
/* The notice of both; fails the test when the file is wrong. */
void notice_make(kg_notice *notice, json_t *facts, const char *file, int subtype, uint64_t seed);

#endif
