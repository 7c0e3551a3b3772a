/* SPDX-License-Identifier: EUPL-1.2 */
/* A lot's sums: exact for its coordinator and, once it is launched, for its members; else in
 * bands, which are open above where the lot has few contributors ("100-199", "100+"). */
#ifndef KG_LOT_TOTALS_H
#define KG_LOT_TOTALS_H

#include "broker/query/view.h"

/* Adds "exact", "quantity_min", "quantity", "quantity_max", "value", "value_max". */
void kg_lot_totals_add(const kg_asking *asking, const kg_lot *lot, json_t *out);

#endif
