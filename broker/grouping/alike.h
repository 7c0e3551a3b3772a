/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines that ask for the same in everything that an explanation depends on: explained once. */
#ifndef KG_ALIKE_H
#define KG_ALIKE_H

#include "broker/grouping/grouping.h"

/* For each of the lines its position's first like: first[i] is the smallest position whose line
 * asks for the same as lines[i], so first[i] <= i. `first` has room for `count`. */
void kg_alike(const kg_grouping_input *input, const uint32_t *lines, size_t count,
              uint32_t *first);

#endif
