/* SPDX-License-Identifier: EUPL-1.2 */
/* The plan workload of DESIGN section 9: many organisations' lines, the same for every program
 * that asks for as many with the same seed. Integers only, so that no machine differs. */
#ifndef PLAN_WORKLOAD_H
#define PLAN_WORKLOAD_H

#include "broker/grouping/grouping.h"

#define WORKLOAD_ORGANISATIONS 50000
#define WORKLOAD_CATEGORIES 13
#define WORKLOAD_PROFILES 10

/* The catalogue file; returns owned. */
char *workload_catalogue_text(void);
/* The round file; static. */
const char *workload_round_text(void);

typedef struct workload {
    kg_nuts *nuts; /* level-3 codes of the 27 countries */
    size_t nuts_count;
    uint64_t seed;
} workload;

/* Reads the codes from a nuts.csv; ends the program when it cannot. */
void workload_init(workload *workload, const char *nuts_path, uint64_t seed);
void workload_fini(workload *workload);
/* Line number `index` of the workload, without the levels of the catalogue's categories being
 * known: places go by the order in which workload_catalogue_text() lists criteria by id. */
kg_demand workload_line(const workload *workload, uint64_t index);
/* `count` lines, sorted by organisation; returns owned. */
kg_demand *workload_lines(const workload *workload, size_t count);

/* Of a category in the catalogue's order: its criteria's ids, by place; NULL past the last. */
const char *workload_category(int category);
const char *workload_criterion(int category, int place);

#endif
