/* SPDX-License-Identifier: EUPL-1.2 */
/* Decision support of a lot: headroom, ambition curve, suggested lead, regime. */
#ifndef KG_SUPPORT_H
#define KG_SUPPORT_H

#include "broker/grouping/explanation.h"

/* Fills headroom, lead and regime of lot number `lot` of the bucket, whose other fields stand in
 * bucket->lots. The day for thresholds is the round's award_by, else its delivery_from. */
void kg_support_lot(const kg_solved_bucket *bucket, size_t lot, kg_grouped_lot *out);
/* The ambition curve of a kopgroep lot: x, then one point for each criterion with a rank above 0,
 * in the category's order. `out` has room for KG_CATEGORY_CRITERIA_MAX + 1. Returns how many; 0
 * for a peloton lot.
 * A point counts the lot's own members and each unplaced line of the bucket that shares the lot's
 * condition and language and enough days with its window, and whose lo <= x <= hi there. The cap
 * is not looked at, and the lines are not tried together: it shows what x keeps out, no plan. */
size_t kg_support_curve(const kg_solved_bucket *bucket, size_t lot, kg_curve_point *out);
/* Threshold reached or not, on a summed maximum value and the lowest threshold of the members'
 * types (`central` as in kg_body; -1 = unknown). Unknown when none is in force that day. */
kg_regime kg_support_regime(const kg_catalogue *catalogue, kg_date day, const int *central,
                            size_t count, int64_t value_max_cents);
/* That threshold; -1 when none is in force that day. */
int64_t kg_support_threshold(const kg_catalogue *catalogue, kg_date day, const int *central,
                             size_t count);

#endif
