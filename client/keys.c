/* SPDX-License-Identifier: EUPL-1.2 */
/* Identities, and their registration. */
#include "client/language/language.h"
#include "client/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/catalogue_file.h"

/* Both files or none. */
static bool write_files(const kg_identity *identity, const char *path, const char *passphrase)
{
    kg_public_key key;
    size_t bytes = strlen(path) + sizeof ".pub";
    char *public_path = kg_alloc(bytes, 1);
    kg_text_format(public_path, bytes, "%s.pub", path);
    kg_identity_public(identity, &key);
    bool made = kg_identity_write(identity, path, passphrase);
    bool good = made && kg_public_key_write(public_path, kg_identity_organisation(identity), &key);
    if (made && !good)
        unlink(path);
    free(public_path);
    return good;
}

void kopgroep_keygen(const char *path, const char *organisation, const char *passphrase,
                     kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    if (!kg_id_valid(organisation)) {
        kg_client_say(answer, KOPGROEP_USAGE, "%s", _(kg_status_text(KG_STATUS_ORGANISATION)));
        return;
    }
    kg_identity *identity = kg_identity_generate(organisation);
    if (!write_files(identity, path, passphrase))
        kg_client_say_retold(answer, KOPGROEP_LOCAL, kg_identity_error());
    kg_identity_destroy(&identity);
}

bool kg_client_read_roles(const char *roles, uint32_t *out, kopgroep_answer *answer)
{
    char *copy = kg_strdup(roles ? roles : ""), *rest = NULL, *name;
    *out = 0;
    for (name = strtok_r(copy, " ,", &rest); name; name = strtok_r(NULL, " ,", &rest)) {
        uint32_t role = kg_role_find(name);
        if (role == 0)
            break;
        *out |= role;
    }
    bool good = !name && *out != 0;
    if (!good)
        kg_client_say(answer, KOPGROEP_USAGE,
                      "What a key may do is one or more of organisation, coordinator, reader, "
                      "administrator, witness, not '%s'.",
                      name ? name : "");
    free(copy);
    return good;
}

bool kg_client_read_key(const char *file, const char *id, kg_public_key *key,
                        kopgroep_answer *answer)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    if (!kg_public_key_read(file, organisation, key)) {
        kg_client_say_retold(answer, KOPGROEP_LOCAL, kg_identity_error());
        return false;
    }
    if (strcmp(organisation, id) != 0) {
        kg_client_say(answer, KOPGROEP_USAGE, "%s is the key of %s, not of %s.", file, organisation,
                      id);
        return false;
    }
    return true;
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

/* Of several it is said what became of each, one a line, as far as there is room; and, where one
 * is refused, which. */
static void say_which(const kg_organisation *record, size_t done, const kg_buffer *each,
                      kopgroep_answer *answer)
{
    char said[sizeof answer->detail];
    if (answer->outcome == KOPGROEP_DONE) {
        bool fits = each->count + 80 < sizeof answer->result;
        size_t used = fits && done > 1 ? each->count : 0;
        kg_text_format(answer->result, sizeof answer->result, "%.*s", (int)used, each->bytes);
        kg_text_format(
            answer->result + used, sizeof answer->result - used,
            kg_said_of("%zu organisation registered.", "%zu organisations registered.", done),
            done);
        return;
    }
    kg_text_format(said, sizeof said, "%s", answer->detail);
    kg_text_format(answer->detail, sizeof answer->detail, _("%s (registered before it: %zu): %s"),
                   record->id, done, said);
}

static void register_all(kopgroep_session *session, const kg_organisation *records, size_t count,
                         kopgroep_answer *answer)
{
    size_t done = 0;
    kg_buffer each;
    kg_buffer_init(&each);
    while (done < count && answer->outcome == KOPGROEP_DONE) {
        register_one(session, &records[done], NULL, answer);
        if (answer->outcome != KOPGROEP_DONE)
            break;
        kg_buffer_format(&each, "%s\n", answer->result);
        done++;
    }
    say_which(&records[done < count ? done : count - 1], done, &each, answer);
    kg_buffer_fini(&each);
}

static void register_named(kopgroep_session *session, const kg_organisation *records, size_t count,
                           const char *id, const kg_public_key *key, kopgroep_answer *answer)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(records[i].id, id) == 0) {
            register_one(session, &records[i], key, answer);
            return;
        }
    kg_client_say(answer, KOPGROEP_LOCAL, "The file has no organisation \"%s\".", id);
}

void kopgroep_register(kopgroep_session *session, const char *organisations_file, const char *id,
                       const char *public_key_file, const char *roles, kopgroep_answer *answer)
{
    size_t count = 0;
    kg_public_key key;
    kg_problems problems;
    kg_client_begin(session, answer);
    if (public_key_file && !id) {
        kg_client_say(answer, KOPGROEP_USAGE, "A key is one organisation's: name it with --id.");
        return;
    }
    if (public_key_file && (!kg_client_read_key(public_key_file, id, &key, answer) ||
                            !kg_client_read_roles(roles, &key.roles, answer)))
        return;
    kg_problems_init(&problems, organisations_file);
    kg_organisation *records = kg_organisations_read(organisations_file, &count, &problems);
    if (records && id)
        register_named(session, records, count, id, public_key_file ? &key : NULL, answer);
    else if (records)
        register_all(session, records, count, answer);
    else
        kg_client_take_problems(answer, &problems);
    for (size_t i = 0; i < count; i++)
        kg_organisation_fini(&records[i]);
    free(records);
    kg_problems_fini(&problems);
}
