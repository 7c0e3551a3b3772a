/* SPDX-License-Identifier: EUPL-1.2 */
/* The Merkle tree over a journal's leaves, in a quarter of a byte a record: the roots of complete
 * blocks of 256 leaves, of pairs of them, and so on, and the leaves of the last block. What lies
 * deeper in a block is read from the journal again when it is asked for. One thread at a time. */
#ifndef KG_JOURNAL_TREE_H
#define KG_JOURNAL_TREE_H

#include "broker/journal/journal.h"
#include "proto/archive.h"
#include "proto/tree.h"

#define KG_TREE_BLOCK_LEVEL 8
#define KG_TREE_BLOCK_LEAVES (1u << KG_TREE_BLOCK_LEVEL)

typedef struct kg_journal_tree kg_journal_tree;

kg_journal_tree *kg_journal_tree_new(void); /* owned; empty */
void kg_journal_tree_destroy(kg_journal_tree **tree);
/* The leaf of the next record. */
void kg_journal_tree_add(kg_journal_tree *tree, const uint8_t leaf[KG_LEAF_BYTES]);
/* Writes a tree into an archive, or makes an empty one what the archive holds. */
void kg_journal_tree_archive(kg_journal_tree *tree, const kg_archive *archive);
uint64_t kg_journal_tree_size(const kg_journal_tree *tree);
/* Of all leaves. */
void kg_journal_tree_root(const kg_journal_tree *tree, kg_tree_hash *out);

/* Of the tree's first `size` leaves; `journal` has all of them, durable. False where a size is
 * beyond the tree, or an index beyond the size; or, with `*failed` set and kg_journal_error(), when
 * the journal cannot be read, or has other leaves than were added. */
bool kg_journal_tree_root_at(const kg_journal_tree *tree, kg_journal *journal, uint64_t size,
                             kg_tree_hash *out, bool *failed);
bool kg_journal_tree_inclusion(const kg_journal_tree *tree, kg_journal *journal, uint64_t index,
                               uint64_t size, kg_tree_proof *out, bool *failed);
bool kg_journal_tree_consistency(const kg_journal_tree *tree, kg_journal *journal,
                                 uint64_t old_size, uint64_t size, kg_tree_proof *out,
                                 bool *failed);

#endif
