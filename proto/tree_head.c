/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/tree_head.h"

#include <string.h>

#define MESSAGE_BYTES_MAX 128

static const char *const domains[] = {
    [KG_TREE_BROKER] = "kopgroep-tree-head-v1",
    [KG_TREE_WITNESS] = "kopgroep-cosignature-v1",
};

static size_t put(uint8_t *to, const void *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return count;
}

static size_t message_of(const kg_tree_head *head, kg_tree_signer signer,
                         const uint8_t deployment[KG_DEPLOYMENT_BYTES],
                         uint8_t out[static MESSAGE_BYTES_MAX])
{
    size_t at = put(out, domains[signer], strlen(domains[signer]) + 1);
    at += put(out + at, deployment, KG_DEPLOYMENT_BYTES);
    kg_tree_put_u64(out + at, head->size);
    kg_tree_put_u64(out + at + 8, (uint64_t)head->time_ms);
    at += 16;
    return at + put(out + at, head->root.bytes, KG_TREE_HASH_BYTES);
}

void kg_tree_head_sign(kg_tree_head *head, kg_tree_signer signer,
                       const uint8_t deployment[KG_DEPLOYMENT_BYTES], const kg_identity *identity)
{
    uint8_t message[MESSAGE_BYTES_MAX];
    size_t count = message_of(head, signer, deployment, message);
    kg_identity_sign(identity, message, count, head->signature);
}

bool kg_tree_head_signed_by(const kg_tree_head *head, kg_tree_signer signer,
                            const uint8_t deployment[KG_DEPLOYMENT_BYTES],
                            const uint8_t key[KG_KEY_BYTES])
{
    uint8_t message[MESSAGE_BYTES_MAX];
    size_t count = message_of(head, signer, deployment, message);
    return kg_signature_check(key, message, count, head->signature);
}
