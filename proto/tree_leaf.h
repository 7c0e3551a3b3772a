/* SPDX-License-Identifier: EUPL-1.2 */
/* A record of the journal as a leaf of the tree. Its content, in big-endian numbers: sequence (8),
 * time in ms (8), request key (32), SHA-256 of the command as it was received (32), SHA-256 of the
 * record's salt and its event (32). The salt is random and stays with the broker: so neither who
 * has a leaf's hash nor who has a receipt can try out what the event was. */
#ifndef KG_TREE_LEAF_H
#define KG_TREE_LEAF_H

#include "proto/tree.h"

typedef struct kg_tree_leaf_content {
    uint64_t sequence; /* from 1: the leaf's index is one less */
    int64_t time_ms;
    uint8_t request_key[KG_SHA256_BYTES];
    uint8_t command[KG_SHA256_BYTES];
    uint8_t event[KG_SHA256_BYTES];
} kg_tree_leaf_content;

/* `hash` is used, and begins anew. */
void kg_tree_leaf_of(kg_sha256 *hash, const kg_tree_leaf_content *content, kg_tree_hash *out);

#endif
