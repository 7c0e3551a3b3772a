/* SPDX-License-Identifier: EUPL-1.2 */
/* The store: the journal and the state that follows from it. Opening replays every record through
 * the same apply that live commands go through. */
#ifndef KG_STORE_H
#define KG_STORE_H

#include "broker/checkpoint.h"
#include "broker/domain/state.h"
#include "broker/journal/journal_tree.h"
#include "broker/query/disclosure_history.h"

typedef struct kg_store {
    kg_journal *journal; /* owned */
    kg_journal_tree *tree; /* owned; over the journal's durable records */
    kg_state *state;     /* owned */
    kg_disclosure_history *disclosure; /* owned: what readers were told so far */
    kg_version *published; /* owned: what they are told now; NULL before the first version */
    char deployment[2 * KG_DEPLOYMENT_ID_BYTES + 1];
    uint8_t chain[KG_CHAIN_BYTES]; /* of the last record that was replayed, or taken */
    int64_t last_time_ms; /* of the last record: time never goes back */
    uint64_t checkpoint; /* the record that the start went on from; 0: from the first */
} kg_store;

/* Opens and replays, checking every chain value. False with a sentence in `error`. */
bool kg_store_open(kg_store *store, const char *folder, const kg_journal_options *options,
                   char error[static 300]);
/* The first half: the journal is open, the state empty. Before there are threads. */
bool kg_store_open_journal(kg_store *store, const char *folder, const kg_journal_options *options,
                           char error[static 300]);
/* The second half: from the checkpoint in the folder, where there is one that is sound and this
 * journal's; why it was not used is in `note`, "" where there is none or it was. Only what follows
 * it is checked then. False closes the store. */
bool kg_store_replay(kg_store *store, const char *folder, char note[static 200],
                     char error[static 300]);
/* What came since, in a journal that another one writes (kg_journal_lead()). */
bool kg_store_catch_up(kg_store *store, char error[static 300]);
/* One that came since, of which `effects` tells. False where it does not follow from those before
 * it. */
bool kg_store_take(kg_store *store, kg_event *event, int64_t time_ms, kg_effects *effects,
                   char error[static 300]);
/* Both halves. */
bool kg_store_open_from_checkpoint(kg_store *store, const char *folder,
                                   const kg_journal_options *options, char note[static 200],
                                   char error[static 300]);
/* Writes a checkpoint of all that is durable, which must be all that was applied. False with half a
 * sentence in `why`. */
bool kg_store_write_checkpoint(kg_store *store, const char *folder, char why[static 200]);
void kg_store_close(kg_store *store);
/* What follows from an event, after it was applied, outside of the state: a published version. */
void kg_store_follow(kg_store *store, const kg_event *event);
/* SHA-256 of the state's canonical bytes, hexadecimal. */
void kg_store_state_hash(const kg_state *state, char out[static 65]);
/* Opens read-only, replays, and gives the hash of the state after so many records, whatever a
 * broker appends meanwhile: for the journal's verbs. */
bool kg_store_hash_of(const char *folder, uint64_t records, char hash[static 65],
                      char error[static 300]);

#endif
