/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"

/* A holding's chain must end: the parent is registered, and not this organisation or below it. */
static bool parent_fits(kg_check *check)
{
    const kg_organisation *record = &check->command->record;
    const char *parent = record->parent;
    while (*parent) {
        uint32_t member = kg_state_find_member(check->state, parent);
        if (strcmp(parent, record->id) == 0)
            return kg_refuse(check, KG_STATUS_HOLDING, "%s is itself below %s.", record->parent,
                             record->id);
        if (member == KG_NONE)
            return kg_refuse(check, KG_STATUS_HOLDING, "%s is not registered.", parent);
        parent = check->state->members[member]->record.parent;
    }
    return true;
}

static const kg_public_key *find_key(const kg_member *member, const kg_public_key *key)
{
    for (size_t i = 0; i < member->keys_count; i++)
        if (memcmp(member->keys[i].sign, key->sign, KG_KEY_BYTES) == 0 &&
            memcmp(member->keys[i].transport, key->transport, KG_KEY_BYTES) == 0)
            return &member->keys[i];
    return NULL;
}

/* A pair of keys is registered once; again only for its own organisation, both halves as before. */
static bool key_fits(kg_check *check)
{
    const kg_public_key *key = &check->command->key;
    uint32_t sign = kg_names_find(check->state->keys, key->sign, KG_KEY_BYTES);
    uint32_t transport = kg_names_find(check->state->keys, key->transport, KG_KEY_BYTES);
    uint32_t member = kg_state_find_member(check->state, check->command->record.id);
    if (!check->command->has_key || (sign == KG_NONE && transport == KG_NONE))
        return true;
    if ((sign != KG_NONE && sign != member) || (transport != KG_NONE && transport != member))
        return kg_refuse(check, KG_STATUS_KEY_EXISTS, NULL);
    return find_key(check->state->members[member], key) ||
           kg_refuse(check, KG_STATUS_KEY_EXISTS,
                     "One half of this key pair is registered with another half. Make a fresh pair "
                     "with keygen.");
}

void kg_check_register(kg_check *check)
{
    if (!kg_id_valid(check->command->record.id)) {
        kg_refuse(check, KG_STATUS_ORGANISATION, NULL);
        return;
    }
    kg_organisation_check(&check->command->record, 0, &check->out->problems);
    if (kg_refuse_problems(check, "registered") && parent_fits(check) && key_fits(check))
        kg_accept(check);
}
