/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree against the definitions of RFC 9162, written down naively, for every size up to SIZES.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "proto/text.h"
#include "proto/tree_head.h"
#include "proto/tree_leaf.h"

#define SIZES 133

static kg_tree_hash leaves[SIZES];

/* MTH of section 2.1.1, over leaves that are hashes already. */
static kg_tree_hash naive_root(const kg_tree_hash *from, size_t count)
{
    kg_tree_hash left, right, out;
    uint8_t bytes[65] = {1};
    size_t k = 1;
    if (count == 1)
        return *from;
    if (count == 0) {
        kg_sha256_once("", 0, out.bytes);
        return out;
    }
    while (2 * k < count)
        k *= 2;
    left = naive_root(from, k);
    right = naive_root(from + k, count - k);
    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    kg_sha256_once(bytes, sizeof bytes, out.bytes);
    return out;
}

static size_t asked_beyond; /* nodes that reach beyond the leaves that are there */
static size_t there;

static bool node(void *context, unsigned level, uint64_t index, kg_tree_hash *out)
{
    const size_t count = (size_t)1 << level;
    (void)context;
    asked_beyond += (index + 1) * count > there;
    *out = naive_root(leaves + index * count, count);
    return true;
}

static const kg_tree_source source = {node, NULL};

static int make_leaves(void **state)
{
    kg_sha256 *hash = kg_sha256_new();
    (void)state;
    for (size_t i = 0; i < SIZES; i++)
        kg_tree_leaf(hash, &i, sizeof i, &leaves[i]);
    kg_sha256_destroy(&hash);
    return 0;
}

