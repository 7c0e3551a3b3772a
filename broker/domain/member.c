/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/member.h"

#include <string.h>

const kg_public_key *kg_member_key(const kg_member *member, const uint8_t sign[KG_KEY_BYTES])
{
    for (size_t i = 0; i < member->keys_count; i++)
        if (memcmp(member->keys[i].sign, sign, KG_KEY_BYTES) == 0)
            return &member->keys[i];
    return NULL;
}

const kg_revoked_key *kg_member_revoked(const kg_member *member, const uint8_t sign[KG_KEY_BYTES])
{
    for (size_t i = 0; i < member->revoked_count; i++)
        if (memcmp(member->revoked[i].key.sign, sign, KG_KEY_BYTES) == 0)
            return &member->revoked[i];
    return NULL;
}
