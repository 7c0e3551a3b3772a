/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/organisation.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

/* Codes of the eForms list buyer-legal-type, in its order (eForms SDK 1.15.1, OP-TED/eForms-SDK,
 * CC BY 4.0); with labels in config/reference/buyer-legal-type.csv, which a test compares. */
static const char *const legal_types[] = {
    "body-pl",
    "body-pl-cga",
    "body-pl-la",
    "body-pl-ra",
    "cga",
    "def-cont",
    "eu-ins-bod-ag",
    "int-org",
    "la",
    "org-sub",
    "org-sub-cga",
    "org-sub-la",
    "org-sub-ra",
    "pub-undert",
    "pub-undert-cga",
    "pub-undert-la",
    "pub-undert-ra",
    "ra",
    "spec-rights-entity",
};
#define LEGAL_TYPES (sizeof legal_types / sizeof legal_types[0])

/* The texts, in the order in which they are written. */
static const struct field {
    const char *name;
    size_t offset;
} fields[] = {
    {"name", offsetof(kg_organisation, name)},
    {"legal_type", offsetof(kg_organisation, legal_type)},
    {"contact_name", offsetof(kg_organisation, contact_name)},
    {"contact_email", offsetof(kg_organisation, contact_email)},
    {"contact_telephone", offsetof(kg_organisation, contact_telephone)},
    {"street", offsetof(kg_organisation, street)},
    {"city", offsetof(kg_organisation, city)},
    {"postcode", offsetof(kg_organisation, postcode)},
    {"country", offsetof(kg_organisation, country)},
};
#define FIELDS (sizeof fields / sizeof fields[0])

char **kg_organisation_text(kg_organisation *organisation, size_t i)
{
    if (i >= FIELDS)
        return NULL;
    return (char **)(void *)((char *)organisation + fields[i].offset);
}

static const char *text_of(const kg_organisation *organisation, size_t i)
{
    return *(char *const *)(const void *)((const char *)organisation + fields[i].offset);
}

void kg_organisation_init(kg_organisation *organisation)
{
    *organisation = (kg_organisation){0};
    for (size_t i = 0; i < FIELDS; i++)
        *kg_organisation_text(organisation, i) = kg_strdup("");
}

void kg_organisation_fini(kg_organisation *organisation)
{
    for (size_t i = 0; i < FIELDS; i++)
        free(*kg_organisation_text(organisation, i));
    *organisation = (kg_organisation){0};
}

void kg_organisation_copy(kg_organisation *to, const kg_organisation *from)
{
    *to = *from;
    for (size_t i = 0; i < FIELDS; i++)
        *kg_organisation_text(to, i) = kg_strdup(text_of(from, i));
}

const char *kg_legal_type(size_t number)
{
    return number < LEGAL_TYPES ? legal_types[number] : NULL;
}

static bool legal_type_listed(const char *code)
{
    for (size_t i = 0; i < LEGAL_TYPES; i++) {
        if (strcmp(legal_types[i], code) == 0)
            return true;
    }
    return false;
}

static void check_legal_type(const char *code, long row, kg_problems *problems)
{
    if (!code[0] || legal_type_listed(code))
        return;
    const char *near = kg_text_nearest(code, legal_types, LEGAL_TYPES);
    kg_problems_add(problems, KG_STATUS_INVALID, row, "legal_type", code,
                    near ? KG_SAY("A code of the eForms list buyer-legal-type such as cga, ra, la, "
                                  "body-pl. Did you mean %s?")
                         : KG_SAY("A code of the eForms list buyer-legal-type such as cga, ra, la, "
                                  "body-pl."),
                    near);
}

static void check_texts(const kg_organisation *organisation, long row, kg_problems *problems)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = text_of(organisation, i);
        if (strlen(text) > KG_TITLE_BYTES_MAX)
            kg_problems_add(problems, KG_STATUS_TOO_LONG, row, fields[i].name, text,
                            "At most %d bytes.", KG_TITLE_BYTES_MAX);
        else if (text[0] && !kg_text_valid(text, KG_TITLE_BYTES_MAX))
            kg_problems_add(problems, KG_STATUS_ENCODING, row, fields[i].name, text, NULL);
    }
}

static bool country_right(const char *code)
{
    return !code[0] || (strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 && !code[3]);
}

static void check_parent(const kg_organisation *organisation, long row, kg_problems *problems)
{
    const char *parent = organisation->parent;
    if (parent[0] && !kg_id_valid(parent))
        kg_problems_add(problems, KG_STATUS_ORGANISATION, row, "parent", parent, NULL);
    if (parent[0] && strcmp(parent, organisation->id) == 0)
        kg_problems_add(problems, KG_STATUS_HOLDING, row, "parent", parent,
                        "An organisation is not its own parent.");
}

bool kg_organisation_check(const kg_organisation *organisation, long row, kg_problems *problems)
{
    size_t before = problems->count;
    if (!kg_id_valid(organisation->id))
        kg_problems_add(problems, KG_STATUS_ORGANISATION, row, "organisation", organisation->id,
                        NULL);
    if (!organisation->name[0])
        kg_problems_add(problems, KG_STATUS_MISSING, row, "name", NULL, NULL);
    check_texts(organisation, row, problems);
    check_legal_type(organisation->legal_type, row, problems);
    if (!kg_nuts_listed(organisation->nuts.code))
        kg_problems_add(problems, KG_STATUS_NUTS, row, "nuts", organisation->nuts.code, NULL);
    if (organisation->languages == 0)
        kg_problems_add(problems, KG_STATUS_LANGUAGE, row, "languages", NULL,
                        "At least one working language: %s.", kg_language_allowed());
    check_parent(organisation, row, problems);
    if (!country_right(organisation->country))
        kg_problems_add(problems, KG_STATUS_INVALID, row, "country", organisation->country,
                        "An ISO 3166-1 code of three letters, such as BEL.");
    return problems->count == before;
}

void kg_organisation_write(const kg_organisation *organisation, kg_sink sink)
{
    char languages[KG_LANGUAGES_BYTES];
    kg_languages_write(organisation->languages, languages);
    kg_sink_text(sink, organisation->id);
    kg_sink_text(sink, organisation->nuts.code);
    kg_sink_text(sink, languages);
    kg_sink_u8(sink, organisation->central);
    kg_sink_u8(sink, organisation->can_lead);
    kg_sink_text(sink, organisation->parent);
    for (size_t i = 0; i < FIELDS; i++)
        kg_sink_text(sink, text_of(organisation, i));
}

static const struct role {
    uint32_t bit;
    const char *name;
} roles[] = {
    {KG_ROLE_ORGANISATION, "organisation"},
    {KG_ROLE_COORDINATOR, "coordinator"},
    {KG_ROLE_READER, "reader"},
    {KG_ROLE_ADMINISTRATOR, "administrator"},
    {KG_ROLE_WITNESS, "witness"},
};
#define ROLES (sizeof roles / sizeof roles[0])

uint32_t kg_role_find(const char *name)
{
    for (size_t i = 0; i < ROLES; i++) {
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].bit;
    }
    return 0;
}

const char *kg_role_name(uint32_t role)
{
    for (size_t i = 0; i < ROLES; i++) {
        if (roles[i].bit == role)
            return roles[i].name;
    }
    return NULL;
}
