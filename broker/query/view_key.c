/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "broker/query/view.h"

#define SHOWN_CHARS 16 /* of the half that signs: what a key is called */

static json_t *roles_of(uint32_t roles)
{
    json_t *out = json_array();
    for (uint32_t role = KG_ROLE_ORGANISATION; role <= KG_ROLE_WITNESS; role <<= 1)
        if (roles & role)
            json_array_append_new(out, json_string(kg_role_name(role)));
    return out;
}

static json_t *key_of(const kg_public_key *key)
{
    char sign[2 * KG_KEY_BYTES + 1], shown[SHOWN_CHARS + 1];
    kg_hex_write(key->sign, KG_KEY_BYTES, sign);
    kg_text_format(shown, sizeof shown, "%.*s", SHOWN_CHARS, sign);
    return json_pack("{s:s,s:s,s:o}", "key", shown, "sign", sign, "roles", roles_of(key->roles));
}

json_t *kg_json_keys(const kg_member *member)
{
    json_t *out = json_array();
    for (size_t i = 0; i < member->keys_count; i++)
        json_array_append_new(out, key_of(&member->keys[i]));
    return out;
}

static json_t *row_of(const kg_member *member, const kg_public_key *key,
                      const kg_revoked_key *revoked)
{
    json_t *row = json_pack("{s:s}", "organisation", member->id), *rest = key_of(key);
    json_object_update(row, rest);
    json_decref(rest);
    json_object_set_new(row, "state", json_string(revoked ? "revoked" : "present"));
    json_object_set_new(row, "revoked", revoked ? kg_json_time(revoked->time_ms) : json_null());
    return row;
}

/* The asker's own, or for administrators anybody's. To others it is not told which organisations
 * there are. */
kg_status kg_view_keys(const kg_asking *asking, json_t **out)
{
    const char *named = asking->query->organisation;
    uint32_t index = named ? kg_state_find_member(asking->state, named) : asking->member;
    if (index != asking->member && !(asking->asker->roles & KG_ROLE_ADMINISTRATOR))
        return KG_STATUS_NOT_YOURS;
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_ORGANISATION;
    const kg_member *member = kg_state_member(asking->state, index);
    *out = json_array();
    for (size_t i = 0; i < member->keys_count; i++)
        json_array_append_new(*out, row_of(member, &member->keys[i], NULL));
    for (size_t i = 0; i < member->revoked_count; i++)
        json_array_append_new(*out, row_of(member, &member->revoked[i].key, &member->revoked[i]));
    return KG_STATUS_OK;
}
