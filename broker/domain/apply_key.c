/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys. */
#include "broker/domain/apply.h"

#define SHOWN_BYTES 8 /* of the half that signs, in a feed */

bool kg_key_set(kg_apply *apply, uint32_t index, const kg_public_key *key)
{
    kg_state *state = apply->state;
    kg_member *member = state->members[index];
    state->publishing.has_reader |= (key->roles & KG_ROLE_READER) != 0;
    apply->effects->keys_changed = true;
    for (size_t i = 0; i < member->keys_count; i++)
        if (memcmp(member->keys[i].sign, key->sign, KG_KEY_BYTES) == 0) {
            member->keys[i].roles = key->roles;
            return false;
        }
    member->keys = kg_realloc(member->keys, member->keys_count + 1, sizeof *member->keys);
    member->keys[member->keys_count++] = *key;
    kg_state_add_key(state, index, key);
    return true;
}

void kg_apply_key_add(kg_apply *apply)
{
    char shown[2 * SHOWN_BYTES + 1];
    const kg_public_key *key = &apply->event->command.key;
    uint32_t index = kg_state_find_member(apply->state, apply->event->actor);
    kg_key_set(apply, index, key);
    kg_hex_write(key->sign, SHOWN_BYTES, shown);
    kg_tell(apply, index, KG_FEED_KEY_ADDED,
            (kg_about){.detail = kg_apply_text(apply, "%s", shown)});
    kg_apply_result(apply, "Key %s added to %s.", shown, apply->event->actor);
}

/* Its halves stay known, so that they cannot come back. */
static void revoke(kg_apply *apply, kg_member *member, size_t place)
{
    member->revoked =
        kg_realloc(member->revoked, member->revoked_count + 1, sizeof *member->revoked);
    member->revoked[member->revoked_count++] =
        (kg_revoked_key){member->keys[place], apply->event->sequence, apply->event->time_ms};
    memmove(&member->keys[place], &member->keys[place + 1],
            (member->keys_count - place - 1) * sizeof *member->keys);
    member->keys_count--;
    apply->effects->keys_changed = true;
}

void kg_apply_key_revoke(kg_apply *apply)
{
    char shown[2 * SHOWN_BYTES + 1];
    const kg_command *command = &apply->event->command;
    const char *holder = command->organisation ? command->organisation : apply->event->actor;
    uint32_t index = kg_state_find_member(apply->state, holder);
    kg_member *member = apply->state->members[index];
    size_t place = (size_t)(kg_member_key(member, command->key.sign) - member->keys);
    revoke(apply, member, place);
    kg_hex_write(command->key.sign, SHOWN_BYTES, shown);
    kg_tell(apply, index, KG_FEED_KEY_REVOKED,
            (kg_about){.detail = kg_apply_text(apply, "%s, by %s%s%s", shown, apply->event->actor,
                                               command->reason ? ": " : "",
                                               command->reason ? command->reason : "")});
    kg_apply_result(apply, "Key %s of %s revoked; nothing signed with it is taken any more.", shown,
                    member->id);
}
