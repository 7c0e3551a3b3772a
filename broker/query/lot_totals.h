/* SPDX-License-Identifier: EUPL-1.2 */
/* A lot's sums: exact for its coordinator and, once it is launched, for its members; from its
 * confirmation on to a member exactly where that tells nothing about another; else in bands. */
#ifndef KG_LOT_TOTALS_H
#define KG_LOT_TOTALS_H

#include "broker/query/view.h"

/* Adds "exact", "quantity_min", "quantity", "quantity_max", "value", "value_max". */
void kg_lot_totals_add(const kg_asking *asking, const kg_lot *lot, json_t *out);

#endif
