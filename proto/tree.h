/* SPDX-License-Identifier: EUPL-1.2 */
/* The Merkle tree of RFC 9162, section 2.1, with SHA-256: hashes of leaves and nodes, proofs that
 * a leaf is in a tree and that a tree continues an older one, and how they are checked. A tree is
 * not held here: who has one gives its nodes. */
#ifndef KG_TREE_H
#define KG_TREE_H

#include "proto/identity.h"

#define KG_TREE_HASH_BYTES KG_SHA256_BYTES
#define KG_TREE_LEVELS 64
#define KG_TREE_PROOF_MAX 65 /* hashes of the longest proof */

typedef struct kg_tree_hash {
    uint8_t bytes[KG_TREE_HASH_BYTES];
} kg_tree_hash;

typedef struct kg_tree_proof {
    kg_tree_hash hashes[KG_TREE_PROOF_MAX];
    size_t count;
} kg_tree_proof;

/* Big-endian, as in all that is hashed or signed here. */
void kg_tree_put_u64(uint8_t out[static 8], uint64_t value);
/* Of a leaf's content; of a node over two others. `hash` is used, and begins anew. */
void kg_tree_leaf(kg_sha256 *hash, const void *content, size_t count, kg_tree_hash *out);
void kg_tree_node(kg_sha256 *hash, const kg_tree_hash *left, const kg_tree_hash *right,
                  kg_tree_hash *out);

/* Gives the node over the 2^level leaves from index * 2^level on, all of which are there; false:
 * it cannot be had, and nothing comes of the call that asked. */
typedef struct kg_tree_source {
    bool (*node)(void *context, unsigned level, uint64_t index, kg_tree_hash *out);
    void *context;
} kg_tree_source;

/* Of the first `size` leaves; none: SHA-256 of nothing. */
bool kg_tree_root(const kg_tree_source *source, uint64_t size, kg_tree_hash *out);
/* That leaf `index` (from 0) is one of the first `size`; false also where it is not. */
bool kg_tree_prove_inclusion(const kg_tree_source *source, uint64_t index, uint64_t size,
                             kg_tree_proof *out);
/* That the first `size` leaves begin with the first `old_size`, at least one. */
bool kg_tree_prove_consistency(const kg_tree_source *source, uint64_t old_size, uint64_t size,
                               kg_tree_proof *out);

/* Does the proof lead from the leaf to the root, or from the old root to the new one? No proof may
 * be longer than it must be. Every tree continues the empty one, with an empty proof. */
bool kg_tree_check_inclusion(const kg_tree_hash *leaf, uint64_t index, uint64_t size,
                             const kg_tree_proof *proof, const kg_tree_hash *root);
bool kg_tree_check_consistency(uint64_t old_size, const kg_tree_hash *old_root, uint64_t size,
                               const kg_tree_hash *root, const kg_tree_proof *proof);

#endif
