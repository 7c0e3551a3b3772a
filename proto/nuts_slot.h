/* SPDX-License-Identifier: EUPL-1.2 */
/* Where a NUTS code stands in the table by which it is found: gen_nuts.c fills the table at build
 * time, nuts.c looks in it. */
#ifndef KG_NUTS_SLOT_H
#define KG_NUTS_SLOT_H

#include <stdint.h>

#define KG_NUTS_SLOTS 8192 /* 2^13 */

/* The first slot to look in; if it is another's, the next. `number`: of the code's letters. */
static inline unsigned kg_nuts_slot(uint64_t number)
{
    return (unsigned)((number * UINT64_C(0x9e3779b97f4a7c15)) >> 51);
}

#endif
