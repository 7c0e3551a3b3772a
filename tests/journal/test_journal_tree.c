/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree that is kept in part, against one that is kept whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_tree.h"
#include "proto/memory.h"
#include "tests/journal/helper_journal.h"

#define RECORDS 1300 /* five blocks and a beginning */
#define BATCH 100

typedef struct fixture {
    char *folder;
    kg_journal *journal;
    kg_journal_tree *tree;
    kg_tree_hash leaves[RECORDS];
    size_t count;
} fixture;

static bool add_leaf(void *context, const kg_journal_record *record)
{
    fixture *f = context;

    memcpy(f->leaves[f->count++].bytes, record->leaf, KG_LEAF_BYTES);
    kg_journal_tree_add(f->tree, record->leaf);
    return true;
}

static int set_up(void **state)
{
    fixture *f = kg_alloc(1, sizeof(*f));

    f->folder = helper_journal_new();
    f->journal = kg_journal_open(f->folder, NULL);
    f->tree = kg_journal_tree_new();
    for (size_t i = 0; i < RECORDS / BATCH; i++)
        assert_int_equal(helper_append(f->journal, BATCH, false), KG_APPEND_OK);
    assert_true(kg_journal_follow(f->journal, 1, true, add_leaf, f));
    assert_int_equal(f->count, RECORDS);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;

    kg_journal_tree_destroy(&f->tree);
    kg_journal_close(&f->journal);
    helper_folder_remove(&f->folder);
    free(f);
    return 0;
}

/* Over leaves that are all at hand. */
static bool whole_node(void *context, unsigned level, uint64_t index, kg_tree_hash *out)
{
    const fixture *f = context;
    kg_tree_hash left, right;
    kg_sha256 *hash;

    if (level == 0) {
        *out = f->leaves[index];
        return true;
    }
    whole_node(context, level - 1, 2 * index, &left);
    whole_node(context, level - 1, 2 * index + 1, &right);
    hash = kg_sha256_new();
    kg_tree_node(hash, &left, &right, out);
    kg_sha256_destroy(&hash);
    return true;
}

static void assert_same_proof(const kg_tree_proof *a, const kg_tree_proof *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->hashes, b->hashes, a->count * sizeof(*a->hashes));
}

/* Sizes and places around every edge there is. */
static const uint64_t some[] = {1,   2,   3,   127,  128,  129,  255,  256,  257,  511,  512, 513,
                                767, 768, 769, 1023, 1024, 1025, 1279, 1280, 1281, 1299, 1300};
#define SOME (sizeof(some) / sizeof(*some))

static void proofs_are_those_of_the_whole_tree(void **state)
{
    fixture *f = *state;
    const kg_tree_source whole = {whole_node, f};
    kg_tree_proof wanted, got;
    kg_tree_hash root, other;
    bool failed;

    for (size_t i = 0; i < SOME; i++) {
        assert_true(kg_tree_root(&whole, some[i], &root));
        assert_true(kg_journal_tree_root_at(f->tree, f->journal, some[i], &other, &failed));
        assert_memory_equal(&root, &other, sizeof(root));
        for (size_t j = 0; j <= i; j++) {
            assert_true(kg_tree_prove_inclusion(&whole, some[j] - 1, some[i], &wanted));
            assert_true(kg_journal_tree_inclusion(f->tree, f->journal, some[j] - 1, some[i], &got,
                                                  &failed));
            assert_same_proof(&wanted, &got);
            assert_true(kg_tree_prove_consistency(&whole, some[j], some[i], &wanted));
            assert_true(
                kg_journal_tree_consistency(f->tree, f->journal, some[j], some[i], &got, &failed));
            assert_same_proof(&wanted, &got);
        }
    }
}

static void what_is_beyond_is_refused(void **state)
{
    fixture *f = *state;
    kg_tree_proof proof;
    kg_tree_hash root;
    bool failed = true;

    assert_false(kg_journal_tree_root_at(f->tree, f->journal, RECORDS + 1, &root, &failed));
    assert_false(failed);
    assert_false(kg_journal_tree_inclusion(f->tree, f->journal, 7, 7, &proof, &failed));
    assert_false(kg_journal_tree_inclusion(f->tree, f->journal, 7, RECORDS + 1, &proof, &failed));
    assert_false(kg_journal_tree_consistency(f->tree, f->journal, 0, 7, &proof, &failed));
    assert_false(kg_journal_tree_consistency(f->tree, f->journal, 8, 7, &proof, &failed));
    assert_false(
        kg_journal_tree_consistency(f->tree, f->journal, UINT64_MAX, UINT64_MAX, &proof, &failed));
    assert_false(failed);
}

static void roots_follow_each_leaf(void **state)
{
    fixture *f = *state;
    const kg_tree_source whole = {whole_node, f};
    kg_journal_tree *tree = kg_journal_tree_new();
    kg_tree_hash wanted, got;

    for (size_t size = 0; size <= 600; size++) {
        assert_int_equal(kg_journal_tree_size(tree), size);
        kg_journal_tree_root(tree, &got);
        assert_true(kg_tree_root(&whole, size, &wanted));
        assert_memory_equal(&wanted, &got, sizeof(got));
        kg_journal_tree_add(tree, f->leaves[size].bytes);
    }
    kg_journal_tree_destroy(&tree);
}

/* A proof over leaves that are not those that were verified would accuse an honest broker. */
static void a_block_that_changed_is_told(void **state)
{
    fixture *f = *state;
    kg_journal_tree *tree = kg_journal_tree_new();
    kg_tree_proof proof;
    bool failed = false;

    f->leaves[300].bytes[0] ^= 1;
    for (size_t i = 0; i < RECORDS; i++)
        kg_journal_tree_add(tree, f->leaves[i].bytes);
    f->leaves[300].bytes[0] ^= 1;
    assert_true(kg_journal_tree_inclusion(tree, f->journal, 5, RECORDS, &proof, &failed));
    assert_false(kg_journal_tree_inclusion(tree, f->journal, 301, RECORDS, &proof, &failed));
    assert_true(failed);
    assert_non_null(strstr(kg_journal_error(), "257"));
    kg_journal_tree_destroy(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(proofs_are_those_of_the_whole_tree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_beyond_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(roots_follow_each_leaf, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_block_that_changed_is_told, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
