/* SPDX-License-Identifier: EUPL-1.2 */
/* The result form of DESIGN section 5, from an outcome and the names behind its indices. */
#ifndef KG_EXPORT_RESULT_H
#define KG_EXPORT_RESULT_H

#include "proto/outcome.h"
#include "proto/sink.h"

/* Borrowed by every call. `organisations` and `lines` are by line index. An unplaced line of the
 * outcome that has a change has a nearest lot, whose category names the criterion. */
typedef struct kg_result {
    const char *round;
    const char *ruleset;      /* hexadecimal SHA-256 */
    const char *input_digest; /* hexadecimal SHA-256 */
    const kg_catalogue *catalogue;
    const kg_outcome *outcome;
    const char *const *organisations; /* organisation id of each line */
    const char *const *lines;         /* key of each line */
    const char *const *bodies;        /* id of each organisation index (for `lead`) */
    const uint8_t *tracks;            /* kg_track of each line */
    const int64_t *quantities;        /* of each line */
} kg_result;

/* Writes compact JSON, keys in DESIGN's order, UTF-8, no newline at the end. `digest` is what
 * stands in result_digest: "" to compute it over the bytes, then the hexadecimal SHA-256. */
void kg_result_write(const kg_result *result, const char *digest, kg_sink sink);
/* Both passes: hashes with "" in place, then writes to the sink with the digest. */
void kg_result_write_digested(const kg_result *result, kg_sink sink);
/* "ROUND/laptop/BE/1" of a lot; out holds KG_LOT_ID_BYTES. */
#define KG_LOT_ID_BYTES 160
void kg_lot_id_write(const char *round, const kg_catalogue *catalogue, kg_category category,
                     const char *nuts, uint32_t number, char out[static KG_LOT_ID_BYTES]);

#endif
