/* SPDX-License-Identifier: EUPL-1.2 */
/* A tree head: what a broker signs of its journal, and what a witness signs beside it. Signed are,
 * in big-endian numbers,
 *   by the broker:  "kopgroep-tree-head-v1" NUL, deployment (16), size (8), time in ms (8), root
 * (32) by a witness:   "kopgroep-cosignature-v1" NUL and the same, with the time at which it signs
 * with Ed25519. A witness signs only what continues all that it signed before. */
#ifndef KG_TREE_HEAD_H
#define KG_TREE_HEAD_H

#include "proto/envelope.h"
#include "proto/tree.h"

typedef struct kg_tree_head {
    uint64_t size;   /* the first `size` records */
    int64_t time_ms; /* when it was signed */
    kg_tree_hash root;
    uint8_t signature[KG_SIGNATURE_BYTES];
} kg_tree_head;

typedef enum kg_tree_signer { KG_TREE_BROKER, KG_TREE_WITNESS } kg_tree_signer;

/* Fills in the signature. */
void kg_tree_head_sign(kg_tree_head *head, kg_tree_signer signer,
                       const uint8_t deployment[KG_DEPLOYMENT_BYTES], const kg_identity *identity);
bool kg_tree_head_signed_by(const kg_tree_head *head, kg_tree_signer signer,
                            const uint8_t deployment[KG_DEPLOYMENT_BYTES],
                            const uint8_t key[KG_KEY_BYTES]);

#endif
