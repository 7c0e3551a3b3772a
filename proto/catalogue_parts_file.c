/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_parts_file.h"

#include <stdlib.h>
#include <string.h>

#define MODELS_MAX 1000000000

enum {
    CRITERION_SCALE,
    CRITERION_TYPE,
    CRITERION_NAMES,
    CRITERION_SOURCE = CRITERION_NAMES + KG_NAMES,
    CRITERION_VERIFIED,
    CRITERION_NOTICE
};
const kg_key kg_criterion_keys[] = {
    {"scale", true},    {"type", false},     {"name_nl", false},
    {"name_fr", false}, {"name_de", false},  {"name_en", false},
    {"source", false},  {"verified", false}, {"notice", true},
    {NULL, false},
};

enum {
    CATEGORY_CPV,
    CATEGORY_PRICE,
    CATEGORY_CRITERIA,
    CATEGORY_NAMES,
    CATEGORY_SOURCE = CATEGORY_NAMES + KG_NAMES,
    CATEGORY_LAW,
    CATEGORY_LAW_SOURCE,
    CATEGORY_VERIFIED
};
const kg_key kg_category_keys[] = {
    {"cpv", true},      {"reference_price", false}, {"criteria", true},  {"name_nl", false},
    {"name_fr", false}, {"name_de", false},         {"name_en", false},  {"source", false},
    {"law", true},      {"law_source", false},      {"verified", false}, {NULL, false},
};

enum { PROFILE_LEVELS };
const kg_key kg_profile_keys[] = {{"levels", true}, {NULL, false}};

enum { LABEL_PROVES, LABEL_MODELS, LABEL_AS_OF, LABEL_SOURCE, LABEL_VERIFIED };
const kg_key kg_label_keys[] = {
    {"proves", true},  {"available_models", false}, {"as_of", false},
    {"source", false}, {"verified", false},         {NULL, false},
};

enum { THRESHOLD_VALUE, THRESHOLD_FROM, THRESHOLD_TO, THRESHOLD_SOURCE, THRESHOLD_VERIFIED };
const kg_key kg_threshold_keys[] = {
    {"value", false},  {"from", false},     {"to", false},
    {"source", false}, {"verified", false}, {NULL, false},
};

static const char *keep(kg_catalogue *catalogue, const char *text)
{
    return text ? kg_arena_text(&catalogue->arena, text, strlen(text)) : NULL;
}

static void read_names(kg_catalogue *catalogue, const kg_section *section, int first,
                       const char *names[KG_NAMES], kg_problems *problems)
{
    for (int i = 0; i < KG_NAMES; i++) {
        const char *name = kg_section_text(section, first + i);
        if (name && strlen(name) > KG_TITLE_BYTES_MAX)
            kg_section_problem(section, first + i, kg_section_get(section, first + i),
                               KG_STATUS_TOO_LONG, problems, "At most %d bytes.",
                               KG_TITLE_BYTES_MAX);
        names[i] = keep(catalogue, name);
    }
}

/* A level stands in lists such as "a=1 b=2": nothing in it may part them. */
static bool level_right(const char *level)
{
    return *level && strlen(level) <= KG_ID_BYTES_MAX && !strpbrk(level, " =,;");
}

static void read_scale(kg_catalogue *catalogue, const kg_section *section, kg_criterion *criterion,
                       kg_problems *problems)
{
    const kg_setting_list *scale = &section->keys[CRITERION_SCALE];
    if (scale->count < 2)
        kg_section_problem(section, CRITERION_SCALE, NULL, KG_STATUS_MISSING, problems,
                           "A scale has at least two levels, the least ambitious first.");
    for (size_t i = 0; i < scale->count; i++) {
        const kg_setting *level = &scale->items[i];
        if (i == KG_SCALE_LEVELS_MAX) {
            kg_section_problem(section, CRITERION_SCALE, level, KG_STATUS_CATALOGUE, problems,
                               "A scale has at most %d levels.", KG_SCALE_LEVELS_MAX);
            return;
        }
        if (!level_right(level->text))
            kg_section_problem(section, CRITERION_SCALE, level, KG_STATUS_INVALID, problems,
                               "A level is 1 to %d bytes without space = , ;", KG_ID_BYTES_MAX);
        if (kg_criterion_rank(criterion, level->text) >= 0)
            kg_section_problem(section, CRITERION_SCALE, level, KG_STATUS_CATALOGUE, problems,
                               "The level stands twice on the scale.");
        criterion->levels[criterion->levels_count++] = keep(catalogue, level->text);
    }
}

