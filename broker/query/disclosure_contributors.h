/* SPDX-License-Identifier: EUPL-1.2 */
/* Who contributes to a group of lines, and how much: value and quantity by holding. */
#ifndef KG_DISCLOSURE_CONTRIBUTORS_H
#define KG_DISCLOSURE_CONTRIBUTORS_H

#include "broker/query/disclosure.h"

typedef struct kg_contribution {
    uint32_t holding;
    int64_t value, quantity;
} kg_contribution;

typedef struct kg_contributors {
    kg_contribution *items; /* owned; each holding once */
    size_t count;
    uint32_t *place;  /* owned; by holding: its place among the items + 1, or 0 */
    int64_t *amounts; /* owned; for asking the rules */
    size_t holdings;
} kg_contributors;

/* For holdings below this number. */
void kg_contributors_init(kg_contributors *group, size_t holdings);
void kg_contributors_fini(kg_contributors *group);
void kg_contributors_clear(kg_contributors *group);
void kg_contributors_add(kg_contributors *group, uint32_t holding, int64_t value,
                         int64_t quantity);
/* May its sums be told to one who contributed nothing? Value and quantity must each pass, on the
 * holdings that have any; a sum that is zero tells nothing. */
bool kg_contributors_safe(kg_contributors *group, const kg_disclosure_rules *rules);

#endif
