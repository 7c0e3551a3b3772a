/* SPDX-License-Identifier: EUPL-1.2 */
/* What an explanation must say, found slowly on its own: the rules spelled out line by line, every
 * change of one field tried. */
#ifndef HELPER_REASONS_H
#define HELPER_REASONS_H

#include "broker/grouping/explanation.h"
#include "helper_instances.h"

/* The frames of the bucket's lots; returns owned. */
kg_frame *reasons_frames(const kg_solved_bucket *bucket);
/* Checks the explanation of every unplaced line of the bucket; NULL, or what is wrong. */
const char *reasons_check(const sample *from, const kg_solved_bucket *bucket,
                          const kg_unplaced *unplaced);

#endif
