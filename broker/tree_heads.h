/* SPDX-License-Identifier: EUPL-1.2 */
/* Heads of the journal's tree: the broker's signed one, and what witnesses cosigned. Cosignatures
 * are not journalled: each would make the next head, and no head would ever be cosigned. They are
 * kept in a file of their own (cosignatures.h). */
#ifndef KG_TREE_HEADS_H
#define KG_TREE_HEADS_H

#include "broker/core.h"

/* Adds a batch's leaves to the tree, once: it is durable, or the core ends where it does not
 * become so. */
void kg_tree_heads_follow(kg_core *core, kg_batch *batch);
/* The head of all that was added; signed when it was not yet, or, with `age_ms_max`, when that is
 * so long ago. Borrowed until the next call. */
const kg_tree_head *kg_tree_heads_now(kg_core *core, int64_t age_ms_max);
#define KG_TREE_HEAD_ANY_AGE INT64_MAX

/* What a witness has signed, with the key `sign`. */
typedef struct kg_cosignature {
    char organisation[KG_ID_BYTES_MAX + 1];
    uint8_t sign[KG_KEY_BYTES];
    kg_tree_head head;
} kg_cosignature;

/* Takes a cosignature in place of the key's earlier one. KG_STATUS_OK, or COSIGNATURE: it is not
 * of this history, or says less than the one that is there. */
kg_status kg_tree_heads_cosign(kg_core *core, const char *organisation,
                               const uint8_t sign[KG_KEY_BYTES], const kg_tree_head *cosigned);

/* Takes one that was kept, if its organisation still has the key, and it is of this history. */
bool kg_tree_heads_take(kg_core *core, const kg_cosignature *cosignature);

/* The views of the tree, as JSON. */
kg_status kg_tree_heads_view(kg_core *core, const kg_query *query, kg_buffer *out);

#endif
