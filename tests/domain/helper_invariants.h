/* SPDX-License-Identifier: EUPL-1.2 */
/* What holds of every state, whatever happened. */
#ifndef HELPER_INVARIANTS_H
#define HELPER_INVARIANTS_H

#include "broker/domain/state.h"

/* Returns whether all hold; else `wrong` says which does not. */
bool invariants_hold(const kg_state *state, char wrong[static 300]);

#endif
