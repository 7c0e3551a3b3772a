/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/order.h"

#include <string.h>

static void sort_by_byte(uint32_t *to, const uint32_t *from, const uint32_t *keys, size_t count,
                         int shift)
{
    uint32_t first[257] = {0};
    for (size_t i = 0; i < count; i++)
        first[(keys[from[i]] >> shift & 255) + 1]++;
    for (int b = 0; b < 256; b++)
        first[b + 1] += first[b];
    for (size_t i = 0; i < count; i++)
        to[first[keys[from[i]] >> shift & 255]++] = from[i];
}

void kg_order_by_key(uint32_t *order, const uint32_t *keys, size_t count, uint32_t *scratch)
{
    uint32_t differ = 0;
    uint32_t *now = order, *next = scratch;
    for (size_t i = 1; i < count; i++)
        differ |= keys[order[i]] ^ keys[order[0]];
    for (int shift = 0; shift < 32; shift += 8) {
        if (!(differ >> shift & 255))
            continue;
        sort_by_byte(next, now, keys, count, shift);
        uint32_t *sorted = next;
        next = now;
        now = sorted;
    }
    if (now != order && count)
        memcpy(order, now, count * sizeof *order);
}
