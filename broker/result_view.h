/* SPDX-License-Identifier: EUPL-1.2 */
/* DESIGN's result form of a round that the broker ran: as proposed, or as it stands now. */
#ifndef KG_RESULT_VIEW_H
#define KG_RESULT_VIEW_H

#include "broker/domain/state.h"
#include "broker/query/query.h"

/* For the round's coordinator. Writes JSON into `out`, or returns why not with a `detail` (600
 * bytes). */
kg_status kg_result_view(const kg_state *state, const kg_asker *asker, const kg_query *query,
                         kg_buffer *out, char *detail);

#endif
