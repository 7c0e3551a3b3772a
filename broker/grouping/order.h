/* SPDX-License-Identifier: EUPL-1.2 */
/* Puts numbers in the order of small keys. Internal to grouping. */
#ifndef KG_ORDER_H
#define KG_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* Sorts `order`, whose entries are indices into `keys`, by key; equal keys keep their order.
 * `scratch` has room for `count`. A pass over the entries for each byte in which keys differ. */
void kg_order_by_key(uint32_t *order, const uint32_t *keys, size_t count, uint32_t *scratch);

#endif
