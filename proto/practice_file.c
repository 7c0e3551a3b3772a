/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/practice.h"

#include <stdlib.h>
#include <string.h>

#include "proto/settings_file.h"

#define PER_LANGUAGE 5 /* title, words, approach, result, lesson */

enum { CATEGORY, CRITERIA, TYPE, LOT, TEXTS };

static const kg_key keys[] = {
    {"category", false},    {"criteria", true},     {"type", false},        {"lot", false},
    {"title_nl", false},    {"words_nl", false},    {"approach_nl", false}, {"result_nl", false},
    {"lesson_nl", false},   {"title_fr", false},    {"words_fr", false},    {"approach_fr", false},
    {"result_fr", false},   {"lesson_fr", false},   {"title_de", false},    {"words_de", false},
    {"approach_de", false}, {"result_de", false},   {"lesson_de", false},   {"title_en", false},
    {"words_en", false},    {"approach_en", false}, {"result_en", false},   {"lesson_en", false},
    {NULL, false},
};

static const kg_section_kind kinds[] = {{"fiche", keys}, {"clause", keys}, {NULL, NULL}};

static const char *keep(kg_arena *arena, const char *text)
{
    return text && *text ? kg_arena_text(arena, text, strlen(text)) : NULL;
}

static const char *read_text(const kg_section *section, int key, size_t most, kg_arena *arena,
                             kg_problems *problems)
{
    const char *text = kg_section_text(section, key);
    if (text && strlen(text) > most)
        kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_TOO_LONG, problems,
                           "It has %zu bytes; at most %zu are allowed.", strlen(text), most);
    return keep(arena, text);
}

static void read_type(const kg_section *section, kg_practice *out, kg_problems *problems)
{
    const char *text = kg_section_text(section, TYPE);
    out->type = KG_CRITERION_CLAUSE;
    if (!out->clause) {
        if (text)
            kg_section_problem(section, TYPE, kg_section_get(section, TYPE), KG_STATUS_INVALID,
                               problems, "Only a clause has a type.");
        return;
    }
    if (!kg_section_require(section, TYPE, problems))
        return;
    const int type = kg_criterion_type_find(text);
    if (type >= 0) {
        out->type = type;
        return;
    }
    kg_section_problem(section, TYPE, kg_section_get(section, TYPE), KG_STATUS_INVALID, problems,
                       "It is selection, technical, award or clause.");
}

static void read_criteria(const kg_section *section, kg_arena *arena, kg_practice *out,
                          kg_problems *problems)
{
    const kg_setting_list *list = &section->keys[CRITERIA];
    if (list->count > KG_PRACTICE_CRITERIA_MAX) {
        kg_section_problem(section, CRITERIA, &list->items[0], KG_STATUS_INVALID, problems,
                           "At most %d criteria.", KG_PRACTICE_CRITERIA_MAX);
        return;
    }
    out->criteria.items = kg_arena_alloc(arena, (list->count + 1) * sizeof *out->criteria.items);
    for (size_t i = 0; i < list->count; i++) {
        if (!kg_id_valid(list->items[i].text))
            kg_section_problem(section, CRITERIA, &list->items[i], KG_STATUS_UNKNOWN_CRITERION,
                               problems, "No criterion has such an id.");
        out->criteria.items[out->criteria.count++] = keep(arena, list->items[i].text);
    }
}

/* Words are a clause's, the other parts a fiche's. */
static void refuse_others(const kg_section *section, int language, bool clause,
                          kg_problems *problems)
{
    for (int i = 1; i < PER_LANGUAGE; i++) {
        const int key = TEXTS + language * PER_LANGUAGE + i;
        if ((i == 1) != clause && kg_section_text(section, key))
            kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_INVALID,
                               problems,
                               clause ? KG_SAY("A clause has a title and words.")
                                      : KG_SAY("A fiche has a title, approach, result and "
                                               "lesson."));
    }
}

static void read_language(const kg_section *section, int language, kg_arena *arena,
                          kg_practice *out, kg_problems *problems)
{
    const int first = TEXTS + language * PER_LANGUAGE, parts = kg_practice_parts(out);
    kg_practice_text *text = &out->texts[language];
    text->title = read_text(section, first, KG_TITLE_BYTES_MAX, arena, problems);
    for (int i = 0; i < parts; i++)
        text->parts[i] = read_text(section, first + (out->clause ? 1 : 2) + i,
                                   KG_PRACTICE_BYTES_MAX, arena, problems);
    refuse_others(section, language, out->clause, problems);
}

/* `readable`: no text was left out for what it is. */
static void read_practice(const kg_section *section, bool readable, kg_arena *arena,
                          kg_practice *out, kg_problems *problems)
{
    char why[200];
    *out = (kg_practice){.key = keep(arena, section->title), .clause = section->kind == &kinds[1]};
    (void)kg_section_id(section, problems);
    (void)kg_section_require(section, CATEGORY, problems);
    out->category = read_text(section, CATEGORY, KG_ID_BYTES_MAX, arena, problems);
    read_criteria(section, arena, out, problems);
    read_type(section, out, problems);
    out->lot = read_text(section, LOT, KG_ID_BYTES_MAX * 2, arena, problems);
    const size_t before = problems->count;
    for (int i = 0; i < KG_NAMES; i++)
        read_language(section, i, arena, out, problems);
    if (readable && problems->count == before && !kg_practice_whole(out, why))
        kg_section_problem(section, -1, NULL, KG_STATUS_PRACTICE_TEXT, problems, "%s", why);
}

bool kg_practice_read(const char *path, kg_arena *arena, kg_practice *out, kg_problems *problems)
{
    const size_t before = problems->count;
    size_t found = 0;
    kg_settings settings;
    *out = (kg_practice){0};
    char *text = kg_settings_load(path, problems);
    if (!text)
        return false;
    bool whole = kg_settings_read(text, kinds, &settings, problems);
    const bool readable = problems->count == before;
    for (size_t i = 0; whole && i < settings.count; i++) {
        if (!settings.sections[i].kind->name)
            continue;
        if (found++ == 0)
            read_practice(&settings.sections[i], readable, arena, out, problems);
    }
    if (whole && found != 1)
        kg_problems_add(problems, KG_STATUS_PRACTICE_TEXT, 0, NULL, NULL,
                        "The file has one section, fiche \"NAME\" or clause \"NAME\"; this one has "
                        "%zu.",
                        found);
    kg_settings_sort_problems(problems, before);
    kg_settings_fini(&settings);
    free(text);
    return problems->count == before;
}
