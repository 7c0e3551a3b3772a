/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/notice_file.h"

#include <stdlib.h>
#include <string.h>

#include "proto/settings_file.h"

static const kg_key outside_keys[] = {
    {"languages", true},
    {"lead", false},
    {"title_nl", false},
    {"title_fr", false},
    {"title_de", false},
    {"title_en", false},
    {"planned", false},
    {"legal_basis", false},
    {"cpv", false},
    {"submission_languages", true},
    {"framework", false},
    {"framework_justification", false},
    {"gpa", false},
    {"eu_funds", false},
    {"reserved_participation", false},
    {"reserved_execution", false},
    {"exclusion_grounds", false},
    {"selection_criteria", false},
    {"life_cycle", false},
    {"publisher", false},
    {"ocid_prefix", false},
    {"uri", false},
    {"license", false},
    {NULL, false},
};
static const kg_key organisation_keys[] = {
    {"name", false},          {"legal_type", false},
    {"nuts", false},          {"contact_name", false},
    {"contact_email", false}, {"contact_telephone", false},
    {"street", false},        {"city", false},
    {"postcode", false},      {"country", false},
    {"company_id", false},    {"activity", false},
    {"website", false},       {NULL, false},
};
static const kg_section_kind kinds[] = {
    {NULL, outside_keys},
    {"organisation", organisation_keys},
    {"review", organisation_keys},
    {NULL, NULL},
};

static json_t *texts_of(const kg_setting_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_string(list->items[i].text));
    return out;
}

/* Sets what the section gives; an empty text is taken for absent. */
static void set_keys(const kg_section *section, json_t *out)
{
    const kg_key *keys = section->kind->keys;
    for (int i = 0; keys[i].name; i++) {
        const char *text = kg_section_text(section, i);
        if (keys[i].list && section->keys[i].count > 0)
            json_object_set_new(out, keys[i].name, texts_of(&section->keys[i]));
        else if (!keys[i].list && text)
            json_object_set_new(out, keys[i].name, json_string(text));
    }
}

static void check_outside(const kg_section *section, kg_problems *problems)
{
    kg_date date;
    for (int i = 0; outside_keys[i].name; i++) {
        const char *text = kg_section_text(section, i);
        if (strcmp(outside_keys[i].name, "planned") == 0)
            (void)kg_section_date(section, i, &date, problems);
        else if (text && strcmp(outside_keys[i].name, "life_cycle") == 0 &&
                 strcmp(text, "none") != 0)
            kg_section_problem(section, i, kg_section_get(section, i), KG_STATUS_INVALID, problems,
                               "Only none: otherwise the catalogue's figures are told.");
    }
}

static void add_section(const kg_section *section, json_t *out, kg_problems *problems)
{
    if (!section->kind->name) {
        set_keys(section, out);
        check_outside(section, problems);
        return;
    }
    json_t *organisation = json_object();
    set_keys(section, organisation);
    if (strcmp(section->kind->name, "review") == 0) {
        if (json_object_get(out, "review"))
            kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                               "There is one review organisation.");
        json_object_set_new(organisation, "name", json_string(section->title));
        json_object_set_new(out, "review", organisation);
        return;
    }
    json_t *organisations = json_object_get(out, "organisations");
    if (kg_section_id(section, problems) && json_object_get(organisations, section->title))
        kg_section_problem(section, -1, NULL, KG_STATUS_ORGANISATION, problems, "It stands twice.");
    json_object_set_new(organisations, section->title, organisation);
}

json_t *kg_notice_file_read_text(const char *text, const char *name, kg_problems *problems)
{
    const char *file = problems->file;
    size_t before = problems->count;
    kg_settings settings;
    json_t *out = json_pack("{s:{}}", "organisations");
    problems->file = name;
    if (kg_settings_read(text, kinds, &settings, problems))
        for (size_t i = 0; i < settings.count; i++)
            add_section(&settings.sections[i], out, problems);
    kg_settings_fini(&settings);
    kg_settings_sort_problems(problems, before);
    problems->file = file;
    if (problems->count == before)
        return out;
    json_decref(out);
    return NULL;
}

json_t *kg_notice_file_read(const char *path, kg_problems *problems)
{
    if (!path)
        return kg_notice_file_read_text("", "", problems);
    char *text = kg_settings_load(path, problems);
    json_t *out = text ? kg_notice_file_read_text(text, path, problems) : NULL;
    free(text);
    return out;
}
