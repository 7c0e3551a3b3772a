/* SPDX-License-Identifier: EUPL-1.2 */
/* Organisations, their keys, and the catalogue. What a record must be is
 * kg_organisation_check()'s. */
#include "proto/codec_pb.h"

#include <stdlib.h>

#define ROLES_ALL                                                                                  \
    (KG_ROLE_ORGANISATION | KG_ROLE_COORDINATOR | KG_ROLE_READER | KG_ROLE_ADMINISTRATOR |  \
     KG_ROLE_WITNESS)

static void keep(char **to, const char *text)
{
    if (!text)
        return;
    free(*to);
    *to = kg_strdup(text);
}

#define KEEP(m, field) keep(&out->field, kg_reader_text(in, KG_FIELD(m, field), KG_TITLE_BYTES_MAX))

static void read_record(kg_reader *in, const Kopgroep__Organisation *m, kg_organisation *out)
{
    char bad[16];
    const char *id = kg_reader_needed(in, KG_FIELD(m, id), KG_ID_BYTES_MAX);
    const char *nuts = kg_reader_text(in, KG_FIELD(m, nuts), KG_NUTS_CHARS_MAX);
    const char *parent = kg_reader_text(in, KG_FIELD(m, parent), KG_ID_BYTES_MAX);
    const char *languages = kg_reader_text(in, KG_FIELD(m, languages), KG_LANGUAGES_BYTES);
    kg_text_format(out->id, sizeof out->id, "%s", id ? id : "");
    kg_text_format(out->nuts.code, sizeof out->nuts.code, "%s", nuts ? nuts : "");
    kg_text_format(out->parent, sizeof out->parent, "%s", parent ? parent : "");
    if (languages && !kg_languages_parse(languages, &out->languages, bad))
        kg_reader_fail(in, KG_STATUS_LANGUAGE, "languages", "%s is not a language. Allowed: %s.",
                       bad, kg_language_allowed());
    out->central = m->has_central && m->central;
    out->can_lead = m->has_can_lead && m->can_lead;
    KEEP(m, name);
    KEEP(m, legal_type);
    KEEP(m, contact_name);
    KEEP(m, contact_email);
    KEEP(m, contact_telephone);
    KEEP(m, street);
    KEEP(m, city);
    KEEP(m, postcode);
    KEEP(m, country);
}

static void read_key(kg_reader *in, const Kopgroep__PublicKey *m, kg_public_key *out)
{
    if (!m->has_sign || !m->has_transport)
        kg_reader_fail(in, KG_STATUS_MISSING, "key", "Both its parts must be given.");
    kg_reader_fixed(in, KG_FIELD(m, sign), out->sign, KG_KEY_BYTES);
    kg_reader_fixed(in, KG_FIELD(m, transport), out->transport, KG_KEY_BYTES);
    out->roles = (uint32_t)kg_reader_number(in, KG_NUMBER(m, roles), 1, ROLES_ALL, 0);
    if (out->roles == 0)
        kg_reader_fail(in, KG_STATUS_MISSING, "roles", "A key needs at least one role.");
}

void kg_read_register(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__Register *m = message;
    if (m->record)
        read_record(in, m->record, &out->record);
    else
        kg_reader_fail(in, KG_STATUS_MISSING, "record", "It must be given.");
    if (m->key)
        read_key(in, m->key, &out->key);
    out->has_key = m->key != NULL;
}

void kg_read_key_add(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__KeyAdd *m = message;
    if (m->key)
        read_key(in, m->key, &out->key);
    else
        kg_reader_fail(in, KG_STATUS_MISSING, "key", "It must be given.");
    out->has_key = m->key != NULL;
}

