/* SPDX-License-Identifier: EUPL-1.2 */
/* What concluding a round comes to before any re-run: which lines stay in their lots by their
 * answers and the rule of silence, and which lots still reach the minima with them. Check and
 * apply both ask here, so that they cannot differ. */
#ifndef KG_CONCLUSION_H
#define KG_CONCLUSION_H

#include "broker/domain/state_private.h"

/* A lot that is being confirmed. */
typedef struct kg_standing {
    uint32_t lot;  /* index into the state's lots */
    size_t lines;  /* that stay */
    bool healthy;  /* at or above all minima, with those alone */
    char why[200]; /* of a lot that is not: what it falls short of */
} kg_standing;

typedef struct kg_conclusion {
    uint8_t *stays;         /* owned; by place in the claims */
    kg_standing *standings; /* owned; in the order in which the lots were made */
    size_t count;
    size_t healthy, failing_lines; /* lots; lines that stay in lots that are not healthy */
} kg_conclusion;

void kg_conclusion_init(kg_conclusion *conclusion, const kg_state *state, uint32_t campaign);
void kg_conclusion_fini(kg_conclusion *conclusion);
/* Is there a re-run? Only at the first conclusion, of lines whose lots fall short. */
bool kg_conclusion_reruns(const kg_conclusion *conclusion, const kg_campaign *campaign);
/* The lot behind the number of a fixed lot in the re-run: the healthy ones, in order. */
uint32_t kg_conclusion_fixed(const kg_conclusion *conclusion, uint32_t number);
/* A claim's answer with silence decided: yes for a binding line, else no. */
kg_answer kg_answer_final(const kg_claim *claim);

#endif
