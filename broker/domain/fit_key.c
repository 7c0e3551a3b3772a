/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys. */
#include "broker/domain/fit.h"

bool kg_fit_key_add(const kg_fit *fit)
{
    uint32_t member;
    const kg_public_key *key = &fit->event->command.key;
    if (!kg_fit_member(fit, &member))
        return false;
    bool fresh = kg_names_find(fit->state->keys, key->sign, KG_KEY_BYTES) == KG_NONE &&
                 kg_names_find(fit->state->keys, key->transport, KG_KEY_BYTES) == KG_NONE;
    return fresh || kg_fit_not(fit, "its key is registered");
}

bool kg_fit_key_revoke(const kg_fit *fit)
{
    const kg_command *command = &fit->event->command;
    const char *holder = command->organisation ? command->organisation : fit->event->actor;
    uint32_t member = kg_state_find_member(fit->state, holder);
    if (member == KG_NONE)
        return kg_fit_not(fit, "%s is not registered", holder);
    return kg_member_key(fit->state->members[member], command->key.sign) ||
           kg_fit_not(fit, "%s has no such key", holder);
}