void kg_read_key_revoke(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__KeyRevoke *m = message;
    if (!m->has_sign)
        kg_reader_fail(in, KG_STATUS_MISSING, "sign", "It must be given.");
    kg_reader_fixed(in, KG_FIELD(m, sign), out->key.sign, KG_KEY_BYTES);
    out->organisation = kg_reader_text(in, KG_FIELD(m, organisation), KG_ID_BYTES_MAX);
    out->reason = kg_reader_text(in, KG_FIELD(m, reason), KG_TEXT_BYTES_MAX);
}

static void write_record(const kg_organisation *record, kg_arena *scratch,
                         Kopgroep__Organisation *m)
{
    if (record->languages) {
        char *languages = kg_arena_alloc(scratch, KG_LANGUAGES_BYTES);
        kg_languages_write(record->languages, languages);
        KG_PUT_TEXT(m, languages, languages);
    }
    KG_PUT_TEXT(m, id, record->id);
    KG_PUT_TEXT(m, name, record->name);
    KG_PUT_TEXT(m, legal_type, record->legal_type);
    KG_PUT(m, central, record->central);
    KG_PUT_TEXT(m, nuts, record->nuts.code);
    KG_PUT(m, can_lead, record->can_lead);
    KG_PUT_TEXT(m, parent, record->parent);
    KG_PUT_TEXT(m, contact_name, record->contact_name);
    KG_PUT_TEXT(m, contact_email, record->contact_email);
    KG_PUT_TEXT(m, contact_telephone, record->contact_telephone);
    KG_PUT_TEXT(m, street, record->street);
    KG_PUT_TEXT(m, city, record->city);
    KG_PUT_TEXT(m, postcode, record->postcode);
    KG_PUT_TEXT(m, country, record->country);
}

static void write_key(const kg_public_key *key, Kopgroep__PublicKey *m)
{
    KG_PUT_BYTES(m, sign, key->sign, KG_KEY_BYTES);
    KG_PUT_BYTES(m, transport, key->transport, KG_KEY_BYTES);
    KG_PUT(m, roles, key->roles);
}

void kg_write_register(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                       kg_buffer *out)
{
    Kopgroep__Register m = KOPGROEP__REGISTER__INIT;
    Kopgroep__Organisation record = KOPGROEP__ORGANISATION__INIT;
    Kopgroep__PublicKey key = KOPGROEP__PUBLIC_KEY__INIT;
    (void)catalogue;
    write_record(&command->record, scratch, &record);
    m.record = &record;
    if (command->has_key) {
        write_key(&command->key, &key);
        m.key = &key;
    }
    kg_pack(&m.base, out);
}

void kg_write_key_add(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                      kg_buffer *out)
{
    Kopgroep__KeyAdd m = KOPGROEP__KEY_ADD__INIT;
    Kopgroep__PublicKey key = KOPGROEP__PUBLIC_KEY__INIT;
    (void)catalogue;
    (void)scratch;
    write_key(&command->key, &key);
    m.key = &key;
    kg_pack(&m.base, out);
}

void kg_write_key_revoke(const kg_command *command, const kg_catalogue *catalogue,
                         kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__KeyRevoke m = KOPGROEP__KEY_REVOKE__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, organisation, command->organisation);
    KG_PUT_BYTES(&m, sign, command->key.sign, KG_KEY_BYTES);
    KG_PUT_TEXT(&m, reason, command->reason);
    kg_pack(&m.base, out);
}

void kg_read_catalogue(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__CatalogueText *m = message;
    if (!m->has_text || m->text.len == 0)
        kg_reader_fail(in, KG_STATUS_MISSING, "text", "It must be given.");
    else if (!kg_reader_utf8(&m->text))
        kg_reader_fail(in, KG_STATUS_ENCODING, "text", "It is not UTF-8, or has a NUL.");
    else
        out->catalogue = (const char *)m->text.data;
}

void kg_write_catalogue(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                        kg_buffer *out)
{
    Kopgroep__CatalogueText m = KOPGROEP__CATALOGUE_TEXT__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, text, command->catalogue);
    kg_pack(&m.base, out);
}
