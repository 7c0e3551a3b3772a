/* SPDX-License-Identifier: EUPL-1.2 */
/* What the core tells of itself: copied into the vitals, where others read it. */
#ifndef KG_OBSERVE_H
#define KG_OBSERVE_H

#include "broker/core.h"

/* The core's thread, a few times a second. */
void kg_observe(kg_core *core, const kg_journal_usage *room);

#endif
