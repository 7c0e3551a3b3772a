/* SPDX-License-Identifier: EUPL-1.2 */
/* Random salts for records, drawn many at once: the random source takes hardly longer for
 * sixty-four than for one. */
#ifndef KG_SALTS_H
#define KG_SALTS_H

#include "broker/journal/journal.h"

#define KG_SALTS 64

typedef struct kg_salts {
    uint8_t drawn[KG_SALTS][KG_SALT_BYTES];
    size_t left; /* of them */
} kg_salts;

/* One that nobody else gets; zeroed salts are empty ones. */
void kg_salts_take(kg_salts *salts, uint8_t out[KG_SALT_BYTES]);

#endif
