/* SPDX-License-Identifier: EUPL-1.2 */
/* What volume is counted over: the pool's columns, and what goes with them. */
#ifndef KG_VOLUME_POOL_H
#define KG_VOLUME_POOL_H

#include "broker/domain/state.h"

#define KG_VOLUME_NUTS_MAX 4096

/* What the columns' numbers mean. */
typedef struct kg_volume_tables {
    uint16_t month[UINT16_MAX + 1];      /* by day since 2000-01-01: months since 2000-01 */
    uint8_t country[KG_VOLUME_NUTS_MAX]; /* by NUTS number: 1, 2 ... in the order of the codes */
} kg_volume_tables;

void kg_volume_tables_init(kg_volume_tables *tables);

typedef struct kg_volume_pool {
    const kg_state *state; /* for lines that the columns do not tell right; NULL: there are none */
    const kg_catalogue *catalogue;
    kg_pool_columns columns;
    size_t members;
    const uint16_t *month;    /* of the tables */
    const uint8_t *countries; /* likewise */
    uint16_t month_first, month_last; /* in which windows begin, of lines that a
                                         cube can hold */
} kg_volume_pool;

#endif
