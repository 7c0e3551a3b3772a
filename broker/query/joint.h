/* SPDX-License-Identifier: EUPL-1.2 */
/* Lots taken together, launched or not yet: sums, and whether the procurement threshold is
 * reached, for each member alone and for all together (Directive 2014/24/EU art. 5; estimated and
 * maximum quantity and value as CJEU C-23/20 asks). */
#ifndef KG_JOINT_H
#define KG_JOINT_H

#include "broker/query/view.h"

typedef struct kg_joint {
    uint32_t campaign;
    const uint32_t *lots; /* borrowed; indices into the state's lots */
    size_t lots_count;
    kg_date day; /* whose thresholds hold */
} kg_joint;

/* Adds "quantity", "quantity_max", "value", "value_max". */
void kg_joint_add_sums(const kg_asking *asking, const kg_joint *joint, json_t *out);
/* Adds "regime" of all together and "alone", a row a member: the coordinator sees every row's
 * value and regime, a member its own only. */
void kg_joint_add_regime(const kg_asking *asking, const kg_joint *joint, json_t *out);

#endif
