/* SPDX-License-Identifier: EUPL-1.2 */
/* Requests seen before: a command sent again gets its first receipt; the same request id with
 * other content is refused. */
#ifndef KG_RECALL_H
#define KG_RECALL_H

#include "broker/core.h"

typedef enum kg_recalled {
    KG_RECALLED_NOTHING, /* not seen before */
    KG_RECALLED_REPLY,   /* the reply is set: the first receipt, or REQUEST_ID_REUSED */
    KG_RECALLED_WAITING  /* it is being decided, or not durable yet: the answer comes by itself */
} kg_recalled;

kg_recalled kg_recall(kg_core *core, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                      const uint8_t *message, size_t message_bytes, const kg_caller *caller,
                      kg_reply *reply);

#endif
