/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_node.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

static void drop_sums(kg_node *node)
{
    free(node->sums);
    node->sums = NULL;
    node->first = node->count = 0;
}

void kg_node_fini(kg_node *node)
{
    drop_sums(node);
    kg_counters_destroy(&node->bodies);
}

void kg_node_begin_sums(kg_node *node)
{
    node->sums = kg_alloc(2, sizeof *node->sums);
}

bool kg_node_worth_counters(const kg_node *node, const kg_volume_pool *pool)
{
    size_t cells = (size_t)(pool->month_last - pool->month_first + 1) * 2;
    return node->lines >= KG_NODE_COUNTERS_LINES &&
           (size_t)node->lines * KG_NODE_COUNTERS_BYTES >= cells * pool->members;
}

void kg_node_widen(kg_node *node, unsigned cell)
{
    unsigned low = cell & ~1u, high = low + 2;
    if (node->count > 0 && node->first < low)
        low = node->first;
    if (node->count > 0 && node->first + node->count > high)
        high = (unsigned)node->first + node->count;
    kg_sums *sums = kg_alloc(high - low, sizeof *sums);
    if (node->count > 0)
        memcpy(sums + (node->first - low), node->sums, node->count * sizeof *sums);
    free(node->sums);
    node->sums = sums;
    node->first = (uint16_t)low;
    node->count = (uint16_t)(high - low);
}

static void remove_sums(kg_node *node, unsigned cell, const kg_pool_row *row)
{
    kg_sums *sums = &node->sums[cell - node->first];
    sums->lines--;
    sums->quantity_min -= row->quantity_min;
    sums->quantity -= row->quantity;
    sums->quantity_max -= row->quantity_max;
    sums->value -= row->value;
}

void kg_node_remove(kg_node *node, unsigned cell, const kg_pool_row *row)
{
    node->lines--;
    if (node->sums)
        remove_sums(node, cell, row);
    if (node->bodies)
        kg_counters_remove(node->bodies, cell, row->member);
    if (node->lines < KG_NODE_COUNTERS_LINES / 2 && node->bodies)
        kg_counters_destroy(&node->bodies);
    if (node->lines < KG_NODE_SUMS_LINES / 2 && node->sums && !node->wide)
        drop_sums(node);
}

size_t kg_node_bytes(const kg_node *node)
{
    return node->count * sizeof *node->sums +
           (node->bodies ? kg_counters_bytes(node->bodies) : 0);
}
