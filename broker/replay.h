/* SPDX-License-Identifier: EUPL-1.2 */
/* A replay: the events of a journal in order, while a thread of its own reads, verifies and decodes
 * those that come next. */
#ifndef KG_REPLAY_H
#define KG_REPLAY_H

#include "broker/domain/state.h"
#include "broker/journal/journal_tree.h"

/* Applies an event to the state; borrows it, as apply does. False with a sentence in `error` ends
 * the replay. */
typedef bool (*kg_replay_each)(void *context, kg_event *event, int64_t time_ms,
                               char error[static 300]);

/* What comes after a record (0: all), on the caller's thread; the journal is the replay's own until
 * it returns, and so is the tree, to which it adds the leaves, and `chain`, which is set to the
 * chain value of the last record. Events are decoded with the state's catalogue as it is then.
 * False with a sentence in `error`: of the first record that is damaged, or that `each` refused. */
bool kg_replay_run(kg_journal *journal, kg_journal_tree *tree, uint8_t chain[KG_CHAIN_BYTES],
                   uint64_t after, const kg_state *state, kg_replay_each each, void *context,
                   char error[static 300]);

/* Fills what an event needs that its bytes do not hold: the parsed catalogue. */
bool kg_replay_complete_event(kg_event *event, char error[static 300]);

#endif
