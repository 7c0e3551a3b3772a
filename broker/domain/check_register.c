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

static bool key_fits(kg_check *check)
{
    const kg_public_key *key = &check->command->key;
    return !check->command->has_key ||
           (kg_check_key_fits(check, check->command->record.id, key) &&
            ((key->roles & KG_ROLE_ADMINISTRATOR) || kg_check_key_spared(check, key)));
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
