/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/settings_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/sink.h"

static void load_problem(kg_problems *problems, const char *path, const char *why)
{
    const char *file = problems->file;
    problems->file = path;
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL, "The file cannot be read: %s.",
                    why);
    problems->file = file;
}

/* Reads to the end or the limit; a sentence when something is wrong, else NULL. */
static const char *load_bytes(FILE *file, kg_buffer *text)
{
    char chunk[16384];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) {
        kg_buffer_add(text, chunk, count);
        if (text->count > KG_SETTINGS_BYTES_MAX)
            return KG_SAY("it is larger than 64 MiB");
    }
    if (ferror(file))
        return strerror(errno);
    return memchr(text->bytes, '\0', text->count) ? KG_SAY("it is not a text") : NULL;
}

char *kg_settings_load(const char *path, kg_problems *problems)
{
    kg_buffer text;
    FILE *file = fopen(path, "re");
    if (!file) {
        load_problem(problems, path, strerror(errno));
        return NULL;
    }
    kg_buffer_init(&text);
    const char *wrong = load_bytes(file, &text);
    fclose(file);
    if (!wrong)
        return text.bytes;
    load_problem(problems, path, wrong);
    kg_buffer_fini(&text);
    return NULL;
}

void kg_settings_fini(kg_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const kg_section *section = &settings->sections[i];
        for (size_t key = 0; section->kind->keys[key].name; key++)
            free(section->keys[key].items);
    }
    free(settings->sections);
    kg_arena_fini(&settings->arena);
    *settings = (kg_settings){0};
    kg_arena_init(&settings->arena);
}

const kg_setting *kg_section_get(const kg_section *section, int key)
{
    const kg_setting_list *list = &section->keys[key];
    return list->count > 0 && list->items[0].text[0] ? &list->items[0] : NULL;
}

const char *kg_section_text(const kg_section *section, int key)
{
    const kg_setting *setting = kg_section_get(section, key);
    return setting ? setting->text : NULL;
}

bool kg_section_date(const kg_section *section, int key, kg_date *out, kg_problems *problems)
{
    const kg_setting *setting = kg_section_get(section, key);
    if (!setting || kg_date_parse(setting->text, out))
        return true;
    kg_section_problem(section, key, setting, KG_STATUS_DATE, problems, NULL);
    return false;
}

bool kg_section_money(const kg_section *section, int key, int64_t *cents_out, kg_problems *problems)
{
    const kg_setting *setting = kg_section_get(section, key);
    if (!setting || kg_money_parse(setting->text, cents_out))
        return true;
    kg_section_problem(section, key, setting, KG_STATUS_VALUE, problems, NULL);
    return false;
}

bool kg_section_integer(const kg_section *section, int key, int64_t min, int64_t max, int64_t *out,
                        kg_problems *problems)
{
    const kg_setting *setting = kg_section_get(section, key);
    if (!setting || kg_integer_parse(setting->text, min, max, out))
        return true;
    kg_section_problem(section, key, setting, KG_STATUS_INVALID, problems,
                       "A whole number from %lld to %lld.", (long long)min, (long long)max);
    return false;
}

bool kg_section_bool(const kg_section *section, int key, bool *out, kg_problems *problems)
{
    const kg_setting *setting = kg_section_get(section, key);
    if (!setting)
        return true;
    bool yes = strcmp(setting->text, "true") == 0;
    if (yes || strcmp(setting->text, "false") == 0) {
        *out = yes;
        return true;
    }
    kg_section_problem(section, key, setting, KG_STATUS_INVALID, problems, "true or false.");
    return false;
}

void kg_section_problem(const kg_section *section, int key, const kg_setting *setting,
                        kg_status status, kg_problems *problems, const char *format, ...)
{
    const char *column = key < 0 ? section->kind->name : section->kind->keys[key].name;
    const char *value = key < 0 ? section->title : NULL;
    va_list arguments;
    va_start(arguments, format);
    kg_problems_vadd(problems, status, setting ? setting->row : section->row, column,
                     setting ? setting->text : value, format, arguments);
    va_end(arguments);
}

bool kg_section_require(const kg_section *section, int key, kg_problems *problems)
{
    if (kg_section_get(section, key))
        return true;
    kg_section_problem(section, key, NULL, KG_STATUS_MISSING, problems, NULL);
    return false;
}

bool kg_section_id(const kg_section *section, kg_problems *problems)
{
    if (kg_id_valid(section->title))
        return true;
    kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                       "An id is 1 to 64 of A-Z a-z 0-9 : . _ -");
    return false;
}

static bool told(const kg_problems *problems, size_t first, size_t end, const char *column)
{
    for (size_t i = first; column && i < end; i++) {
        if (problems->items[i].column && strcmp(problems->items[i].column, column) == 0)
            return true;
    }
    return false;
}

static long row_of(const kg_section *section, const kg_problem *problem)
{
    const kg_key *keys = section->kind->keys;
    for (int i = 0; problem->column && keys[i].name; i++) {
        if (strcmp(keys[i].name, problem->column) == 0 && section->keys[i].count > 0)
            return section->keys[i].items[0].row;
    }
    return problem->row;
}

void kg_section_add_untold(const kg_section *section, const kg_problems *found, size_t first,
                           kg_problems *problems)
{
    size_t end = problems->count;
    for (size_t i = 0; i < found->count; i++) {
        const kg_problem *p = &found->items[i];
        if (!told(problems, first, end, p->column))
            kg_problems_add(problems, p->status, row_of(section, p), p->column, p->value, "%s",
                            p->allowed);
    }
}

static int problem_order(const void *a, const void *b)
{
    const kg_problem *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    int order = strcmp(x->column ? x->column : "", y->column ? y->column : "");
    return order ? order : strcmp(x->value ? x->value : "", y->value ? y->value : "");
}

void kg_settings_sort_problems(kg_problems *problems, size_t first)
{
    if (problems->count > first)
        qsort(problems->items + first, problems->count - first, sizeof *problems->items,
              problem_order);
}
