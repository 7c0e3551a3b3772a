/* SPDX-License-Identifier: EUPL-1.2 */
/* Heads and proofs of the journal's tree as JSON: as a broker answers, as receipts and kept heads
 * are written. Readers refuse what is not whole. */
#ifndef KG_CLIENT_PROOF_JSON_H
#define KG_CLIENT_PROOF_JSON_H

#include <jansson.h>

#include "proto/tree_head.h"

/* New references. */
json_t *kg_client_hex_json(const uint8_t *bytes, size_t count);
json_t *kg_client_head_json(const kg_tree_head *head);
json_t *kg_client_proof_json(const kg_tree_proof *proof);

bool kg_client_read_hex(const json_t *object, const char *name, uint8_t *out, size_t count);
bool kg_client_read_number(const json_t *object, const char *name, uint64_t *out);
bool kg_client_read_head(const json_t *object, kg_tree_head *out);
bool kg_client_read_proof(const json_t *array, kg_tree_proof *out);

/* Writes a file anew, whole and durable or not at all; with `fresh`, only where there is none yet.
 * False with errno. */
bool kg_client_write_file(const char *path, const char *text, bool fresh);

#endif
