/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/write_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "proto/memory.h"
#include "proto/text.h"

#define COLUMNS_MAX 64
#define NAME_CHARACTERS 31 /* of a sheet's name */
#define WIDTH_MIN 8        /* characters */
#define WIDTH_MAX 60
#define DIGITS_MAX 15 /* that a cell's number holds exactly */
#define GROUND 0xDCE9E4

#define CREATED                                                                                    \
    315532800 /* 1980-01-01, as in the parts of the package: equal tables, equal bytes */

typedef enum look { WHOLE, CENTS, MONEY, DAY, MOMENT, LOOKS } look;

struct kg_table_book {
    char *path; /* owned */
    lxw_workbook *book;
    lxw_format *heading, *looks[LOOKS];
    lxw_worksheet *sheet; /* the present one; NULL: none yet */
    lxw_row_t row;
    lxw_col_t column, columns; /* columns: headings of the sheet */
    bool headed;               /* the first row of the sheet is one of headings */
    size_t widths[COLUMNS_MAX];
    lxw_error error; /* the first */
};

static void note(kg_table_book *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR)
        book->error = error;
}

static void make_formats(kg_table_book *book)
{
    static const char *const numbers[LOOKS] = {[WHOLE] = "#,##0",
                                               [CENTS] = "#,##0.00",
                                               [MONEY] = "[$€-2]\\ #,##0.00",
                                               [DAY] = "yyyy-mm-dd",
                                               [MOMENT] = "yyyy-mm-dd hh:mm:ss"};
    for (int i = 0; i < LOOKS; i++) {
        book->looks[i] = workbook_add_format(book->book);
        format_set_num_format(book->looks[i], numbers[i]);
    }
    book->heading = workbook_add_format(book->book);
    format_set_bold(book->heading);
    format_set_bg_color(book->heading, GROUND);
}

kg_table_book *kg_table_book_new(const char *path)
{
    kg_table_book *book = kg_alloc(1, sizeof *book);
    /* Rows go to a file as they come: a round has a million of them. */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    book->path = kg_strdup(path);
    book->book = workbook_new_opt(path, &options);
    if (!book->book)
        kg_memory_end();
    workbook_set_properties(book->book, &(lxw_doc_properties){.created = CREATED});
    make_formats(book);
    return book;
}

/* ---- sheets ---- */

/* Widths and filter are known once all rows are there. */
static void end_sheet(kg_table_book *book)
{
    if (!book->sheet)
        return;
    for (lxw_col_t i = 0; i < COLUMNS_MAX && book->widths[i] > 0; i++) {
        size_t width = book->widths[i] + 2;
        width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
        note(book, worksheet_set_column(book->sheet, i, i, (double)width, NULL));
    }
    if (book->headed) {
        worksheet_freeze_panes(book->sheet, 1, 0);
        if (book->row > 1)
            note(book, worksheet_autofilter(book->sheet, 0, 0, book->row - 1, book->columns - 1));
    }
}

/* A name holds none of []:*?/\ and no apostrophe at an end. */
static void make_name(const char *name, size_t characters, char *out, size_t size)
{
    size_t count = strlen(name), at = 0, put = 0;
    for (; characters > 0 && at < count; characters--) {
        size_t bytes = kg_utf8_character(name + at, count - at);
        if (bytes == 0 || put + bytes >= size)
            break;
        memcpy(out + put, name + at, bytes);
        if (bytes == 1 && strchr("[]:*?/\\'", name[at]))
            out[put] = ' ';
        put += bytes;
        at += bytes;
    }
    while (put > 0 && out[put - 1] == ' ')
        put--;
    out[put] = '\0';
}

