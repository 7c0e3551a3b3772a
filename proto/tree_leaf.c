/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/tree_leaf.h"

#include <string.h>

enum {
    AT_TIME = 8,
    AT_KEY = 16,
    AT_COMMAND = AT_KEY + KG_SHA256_BYTES,
    AT_EVENT = AT_COMMAND + KG_SHA256_BYTES,
    CONTENT_BYTES = AT_EVENT + KG_SHA256_BYTES
};

void kg_tree_leaf_of(kg_sha256 *hash, const kg_tree_leaf_content *content, kg_tree_hash *out)
{
    uint8_t bytes[CONTENT_BYTES];
    kg_tree_put_u64(bytes, content->sequence);
    kg_tree_put_u64(bytes + AT_TIME, (uint64_t)content->time_ms);
    memcpy(bytes + AT_KEY, content->request_key, KG_SHA256_BYTES);
    memcpy(bytes + AT_COMMAND, content->command, KG_SHA256_BYTES);
    memcpy(bytes + AT_EVENT, content->event, KG_SHA256_BYTES);
    kg_tree_leaf(hash, bytes, sizeof bytes, out);
}
