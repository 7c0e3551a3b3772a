/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys: what may be registered, and what may be taken away. */
#include "broker/domain/check.h"

/* Is either half one that was revoked? */
static bool was_revoked(const kg_member *member, const kg_public_key *key)
{
    for (size_t i = 0; i < member->revoked_count; i++)
        if (memcmp(member->revoked[i].key.sign, key->sign, KG_KEY_BYTES) == 0 ||
            memcmp(member->revoked[i].key.transport, key->transport, KG_KEY_BYTES) == 0)
            return true;
    return false;
}

bool kg_check_key_fits(kg_check *check, const char *organisation, const kg_public_key *key)
{
    uint32_t sign = kg_names_find(check->state->keys, key->sign, KG_KEY_BYTES);
    uint32_t transport = kg_names_find(check->state->keys, key->transport, KG_KEY_BYTES);
    uint32_t index = kg_state_find_member(check->state, organisation);
    if (sign == KG_NONE && transport == KG_NONE)
        return true;
    if ((sign != KG_NONE && sign != index) || (transport != KG_NONE && transport != index))
        return kg_refuse(check, KG_STATUS_KEY_EXISTS, NULL);
    const kg_member *member = check->state->members[index];
    if (was_revoked(member, key))
        return kg_refuse(check, KG_STATUS_KEY_REVOKED, NULL);
    const kg_public_key *known = kg_member_key(member, key->sign);
    return (known && memcmp(known->transport, key->transport, KG_KEY_BYTES) == 0) ||
           kg_refuse(check, KG_STATUS_KEY_EXISTS,
                     "One half of this key pair is registered with another half. Make a fresh pair "
                     "with keygen.");
}

static size_t count_administrators(const kg_state *state)
{
    size_t count = 0;
    for (size_t i = 0; i < state->members_count; i++)
        for (size_t k = 0; k < state->members[i]->keys_count; k++)
            count += (state->members[i]->keys[k].roles & KG_ROLE_ADMINISTRATOR) != 0;
    return count;
}

bool kg_check_key_spared(kg_check *check, const kg_public_key *key)
{
    uint32_t index = kg_names_find(check->state->keys, key->sign, KG_KEY_BYTES);
    const kg_public_key *present =
        index == KG_NONE ? NULL : kg_member_key(check->state->members[index], key->sign);
    if (!present || !(present->roles & KG_ROLE_ADMINISTRATOR))
        return true;
    return count_administrators(check->state) > 1 ||
           kg_refuse(check, KG_STATUS_LAST_ADMINISTRATOR, NULL);
}

/* Nobody gives a key, or takes one, that may do more than the one that signs; but administrators
 * register as they see fit. */
static bool roles_fit(kg_check *check, uint32_t roles, const char *what)
{
    uint32_t own = check->actor->roles;
    return (own & KG_ROLE_ADMINISTRATOR) || (roles & ~own) == 0 ||
           kg_refuse(check, KG_STATUS_ROLE,
                     "The key that signs may not %s a key that may do more than itself. Ask an "
                     "administrator.",
                     what);
}

void kg_check_key_add(kg_check *check)
{
    uint32_t member;
    const kg_public_key *key = &check->command->key;
    if (!kg_check_member(check, &member) || !roles_fit(check, key->roles, "add") ||
        !kg_check_key_fits(check, check->actor->organisation, key))
        return;
    if (kg_member_key(check->state->members[member], key->sign))
        kg_refuse(check, KG_STATUS_KEY_EXISTS,
                  "Your organisation has this key. Only an administrator changes its roles.");
    else
        kg_accept(check);
}

/* Whose key: the actor's own, or for administrators anybody's. To others it is not told which
 * organisations there are. */
static bool find_holder(kg_check *check, uint32_t *member)
{
    const char *named = check->command->organisation;
    if (!named || strcmp(named, check->actor->organisation) == 0)
        return kg_check_member(check, member);
    if (!(check->actor->roles & KG_ROLE_ADMINISTRATOR))
        return kg_refuse(check, KG_STATUS_NOT_YOURS,
                         "Only administrators revoke another organisation's key.");
    *member = kg_state_find_member(check->state, named);
    return *member != KG_NONE || kg_refuse(check, KG_STATUS_UNKNOWN_ORGANISATION, NULL);
}

void kg_check_key_revoke(kg_check *check)
{
    uint32_t index;
    const uint8_t *sign = check->command->key.sign;
    if (!find_holder(check, &index))
        return;
    const kg_member *member = check->state->members[index];
    const kg_public_key *key = kg_member_key(member, sign);
    if (!key)
        kg_refuse(check, KG_STATUS_NO_SUCH_KEY,
                  kg_member_revoked(member, sign) ? "This key was revoked before." : NULL);
    else if (roles_fit(check, key->roles, "revoke") && kg_check_key_spared(check, key))
        kg_accept(check);
}
