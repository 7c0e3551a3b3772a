/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_file.h"

#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_parts_file.h"

enum { CRITERION, CATEGORY, PROFILE, LABEL, THRESHOLD, LIFE_CYCLE, KINDS };

static const kg_section_kind kinds[KINDS + 1] = {
    [CRITERION] = {"criterion", kg_criterion_keys}, [CATEGORY] = {"category", kg_category_keys},
    [PROFILE] = {"profile", kg_profile_keys},       [LABEL] = {"label", kg_label_keys},
    [THRESHOLD] = {"threshold", kg_threshold_keys},
    [LIFE_CYCLE] = {"life_cycle", kg_life_cycle_keys},
};

/* More of a kind than this is a mistake. */
static const size_t most[KINDS] = {
    [CRITERION] = KG_CATALOGUE_CRITERIA_MAX,
    [CATEGORY] = KG_CATALOGUE_CATEGORIES_MAX,
    [PROFILE] = 1000,
    [LABEL] = 10000,
    [THRESHOLD] = 1000,
    [LIFE_CYCLE] = KG_CATALOGUE_CATEGORIES_MAX,
};

/* Sections of one kind, sorted by title, then row. */
typedef struct part {
    const kg_section **sections; /* owned */
    size_t count;
} part;

static int section_order(const void *a, const void *b)
{
    const kg_section *x = *(const kg_section *const *)a, *y = *(const kg_section *const *)b;
    int order = strcmp(x->title, y->title);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static bool same_title(const part *sections, size_t i, size_t k)
{
    return strcmp(sections->sections[i]->title, sections->sections[k]->title) == 0;
}

static void check_titles(const part *sections, int kind, kg_problems *problems)
{
    for (size_t i = 0; i < sections->count; i++) {
        const kg_section *section = sections->sections[i];
        if (kind != LABEL)
            (void)kg_section_id(section, problems);
        if (kind != THRESHOLD && i > 0 && same_title(sections, i - 1, i))
            kg_section_problem(section, -1, NULL, KG_STATUS_CATALOGUE, problems,
                               "It stands twice, also in row %ld.", sections->sections[i - 1]->row);
    }
}

/* The sections of a kind; what is wrong with their titles and number is said here. */
static part part_of(const kg_settings *settings, int kind, kg_problems *problems)
{
    part out = {kg_alloc(settings->count + 1, sizeof *out.sections), 0};
    for (size_t i = 0; i < settings->count; i++) {
        if (settings->sections[i].kind == &kinds[kind])
            out.sections[out.count++] = &settings->sections[i];
    }
    qsort(out.sections, out.count, sizeof *out.sections, section_order);
    check_titles(&out, kind, problems);
    if (out.count > most[kind]) {
        kg_section_problem(out.sections[most[kind]], -1, NULL, KG_STATUS_CATALOGUE, problems,
                           "A catalogue has at most %zu of this kind.", most[kind]);
        out.count = most[kind];
    }
    return out;
}

typedef void read_entry(kg_catalogue *catalogue, const kg_section *section, void *entry,
                        kg_problems *problems);

/* Reads the sections of a kind into an array of entries in the arena. */
static void *read_part(kg_catalogue *catalogue, const part *sections, size_t size, read_entry *read,
                       kg_problems *problems)
{
    char *entries = kg_arena_alloc(&catalogue->arena, (sections->count + 1) * size);
    for (size_t i = 0; i < sections->count; i++)
        read(catalogue, sections->sections[i], entries + i * size, problems);
    return entries;
}

typedef struct code_owner {
    uint32_t cpv;
    size_t category;
} code_owner;

static int code_order(const void *a, const void *b)
{
    const code_owner *x = a, *y = b;
    if (x->cpv != y->cpv)
        return x->cpv < y->cpv ? -1 : 1;
    return (x->category > y->category) - (x->category < y->category);
}

/* The longest prefix wins; of two equal ones none could. */
static void check_codes(const kg_catalogue *catalogue, const part *sections, kg_problems *problems)
{
    size_t count = 0;
    code_owner *codes =
        kg_alloc(catalogue->categories_count * KG_CATEGORY_CPV_MAX + 1, sizeof *codes);
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        for (int k = 0; k < catalogue->categories[i].cpv_count; k++)
            codes[count++] = (code_owner){catalogue->categories[i].cpv[k], i};
    }
    qsort(codes, count, sizeof *codes, code_order);
    for (size_t i = 1; i < count; i++) {
        const kg_section *other = sections->sections[codes[i - 1].category];
        if (codes[i].cpv == codes[i - 1].cpv)
            kg_section_problem(sections->sections[codes[i].category], -1, NULL, KG_STATUS_CATALOGUE,
                               problems,
                               "The CPV code %08u stands twice, also in category %s in row %ld.",
                               codes[i].cpv, other->title, other->row);
    }
    free(codes);
}

