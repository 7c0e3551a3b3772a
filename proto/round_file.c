/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    TITLES,
    CATEGORIES = TITLES + KG_NAMES,
    CPV,
    NUTS,
    NUTS_LEVEL,
    DELIVERY_FROM,
    DELIVERY_TO,
    OPENS,
    CLOSES,
    CONFIRM_BY,
    RECONFIRM_BY,
    AWARD_BY,
    BODIES_MIN,
    QUANTITY_MIN,
    VALUE_MIN,
    VALUE_MAX,
    WINDOW_DAYS_MIN
};

static const kg_key keys[] = {
    {"title_nl", false},    {"title_fr", false},        {"title_de", false},
    {"title_en", false},    {"categories", true},       {"cpv", true},
    {"nuts", true},         {"nuts_level", false},      {"delivery_from", false},
    {"delivery_to", false}, {"opens", false},           {"closes", false},
    {"confirm_by", false},  {"reconfirm_by", false},    {"award_by", false},
    {"bodies_min", false},  {"quantity_min", false},    {"value_min", false},
    {"value_max", false},   {"window_days_min", false}, {NULL, false},
};

static const kg_section_kind kinds[] = {{"round", keys}, {NULL, NULL}};

static void read_titles(const kg_section *section, kg_round *round, kg_problems *problems)
{
    for (int i = 0; i < KG_NAMES; i++) {
        const char *title = kg_section_text(section, TITLES + i);
        if (title && strlen(title) > KG_TITLE_BYTES_MAX)
            kg_section_problem(section, TITLES + i, kg_section_get(section, TITLES + i),
                               KG_STATUS_TOO_LONG, problems, "At most %d bytes.",
                               KG_TITLE_BYTES_MAX);
        round->titles[i] = kg_strdup(title);
    }
}

/* Room for the values of a list; owned. */
static void *list_new(const kg_section *section, int key, size_t size)
{
    size_t count = section->keys[key].count;
    return count > 0 ? kg_alloc(count, size) : NULL;
}

static int category_order(const void *a, const void *b)
{
    return *(const kg_category *)a - *(const kg_category *)b;
}

static int text_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Sorts a list; says which value of the file stands twice. */
static void sort_list(const kg_section *section, int key, void *list, size_t count, size_t size,
                      int (*order)(const void *, const void *), kg_problems *problems)
{
    if (count == 0)
        return;
    qsort(list, count, size, order);
    for (size_t i = 1; i < count; i++) {
        const char *item = (const char *)list + i * size;
        if (order(item - size, item) == 0) {
            kg_section_problem(section, key, &section->keys[key].items[0], KG_STATUS_INVALID,
                               problems, "One of this list stands twice.");
            return;
        }
    }
}

static void read_categories(const kg_section *section, const kg_catalogue *catalogue,
                            kg_round *round, kg_problems *problems)
{
    const kg_setting_list *list = &section->keys[CATEGORIES];
    round->categories = list_new(section, CATEGORIES, sizeof *round->categories);
    for (size_t i = 0; i < list->count; i++) {
        int index = kg_catalogue_category(catalogue, list->items[i].text);
        if (index < 0)
            kg_section_problem(section, CATEGORIES, &list->items[i], KG_STATUS_UNKNOWN_CATEGORY,
                               problems, NULL);
        else
            round->categories[round->categories_count++] = (kg_category)index;
    }
    sort_list(section, CATEGORIES, round->categories, round->categories_count,
              sizeof *round->categories, category_order, problems);
}

static void read_cpv(const kg_section *section, kg_round *round, kg_problems *problems)
{
    const kg_setting_list *list = &section->keys[CPV];
    round->cpv = list_new(section, CPV, sizeof *round->cpv);
    for (size_t i = 0; i < list->count; i++) {
        if (kg_cpv_prefix_parse(list->items[i].text, &round->cpv[round->cpv_count]))
            round->cpv_count++;
        else
            kg_section_problem(section, CPV, &list->items[i], KG_STATUS_CPV, problems,
                               "A CPV code, or its first digits, at least two.");
    }
    sort_list(section, CPV, round->cpv, round->cpv_count, sizeof *round->cpv, text_order, problems);
}

