/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAME,
    LEGAL_TYPE,
    CENTRAL,
    NUTS,
    LANGUAGES,
    CAN_LEAD,
    PARENT,
    CONTACT_NAME,
    CONTACT_EMAIL,
    CONTACT_TELEPHONE,
    STREET,
    CITY,
    POSTCODE,
    COUNTRY
};

static const kg_key keys[] = {
    {"name", false},
    {"legal_type", false},
    {"central", false},
    {"nuts", false},
    {"languages", true},
    {"can_lead", false},
    {"parent", false},
    {"contact_name", false},
    {"contact_email", false},
    {"contact_telephone", false},
    {"street", false},
    {"city", false},
    {"postcode", false},
    {"country", false},
    {NULL, false},
};

static const kg_section_kind kinds[] = {{"organisation", keys}, {NULL, NULL}};

static void read_text(const kg_section *section, int key, char **out)
{
    const char *text = kg_section_text(section, key);
    if (text) {
        free(*out);
        *out = kg_strdup(text);
    }
}

static void read_texts(const kg_section *section, kg_organisation *out)
{
    read_text(section, NAME, &out->name);
    read_text(section, LEGAL_TYPE, &out->legal_type);
    read_text(section, CONTACT_NAME, &out->contact_name);
    read_text(section, CONTACT_EMAIL, &out->contact_email);
    read_text(section, CONTACT_TELEPHONE, &out->contact_telephone);
    read_text(section, STREET, &out->street);
    read_text(section, CITY, &out->city);
    read_text(section, POSTCODE, &out->postcode);
    read_text(section, COUNTRY, &out->country);
}

/* What may be longer than its place in the record is checked here, so that it is never cut. */
static void read_codes(const kg_section *section, kg_organisation *out, kg_problems *problems)
{
    const kg_setting *nuts = kg_section_get(section, NUTS);
    const kg_setting *parent = kg_section_get(section, PARENT);
    if (!kg_id_valid(section->title))
        kg_section_problem(section, -1, NULL, KG_STATUS_ORGANISATION, problems, NULL);
    else
        kg_text_format(out->id, sizeof out->id, "%s", section->title);
    if (nuts && !kg_nuts_listed(nuts->text))
        kg_section_problem(section, NUTS, nuts, KG_STATUS_NUTS, problems, NULL);
    else if (nuts)
        kg_text_format(out->nuts.code, sizeof out->nuts.code, "%s", nuts->text);
    if (parent && !kg_id_valid(parent->text))
        kg_section_problem(section, PARENT, parent, KG_STATUS_ORGANISATION, problems, NULL);
    else if (parent)
        kg_text_format(out->parent, sizeof out->parent, "%s", parent->text);
}

static void read_languages(const kg_section *section, kg_organisation *out, kg_problems *problems)
{
    const kg_setting_list *list = &section->keys[LANGUAGES];
    for (size_t i = 0; i < list->count; i++) {
        int language = kg_language_find(list->items[i].text);
        if (language < 0)
            kg_section_problem(section, LANGUAGES, &list->items[i], KG_STATUS_LANGUAGE, problems,
                               "One of %s.", kg_language_allowed());
        else
            out->languages |= (kg_languages)1 << language;
    }
}

static void read_section(const kg_section *section, kg_organisation *out, kg_problems *problems)
{
    size_t before = problems->count;
    kg_problems found;
    kg_organisation_init(out);
    read_codes(section, out, problems);
    read_texts(section, out);
    read_languages(section, out, problems);
    (void)kg_section_bool(section, CENTRAL, &out->central, problems);
    (void)kg_section_bool(section, CAN_LEAD, &out->can_lead, problems);
    kg_problems_init(&found, NULL);
    (void)kg_organisation_check(out, section->row, &found);
    kg_section_add_untold(section, &found, before, problems);
    kg_problems_fini(&found);
}

static int section_order(const void *a, const void *b)
{
    const kg_section *x = *(const kg_section *const *)a, *y = *(const kg_section *const *)b;
    int order = strcmp(x->title, y->title);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void check_twice(const kg_settings *settings, kg_problems *problems)
{
    const kg_section **sorted = kg_alloc(settings->count + 1, sizeof *sorted);
    for (size_t i = 0; i < settings->count; i++)
        sorted[i] = &settings->sections[i];
    qsort(sorted, settings->count, sizeof *sorted, section_order);
    for (size_t i = 1; i < settings->count; i++) {
        if (strcmp(sorted[i - 1]->title, sorted[i]->title) == 0)
            kg_section_problem(sorted[i], -1, NULL, KG_STATUS_ORGANISATION, problems,
                               "It stands twice, also in row %ld.", sorted[i - 1]->row);
    }
    free(sorted);
}

static kg_organisation *read_all(const kg_settings *settings, kg_problems *problems)
{
    kg_organisation *out = kg_alloc(settings->count + 1, sizeof *out);
    if (settings->count == 0)
        kg_problems_add(problems, KG_STATUS_EMPTY, 0, NULL, NULL, "The file has no organisation.");
    for (size_t i = 0; i < settings->count; i++)
        read_section(&settings->sections[i], &out[i], problems);
    check_twice(settings, problems);
    return out;
}

static void free_all(kg_organisation *organisations, size_t count)
{
    for (size_t i = 0; organisations && i < count; i++)
        kg_organisation_fini(&organisations[i]);
    free(organisations);
}

kg_organisation *kg_organisations_read_text(const char *text, const char *name, size_t *count,
                                            kg_problems *problems)
{
    const char *file = problems->file;
    size_t before = problems->count;
    kg_organisation *out = NULL;
    kg_settings settings;
    problems->file = name;
    if (kg_settings_read(text, kinds, &settings, problems))
        out = read_all(&settings, problems);
    *count = settings.count;
    kg_settings_fini(&settings);
    kg_settings_sort_problems(problems, before);
    problems->file = file;
    if (problems->count == before)
        return out;
    free_all(out, *count);
    *count = 0;
    return NULL;
}

kg_organisation *kg_organisations_read(const char *path, size_t *count, kg_problems *problems)
{
    char *text = kg_settings_load(path, problems);
    *count = 0;
    if (!text)
        return NULL;
    kg_organisation *out = kg_organisations_read_text(text, path, count, problems);
    free(text);
    return out;
}
