/* SPDX-License-Identifier: EUPL-1.2 */
/* Versions of the volume of a state's pool. */
#ifndef KG_DISCLOSURE_POOL_H
#define KG_DISCLOSURE_POOL_H

#include "broker/domain/state.h"
#include "broker/query/disclosure_history.h"

/* The version that follows, of the pool as it stands. Returns owned. */
kg_version *kg_disclosure_pool_next(kg_disclosure_history *history, const kg_state *state,
                                    const kg_disclosure_rules *rules, kg_date today);

#endif
