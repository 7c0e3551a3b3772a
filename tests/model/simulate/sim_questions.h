/* SPDX-License-Identifier: EUPL-1.2 */
/* Random questions about what there is. */
#ifndef SIM_QUESTIONS_H
#define SIM_QUESTIONS_H

#include "broker/domain/state.h"

/* One that a key with these roles may ask, mostly. */
void sim_question(const kg_state *state, uint32_t roles, kg_query *out);
/* Does the answer follow from the journal's records alone? */
bool sim_question_compares(kg_view view);

#endif
