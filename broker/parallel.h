/* SPDX-License-Identifier: EUPL-1.2 */
/* Grouping on several threads: buckets are independent, so the outcome does not depend on how
 * many there are. */
#ifndef KG_PARALLEL_H
#define KG_PARALLEL_H

#include "broker/grouping/grouping.h"

/* Returns owned. threads <= 1: on the caller's own. */
kg_outcome *kg_grouping_run_parallel(const kg_grouping_input *input, int threads);

#endif
