/* SPDX-License-Identifier: EUPL-1.2 */
/* Why a line is not placed, and what single change would place it (DESIGN section 3). Every
 * change is checked by re-evaluating the lot with the changed line before it is said. */
#ifndef KG_EXPLANATION_H
#define KG_EXPLANATION_H

#include "broker/grouping/frame.h"

/* One bucket, solved. */
typedef struct kg_solved_bucket {
    const kg_grouping_input *input;
    const uint32_t *lines; /* the bucket's lines, ascending */
    size_t lines_count;
    const kg_grouped_lot *lots; /* the bucket's lots, by number */
    const kg_frame *frames;     /* of each lot: what its members have in common */
    size_t lots_count;
    const uint32_t *members; /* what the lots' members_first points into */
    const uint32_t *unplaced; /* the bucket's lines that are in no lot, ascending */
    size_t unplaced_count;
} kg_solved_bucket;

/* Explains every unplaced line of the bucket, in their order; `out` has room for them all.
 * nearest_lot is an index into the bucket's lots. */
void kg_explain_bucket(const kg_solved_bucket *bucket, kg_unplaced *out);
/* The filters before any bucket: set of 1 << KG_REASON_NOT_IN_SCOPE, _PROCEDURE_DATE, _AREA. */
uint32_t kg_explain_filters(const kg_grouping_input *input, const kg_demand *line);

#endif
