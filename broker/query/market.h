/* SPDX-License-Identifier: EUPL-1.2 */
/* What the market is known to offer of a vector of levels: which labels prove which demand (by the
 * catalogue), how many models are known to carry a label that proves all, what no label proves.
 * From the catalogue alone: it tells nothing of any plan. A lot that asks for what nothing proves
 * is warned of, never refused: the market may know more than the catalogue. */
#ifndef KG_MARKET_H
#define KG_MARKET_H

#include <jansson.h>

#include "proto/catalogue.h"

/* A new reference:
 * {"demands":[{"criterion","level","by_law","proved_by":["LABEL"]}],
 *  "labels":[{"label","proves":["CRITERION"],"lacks":["CRITERION"],"models","as_of","verified"}],
 *  "models","as_of","unproved":["CRITERION"]}
 * A demand is a level above its lowest; "by_law": law demands as much of everybody. Labels that
 * prove none are left out; those that prove most come first. "models" of a label is null where not
 * known; that of the whole is the most that one label which proves every demand has, else null. */
json_t *kg_json_market(const kg_catalogue *catalogue, kg_category category,
                       const kg_levels *levels);

#endif
