/* SPDX-License-Identifier: EUPL-1.2 */
/* A round's figures for its coordinator: how clear the signal to the market is, how much of the
 * value goes under kopgroep criteria, whether small bodies count. */
#ifndef KG_FIGURES_H
#define KG_FIGURES_H

#include "broker/domain/state.h"

typedef struct kg_category_figures {
    kg_category category;
    uint64_t vectors; /* distinct level vectors of its lots: the fewer, the clearer the signal */
} kg_category_figures;

typedef struct kg_round_figures {
    uint64_t placed;                 /* lines */
    kg_int128 value, value_kopgroep; /* of placed lines; of those in kopgroep lots */
    kg_category_figures *categories; /* owned */
    size_t categories_count;
    /* A small body could not reach the threshold of its type alone: the sum of its claimed lines
     * at maximum stays below. 0 when no threshold is known for the round's award_by. */
    uint64_t small_bodies, small_bodies_placed;
    uint64_t answers_open; /* lines whose body has still to confirm or decline */
} kg_round_figures;

void kg_round_figures_count(const kg_state *state, const kg_campaign *campaign,
                            kg_round_figures *out);
void kg_round_figures_fini(kg_round_figures *figures);

#endif
