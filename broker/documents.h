/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers larger than one reply, kept for a while so that all pages are of one moment. Bounded in
 * number and bytes: the one unused longest goes first, and whoever reads it asks anew. */
#ifndef KG_DOCUMENTS_H
#define KG_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/identity.h"

/* Who asked: what a key may see follows from its roles, so an answer is for that key, and for as
 * long as its roles are those. */
typedef struct kg_reader_key {
    uint8_t key_id[KG_KEY_ID_BYTES];
    uint32_t roles;
} kg_reader_key;

typedef struct kg_document {
    uint64_t id;          /* 0: empty place */
    kg_reader_key reader; /* only it may read on */
    char *bytes; /* owned */
    size_t count;
    uint64_t head; /* journal sequence that it shows */
    uint64_t used; /* tick of the last use */
} kg_document;

typedef struct kg_documents {
    kg_document *places; /* owned */
    size_t places_count;
    size_t bytes, bytes_max;
    uint64_t tick;
} kg_documents;

void kg_documents_init(kg_documents *documents, size_t places, size_t bytes_max);
void kg_documents_fini(kg_documents *documents);
/* Takes `bytes`. The id is random, so that nobody guesses another's. */
const kg_document *kg_documents_keep(kg_documents *documents, const kg_reader_key *reader,
                                     char *bytes, size_t count, uint64_t head);
/* NULL when it is gone or another's. */
const kg_document *kg_documents_find(kg_documents *documents, const kg_reader_key *reader,
                                     uint64_t id);

#endif