static void read_type(const kg_section *section, kg_criterion *criterion, kg_problems *problems)
{
    if (!kg_section_require(section, CRITERION_TYPE, problems))
        return;
    const int type = kg_criterion_type_find(kg_section_text(section, CRITERION_TYPE));
    if (type >= 0) {
        criterion->type = (kg_criterion_type)type;
        return;
    }
    kg_section_problem(section, CRITERION_TYPE, kg_section_get(section, CRITERION_TYPE),
                       KG_STATUS_INVALID, problems, "selection, technical, award or clause.");
}

static void read_notice(kg_catalogue *catalogue, const kg_section *section,
                        kg_criterion *criterion, kg_problems *problems)
{
    const kg_setting_list *codes = &section->keys[CRITERION_NOTICE];
    for (size_t i = 0; i < codes->count; i++) {
        const kg_setting *code = &codes->items[i];
        if (!kg_notice_code_listed(code->text))
            kg_section_problem(section, CRITERION_NOTICE, code, KG_STATUS_INVALID, problems,
                               "One of %s.", kg_notice_code_allowed());
        else if (criterion->notice_count == KG_NOTICE_CODES_MAX)
            kg_section_problem(section, CRITERION_NOTICE, code, KG_STATUS_CATALOGUE, problems,
                               "At most %d codes.", KG_NOTICE_CODES_MAX);
        else
            criterion->notice[criterion->notice_count++] = keep(catalogue, code->text);
    }
}

void kg_criterion_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                       kg_problems *problems)
{
    kg_criterion *criterion = entry;
    criterion->id = keep(catalogue, section->title);
    read_scale(catalogue, section, criterion, problems);
    read_type(section, criterion, problems);
    read_names(catalogue, section, CRITERION_NAMES, criterion->names, problems);
    criterion->source = keep(catalogue, kg_section_text(section, CRITERION_SOURCE));
    (void)kg_section_bool(section, CRITERION_VERIFIED, &criterion->verified, problems);
    read_notice(catalogue, section, criterion, problems);
}

static void read_cpv(const kg_section *section, kg_category_entry *category, kg_problems *problems)
{
    const kg_setting_list *codes = &section->keys[CATEGORY_CPV];
    if (codes->count == 0)
        kg_section_problem(section, CATEGORY_CPV, NULL, KG_STATUS_MISSING, problems,
                           "A category has at least one CPV code.");
    for (size_t i = 0; i < codes->count; i++) {
        uint32_t cpv;
        if (!kg_catalogue_cpv_parse(codes->items[i].text, &cpv) || cpv < 1000000)
            kg_section_problem(section, CATEGORY_CPV, &codes->items[i], KG_STATUS_CPV, problems,
                               NULL);
        else if (category->cpv_count == KG_CATEGORY_CPV_MAX)
            kg_section_problem(section, CATEGORY_CPV, &codes->items[i], KG_STATUS_CATALOGUE,
                               problems, "A category has at most %d CPV codes.",
                               KG_CATEGORY_CPV_MAX);
        else
            category->cpv[category->cpv_count++] = cpv;
    }
}