static bool overlap(const kg_threshold *a, const kg_threshold *b)
{
    return (a->to == KG_DATE_NONE || b->from <= a->to) &&
           (b->to == KG_DATE_NONE || a->from <= b->to);
}

static int period_order(const void *a, const void *b)
{
    const kg_threshold *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->from > y->from) - (x->from < y->from);
}

static void check_periods(kg_catalogue *catalogue, const part *sections, kg_problems *problems)
{
    for (size_t i = 1; i < sections->count; i++) {
        for (size_t k = i; k > 0 && same_title(sections, k - 1, i); k--) {
            if (overlap(&catalogue->thresholds[k - 1], &catalogue->thresholds[i]))
                kg_section_problem(sections->sections[i], -1, NULL, KG_STATUS_CATALOGUE, problems,
                                   "Its period overlaps that of the same threshold in row %ld.",
                                   sections->sections[k - 1]->row);
        }
    }
    if (sections->count > 0)
        qsort(catalogue->thresholds, sections->count, sizeof *catalogue->thresholds, period_order);
}

static void read_parts(kg_catalogue *catalogue, const kg_settings *settings, kg_problems *problems)
{
    part parts[KINDS];
    for (int kind = 0; kind < KINDS; kind++)
        parts[kind] = part_of(settings, kind, problems);
    catalogue->criteria_count = parts[CRITERION].count;
    catalogue->criteria = read_part(catalogue, &parts[CRITERION], sizeof *catalogue->criteria,
                                    kg_criterion_read, problems);
    catalogue->categories_count = parts[CATEGORY].count;
    catalogue->categories = read_part(catalogue, &parts[CATEGORY], sizeof *catalogue->categories,
                                      kg_category_read, problems);
    catalogue->profiles_count = parts[PROFILE].count;
    catalogue->profiles = read_part(catalogue, &parts[PROFILE], sizeof *catalogue->profiles,
                                    kg_profile_read, problems);
    catalogue->labels_count = parts[LABEL].count;
    catalogue->labels =
        read_part(catalogue, &parts[LABEL], sizeof *catalogue->labels, kg_label_read, problems);
    catalogue->thresholds_count = parts[THRESHOLD].count;
    catalogue->thresholds = read_part(catalogue, &parts[THRESHOLD], sizeof *catalogue->thresholds,
                                      kg_threshold_read, problems);
    catalogue->life_cycles_count = parts[LIFE_CYCLE].count;
    catalogue->life_cycles = read_part(catalogue, &parts[LIFE_CYCLE],
                                       sizeof *catalogue->life_cycles, kg_life_cycle_read,
                                       problems);
    check_codes(catalogue, &parts[CATEGORY], problems);
    check_periods(catalogue, &parts[THRESHOLD], problems);
    for (int kind = 0; kind < KINDS; kind++)
        free(parts[kind].sections);
}

kg_catalogue *kg_catalogue_read_text(const char *text, const char *name, kg_problems *problems)
{
    const char *file = problems->file;
    size_t before = problems->count;
    kg_settings settings;
    kg_catalogue *catalogue = kg_catalogue_new();
    problems->file = name;
    if (kg_settings_read(text, kinds, &settings, problems))
        read_parts(catalogue, &settings, problems);
    kg_settings_fini(&settings);
    kg_settings_sort_problems(problems, before);
    problems->file = file;
    if (problems->count == before)
        kg_catalogue_index(catalogue);
    else
        kg_catalogue_destroy(&catalogue);
    return catalogue;
}

kg_catalogue *kg_catalogue_read(const char *path, kg_problems *problems)
{
    char *text = kg_settings_load(path, problems);
    if (!text)
        return NULL;
    kg_catalogue *catalogue = kg_catalogue_read_text(text, path, problems);
    free(text);
    return catalogue;
}
