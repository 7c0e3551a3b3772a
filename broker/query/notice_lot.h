/* SPDX-License-Identifier: EUPL-1.2 */
/* What a notice tells of one lot. */
#ifndef KG_NOTICE_LOT_H
#define KG_NOTICE_LOT_H

#include "broker/query/view.h"

/* Sums, level vector with the names and notice codes of its criteria, CPV codes (that of the most
 * value first), places of delivery, members' ids, tender and award; no line, and no part of a sum
 * that is one member's. A new reference. */
json_t *kg_notice_lot(const kg_asking *asking, const kg_lot *lot);

#endif
