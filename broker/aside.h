/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions that are put aside, since the volume that they ask for has to be made first: over many
 * lines that takes seconds, so it is done some lines at a time, between other messages. */
#ifndef KG_ASIDE_H
#define KG_ASIDE_H

#include "broker/core.h"

/* No more may be put aside. */
bool kg_aside_full(const kg_core *core);
/* Takes the message with what it holds. */
void kg_aside_put(kg_core *core, kg_net_message *message);
/* Goes on with what they wait for, and handles them once it is there. True while there is more to
 * do. */
bool kg_aside_work(kg_core *core);
/* Forgets those still waiting. */
void kg_aside_drop(kg_core *core);

#endif
