/* SPDX-License-Identifier: EUPL-1.2 */
/* What many lines come to, by month and track: once a node has many lines their sums, and once it
 * has very many, how many lines each organisation has. */
#ifndef KG_VOLUME_NODE_H
#define KG_VOLUME_NODE_H

#include "broker/query/volume_counters.h"
#include "broker/query/volume_pool.h"

/* From so many lines on a node has sums. */
#define KG_NODE_SUMS_LINES 4096
/* And counters, if they take no more bytes a line than this. */
#define KG_NODE_COUNTERS_LINES 65536
#define KG_NODE_COUNTERS_BYTES 8

typedef struct kg_sums {
    uint32_t lines;
    uint64_t quantity_min, quantity, quantity_max;
    kg_int128 value;
} kg_sums;

typedef struct kg_node {
    kg_sums *sums;  /* owned; of the cells from `first` on; NULL: too few lines */
    uint32_t lines;
    uint16_t first, count; /* cells of the sums; both even */
    bool wide;             /* has sums from its first line to its last */
    kg_counters *bodies;   /* owned; NULL: too few lines */
} kg_node;

void kg_node_fini(kg_node *node);
void kg_node_begin_sums(kg_node *node);
/* Would counters be worth their memory? */
bool kg_node_worth_counters(const kg_node *node, const kg_volume_pool *pool);
/* Makes room for a cell's sums. */
void kg_node_widen(kg_node *node, unsigned cell);
/* A line goes: also ends what there are too few lines for, at half of what begins it, so that one
 * that comes and goes costs little. */
void kg_node_remove(kg_node *node, unsigned cell, const kg_pool_row *row);
size_t kg_node_bytes(const kg_node *node);

static inline unsigned kg_volume_cell_of(const kg_volume_pool *pool, const kg_pool_row *row)
{
    return pool->month[row->from] * 2u + (row->flags & KG_POOL_KOPGROEP);
}

/* NULL: no line. */
static inline const kg_sums *kg_node_sums(const kg_node *node, unsigned cell)
{
    unsigned at = cell - node->first;
    return at < node->count && node->sums[at].lines > 0 ? &node->sums[at] : NULL;
}

static inline void kg_node_add_sums(kg_node *node, unsigned cell, const kg_pool_row *row)
{
    if (cell - node->first >= node->count)
        kg_node_widen(node, cell);
    kg_sums *sums = &node->sums[cell - node->first];
    sums->lines++;
    sums->quantity_min += row->quantity_min;
    sums->quantity += row->quantity;
    sums->quantity_max += row->quantity_max;
    sums->value += row->value;
}

static inline void kg_node_prefetch(const kg_node *node, unsigned cell, uint32_t member)
{
    if (cell - node->first < node->count)
        __builtin_prefetch(&node->sums[cell - node->first], 1);
    if (node->bodies)
        kg_counters_prefetch(node->bodies, cell, member);
}

#endif
