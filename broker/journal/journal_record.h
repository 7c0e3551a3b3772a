/* SPDX-License-Identifier: EUPL-1.2 */
/* The stored form of a record, the same in every backend. All numbers big-endian:
 *    0  "KGR" and the format's version (4), so that stray bytes do not pass for a record
 *    4  sequence (8)       12  time in ms (8)       20  salt (16)
 *   36  request key (32)   68  command bytes (4)    72  event bytes (4)
 *   76  command, event, then the hash of the record's leaf (32), which is made of all of these, and
 *       the chain value (32): SHA-256 over the chain value before it and that hash. */
#ifndef KG_JOURNAL_RECORD_H
#define KG_JOURNAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/journal/journal.h"
#include "proto/identity.h"

/* A place in the chain, after a record and before the next; all zero: before the first. */
typedef struct kg_point {
    uint64_t sequence; /* of the record before it */
    uint8_t chain[KG_CHAIN_BYTES];
} kg_point;

/* A record in its stored form. */
typedef struct kg_stored {
    uint64_t sequence;
    const uint8_t *bytes;
    size_t count;
} kg_stored;

/* Bytes of the stored form; 0 when command or event is too long to be stored. */
size_t kg_record_size(const kg_journal_record *record);

/* Writes the stored form to `out` (kg_record_size() bytes) and fills in the record's leaf, its
 * chain value, which follows `before`, and its event's digest. `hash` is used, and begins anew, as
 * below. */
void kg_record_encode(kg_sha256 *hash, kg_journal_record *record,
                      const uint8_t before[KG_CHAIN_BYTES], uint8_t *out);

/* Reads the stored form of record `sequence`; the record borrows from `bytes`. False, with a
 * sentence that names the sequence, when it is not one. */
bool kg_record_decode(const uint8_t *bytes, size_t count, uint64_t sequence,
                      kg_journal_record *record);

/* Could a stored record begin with these bytes, of which more may come? */
bool kg_record_begins(const uint8_t *bytes, size_t left);

/* How long the stored record is that begins at `bytes`; 0 when none can, or not all is there. */
size_t kg_record_length(const uint8_t *bytes, size_t left);

/* Whether leaf and chain value are those of the record's own content, and follow from `before`. */
bool kg_record_chained(kg_sha256 *hash, const kg_journal_record *record,
                       const uint8_t before[KG_CHAIN_BYTES]);
/* SHA-256 of salt and event: what a receipt tells of the event. */
void kg_record_event_digest(kg_sha256 *hash, const kg_journal_record *record,
                            uint8_t out[KG_SHA256_BYTES]);

/* Whether the record answers a request: its key is not zero. */
bool kg_record_has_request(const kg_journal_record *record);

void kg_record_put_u32(uint8_t out[static 4], uint32_t value);
uint32_t kg_record_get_u32(const uint8_t bytes[static 4]);
void kg_record_put_u64(uint8_t out[static 8], uint64_t value);
uint64_t kg_record_get_u64(const uint8_t bytes[static 8]);

#endif
