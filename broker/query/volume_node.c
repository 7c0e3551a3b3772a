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

static void drop_counters(kg_node *node)
{
    kg_counters_destroy(&node->bodies);
    kg_counters_destroy(&node->holdings);
}

void kg_node_fini(kg_node *node)
{
    drop_sums(node);
    drop_counters(node);
}

void kg_node_begin_sums(kg_node *node)
{
    node->sums = kg_alloc(2, sizeof *node->sums);
}

void kg_node_begin_counters(kg_node *node, const kg_volume_pool *pool)
{
    node->bodies = kg_counters_new();
    node->holdings = pool->holding ? kg_counters_new() : NULL;
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

void kg_node_add_body(kg_node *node, const kg_volume_pool *pool, unsigned cell, uint32_t member)
{
    kg_counters_add(node->bodies, cell, member);
    if (node->holdings)
        kg_counters_add(node->holdings, cell, pool->holding[member]);
}

void kg_node_remove_body(kg_node *node, const kg_volume_pool *pool, unsigned cell, uint32_t member)
{
    kg_counters_remove(node->bodies, cell, member);
    if (node->holdings)
        kg_counters_remove(node->holdings, cell, pool->holding[member]);
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

void kg_node_remove(kg_node *node, const kg_volume_pool *pool, unsigned cell,
                    const kg_pool_row *row)
{
    node->lines--;
    if (node->sums)
        remove_sums(node, cell, row);
    if (node->bodies)
        kg_node_remove_body(node, pool, cell, row->member);
    if (node->lines < KG_NODE_COUNTERS_LINES / 2 && node->bodies)
        drop_counters(node);
    if (node->lines < KG_NODE_SUMS_LINES / 2 && node->sums)
        drop_sums(node);
}

void kg_node_rehold(kg_node *node, uint32_t member, uint32_t from, uint32_t to)
{
    for (unsigned cell = 0; node->holdings && cell < KG_CELLS; cell++) {
        size_t lines = kg_counters_count(node->bodies, cell, member);
        for (size_t i = 0; i < lines; i++) {
            kg_counters_remove(node->holdings, cell, from);
            kg_counters_add(node->holdings, cell, to);
        }
    }
}

void kg_node_hold(kg_node *node, const kg_volume_pool *pool)
{
    if (!node->bodies)
        return;
    node->holdings = kg_counters_new();
    for (unsigned cell = 0; cell < KG_CELLS; cell++) {
        size_t known = (size_t)node->bodies->cells[cell].pages_count * KG_COUNTERS_PAGE;
        for (uint32_t member = 0; member < known; member++) {
            size_t lines = kg_counters_count(node->bodies, cell, member);
            for (size_t i = 0; i < lines; i++)
                kg_counters_add(node->holdings, cell, pool->holding[member]);
        }
    }
}

size_t kg_node_bytes(const kg_node *node)
{
    return node->count * sizeof *node->sums +
           (node->bodies ? kg_counters_bytes(node->bodies) : 0) +
           (node->holdings ? kg_counters_bytes(node->holdings) : 0);
}
