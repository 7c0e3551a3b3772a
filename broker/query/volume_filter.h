/* SPDX-License-Identifier: EUPL-1.2 */
/* A query's filters as ranges of the pool's columns. */
#ifndef KG_VOLUME_FILTER_H
#define KG_VOLUME_FILTER_H

#include "broker/domain/pool.h"
#include "proto/command.h"

/* Lines looked at in one go. */
#define KG_VOLUME_BLOCK 1024
#define KG_CPV_LAST 99999999u

typedef struct kg_volume_filter {
    bool nothing; /* no line in the columns can match */
    bool by_cpv, by_nuts, by_category, by_from, by_to, by_track; /* which of these filter */
    uint32_t cpv_first, cpv_last;
    uint16_t nuts_first, nuts_last;
    uint16_t category;
    uint16_t from, to; /* the window ends on or after from, begins on or before to */
    uint16_t track;    /* KG_POOL_KOPGROEP or 0 */
} kg_volume_filter;

void kg_volume_filter_init(kg_volume_filter *filter, const kg_catalogue *catalogue,
                           const kg_query *query);
/* Of the block of lines that begins at `first`, a multiple of 64, those whose bit is set in `seen`
 * (by line) and that match. `out` takes KG_VOLUME_BLOCK. Returns how many. */
size_t kg_volume_filter_block(const kg_volume_filter *filter, const kg_pool_columns *columns,
                              const uint64_t *seen, size_t first, uint32_t *out);
/* Keeps of these lines, at most KG_VOLUME_BLOCK, those that match. Returns how many. */
size_t kg_volume_filter_list(const kg_volume_filter *filter, const kg_pool_columns *columns,
                             uint32_t *lines, size_t count);
/* The same question of a whole line, for one that the columns do not tell right. */
bool kg_volume_filter_line(const kg_query *query, const kg_catalogue *catalogue,
                           const kg_plan_line *line);

#endif
