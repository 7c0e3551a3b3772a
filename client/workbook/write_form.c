/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/write_form.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#define GREEN 0x1F5C4D
#define PALE 0xDCE9E4
#define ALARM 0xF8C9C4
#define INPUT_TITLE_MAX 32 /* characters that a workbook can hold there */

void kg_book_note(kg_book_writer *writer, lxw_error error)
{
    if (writer->error == LXW_NO_ERROR)
        writer->error = error;
}

static lxw_format *heading_format(lxw_workbook *book, lxw_color_t ground, lxw_color_t ink)
{
    lxw_format *format = workbook_add_format(book);
    format_set_bold(format);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_bg_color(format, ground);
    format_set_font_color(format, ink);
    format_set_border(format, LXW_BORDER_THIN);
    return format;
}

static void make_formats(kg_book_writer *writer)
{
    static const char *const numbers[KG_LOOKS] = {[KG_LOOK_TEXT] = "@",
                                                  [KG_LOOK_NUMBER] = "General",
                                                  [KG_LOOK_MONEY] = "#,##0.00",
                                                  [KG_LOOK_DATE] = "yyyy-mm-dd"};
    writer->heading = heading_format(writer->book, PALE, LXW_COLOR_BLACK);
    writer->heading_required = heading_format(writer->book, GREEN, LXW_COLOR_WHITE);
    writer->strong = workbook_add_format(writer->book);
    format_set_bold(writer->strong);
    writer->wrapped = workbook_add_format(writer->book);
    format_set_text_wrap(writer->wrapped);
    format_set_align(writer->wrapped, LXW_ALIGN_VERTICAL_TOP);
    for (int look = 0; look < KG_LOOKS; look++) {
        lxw_format **both[] = {&writer->looks[look], &writer->wrong[look]};
        for (int wrong = 0; wrong < 2; wrong++) {
            *both[wrong] = workbook_add_format(writer->book);
            format_set_num_format(*both[wrong], numbers[look]);
            format_set_unlocked(*both[wrong]);
        }
        format_set_bg_color(writer->wrong[look], ALARM);
    }
}

bool kg_book_writer_open(kg_book_writer *writer, const char *path, kg_form *form, const char *nuts,
                         bool instructions)
{
    int language = form->language;
    *writer = (kg_book_writer){.path = path, .form = form};
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return false;
    close(file);
    writer->book = workbook_new(path);
    if (!writer->book)
        kg_memory_end();
    make_formats(writer);
    writer->plan = workbook_add_worksheet(writer->book, kg_text_of(KG_TEXT_PLAN_SHEET, language));
    if (instructions)
        kg_book_write_instructions(writer);
    kg_book_write_lists(writer, nuts);
    kg_book_begin_names(writer);
    return true;
}

bool kg_book_writer_close(kg_book_writer *writer, const char **why)
{
    kg_book_note(writer, workbook_close(writer->book));
    if (writer->error == LXW_NO_ERROR)
        return true;
    *why = lxw_strerror(writer->error);
    unlink(writer->path);
    return false;
}

kg_look kg_book_look(kg_column column)
{
    switch (column) {
    case KG_COLUMN_QUANTITY:
    case KG_COLUMN_QUANTITY_MIN:
    case KG_COLUMN_QUANTITY_MAX:
    case KG_COLUMN_LIFETIME_YEARS:
        return KG_LOOK_NUMBER;
    case KG_COLUMN_UNIT_PRICE_MAX:
    case KG_COLUMN_VALUE:
        return KG_LOOK_MONEY;
    case KG_COLUMN_DELIVERY_FROM:
    case KG_COLUMN_DELIVERY_TO:
    case KG_COLUMN_ORDER_BY:
        return KG_LOOK_DATE;
    default:
        return KG_LOOK_TEXT;
    }
}

/* Codes that a person may know better than the list, and more than one language, may be typed. */
static bool is_open(kg_column column)
{
    return column == KG_COLUMN_CPV || column == KG_COLUMN_NUTS || column == KG_COLUMN_LANGUAGES;
}

