/* SPDX-License-Identifier: EUPL-1.2 */
/* A published version of the volume: cells that are apart from each other, each with its sums.
 * Never changed once it is made; the only thing that readers' answers are made of. */
#ifndef KG_DISCLOSURE_VERSION_H
#define KG_DISCLOSURE_VERSION_H

#include "proto/archive.h"
#include "broker/query/disclosure_key.h"

typedef struct kg_version_cell {
    kg_cell_key at;
    int level;
    uint32_t organisations; /* distinct */
    int64_t quantity;
    kg_int128 value_cents;
} kg_version_cell;

typedef struct kg_version {
    uint32_t number; /* from 1 */
    kg_date date;
    kg_version_cell *cells; /* owned */
    size_t count;
    char **categories; /* owned, each; by the numbers in the keys */
    size_t categories_count;
} kg_version;

void kg_version_destroy(kg_version **version);
/* Writes a version (NULL: none) into an archive, or reads one from it. Returns it, owned. */
kg_version *kg_version_archive(kg_version *version, const kg_archive *archive);

#endif
