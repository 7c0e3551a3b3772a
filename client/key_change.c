/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys that an organisation adds to its own, and keys that are revoked. Both first ask the broker
 * which keys there are: people name a key by its first digits, the signed command names it
 * whole. */
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "client/language/language.h"
#include "client/session.h"

#define DIGITS_MIN 8

/* The keys of an organisation (NULL: the own) as the broker tells them; owned, or NULL with the
 * answer set. */
static json_t *ask_keys(kopgroep_session *session, const char *organisation,
                        kopgroep_answer *answer)
{
    kg_query query;
    json_t *keys = NULL;
    kg_query_init(&query, KG_VIEW_KEYS);
    query.organisation = organisation;
    if (kg_client_ask(session, &query, answer)) {
        keys = json_loads(answer->document, 0, NULL);
        kopgroep_answer_fini(answer);
        if (!keys)
            kg_client_say(answer, KOPGROEP_LOCAL, "The broker's answer is not JSON.");
    }
    kg_query_fini(&query);
    return keys;
}

static const char *text_of(const json_t *key, const char *name)
{
    const char *text = json_string_value(json_object_get(key, name));
    return text ? text : "";
}

/* What the key that signs may do. */
static bool own_roles(kopgroep_session *session, uint32_t *roles, kopgroep_answer *answer)
{
    char own[2 * KG_KEY_BYTES + 1];
    size_t i, k;
    json_t *key, *role, *keys = ask_keys(session, NULL, answer);
    kg_hex_write(session->key.sign, KG_KEY_BYTES, own);
    *roles = 0;
    json_array_foreach(keys, i, key)
    {
        if (strcmp(text_of(key, "sign"), own) != 0)
            continue;
        json_array_foreach(json_object_get(key, "roles"), k, role)
        {
            const char *name = json_string_value(role);
            *roles |= name ? kg_role_find(name) : 0;
        }
    }
    json_decref(keys);
    return answer->outcome == KOPGROEP_DONE;
}

void kopgroep_key_add(kopgroep_session *session, const char *public_key_file, const char *roles,
                      kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_KEY_ADD);
    command.has_key = true;
    if (kg_client_read_key(public_key_file, kopgroep_organisation(session), &command.key, answer) &&
        (roles ? kg_client_read_roles(roles, &command.key.roles, answer)
               : own_roles(session, &command.key.roles, answer)))
        kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}

/* The one present key whose half that signs begins so. */
static bool find_key(const json_t *keys, const char *digits, uint8_t sign[KG_KEY_BYTES],
                     kopgroep_answer *answer)
{
    size_t i, found = 0;
    json_t *key;
    json_array_foreach((json_t *)(uintptr_t)keys, i, key)
    {
        const char *hex = text_of(key, "sign");
        if (strncasecmp(hex, digits, strlen(digits)) == 0 &&
            strcmp(text_of(key, "state"), "present") == 0 && kg_hex_parse(hex, sign, KG_KEY_BYTES))
            found++;
    }
    if (found != 1)
        kg_client_say(answer, KOPGROEP_USAGE,
                      found ? N_("More than one key begins with %s: give more digits.")
                            : N_("There is no key that begins with %s; kopgroep key list shows "
                                 "those there are."),
                      digits);
    return found == 1;
}

static bool are_digits(const char *text)
{
    return strlen(text) >= DIGITS_MIN && strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

/* By its first digits, or by its public file. */
static bool name_key(kopgroep_session *session, const char *organisation, const char *name,
                     kg_public_key *key, kopgroep_answer *answer)
{
    if (!are_digits(name))
        return kg_client_read_key(
            name, organisation ? organisation : kopgroep_organisation(session), key, answer);
    json_t *keys = ask_keys(session, organisation, answer);
    bool found = keys && find_key(keys, name, key->sign, answer);
    json_decref(keys);
    return found;
}

void kopgroep_key_revoke(kopgroep_session *session, const char *organisation, const char *key,
                         const char *reason, kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_KEY_REVOKE);
    command.organisation = organisation;
    command.reason = reason;
    if (name_key(session, organisation, key, &command.key, answer))
        kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}
