/* SPDX-License-Identifier: EUPL-1.2 */
/* May an exact total be told to those who did not contribute to it? Rules of official statistics
 * (DESIGN section 8), on amounts by holding; and bands for what may not. Pure. */
#ifndef KG_DISCLOSURE_H
#define KG_DISCLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/text.h"

typedef struct kg_disclosure_rules {
    int organisations_min; /* k */
    int largest_percent;   /* of the total, the most that the largest may have */
    int two_percent;       /* the same of the two largest */
    int p_percent;         /* what is left when the largest and a coalition of two are taken out, at
                              least, in percent of the largest */
} kg_disclosure_rules;

/* `amounts`: one a holding. */
bool kg_disclosure_safe(const kg_disclosure_rules *rules, const int64_t *amounts, size_t count);

/* Bands for amounts that may not be told: from 1, 3, 10, 30, 100 ... units up to below the next.
 * What is known anyway must not cut a band so short that the two tell the amount: an edge that is
 * nearer to a limit than by a factor of two is no edge. Amounts in a band all have that band: who
 * knows how bands are made learns no more. */
#define KG_BAND_LIMITS 4

typedef struct kg_bands {
    int64_t unit;
    kg_int128 limits[KG_BAND_LIMITS]; /* each above 0: known is whether an amount lies below it */
    size_t limits_count;
} kg_bands;

typedef struct kg_band {
    kg_int128 begin, end; /* begin <= amount < end */
} kg_band;

/* `amount` >= 0. */
kg_band kg_disclosure_band(const kg_bands *bands, kg_int128 amount);
/* "500-999", in whole units of so many; `open`: "500+". */
void kg_disclosure_band_write(const kg_band *band, int64_t unit, bool open, char out[static 48]);

#endif
