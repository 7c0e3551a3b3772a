/* SPDX-License-Identifier: EUPL-1.2 */
/* What the date asks of the broker itself: decided and journalled like any command. */
#ifndef KG_DUE_H
#define KG_DUE_H

#include "broker/core.h"

/* Decides what is due. Looks when the day or something else than plans has changed; what was
 * refused is tried again after a minute, and holds up nothing else. In read-only mode nothing is
 * decided. */
void kg_due_decide(kg_core *core);
/* A command of the broker's own was refused, by these words in the log. */
void kg_due_refused(kg_core *core, const char *round, kg_kind kind, kg_status status);

#endif
