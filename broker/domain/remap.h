/* SPDX-License-Identifier: EUPL-1.2 */
/* From one catalogue to the next, by name: categories, places in level vectors, ranks. */
#ifndef KG_REMAP_H
#define KG_REMAP_H

#include "broker/domain/state_private.h"

typedef struct kg_remap_category {
    kg_category to; /* KG_CATEGORY_NONE: gone */
    int8_t place[KG_CATEGORY_CRITERIA_MAX]; /* -1: gone */
} kg_remap_category;

typedef struct kg_remap {
    const kg_catalogue *from, *to; /* borrowed */
    kg_remap_category *categories; /* owned; by index in `from` */
    int8_t (*ranks)[KG_SCALE_LEVELS_MAX]; /* owned; by criterion of `from`; -1: gone */
} kg_remap;

void kg_remap_init(kg_remap *remap, const kg_catalogue *from, const kg_catalogue *to);
void kg_remap_fini(kg_remap *remap);
/* Everything in the state, in place. */
void kg_remap_state(const kg_remap *remap, kg_state *state);

#endif
