/* SPDX-License-Identifier: EUPL-1.2 */
/* May an exact total be told to one of those who contributed to it? Rules of official statistics
 * (DESIGN section 8), on amounts by holding, with the viewer's own part taken as known to it.
 * Pure. */
#ifndef KG_DISCLOSURE_H
#define KG_DISCLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/text.h"

typedef struct kg_disclosure_rules {
    int organisations_min; /* k */
    int largest_percent;   /* of the total, the most that the largest other may have */
    int two_percent;       /* the same of the two largest others */
    int p_percent;         /* what is left when the largest and a coalition of two are taken out, at
                              least, in percent of the largest */
} kg_disclosure_rules;

/* `amounts`: one a holding; `viewer`: the viewer's place among them, which then is one of the
 * coalition; at or beyond `count`: it has none. */
bool kg_disclosure_safe(const kg_disclosure_rules *rules, const int64_t *amounts, size_t count,
                        size_t viewer);
/* The band that an amount lies in, when the exact one may not be told: 1, 2 or 5 times a power of
 * ten up to below the next. `out` takes "500-999". */
void kg_disclosure_band(int64_t amount, char out[static 48]);

#endif
