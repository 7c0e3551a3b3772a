/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines by CPV code and country: found by hash, gone through in the order of the codes. */
#ifndef KG_VOLUME_CODES_H
#define KG_VOLUME_CODES_H

#include "broker/query/volume_bucket.h"

/* Country numbers are 1, 2 ... in the order of the codes. */
#define KG_COUNTRIES_MAX 63
#define KG_CPV_DIVISIONS 100

/* What is planned of one CPV code in one country. */
typedef struct kg_code {
    kg_bucket bucket;
    uint32_t cpv;
    uint32_t country;
    uint32_t group; /* number of a node: the same CPV group in the country */
    uint32_t own;   /* number of a node, or KG_CODE_NO_NODE */
} kg_code;

#define KG_CODE_NO_NODE UINT32_MAX

typedef struct kg_codes {
    kg_code *items; /* owned */
    size_t count, capacity;
    uint64_t *index; /* owned; by hash: key and number + 1 */
    size_t index_mask;
    uint64_t *divisions[KG_CPV_DIVISIONS]; /* owned, each: (CPV, country, number) in order */
    size_t divisions_count[KG_CPV_DIVISIONS], divisions_capacity[KG_CPV_DIVISIONS];
} kg_codes;

void kg_codes_init(kg_codes *codes);
void kg_codes_fini(kg_codes *codes);
/* Number of a code; `fresh` when it is new: its `group` is to be set. */
uint32_t kg_codes_at(kg_codes *codes, uint32_t cpv, unsigned country, bool *fresh);
void kg_codes_prefetch(const kg_codes *codes, uint32_t cpv, unsigned country);
/* Numbers of the codes in these ranges, in order of CPV, country. Returns owned. */
uint32_t *kg_codes_range(const kg_codes *codes, uint32_t cpv_first, uint32_t cpv_last,
                         unsigned country_first, unsigned country_last, size_t *count);
size_t kg_codes_bytes(const kg_codes *codes);

#endif
