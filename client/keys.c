/* SPDX-License-Identifier: EUPL-1.2 */
/* Identities, and their registration. */
#include <stdlib.h>
#include <string.h>

#include "client/session.h"
#include "proto/catalogue_file.h"

void kopgroep_keygen(const char *path, const char *organisation, const char *passphrase,
                     kopgroep_answer *answer)
{
    char public_path[4096];
    kg_public_key key;
    *answer = (kopgroep_answer){0};
    if (!kg_id_valid(organisation)) {
        kg_client_say(answer, KOPGROEP_USAGE, "%s", kg_status_text(KG_STATUS_ORGANISATION));
        return;
    }
    kg_identity *identity = kg_identity_generate(organisation);
    kg_identity_public(identity, &key);
    kg_text_format(public_path, sizeof public_path, "%s.pub", path);
    if (!kg_identity_write(identity, path, passphrase) ||
        !kg_public_key_write(public_path, organisation, &key))
        kg_client_say(answer, KOPGROEP_LOCAL, "%s", kg_identity_error());
    kg_identity_destroy(&identity);
}

static bool read_roles(const char *roles, uint32_t *out, kopgroep_answer *answer)
{
    char *copy = kg_strdup(roles ? roles : ""), *rest = NULL;
    bool good = true;
    *out = 0;
    for (char *name = strtok_r(copy, " ,", &rest); name && good;
         name = strtok_r(NULL, " ,", &rest)) {
        uint32_t role = kg_role_find(name);
        good = role != 0;
        *out |= role;
        if (!good)
            kg_client_say(answer, KOPGROEP_USAGE,
                          "A role is organisation, coordinator, reader or administrator, not "
                          "'%s'.",
                          name);
    }
    free(copy);
    return good;
}

static bool read_key(const char *file, const char *id, const char *roles, kg_public_key *key,
                     kopgroep_answer *answer)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    if (!kg_public_key_read(file, organisation, key)) {
        kg_client_say(answer, KOPGROEP_LOCAL, "%s", kg_identity_error());
        return false;
    }
    if (strcmp(organisation, id) != 0) {
        kg_client_say(answer, KOPGROEP_USAGE, "%s is the key of %s, not of %s.", file,
                      organisation, id);
        return false;
    }
    return read_roles(roles, &key->roles, answer);
}

static void register_one(kopgroep_session *session, const kg_organisation *record,
                         const kg_public_key *key, kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    kg_organisation_copy(&command.record, record);
    command.has_key = key != NULL;
    if (key)
        command.key = *key;
    kopgroep_answer_fini(answer);
    kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}

/* The one that is named, or all of them until one is refused. */
static void register_some(kopgroep_session *session, const kg_organisation *records,
                          size_t count, const char *id, const kg_public_key *key,
                          kopgroep_answer *answer)
{
    bool found = false;
    for (size_t i = 0; i < count && answer->outcome == KOPGROEP_DONE; i++)
        if (!id || strcmp(records[i].id, id) == 0) {
            register_one(session, &records[i], key, answer);
            found = true;
        }
    if (!found)
        kg_client_say(answer, KOPGROEP_LOCAL, "The file has no organisation \"%s\".", id);
}

void kopgroep_register(kopgroep_session *session, const char *organisations_file, const char *id,
                       const char *public_key_file, const char *roles, kopgroep_answer *answer)
{
    size_t count = 0;
    kg_public_key key;
    kg_problems problems;
    *answer = (kopgroep_answer){0};
    if (public_key_file && !id) {
        kg_client_say(answer, KOPGROEP_USAGE, "A key is one organisation's: name it with --id.");
        return;
    }
    if (public_key_file && !read_key(public_key_file, id, roles, &key, answer))
        return;
    kg_problems_init(&problems, organisations_file);
    kg_organisation *records = kg_organisations_read(organisations_file, &count, &problems);
    if (records)
        register_some(session, records, count, id, public_key_file ? &key : NULL, answer);
    else
        kg_client_take_problems(answer, &problems);
    for (size_t i = 0; i < count; i++)
        kg_organisation_fini(&records[i]);
    free(records);
    kg_problems_fini(&problems);
}
