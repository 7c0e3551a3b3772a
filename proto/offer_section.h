/* SPDX-License-Identifier: EUPL-1.2 */
/* An offer as texts by key: what its readers share; nobody else includes this. */
#ifndef KG_OFFER_SECTION_H
#define KG_OFFER_SECTION_H

#include "proto/offer.h"
#include "proto/settings_file.h"

typedef enum kg_offer_key {
    KG_OFFER_UNIT_PRICE,
    KG_OFFER_INSTALLATION,
    KG_OFFER_ENERGY_KWH_YEAR,
    KG_OFFER_SERVICE_YEAR,
    KG_OFFER_LIFETIME_YEARS,
    KG_OFFER_RESIDUAL_VALUE,
    KG_OFFER_TAKE_BACK,
    KG_OFFER_LEVELS,
    KG_OFFER_LABELS,
    KG_OFFER_KEYS
} kg_offer_key;

extern const kg_key kg_offer_keys[KG_OFFER_KEYS + 1];

/* Checks a section, whose title is the supplier; texts go to `arena`. */
void kg_offer_take(const kg_section *section, kg_arena *arena, kg_offer *out,
                   kg_problems *problems);
/* There are as many as a lot can have; else adds a problem. */
void kg_offers_check_count(size_t count, kg_problems *problems);

#endif