static bool equal(const kg_tree_hash *a, const kg_tree_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void roots_are_the_definition_s(void **state)
{
    (void)state;
    for (size_t size = 0; size <= SIZES; size++) {
        kg_tree_hash root, naive = naive_root(leaves, size);
        there = size;
        assert_true(kg_tree_root(&source, size, &root));
        assert_true(equal(&root, &naive));
    }
    assert_int_equal(asked_beyond, 0);
}

/* Of the RFC's predecessor's own test vectors: the empty tree, and the leaf of no bytes. */
static void known_values(void **state)
{
    kg_tree_hash hash;
    char hex[65];
    kg_sha256 *sha = kg_sha256_new();
    (void)state;
    assert_true(kg_tree_root(&source, 0, &hash));
    kg_hex_write(hash.bytes, 32, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    kg_tree_leaf(sha, "", 0, &hash);
    kg_hex_write(hash.bytes, 32, hex);
    assert_string_equal(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    kg_sha256_destroy(&sha);
}

/* Every way to spoil a proof that is small enough to try. */
static void spoil_inclusion(const kg_tree_proof *proof, size_t index, size_t size,
                            const kg_tree_hash *root)
{
    const kg_tree_hash *leaf = &leaves[index];
    kg_tree_proof spoilt;
    for (size_t i = 0; i < proof->count; i++) {
        spoilt = *proof;
        spoilt.hashes[i].bytes[i % 32] ^= 1;
        assert_false(kg_tree_check_inclusion(leaf, index, size, &spoilt, root));
    }
    spoilt = *proof;
    spoilt.hashes[spoilt.count++] = *root;
    assert_false(kg_tree_check_inclusion(leaf, index, size, &spoilt, root));
    if (proof->count > 0) {
        spoilt.count = proof->count - 1;
        assert_false(kg_tree_check_inclusion(leaf, index, size, &spoilt, root));
    }
    assert_false(kg_tree_check_inclusion(leaf, size, size, proof, root));
    if (size > 1) {
        assert_false(kg_tree_check_inclusion(leaf, (index + 1) % size, size, proof, root));
        assert_false(
            kg_tree_check_inclusion(&leaves[(index + 1) % size], index, size, proof, root));
    }
}

static void every_leaf_is_proven(void **state)
{
    kg_tree_proof proof;
    (void)state;
    for (size_t size = 1; size <= SIZES; size++) {
        const kg_tree_hash root = naive_root(leaves, size);
        there = size;
        for (size_t index = 0; index < size; index++) {
            assert_true(kg_tree_prove_inclusion(&source, index, size, &proof));
            assert_true(kg_tree_check_inclusion(&leaves[index], index, size, &proof, &root));
            spoil_inclusion(&proof, index, size, &root);
        }
        assert_false(kg_tree_prove_inclusion(&source, size, size, &proof));
    }
    assert_int_equal(asked_beyond, 0);
}

static void spoil_consistency(const kg_tree_proof *proof, size_t from, size_t to,
                              const kg_tree_hash *old_root, const kg_tree_hash *root)
{
    kg_tree_proof spoilt;
    kg_tree_hash other = *old_root;
    for (size_t i = 0; i < proof->count; i++) {
        spoilt = *proof;
        spoilt.hashes[i].bytes[i % 32] ^= 1;
        assert_false(kg_tree_check_consistency(from, old_root, to, root, &spoilt));
    }
    spoilt = *proof;
    spoilt.hashes[spoilt.count++] = *root;
    assert_false(kg_tree_check_consistency(from, old_root, to, root, &spoilt));
    if (proof->count > 0) {
        spoilt.count = proof->count - 1;
        assert_false(kg_tree_check_consistency(from, old_root, to, root, &spoilt));
    }
    other.bytes[0] ^= 1;
    assert_false(kg_tree_check_consistency(from, &other, to, root, proof));
    assert_false(kg_tree_check_consistency(from, old_root, to, &other, proof));
    if (from != to)
        assert_false(kg_tree_check_consistency(to, root, from, old_root, proof));
}

static void every_continuation_is_proven(void **state)
{
    kg_tree_proof proof;
    (void)state;
    for (size_t size = 1; size <= SIZES; size++) {
        const kg_tree_hash root = naive_root(leaves, size);
        there = size;
        for (size_t old = 1; old <= size; old++) {
            const kg_tree_hash old_root = naive_root(leaves, old);
            assert_true(kg_tree_prove_consistency(&source, old, size, &proof));
            assert_true(kg_tree_check_consistency(old, &old_root, size, &root, &proof));
            spoil_consistency(&proof, old, size, &old_root, &root);
        }
        assert_false(kg_tree_prove_consistency(&source, size + 1, size, &proof));
        assert_false(kg_tree_prove_consistency(&source, 0, size, &proof));
    }
    assert_int_equal(asked_beyond, 0);
}

/* A history with one other leaf has no proof from the old root, whatever the other side sends of
 * its own. */
static void another_history_is_not_proven(void **state)
{
    kg_tree_proof proof;
    (void)state;
    there = SIZES;
    for (size_t old = 1; old < SIZES; old += 3) {
        const kg_tree_hash old_root = naive_root(leaves, old), kept = leaves[old / 2];
        leaves[old / 2].bytes[0] ^= 1;
        const kg_tree_hash root = naive_root(leaves, SIZES);
        assert_true(kg_tree_prove_consistency(&source, old, SIZES, &proof));
        assert_false(kg_tree_check_consistency(old, &old_root, SIZES, &root, &proof));
        assert_true(kg_tree_prove_inclusion(&source, old / 2, SIZES, &proof));
        assert_false(kg_tree_check_inclusion(&kept, old / 2, SIZES, &proof, &root));
        leaves[old / 2] = kept;
    }
}

static void every_tree_continues_the_empty_one(void **state)
{
    const kg_tree_hash empty = naive_root(leaves, 0), root = naive_root(leaves, 5);
    kg_tree_proof none = {.count = 0};
    (void)state;
    assert_true(kg_tree_check_consistency(0, &empty, 5, &root, &none));
    none.count = 1;
    assert_false(kg_tree_check_consistency(0, &empty, 5, &root, &none));
    none.count = KG_TREE_PROOF_MAX + 1;
    assert_false(kg_tree_check_consistency(1, &empty, 5, &root, &none));
    assert_false(kg_tree_check_inclusion(&empty, 0, 5, &none, &root));
}

/* From the far end of the numbers, where shifts would overflow. */
static void large_sizes_are_only_refused(void **state)
{
    kg_tree_proof proof = {.count = KG_TREE_PROOF_MAX};
    (void)state;
    assert_false(
        kg_tree_check_inclusion(&leaves[0], UINT64_MAX - 1, UINT64_MAX, &proof, &leaves[1]));
    assert_false(kg_tree_check_inclusion(&leaves[0], 0, UINT64_MAX, &proof, &leaves[1]));
    assert_false(
        kg_tree_check_consistency(UINT64_MAX - 1, &leaves[0], UINT64_MAX, &leaves[1], &proof));
    assert_false(
        kg_tree_check_consistency((uint64_t)1 << 63, &leaves[0], UINT64_MAX, &leaves[1], &proof));
}

static void every_part_of_a_leaf_counts(void **state)
{
    kg_sha256 *hash = kg_sha256_new();
    kg_tree_leaf_content content = {.sequence = 1};
    kg_tree_hash plain, other;
    uint8_t *bytes = (uint8_t *)&content;
    (void)state;
    _Static_assert(sizeof content == 112, "no padding");
    kg_tree_leaf_of(hash, &content, &plain);
    for (size_t i = 0; i < sizeof content; i++) {
        bytes[i] ^= 1;
        kg_tree_leaf_of(hash, &content, &other);
        assert_false(equal(&plain, &other));
        bytes[i] ^= 1;
    }
    kg_sha256_destroy(&hash);
}

static void a_head_is_bound_to_all_that_it_says(void **state)
{
    kg_identity *broker = kg_identity_generate("broker"), *other = kg_identity_generate("other");
    uint8_t deployment[KG_DEPLOYMENT_BYTES] = {7};
    kg_tree_head head = {.size = 5, .time_ms = 77, .root = leaves[0]}, spoilt;
    kg_public_key key, wrong;
    (void)state;
    kg_identity_public(broker, &key);
    kg_identity_public(other, &wrong);
    kg_tree_head_sign(&head, KG_TREE_BROKER, deployment, broker);
    assert_true(kg_tree_head_signed_by(&head, KG_TREE_BROKER, deployment, key.sign));
    assert_false(kg_tree_head_signed_by(&head, KG_TREE_BROKER, deployment, wrong.sign));
    assert_false(kg_tree_head_signed_by(&head, KG_TREE_WITNESS, deployment, key.sign));
    spoilt = head;
    spoilt.size++;
    assert_false(kg_tree_head_signed_by(&spoilt, KG_TREE_BROKER, deployment, key.sign));
    spoilt = head;
    spoilt.time_ms++;
    assert_false(kg_tree_head_signed_by(&spoilt, KG_TREE_BROKER, deployment, key.sign));
    spoilt = head;
    spoilt.root.bytes[31] ^= 1;
    assert_false(kg_tree_head_signed_by(&spoilt, KG_TREE_BROKER, deployment, key.sign));
    deployment[0] ^= 1;
    assert_false(kg_tree_head_signed_by(&head, KG_TREE_BROKER, deployment, key.sign));
    kg_identity_destroy(&broker);
    kg_identity_destroy(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_the_definition_s),
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_leaf_is_proven),
        cmocka_unit_test(every_continuation_is_proven),
        cmocka_unit_test(another_history_is_not_proven),
        cmocka_unit_test(every_tree_continues_the_empty_one),
        cmocka_unit_test(large_sizes_are_only_refused),
        cmocka_unit_test(every_part_of_a_leaf_counts),
        cmocka_unit_test(a_head_is_bound_to_all_that_it_says),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
