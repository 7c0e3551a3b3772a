/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "proto/memory.h"

#define LEVELS (KG_TREE_LEVELS - KG_TREE_BLOCK_LEVEL)

/* The leaves of a block, and all nodes over them that are complete, level by level. */
struct block {
    kg_tree_hash nodes[2 * KG_TREE_BLOCK_LEAVES - 1];
    size_t leaves;
};

/* Roots of complete subtrees of one size. */
typedef struct level {
    kg_tree_hash *nodes; /* owned */
    size_t count, capacity;
} level;

struct kg_journal_tree {
    level levels[LEVELS]; /* from blocks upwards */
    struct block last;    /* less than a whole one */
    kg_sha256 *hash;      /* owned */
};

/* A proof that is being made. */
typedef struct proving {
    const kg_journal_tree *tree;
    kg_journal *journal;
    struct block *read; /* owned; or NULL */
    uint64_t number;    /* of the block that was read */
    bool failed;
} proving;

/* Where a node of a block stands in it. */
static size_t place(unsigned height, uint64_t index)
{
    return 2 * KG_TREE_BLOCK_LEAVES - ((2 * KG_TREE_BLOCK_LEAVES) >> height) + (size_t)index;
}

static void add_leaf(kg_sha256 *hash, struct block *block, const uint8_t leaf[KG_LEAF_BYTES])
{
    uint64_t index = block->leaves++;

    memcpy(block->nodes[place(0, index)].bytes, leaf, KG_LEAF_BYTES);
    for (unsigned height = 0; (index & 1) != 0; height++, index >>= 1)
        kg_tree_node(hash, &block->nodes[place(height, index - 1)],
                     &block->nodes[place(height, index)],
                     &block->nodes[place(height + 1, index >> 1)]);
}

kg_journal_tree *kg_journal_tree_new(void)
{
    kg_journal_tree *tree = kg_alloc(1, sizeof(*tree));

    tree->hash = kg_sha256_new();
    return tree;
}

void kg_journal_tree_destroy(kg_journal_tree **tree_p)
{
    kg_journal_tree *tree = *tree_p;

    if (!tree)
        return;
    for (size_t i = 0; i < LEVELS; i++)
        free(tree->levels[i].nodes);
    kg_sha256_destroy(&tree->hash);
    free(tree);
    *tree_p = NULL;
}

static void add_block(kg_journal_tree *tree, kg_tree_hash node)
{
    for (level *at = tree->levels;; at++) {
        at->nodes = kg_grow(at->nodes, at->count, &at->capacity, sizeof(*at->nodes));
        at->nodes[at->count++] = node;
        if (at->count % 2 == 1)
            return;
        kg_tree_node(tree->hash, &at->nodes[at->count - 2], &at->nodes[at->count - 1], &node);
    }
}

void kg_journal_tree_add(kg_journal_tree *tree, const uint8_t leaf[KG_LEAF_BYTES])
{
    add_leaf(tree->hash, &tree->last, leaf);
    if (tree->last.leaves < KG_TREE_BLOCK_LEAVES)
        return;
    add_block(tree, tree->last.nodes[place(KG_TREE_BLOCK_LEVEL, 0)]);
    tree->last.leaves = 0;
}

void kg_journal_tree_archive(kg_journal_tree *tree, const kg_archive *archive)
{
    for (level *at = tree->levels; at < tree->levels + LEVELS; at++) {
        KG_ARCHIVE(archive, at->count);
        KG_ARCHIVE(archive, at->capacity);
        at->nodes = kg_archive_array(archive, at->nodes, at->count, at->capacity,
                                     sizeof(*at->nodes));
    }
    KG_ARCHIVE(archive, tree->last);
}

static uint64_t blocks(const kg_journal_tree *tree)
{
    return tree->levels[0].count;
}

uint64_t kg_journal_tree_size(const kg_journal_tree *tree)
{
    return blocks(tree) * KG_TREE_BLOCK_LEAVES + tree->last.leaves;
}