static void set_rule(const kg_book_writer *writer, const kg_form_column *column,
                     lxw_data_validation *rule, kg_text *error)
{
    const char *list = column->criterion >= 0 ? writer->list_of_criterion[column->criterion]
                                              : writer->list_of[column->column];
    kg_look look = kg_book_look(column->column);
    if (list) {
        rule->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        rule->value_formula = (char *)list;
        rule->show_error = is_open(column->column) ? LXW_VALIDATION_OFF : LXW_VALIDATION_ON;
        *error = KG_TEXT_NOT_LISTED;
    } else if (look == KG_LOOK_NUMBER || look == KG_LOOK_MONEY) {
        rule->validate =
            look == KG_LOOK_NUMBER ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL;
        rule->criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
        *error = KG_TEXT_NOT_NUMBER;
    } else if (look == KG_LOOK_DATE) {
        rule->validate = LXW_VALIDATION_TYPE_DATE;
        rule->criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
        rule->value_datetime = (lxw_datetime){.year = 2000, .month = 1, .day = 1};
        *error = KG_TEXT_NOT_DATE;
    } else {
        rule->validate = LXW_VALIDATION_TYPE_ANY;
    }
}

/* Cut to so many characters, at a character. */
static void cut(const char *text, char *out, size_t size, int characters)
{
    size_t count = strlen(text), at = 0;
    for (; characters > 0 && at < count; characters--) {
        size_t bytes = kg_utf8_character(text + at, count - at);
        if (bytes == 0 || at + bytes >= size)
            break;
        at += bytes;
    }
    memcpy(out, text, at);
    out[at] = '\0';
}

/* The library (1.1.4) copies a list's formula twice and frees one: some 30 bytes a column stay
 * lost, which the leak checker is asked to leave out, here alone. */
static lxw_error put_rule(kg_book_writer *writer, lxw_col_t at, lxw_data_validation *rule)
{
#ifdef __SANITIZE_ADDRESS__
    __lsan_disable();
#endif
    lxw_error error = worksheet_data_validation_range(writer->plan, writer->heading_row + 1, at,
                                                      writer->heading_row + KG_FORM_ROWS, at, rule);
#ifdef __SANITIZE_ADDRESS__
    __lsan_enable();
#endif
    return error;
}

static void add_rule(kg_book_writer *writer, lxw_col_t at, const kg_form_column *column)
{
    char title[INPUT_TITLE_MAX * 4 + 1];
    lxw_data_validation rule = {0};
    kg_text error = KG_TEXT_NOT_LISTED;
    cut(column->heading, title, sizeof title, INPUT_TITLE_MAX);
    rule.input_title = title;
    rule.input_message = (char *)column->hint;
    rule.error_title = title;
    set_rule(writer, column, &rule, &error);
    rule.error_message = (char *)kg_text_of(error, writer->form->language);
    kg_book_note(writer, put_rule(writer, at, &rule));
}

static double width_of(const kg_form_column *column)
{
    switch (column->column) {
    case KG_COLUMN_TITLE:
    case KG_COLUMN_CPV:
    case KG_COLUMN_CATEGORY:
    case KG_COLUMN_NUTS:
        return 32;
    default:
        return column->criterion >= 0 ? 20 : 15;
    }
}

void kg_book_dress(kg_book_writer *writer, lxw_col_t at, const kg_form_column *column)
{
    kg_book_note(writer, worksheet_set_column(writer->plan, at, at, width_of(column),
                                              writer->looks[kg_book_look(column->column)]));
    add_rule(writer, at, column);
}

void kg_book_lock(kg_book_writer *writer)
{
    lxw_protection options = {
        .format_cells = 1,
        .format_columns = 1,
        .format_rows = 1,
        .insert_rows = 1,
        .delete_rows = 1,
        .sort = 1,
        .autofilter = 1,
    };
    worksheet_freeze_panes(writer->plan, writer->heading_row + 1, 1);
    worksheet_protect(writer->plan, NULL, &options);
    worksheet_activate(writer->plan);
}