static int number_order(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void read_criteria(const kg_catalogue *catalogue, const kg_section *section,
                          kg_category_entry *category, kg_problems *problems)
{
    const kg_setting_list *criteria = &section->keys[CATEGORY_CRITERIA];
    for (size_t i = 0; i < criteria->count; i++) {
        const kg_setting *name = &criteria->items[i];
        int index = kg_catalogue_criterion(catalogue, name->text);
        bool twice = false;
        for (int k = 0; k < category->criteria_count; k++)
            twice = twice || category->criteria[k] == index;
        if (index < 0)
            kg_section_problem(section, CATEGORY_CRITERIA, name, KG_STATUS_UNKNOWN_CRITERION,
                               problems, "The catalogue has no criterion of this id.");
        else if (twice)
            kg_section_problem(section, CATEGORY_CRITERIA, name, KG_STATUS_PROFILE_CRITERIA,
                               problems, NULL);
        else if (category->criteria_count == KG_CATEGORY_CRITERIA_MAX)
            kg_section_problem(section, CATEGORY_CRITERIA, name, KG_STATUS_CATALOGUE, problems,
                               "A category has at most %d criteria.", KG_CATEGORY_CRITERIA_MAX);
        else
            category->criteria[category->criteria_count++] = (uint16_t)index;
    }
    qsort(category->criteria, (size_t)category->criteria_count, sizeof *category->criteria,
          number_order);
}

/* "criterion=level" to indices; false with a problem. `text` is what of the setting to read. */
static bool read_level(const kg_catalogue *catalogue, const kg_section *section, int key,
                       const kg_setting *setting, const char *text, int *criterion, int *rank,
                       kg_problems *problems)
{
    char id[KG_ID_BYTES_MAX + 1];
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || equals - text > KG_ID_BYTES_MAX) {
        kg_section_problem(section, key, setting, KG_STATUS_INVALID, problems,
                           "A level is written criterion=level.");
        return false;
    }
    kg_text_format(id, sizeof id, "%.*s", (int)(equals - text), text);
    *criterion = kg_catalogue_criterion(catalogue, id);
    if (*criterion < 0) {
        kg_section_problem(section, key, setting, KG_STATUS_UNKNOWN_CRITERION, problems,
                           "The catalogue has no criterion %s.", id);
        return false;
    }
    *rank = kg_criterion_rank(&catalogue->criteria[*criterion], equals + 1);
    if (*rank < 0)
        kg_section_problem(section, key, setting, KG_STATUS_UNKNOWN_LEVEL, problems, NULL);
    return *rank >= 0;
}

static int place_of(const kg_category_entry *category, int criterion)
{
    for (int i = 0; i < category->criteria_count; i++) {
        if (category->criteria[i] == criterion)
            return i;
    }
    return -1;
}

static void read_law(const kg_catalogue *catalogue, const kg_section *section,
                     kg_category_entry *category, kg_problems *problems)
{
    const kg_setting_list *law = &section->keys[CATEGORY_LAW];
    for (size_t i = 0; i < law->count; i++) {
        const kg_setting *level = &law->items[i];
        int criterion, rank;
        if (!read_level(catalogue, section, CATEGORY_LAW, level, level->text, &criterion, &rank,
                        problems))
            continue;
        int place = place_of(category, criterion);
        if (place < 0)
            kg_section_problem(section, CATEGORY_LAW, level, KG_STATUS_UNKNOWN_CRITERION, problems,
                               NULL);
        else if (category->law.rank[place] > 0)
            kg_section_problem(section, CATEGORY_LAW, level, KG_STATUS_PROFILE_CRITERIA, problems,
                               NULL);
        else
            category->law.rank[place] = (uint8_t)rank;
    }
}

void kg_category_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                      kg_problems *problems)
{
    kg_category_entry *category = entry;
    category->id = keep(catalogue, section->title);
    category->reference_price_cents = -1;
    if (strncmp(section->title, "cpv:", 4) == 0)
        kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                           "Ids that begin with cpv: stand for CPV codes in no category.");
    read_cpv(section, category, problems);
    (void)kg_section_money(section, CATEGORY_PRICE, &category->reference_price_cents, problems);
    read_criteria(catalogue, section, category, problems);
    read_names(catalogue, section, CATEGORY_NAMES, category->names, problems);
    category->source = keep(catalogue, kg_section_text(section, CATEGORY_SOURCE));
    read_law(catalogue, section, category, problems);
    category->law_source = keep(catalogue, kg_section_text(section, CATEGORY_LAW_SOURCE));
    (void)kg_section_bool(section, CATEGORY_VERIFIED, &category->verified, problems);
}

