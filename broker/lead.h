/* SPDX-License-Identifier: EUPL-1.2 */
/* Who leads, when a broker starts: it, or another one, which it follows then. */
#ifndef KG_LEAD_H
#define KG_LEAD_H

#include "broker/core.h"

typedef enum kg_lead_verdict {
    KG_LEAD_OWN,
    KG_LEAD_ANOTHER, /* this one has caught up with it */
    KG_LEAD_STOPPED, /* `stop` was set */
    KG_LEAD_NONE     /* the journal cannot be used; the log says why */
} kg_lead_verdict;

/* The journal was replayed; its records up to now are taken in. Where another one leads that has
 * not journalled anything to serve from, it is waited for. */
kg_lead_verdict kg_lead_find(kg_core *core, const atomic_bool *stop);

#endif
