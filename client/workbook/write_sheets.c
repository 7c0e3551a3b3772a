/* SPDX-License-Identifier: EUPL-1.2 */
/* The sheets beside the plan's: the lists to choose from, the names of the columns, and the
 * instructions. */
#include <string.h>

#include "client/workbook/write_form.h"

#define LISTS_SHEET "kopgroep_lists"
#define COLUMN_BYTES 4 /* "XFD" and a NUL */

static void put(kg_book_writer *writer, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                const char *text, lxw_format *format)
{
    kg_book_note(writer, worksheet_write_string(sheet, row, column, text, format));
}

/* ---- lists ---- */

/* Ends the list that stands in the next column of the lists' sheet: the formula of its cells. */
static const char *end_list(kg_book_writer *writer, lxw_row_t count)
{
    char column[COLUMN_BYTES], formula[80];
    if (count == 0)
        return NULL;
    lxw_col_to_name(column, writer->lists_count++, 0);
    kg_text_format(formula, sizeof formula, "=" LISTS_SHEET "!$%s$1:$%s$%u", column, column,
                   (unsigned)count);
    return kg_arena_text(&writer->form->arena, formula, strlen(formula));
}

static void put_next(kg_book_writer *writer, lxw_row_t *row, const char *text)
{
    put(writer, writer->lists, (*row)++, writer->lists_count, text, writer->looks[KG_LOOK_TEXT]);
}

static const char *list_words(kg_book_writer *writer, kg_column column)
{
    lxw_row_t row = 0;
    for (const kg_word *word = kg_words(); word->value; word++)
        if (word->column == column)
            put_next(writer, &row, word->words[writer->form->language]);
    return end_list(writer, row);
}

static const char *list_categories(kg_book_writer *writer)
{
    const kg_catalogue *catalogue = writer->form->catalogue;
    lxw_row_t row = 0;
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        const kg_category_entry *entry = &catalogue->categories[i];
        put_next(writer, &row,
                 kg_form_coded(writer->form, entry->id, entry->names[writer->form->language]));
    }
    return end_list(writer, row);
}

static const char *list_cpv(kg_book_writer *writer)
{
    const kg_catalogue *catalogue = writer->form->catalogue;
    lxw_row_t row = 0;
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        const kg_category_entry *entry = &catalogue->categories[i];
        const char *name = entry->names[writer->form->language];
        for (int j = 0; j < entry->cpv_count; j++) {
            char code[16];
            kg_text_format(code, sizeof code, "%08u", (unsigned)entry->cpv[j]);
            put_next(writer, &row, kg_form_coded(writer->form, code, name ? name : entry->id));
        }
    }
    return end_list(writer, row);
}

static const char *list_nuts(kg_book_writer *writer, const char *prefix)
{
    lxw_row_t row = 0;
    int first, end;
    kg_nuts_range(prefix ? prefix : "", &first, &end);
    for (int i = first; i < end; i++) {
        const char *code = kg_nuts_code(i);
        put_next(writer, &row, kg_form_coded(writer->form, code, kg_nuts_label(code)));
    }
    return end_list(writer, row);
}

static const char *list_languages(kg_book_writer *writer)
{
    static const char *const common[] = {"nl",    "fr",       "de",       "en",
                                         "nl fr", "nl en",    "fr en",    "fr de",
                                         "de en", "nl fr de", "nl fr en", "nl fr de en"};
    lxw_row_t row = 0;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        put_next(writer, &row, common[i]);
    return end_list(writer, row);
}

static const char *list_profiles(kg_book_writer *writer)
{
    lxw_row_t row = 0;
    for (size_t i = 0; i < writer->form->catalogue->profiles_count; i++)
        put_next(writer, &row, writer->form->catalogue->profiles[i].id);
    return end_list(writer, row);
}

static const char *list_levels(kg_book_writer *writer, const kg_criterion *criterion)
{
    lxw_row_t row = 0;
    for (int i = 0; i < criterion->levels_count; i++)
        put_next(writer, &row, criterion->levels[i]);
    return end_list(writer, row);
}

