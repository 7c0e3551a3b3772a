/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/tree.h"

#include <string.h>

void kg_tree_put_u64(uint8_t out[static 8], uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

void kg_tree_leaf(kg_sha256 *hash, const void *content, size_t count, kg_tree_hash *out)
{
    static const uint8_t leaf = 0;
    kg_sha256_add(hash, &leaf, 1);
    kg_sha256_add(hash, content, count);
    kg_sha256_take(hash, out->bytes);
}

void kg_tree_node(kg_sha256 *hash, const kg_tree_hash *left, const kg_tree_hash *right,
                  kg_tree_hash *out)
{
    uint8_t bytes[1 + 2 * KG_TREE_HASH_BYTES] = {1};
    memcpy(bytes + 1, left->bytes, KG_TREE_HASH_BYTES);
    memcpy(bytes + 1 + KG_TREE_HASH_BYTES, right->bytes, KG_TREE_HASH_BYTES);
    kg_sha256_add(hash, bytes, sizeof bytes);
    kg_sha256_take(hash, out->bytes);
}

/* ---- proving ---- */

typedef struct kg_prover {
    const kg_tree_source *source;
    kg_sha256 *hash; /* owned */
    kg_tree_proof *proof;
} kg_prover;

/* The greatest power of two below `count`, which is at least 2, as an exponent. */
static unsigned split_level(uint64_t count)
{
    return 63 - (unsigned)__builtin_clzll(count - 1);
}

/* Over leaves begin ... end - 1, where all before `begin` and all up to a split are whole. */
static bool range(kg_prover *prover, uint64_t begin, uint64_t end, kg_tree_hash *out)
{
    const uint64_t count = end - begin;
    kg_tree_hash left, right;
    if ((count & (count - 1)) == 0) {
        const unsigned level = (unsigned)__builtin_ctzll(count);
        return prover->source->node(prover->source->context, level, begin >> level, out);
    }
    const uint64_t middle = begin + ((uint64_t)1 << split_level(count));
    if (!range(prover, begin, middle, &left) || !range(prover, middle, end, &right))
        return false;
    kg_tree_node(prover->hash, &left, &right, out);
    return true;
}

static bool add_range(kg_prover *prover, uint64_t begin, uint64_t end)
{
    return range(prover, begin, end, &prover->proof->hashes[prover->proof->count++]);
}

/* PATH of the RFC: the deepest hash comes first. */
static bool add_path(kg_prover *prover, uint64_t index, uint64_t begin, uint64_t end)
{
    if (end - begin == 1)
        return true;
    const uint64_t middle = begin + ((uint64_t)1 << split_level(end - begin));
    if (index < middle)
        return add_path(prover, index, begin, middle) && add_range(prover, middle, end);
    return add_path(prover, index, middle, end) && add_range(prover, begin, middle);
}

/* SUBPROOF of the RFC; `known`: whether the old tree is a part that the checker has the hash of. */
static bool add_subproof(kg_prover *prover, uint64_t old_end, uint64_t begin, uint64_t end,
                         bool known)
{
    if (old_end == end)
        return known || add_range(prover, begin, end);
    const uint64_t middle = begin + ((uint64_t)1 << split_level(end - begin));
    if (old_end <= middle)
        return add_subproof(prover, old_end, begin, middle, known) &&
               add_range(prover, middle, end);
    return add_subproof(prover, old_end, middle, end, false) && add_range(prover, begin, middle);
}

bool kg_tree_root(const kg_tree_source *source, uint64_t size, kg_tree_hash *out)
{
    kg_prover prover = {.source = source};
    if (size == 0) {
        kg_sha256_once("", 0, out->bytes);
        return true;
    }
    prover.hash = kg_sha256_new();
    bool good = range(&prover, 0, size, out);
    kg_sha256_destroy(&prover.hash);
    return good;
}

bool kg_tree_prove_inclusion(const kg_tree_source *source, uint64_t index, uint64_t size,
                             kg_tree_proof *out)
{
    kg_prover prover = {.source = source, .proof = out};
    out->count = 0;
    if (index >= size)
        return false;
    prover.hash = kg_sha256_new();
    bool good = add_path(&prover, index, 0, size);
    kg_sha256_destroy(&prover.hash);
    return good;
}

bool kg_tree_prove_consistency(const kg_tree_source *source, uint64_t old_size, uint64_t size,
                               kg_tree_proof *out)
{
    kg_prover prover = {.source = source, .proof = out};
    out->count = 0;
    if (old_size == 0 || old_size > size)
        return false;
    prover.hash = kg_sha256_new();
    bool good = add_subproof(&prover, old_size, 0, size, true);
    kg_sha256_destroy(&prover.hash);
    return good;
}

/* ---- checking: sections 2.1.3.2 and 2.1.4.2 ---- */

/* Where a walk from a leaf to the root stands: the number of its node and of the level's last. */
typedef struct kg_climb {
    uint64_t node, last;
} kg_climb;

static bool is_right(const kg_climb *climb)
{
    return (climb->node & 1) != 0 || climb->node == climb->last;
}

static void climb_one(kg_climb *climb)
{
    climb->node >>= 1;
    climb->last >>= 1;
}

/* After a hash to the left was taken: up past the levels at which there is none. */
static void climb_past(kg_climb *climb)
{
    while ((climb->node & 1) == 0 && climb->node != 0)
        climb_one(climb);
}

static bool same(const kg_tree_hash *a, const kg_tree_hash *b)
{
    return kg_bytes_equal(a->bytes, b->bytes, KG_TREE_HASH_BYTES);
}

bool kg_tree_check_inclusion(const kg_tree_hash *leaf, uint64_t index, uint64_t size,
                             const kg_tree_proof *proof, const kg_tree_hash *root)
{
    kg_climb climb = {index, size - 1};
    kg_tree_hash at = *leaf;
    if (index >= size || proof->count > KG_TREE_PROOF_MAX)
        return false;
    kg_sha256 *hash = kg_sha256_new();
    bool good = true;
    for (size_t i = 0; i < proof->count && good; i++) {
        good = climb.last > 0;
        if (is_right(&climb)) {
            kg_tree_node(hash, &proof->hashes[i], &at, &at);
            climb_past(&climb);
        } else {
            kg_tree_node(hash, &at, &proof->hashes[i], &at);
        }
        climb_one(&climb);
    }
    kg_sha256_destroy(&hash);
    return good && climb.last == 0 && same(&at, root);
}

/* Both roots from the proof; a hash to the right is of the new tree only. */
static bool climb_both(kg_climb climb, const kg_tree_proof *proof, size_t first,
                       kg_tree_hash *old_root, kg_tree_hash *root)
{
    kg_sha256 *hash = kg_sha256_new();
    bool good = true;
    for (size_t i = first; i < proof->count && good; i++) {
        good = climb.last > 0;
        if (is_right(&climb)) {
            kg_tree_node(hash, &proof->hashes[i], old_root, old_root);
            kg_tree_node(hash, &proof->hashes[i], root, root);
            climb_past(&climb);
        } else {
            kg_tree_node(hash, root, &proof->hashes[i], root);
        }
        climb_one(&climb);
    }
    kg_sha256_destroy(&hash);
    return good && climb.last == 0;
}

bool kg_tree_check_consistency(uint64_t old_size, const kg_tree_hash *old_root, uint64_t size,
                               const kg_tree_hash *root, const kg_tree_proof *proof)
{
    kg_climb climb = {old_size - 1, size - 1};
    const bool whole = (old_size & (old_size - 1)) == 0; /* the old root is itself a node */
    if (proof->count > KG_TREE_PROOF_MAX || old_size > size)
        return false;
    if (old_size == 0)
        return proof->count == 0;
    if (old_size == size)
        return proof->count == 0 && same(old_root, root);
    if (proof->count == 0)
        return false;
    while ((climb.node & 1) != 0)
        climb_one(&climb);
    kg_tree_hash old_at = whole ? *old_root : proof->hashes[0], at = old_at;
    return climb_both(climb, proof, whole ? 0 : 1, &old_at, &at) && same(&old_at, old_root) &&
           same(&at, root);
}
