/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/form.h"

#include <string.h>

static const char between[] = " \xe2\x80\x93 "; /* an en dash: no code has one */

static const kg_column required[] = {KG_COLUMN_LINE,        KG_COLUMN_CATEGORY,
                                     KG_COLUMN_QUANTITY,    KG_COLUMN_DELIVERY_FROM,
                                     KG_COLUMN_DELIVERY_TO, KG_COLUMN_NUTS};

static bool is_required(kg_column column)
{
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (required[i] == column)
            return true;
    return false;
}

static const char *joined(kg_form *form, const char *a, const char *separator, const char *b)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s%s%s", a, separator, b);
    const char *text = kg_arena_text(&form->arena, out.bytes, out.count);
    kg_buffer_fini(&out);
    return text;
}

static const char *name_of(const kg_form *form, int criterion)
{
    const kg_criterion *entry = &form->catalogue->criteria[criterion];
    const char *name = entry->names[form->language];
    return name ? name : entry->id;
}

/* Two criteria may have one name; then their ids tell them apart. */
static bool is_shared(const kg_form *form, int criterion)
{
    for (size_t i = 0; i < form->catalogue->criteria_count; i++)
        if ((int)i != criterion && strcmp(name_of(form, (int)i), name_of(form, criterion)) == 0)
            return true;
    return false;
}

static const char *criterion_hint(kg_form *form, const kg_criterion *criterion, kg_text what)
{
    enum { CHARACTERS_MAX = 255 };
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s %s", kg_text_of(what, form->language),
                     kg_text_of(KG_TEXT_LEVELS, form->language));
    size_t whole = out.count;
    for (int i = 0; i < criterion->levels_count; i++)
        kg_buffer_format(&out, " %s", criterion->levels[i]);
    /* Bytes are at least characters; the levels stand in the list anyway. */
    const char *text = out.count <= CHARACTERS_MAX
                           ? kg_arena_text(&form->arena, out.bytes, out.count)
                           : kg_arena_text(&form->arena, out.bytes, whole);
    kg_buffer_fini(&out);
    return text;
}

static void add_level(kg_form *form, int criterion, kg_column column)
{
    bool lo = column == KG_COLUMN_CRITERIA;
    const kg_criterion *entry = &form->catalogue->criteria[criterion];
    const char *name = name_of(form, criterion);
    if (is_shared(form, criterion))
        name = joined(form, name, " ", entry->id);
    const char *what = kg_text_of(lo ? KG_TEXT_REQUIRED : KG_TEXT_ACCEPTED, form->language);
    form->columns[form->count++] = (kg_form_column){
        .column = column,
        .criterion = criterion,
        .name = joined(form, kg_column_name(column), ":", entry->id),
        .heading = joined(form, name, ": ", what),
        .hint = criterion_hint(form, entry, lo ? KG_TEXT_REQUIRED_HINT : KG_TEXT_ACCEPTED_HINT),
    };
}

void kg_form_init(kg_form *form, const kg_catalogue *catalogue, int language, const char *category)
{
    int index = category ? kg_catalogue_category(catalogue, category) : -1;
    *form = (kg_form){.language = language, .catalogue = catalogue};
    kg_arena_init(&form->arena);
    form->columns = kg_arena_alloc(&form->arena, (KG_COLUMNS + 2 * catalogue->criteria_count) *
                                                     sizeof form->columns[0]);
    for (kg_column column = 0; column < KG_COLUMN_ORGANISATION; column++) {
        if (column == KG_COLUMN_CRITERIA || column == KG_COLUMN_ACCEPTS)
            continue;
        form->columns[form->count++] = (kg_form_column){
            .column = column,
            .criterion = -1,
            .name = kg_column_name(column),
            .heading = kg_text_heading(column, language),
            .hint = kg_text_hint(column, language),
            .required = is_required(column),
        };
    }
    for (int i = 0; i < (int)catalogue->criteria_count; i++) {
        if (index >= 0 && kg_category_place(catalogue, (kg_category)index, i) < 0)
            continue;
        add_level(form, i, KG_COLUMN_CRITERIA);
        add_level(form, i, KG_COLUMN_ACCEPTS);
    }
}

void kg_form_fini(kg_form *form)
{
    kg_arena_fini(&form->arena);
    *form = (kg_form){0};
}

bool kg_form_name(const kg_catalogue *catalogue, const char *name, kg_column *column,
                  int *criterion)
{
    static const kg_column wide[] = {KG_COLUMN_CRITERIA, KG_COLUMN_ACCEPTS};
    int plain = kg_column_find(name);
    *criterion = -1;
    if (plain >= 0) {
        *column = (kg_column)plain;
        return true;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        const char *start = kg_column_name(wide[i]);
        size_t count = strlen(start);
        if (strncmp(name, start, count) != 0 || name[count] != ':')
            continue;
        int index = kg_catalogue_criterion(catalogue, name + count + 1);
        *column = wide[i];
        *criterion = index >= 0 ? index : -2;
        return true;
    }
    return false;
}

const char *kg_form_coded(kg_form *form, const char *code, const char *name)
{
    return name && strcmp(name, code) != 0 ? joined(form, code, between, name)
                                           : kg_arena_text(&form->arena, code, strlen(code));
}

size_t kg_form_code_bytes(const char *text)
{
    const char *end = strstr(text, between);
    return end ? (size_t)(end - text) : strlen(text);
}