void kg_table_book_sheet(kg_table_book *book, const char *name)
{
    char made[NAME_CHARACTERS * 4 + 1], numbered[sizeof made + 24];
    make_name(name, NAME_CHARACTERS, made, sizeof made);
    kg_text_format(numbered, sizeof numbered, "%s", made[0] ? made : "1");
    for (unsigned i = 2; workbook_validate_sheet_name(book->book, numbered) != LXW_NO_ERROR; i++) {
        make_name(name, NAME_CHARACTERS - 5, made, sizeof made);
        kg_text_format(numbered, sizeof numbered, "%s %u", made, i % 10000);
    }
    end_sheet(book);
    book->sheet = workbook_add_worksheet(book->book, numbered);
    if (!book->sheet)
        note(book, LXW_ERROR_CREATING_TMPFILE);
    book->row = 0;
    book->column = book->columns = 0;
    book->headed = false;
    memset(book->widths, 0, sizeof book->widths);
}

/* ---- cells ---- */

static void widen(kg_table_book *book, const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80; /* a character each */
    if (book->column < COLUMNS_MAX && width > book->widths[book->column])
        book->widths[book->column] = width;
}

void kg_table_book_heading(kg_table_book *book, const char *text)
{
    if (!book->sheet)
        return;
    widen(book, text);
    book->headed = true;
    note(book, worksheet_write_string(book->sheet, book->row, book->column++, text, book->heading));
    book->columns = book->column;
}

static bool is_number(const char *text, bool *whole)
{
    size_t digits, places = 0;
    const char *rest = text + (text[0] == '-');
    digits = strspn(rest, "0123456789");
    *whole = rest[digits] == '\0';
    if (digits > 0 && rest[digits] == '.') {
        places = strspn(rest + digits + 1, "0123456789");
        return places > 0 && rest[digits + 1 + places] == '\0' && digits + places <= DIGITS_MAX;
    }
    return digits > 0 && *whole && digits <= DIGITS_MAX;
}

static bool has_form(const char *text, const char *form)
{
    for (; *form; text++, form++)
        if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return true;
}

static bool is_moment(const char *text, lxw_datetime *out, bool *day)
{
    int seconds = 0;
    *out = (lxw_datetime){0};
    if (!has_form(text, "0000-00-00"))
        return false;
    *day = text[10] == '\0';
    if (!*day && !(has_form(text + 10, "T00:00:00") && (text[19] == 'Z' || text[19] == '.')))
        return false;
    int read = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &out->year, &out->month, &out->day,
                      &out->hour, &out->min, &seconds);
    out->sec = seconds;
    return read == (*day ? 3 : 6) && out->year >= 1901 && out->month >= 1 && out->month <= 12 &&
           out->day >= 1 && out->day <= 31;
}

void kg_table_book_cell(kg_table_book *book, const char *text, kg_table_cell kind)
{
    const lxw_row_t row = book->row;
    const lxw_col_t column = book->column;
    bool whole, day;
    lxw_datetime moment;
    if (!book->sheet)
        return;
    widen(book, text);
    book->column++;
    if (text[0] == '\0')
        return;
    if ((kind == KG_TABLE_NUMBER || kind == KG_TABLE_MONEY) && is_number(text, &whole))
        note(book, worksheet_write_number(book->sheet, row, column, strtod(text, NULL),
                                          book->looks[kind == KG_TABLE_MONEY ? MONEY
                                                      : whole                ? WHOLE
                                                                             : CENTS]));
    else if (kind == KG_TABLE_VALUE && is_moment(text, &moment, &day))
        note(book, worksheet_write_datetime(book->sheet, row, column, &moment,
                                            book->looks[day ? DAY : MOMENT]));
    else
        note(book, worksheet_write_string(book->sheet, row, column, text, NULL));
}

void kg_table_book_end_row(kg_table_book *book)
{
    book->row++;
    book->column = 0;
}

bool kg_table_book_close(kg_table_book **book, const char **why)
{
    kg_table_book *self = *book;
    end_sheet(self);
    note(self, workbook_close(self->book));
    const bool good = self->error == LXW_NO_ERROR;
    *why = good ? NULL : lxw_strerror(self->error);
    if (!good)
        unlink(self->path);
    free(self->path);
    free(self);
    *book = NULL;
    return good;
}
