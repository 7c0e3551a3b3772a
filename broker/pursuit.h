/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads what another broker commits to the journal, on a thread of its own, and tries to lead in
 * its place. While it lives the journal is its own, but for what any thread may call; who has taken
 * all records and was told that it leads stops it, and then writes to the journal. */
#ifndef KG_PURSUIT_H
#define KG_PURSUIT_H

#include "broker/journal/journal.h"

typedef struct kg_pursuit kg_pursuit;

/* A record as it was read, verified. */
typedef struct kg_pursued {
    struct kg_pursued *next;
    uint64_t sequence;
    int64_t time_ms;
    uint8_t leaf[KG_LEAF_BYTES];
    uint8_t chain[KG_CHAIN_BYTES];
    size_t event_bytes;
    uint8_t event[];
} kg_pursued;

typedef enum kg_pursuit_standing {
    KG_PURSUIT_FOLLOWS,
    KG_PURSUIT_LEADS, /* all records were taken, and no other broker may append any more */
    KG_PURSUIT_FAILED /* end the process */
} kg_pursuit_standing;

/* What comes after record `after` (0: all), whose chain value is given. `wake` is called from its
 * thread when there is something to take, or its standing changed. */
kg_pursuit *kg_pursuit_start(kg_journal *journal, uint64_t after,
                             const uint8_t chain[KG_CHAIN_BYTES], void (*wake)(void *context),
                             void *context);
void kg_pursuit_stop(kg_pursuit **pursuit);
/* The next record, owned (free); NULL: none is there yet. One thread, as what follows. */
kg_pursued *kg_pursuit_take(kg_pursuit *pursuit);
/* `error` is why it failed. */
kg_pursuit_standing kg_pursuit_stands(kg_pursuit *pursuit, char error[static 300]);
/* Somebody waits for what was committed just now: it looks again at once. */
void kg_pursuit_hurry(kg_pursuit *pursuit);
/* Where clients ask who leads, as far as is known, else "". */
void kg_pursuit_leader(kg_pursuit *pursuit, char out[static 256]);
/* The leader's epoch as it was last seen, and how long ago the journal was last read. */
uint64_t kg_pursuit_epoch(kg_pursuit *pursuit);
int64_t kg_pursuit_silence_ms(kg_pursuit *pursuit);

#endif