void kg_profile_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                     kg_problems *problems)
{
    kg_profile *profile = entry;
    const kg_setting_list *levels = &section->keys[PROFILE_LEVELS];
    profile->id = keep(catalogue, section->title);
    for (size_t i = 0; i < levels->count; i++) {
        const kg_setting *level = &levels->items[i];
        int criterion, rank;
        bool twice = false;
        if (!read_level(catalogue, section, PROFILE_LEVELS, level, level->text, &criterion, &rank,
                        problems))
            continue;
        for (int k = 0; k < profile->count; k++)
            twice = twice || profile->criteria[k] == criterion;
        if (twice) {
            kg_section_problem(section, PROFILE_LEVELS, level, KG_STATUS_PROFILE_CRITERIA, problems,
                               NULL);
            continue;
        }
        profile->criteria[profile->count] = (uint16_t)criterion;
        profile->ranks[profile->count++] = (uint8_t)rank;
    }
}

/* The category at the beginning of "category:criterion=level". Ids may hold colons themselves:
 * the first colon after a known category counts. NULL when there is none. */
static const char *split_category(const kg_catalogue *catalogue, const char *text, int *category)
{
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        char id[KG_ID_BYTES_MAX + 1];
        if (colon - text > KG_ID_BYTES_MAX)
            return NULL;
        kg_text_format(id, sizeof id, "%.*s", (int)(colon - text), text);
        *category = kg_catalogue_category(catalogue, id);
        if (*category >= 0)
            return colon + 1;
    }
    return NULL;
}

static void read_proof(const kg_catalogue *catalogue, const kg_section *section,
                       const kg_setting *setting, kg_label *label, kg_problems *problems)
{
    int category = -1, criterion, rank;
    const char *level = split_category(catalogue, setting->text, &category);
    if (!level)
        kg_section_problem(section, LABEL_PROVES, setting, KG_STATUS_UNKNOWN_CATEGORY, problems,
                           "A proof is written category:criterion=level, of a category here.");
    else if (!read_level(catalogue, section, LABEL_PROVES, setting, level, &criterion, &rank,
                         problems))
        return;
    else if (place_of(&catalogue->categories[category], criterion) < 0)
        kg_section_problem(section, LABEL_PROVES, setting, KG_STATUS_UNKNOWN_CRITERION, problems,
                           NULL);
    else
        label->proves[label->proves_count++] =
            (kg_level_ref){(uint16_t)category, (uint16_t)criterion, (uint8_t)rank};
}

void kg_label_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                   kg_problems *problems)
{
    kg_label *label = entry;
    const kg_setting_list *proves = &section->keys[LABEL_PROVES];
    kg_date as_of;
    label->id = keep(catalogue, section->title);
    if (!section->title[0] || strlen(section->title) > KG_TITLE_BYTES_MAX)
        kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                           "A label's name is 1 to %d bytes.", KG_TITLE_BYTES_MAX);
    label->proves = kg_arena_alloc(&catalogue->arena, (proves->count + 1) * sizeof *label->proves);
    for (size_t i = 0; i < proves->count; i++)
        read_proof(catalogue, section, &proves->items[i], label, problems);
    (void)kg_section_integer(section, LABEL_MODELS, 0, MODELS_MAX, &label->available_models,
                             problems);
    (void)kg_section_date(section, LABEL_AS_OF, &as_of, problems);
    label->as_of = keep(catalogue, kg_section_text(section, LABEL_AS_OF));
    label->source = keep(catalogue, kg_section_text(section, LABEL_SOURCE));
    (void)kg_section_bool(section, LABEL_VERIFIED, &label->verified, problems);
}

void kg_threshold_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                       kg_problems *problems)
{
    kg_threshold *threshold = entry;
    threshold->id = keep(catalogue, section->title);
    threshold->from = threshold->to = KG_DATE_NONE;
    (void)kg_section_require(section, THRESHOLD_VALUE, problems);
    (void)kg_section_money(section, THRESHOLD_VALUE, &threshold->value_cents, problems);
    bool dates = kg_section_date(section, THRESHOLD_FROM, &threshold->from, problems);
    dates = kg_section_date(section, THRESHOLD_TO, &threshold->to, problems) && dates;
    if (dates && threshold->to != KG_DATE_NONE && threshold->from > threshold->to)
        kg_section_problem(section, THRESHOLD_FROM, kg_section_get(section, THRESHOLD_FROM),
                           KG_STATUS_DATE_ORDER, problems, "from must not be after to.");
    threshold->source = keep(catalogue, kg_section_text(section, THRESHOLD_SOURCE));
    (void)kg_section_bool(section, THRESHOLD_VERIFIED, &threshold->verified, problems);
}