static void read_nuts(const kg_section *section, kg_round *round, kg_problems *problems)
{
    const kg_setting_list *list = &section->keys[NUTS];
    round->nuts = list_new(section, NUTS, sizeof *round->nuts);
    for (size_t i = 0; i < list->count; i++) {
        const char *code = list->items[i].text;
        if (!kg_nuts_listed(code))
            kg_section_problem(section, NUTS, &list->items[i], KG_STATUS_NUTS, problems, NULL);
        else
            kg_text_format(round->nuts[round->nuts_count++].code, KG_NUTS_CHARS_MAX + 1, "%s",
                           code);
    }
    sort_list(section, NUTS, round->nuts, round->nuts_count, sizeof *round->nuts, text_order,
              problems);
}

static void read_dates(const kg_section *section, kg_round *round, kg_problems *problems)
{
    (void)kg_section_date(section, DELIVERY_FROM, &round->delivery_from, problems);
    (void)kg_section_date(section, DELIVERY_TO, &round->delivery_to, problems);
    (void)kg_section_date(section, OPENS, &round->opens, problems);
    (void)kg_section_date(section, CLOSES, &round->closes, problems);
    (void)kg_section_date(section, CONFIRM_BY, &round->confirm_by, problems);
    round->reconfirm_by = round->confirm_by;
    (void)kg_section_date(section, RECONFIRM_BY, &round->reconfirm_by, problems);
    (void)kg_section_date(section, AWARD_BY, &round->award_by, problems);
}

static void read_minima(const kg_section *section, kg_round *round, kg_problems *problems)
{
    int64_t level = round->nuts_level, days = round->window_days_min;
    (void)kg_section_integer(section, NUTS_LEVEL, 0, 3, &level, problems);
    (void)kg_section_integer(section, BODIES_MIN, 0, KG_ROUND_BODIES_MAX, &round->bodies_min,
                             problems);
    (void)kg_section_integer(section, QUANTITY_MIN, 0, KG_ROUND_QUANTITY_MAX, &round->quantity_min,
                             problems);
    (void)kg_section_money(section, VALUE_MIN, &round->value_min_cents, problems);
    (void)kg_section_money(section, VALUE_MAX, &round->value_max_cents, problems);
    (void)kg_section_integer(section, WINDOW_DAYS_MIN, 1, KG_ROUND_WINDOW_DAYS_MAX, &days,
                             problems);
    round->nuts_level = (int)level;
    round->window_days_min = (int)days;
}

static void read_section(const kg_section *section, const kg_catalogue *catalogue, kg_round *round,
                         kg_problems *problems)
{
    size_t before = problems->count;
    kg_problems found;
    if (kg_section_id(section, problems))
        kg_text_format(round->id, sizeof round->id, "%s", section->title);
    read_titles(section, round, problems);
    read_categories(section, catalogue, round, problems);
    read_cpv(section, round, problems);
    read_nuts(section, round, problems);
    read_dates(section, round, problems);
    read_minima(section, round, problems);
    kg_problems_init(&found, NULL);
    (void)kg_round_check(round, catalogue, section->row, &found);
    kg_section_add_untold(section, &found, before, problems);
    kg_problems_fini(&found);
}

static void read_round(const kg_settings *settings, const kg_catalogue *catalogue, kg_round *round,
                       kg_problems *problems)
{
    if (settings->count == 0)
        kg_problems_add(problems, KG_STATUS_EMPTY, 0, NULL, NULL, "The file has no round.");
    for (size_t i = 1; i < settings->count; i++)
        kg_section_problem(&settings->sections[i], -1, NULL, KG_STATUS_FILE_SYNTAX, problems,
                           "A file holds one round.");
    if (settings->count > 0)
        read_section(&settings->sections[0], catalogue, round, problems);
}

bool kg_round_read_text(const char *text, const char *name, const kg_catalogue *catalogue,
                        kg_round *round, kg_problems *problems)
{
    const char *file = problems->file;
    size_t before = problems->count;
    kg_settings settings;
    kg_round_init(round);
    problems->file = name;
    if (kg_settings_read(text, kinds, &settings, problems))
        read_round(&settings, catalogue, round, problems);
    kg_settings_fini(&settings);
    kg_settings_sort_problems(problems, before);
    problems->file = file;
    return problems->count == before;
}

bool kg_round_read(const char *path, const kg_catalogue *catalogue, kg_round *round,
                   kg_problems *problems)
{
    char *text = kg_settings_load(path, problems);
    kg_round_init(round);
    if (!text)
        return false;
    bool right = kg_round_read_text(text, path, catalogue, round, problems);
    free(text);
    return right;
}
