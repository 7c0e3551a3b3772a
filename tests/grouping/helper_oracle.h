/* SPDX-License-Identifier: EUPL-1.2 */
/* The optimum of a tiny sample by trying every partition, ties included. */
#ifndef HELPER_ORACLE_H
#define HELPER_ORACLE_H

#include "helper_instances.h"

#define ORACLE_LINES_MAX 11

/* `lot_of` by line: lots numbered from 0 in the order of their first lines, or KG_NO_LOT. */
void oracle_solve(const sample *sample, uint32_t *lot_of);
/* The same form from an outcome. */
void oracle_lots_of_outcome(const sample *sample, const kg_outcome *outcome, uint32_t *lot_of);

#endif
