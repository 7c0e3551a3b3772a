/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the library: receipts, which a session keeps of its last command, and their file: one
 * JSON object a line, one a message (client/README.md). */
#ifndef KG_CLIENT_RECEIPT_H
#define KG_CLIENT_RECEIPT_H

#include <jansson.h>

#include "client/session.h"

typedef struct kg_client_receipt {
    uint64_t sequence;
    int64_t time_ms;
    uint8_t event_digest[KG_SHA256_BYTES];
    uint8_t member[KG_KEY_BYTES]; /* the key that signed the message */
    kg_buffer message;            /* owned; as it was sent */
    kg_tree_head head;
    bool has_proof;
    kg_tree_proof proof; /* that it is in the head's tree */
} kg_client_receipt;

void kg_client_receipt_fini(kg_client_receipt *receipt);
json_t *kg_client_receipt_json(const kopgroep_session *session, const kg_client_receipt *receipt);
/* False: it is none, or of another deployment; the receipt is to be freed in either case. */
bool kg_client_receipt_read(const json_t *json, const uint8_t deployment[KG_DEPLOYMENT_BYTES],
                            kg_client_receipt *out);

/* Notes an accepted message; where the session keeps them. */
void kg_client_receipts_note(kopgroep_session *session, const kg_buffer *message,
                             const kg_reply *reply);
void kg_client_receipts_fini(kg_client_receipts *receipts);

/* Proves all that can be proven without the broker; returns what is wrong, or NULL. */
const char *kg_client_receipt_check(const kg_client_receipt *receipt,
                                    const kg_broker_access *access, kg_tree_hash *leaf,
                                    kg_envelope *envelope);

#endif
