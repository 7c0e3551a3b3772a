/* SPDX-License-Identifier: EUPL-1.2 */
/* What a journal says about itself, stored once. Big-endian: format (4), epoch (8), deployment id
 * (16), and SHA-256 over these (32): a store that does not notice a flipped bit must not change
 * whose journal it is. */
#ifndef KG_JOURNAL_FACTS_H
#define KG_JOURNAL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal.h"

#define KG_FACTS_BYTES (4 + 8 + KG_DEPLOYMENT_ID_BYTES + KG_CHAIN_BYTES)
#define KG_FACTS_FORMAT 2

typedef struct kg_facts {
    uint64_t epoch;
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
} kg_facts;

void kg_facts_encode(const kg_facts *facts, uint8_t out[static KG_FACTS_BYTES]);
/* False, with a sentence, when another version wrote them or they are damaged. */
bool kg_facts_decode(const uint8_t *bytes, size_t count, const char *folder, kg_facts *out);

#endif