/* ---- what lies in a block ---- */

static bool keep_leaf(void *context, const kg_journal_record *record)
{
    proving *it = context;

    add_leaf(it->tree->hash, it->read, record->leaf);
    return it->read->leaves < KG_TREE_BLOCK_LEAVES;
}

/* What the journal gives must be what was added: a proof over other leaves would accuse the
 * broker of a forgery. */
static bool is_known(const proving *it)
{
    return it->read->leaves == KG_TREE_BLOCK_LEAVES &&
           memcmp(&it->read->nodes[place(KG_TREE_BLOCK_LEVEL, 0)],
                  &it->tree->levels[0].nodes[it->number], sizeof(kg_tree_hash)) == 0;
}

static bool read_block(proving *it, uint64_t number)
{
    const uint64_t first = number * KG_TREE_BLOCK_LEAVES + 1;

    if (it->read && it->number == number)
        return true;
    if (!it->read)
        it->read = kg_alloc(1, sizeof(*it->read));
    it->read->leaves = 0;
    it->number = number;
    it->failed = !kg_journal_follow(it->journal, first, false, keep_leaf, it);
    if (it->failed)
        return false;
    it->failed = !is_known(it);
    return !it->failed ||
           kg_journal_fail("the records from %" PRIu64 " on are not those that the tree was "
                           "made of; see the system's log for disk errors, and verify the "
                           "journal (kopgroepd journal verify)",
                           first);
}

static bool node(void *context, unsigned height, uint64_t index, kg_tree_hash *out)
{
    proving *it = context;
    const uint64_t number = (index << height) / KG_TREE_BLOCK_LEAVES;
    const struct block *block = &it->tree->last;

    if (height >= KG_TREE_BLOCK_LEVEL) {
        *out = it->tree->levels[height - KG_TREE_BLOCK_LEVEL].nodes[index];
        return true;
    }
    if (number < blocks(it->tree)) {
        if (!read_block(it, number))
            return false;
        block = it->read;
    }
    *out = block->nodes[place(height, index & ((KG_TREE_BLOCK_LEAVES >> height) - 1))];
    return true;
}

/* ---- roots and proofs ---- */

void kg_journal_tree_root(const kg_journal_tree *tree, kg_tree_hash *out)
{
    proving it = {.tree = tree};
    const kg_tree_source source = {node, &it};

    /* Its nodes are all in memory. */
    kg_tree_root(&source, kg_journal_tree_size(tree), out);
}

bool kg_journal_tree_root_at(const kg_journal_tree *tree, kg_journal *journal, uint64_t size,
                             kg_tree_hash *out, bool *failed)
{
    proving it = {.tree = tree, .journal = journal};
    const kg_tree_source source = {node, &it};
    bool good = size <= kg_journal_tree_size(tree) && kg_tree_root(&source, size, out);

    free(it.read);
    *failed = it.failed;
    return good;
}

bool kg_journal_tree_inclusion(const kg_journal_tree *tree, kg_journal *journal, uint64_t index,
                               uint64_t size, kg_tree_proof *out, bool *failed)
{
    proving it = {.tree = tree, .journal = journal};
    const kg_tree_source source = {node, &it};
    bool good =
        size <= kg_journal_tree_size(tree) && kg_tree_prove_inclusion(&source, index, size, out);

    free(it.read);
    *failed = it.failed;
    return good;
}

bool kg_journal_tree_consistency(const kg_journal_tree *tree, kg_journal *journal,
                                 uint64_t old_size, uint64_t size, kg_tree_proof *out, bool *failed)
{
    proving it = {.tree = tree, .journal = journal};
    const kg_tree_source source = {node, &it};
    bool good = size <= kg_journal_tree_size(tree) &&
                kg_tree_prove_consistency(&source, old_size, size, out);

    free(it.read);
    *failed = it.failed;
    return good;
}