void kg_book_write_lists(kg_book_writer *writer, const char *nuts)
{
    const kg_catalogue *catalogue = writer->form->catalogue;
    lxw_row_t row = 0;
    writer->lists = workbook_add_worksheet(writer->book, LISTS_SHEET);
    worksheet_hide(writer->lists);
    writer->list_of[KG_COLUMN_CATEGORY] = list_categories(writer);
    writer->list_of[KG_COLUMN_CPV] = list_cpv(writer);
    writer->list_of[KG_COLUMN_NUTS] = list_nuts(writer, nuts);
    writer->list_of[KG_COLUMN_LANGUAGES] = list_languages(writer);
    writer->list_of[KG_COLUMN_PROFILE] = list_profiles(writer);
    writer->list_of[KG_COLUMN_CONDITION] = list_words(writer, KG_COLUMN_CONDITION);
    writer->list_of[KG_COLUMN_TRACK] = list_words(writer, KG_COLUMN_TRACK);
    writer->list_of[KG_COLUMN_COMMITMENT] = list_words(writer, KG_COLUMN_COMMITMENT);
    put_next(writer, &row, "EUR");
    writer->list_of[KG_COLUMN_CURRENCY] = end_list(writer, row);
    for (size_t i = 0; i < catalogue->criteria_count; i++)
        writer->list_of_criterion[i] = list_levels(writer, &catalogue->criteria[i]);
}

/* ---- names ---- */

void kg_book_begin_names(kg_book_writer *writer)
{
    writer->names = workbook_add_worksheet(writer->book, KG_FORM_NAMES_SHEET);
    worksheet_hide(writer->names);
    put(writer, writer->names, 0, 0, KG_FORM_MARK, NULL);
    kg_book_note(writer, worksheet_write_number(writer->names, 0, 1, KG_FORM_VERSION, NULL));
    put(writer, writer->names, 0, 2, kg_text_language_code(writer->form->language), NULL);
    writer->names_count = 1;
}

void kg_book_name(kg_book_writer *writer, const char *heading, const char *name)
{
    put(writer, writer->names, writer->names_count, 0, heading, NULL);
    put(writer, writer->names, writer->names_count++, 1, name, NULL);
}

/* ---- instructions ---- */

static lxw_row_t instruct(kg_book_writer *writer, lxw_worksheet *sheet, lxw_row_t row, int language)
{
    static const kg_text steps[] = {KG_TEXT_HELP_1, KG_TEXT_HELP_2, KG_TEXT_HELP_3, KG_TEXT_HELP_4,
                                    KG_TEXT_HELP_5};
    put(writer, sheet, row++, 0, kg_text_of(KG_TEXT_HELP_TITLE, language), writer->strong);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        kg_book_note(writer,
                     worksheet_merge_range(sheet, row + (lxw_row_t)i, 0, row + (lxw_row_t)i, 1,
                                           kg_text_of(steps[i], language), writer->wrapped));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        kg_book_note(writer, worksheet_set_row(sheet, row + (lxw_row_t)i, 32, NULL));
    row += (lxw_row_t)(sizeof steps / sizeof steps[0]) + 1;
    put(writer, sheet, row, 0, kg_text_of(KG_TEXT_HELP_COLUMN, language), writer->heading);
    put(writer, sheet, row++, 1, kg_text_of(KG_TEXT_HELP_MEANING, language), writer->heading);
    for (kg_column column = 0; column < KG_COLUMN_ORGANISATION; column++) {
        if (column == KG_COLUMN_CRITERIA || column == KG_COLUMN_ACCEPTS)
            continue;
        put(writer, sheet, row, 0, kg_text_heading(column, language), writer->wrapped);
        put(writer, sheet, row++, 1, kg_text_hint(column, language), writer->wrapped);
    }
    return row + 2;
}

void kg_book_write_instructions(kg_book_writer *writer)
{
    lxw_worksheet *sheet = workbook_add_worksheet(
        writer->book, kg_text_of(KG_TEXT_HELP_SHEET, writer->form->language));
    kg_book_note(writer, worksheet_set_column(sheet, 0, 0, 28, NULL));
    kg_book_note(writer, worksheet_set_column(sheet, 1, 1, 100, NULL));
    lxw_row_t row = instruct(writer, sheet, 0, writer->form->language);
    for (int language = 0; language < KG_NAMES; language++)
        if (language != writer->form->language)
            row = instruct(writer, sheet, row, language);
    worksheet_protect(sheet, NULL, NULL);
}
