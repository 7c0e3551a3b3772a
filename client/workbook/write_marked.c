/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/write_marked.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/workbook/cell_text.h"
#include "client/workbook/plan_sheet.h"
#include "client/workbook/write_form.h"

#define PROBLEM_BYTES_MAX 8000 /* of one row; a cell holds 32,767 characters */
#define PROBLEM_WIDTH 60
#define DAYS_TO_1904 1462

struct marking {
    kg_book_writer writer;
    kg_form form;
    kg_plan_sheet *sheet;
    const kg_mark **marks; /* owned; in the order of rows */
    size_t count;
    lxw_format *problem;
    int problem_column; /* from 0 */
    int shift;          /* by so much the columns move to the right */
};

static int compare(const void *a, const void *b)
{
    const kg_mark *x = *(const kg_mark *const *)a, *y = *(const kg_mark *const *)b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x > y) - (x < y);
}

/* The problems stand first, where they are seen; a workbook that has such a column keeps it. */
static void place_problems(struct marking *marking)
{
    marking->shift = 1;
    for (int i = 0; i < marking->sheet->columns; i++)
        if (marking->sheet->headings[i].kind == KG_HEADING_PROBLEM) {
            marking->problem_column = i;
            marking->shift = 0;
            return;
        }
}

/* ---- cells as they were ---- */

static lxw_format *format_of(const struct marking *marking, const kg_cell *cell, kg_column column,
                             bool wrong)
{
    kg_look look = kg_book_look(column);
    if (cell && cell->kind == KG_CELL_NUMBER && cell->style.date)
        look = KG_LOOK_DATE;
    return wrong ? marking->writer.wrong[look] : marking->writer.looks[look];
}

static void put_text(struct marking *marking, lxw_row_t row, lxw_col_t column, const char *text,
                     lxw_format *format)
{
    kg_book_note(&marking->writer,
                 worksheet_write_string(marking->writer.plan, row, column, text, format));
}

/* "2027-01-31": what a number of days was read as. */
static bool is_day(const char *text)
{
    kg_date date;
    return kg_date_parse(text, &date);
}

/* A number in a column of texts becomes one: so it is on the column's list. In a column of days one
 * that is none becomes a text too, so that it is not shown as a day that nobody wrote. */
static void put_number(struct marking *marking, const kg_cell *cell, lxw_col_t at, kg_column column,
                       lxw_format *format)
{
    bool from_1904 = marking->sheet->book.from_1904;
    kg_look look = kg_book_look(column);
    lxw_row_t row = (lxw_row_t)cell->row - 1;
    kg_buffer text;
    kg_buffer_init(&text);
    kg_cell_write(cell, column, from_1904, &text);
    bool day = is_day(text.bytes);
    bool number = (look == KG_LOOK_NUMBER || look == KG_LOOK_MONEY) && cell->style.zeros == 0;
    if (day || (number && !cell->style.date))
        kg_book_note(&marking->writer,
                     worksheet_write_number(marking->writer.plan, row, at,
                                            cell->number + (day && from_1904 ? DAYS_TO_1904 : 0),
                                            format));
    else
        put_text(marking, row, at, text.bytes, format);
    kg_buffer_fini(&text);
}

static kg_column column_of(const struct marking *marking, int column)
{
    const kg_heading *heading = &marking->sheet->headings[column];
    bool named = heading->kind == KG_HEADING_COLUMN || heading->kind == KG_HEADING_LEVEL;
    return named ? heading->column : KG_COLUMN_TITLE;
}

static void put_cells(struct marking *marking)
{
    const kg_sheet *cells = &marking->sheet->sheet;
    for (size_t i = marking->sheet->first; i < cells->count; i++) {
        const kg_cell *cell = &cells->cells[i];
        kg_column column = column_of(marking, cell->column - 1);
        lxw_col_t at = (lxw_col_t)(cell->column - 1 + marking->shift);
        lxw_format *format = format_of(marking, cell, column, false);
        bool problem = marking->shift == 0 && at == marking->problem_column;
        if (problem || cell->kind == KG_CELL_ERROR) /* of an error nothing can be kept */
            continue;
        if (cell->kind == KG_CELL_NUMBER)
            put_number(marking, cell, at, column, format);
        else
            put_text(marking, (lxw_row_t)cell->row - 1, at, cell->text, format);
    }
}

static const kg_form_column *form_column(const kg_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->columns[i].name, name) == 0)
            return &form->columns[i];
    return NULL;
}

static void put_headings(struct marking *marking)
{
    kg_book_writer *writer = &marking->writer;
    const kg_plan_sheet *sheet = marking->sheet;
    lxw_col_t problem = (lxw_col_t)marking->problem_column;
    kg_book_note(writer,
                 worksheet_set_row(writer->plan, writer->heading_row, KG_HEADING_POINTS, NULL));
    for (int i = 0; i < sheet->columns; i++) {
        const kg_heading *heading = &sheet->headings[i];
        lxw_col_t at = (lxw_col_t)(i + marking->shift);
        bool known = heading->kind == KG_HEADING_COLUMN || heading->kind == KG_HEADING_LEVEL;
        const kg_form_column *column = known ? form_column(&marking->form, heading->name) : NULL;
        if (heading->kind == KG_HEADING_NONE || heading->kind == KG_HEADING_PROBLEM)
            continue;
        if (column)
            kg_book_dress(writer, at, column);
        if (known) /* also of a criterion that the catalogue has no longer */
            kg_book_name(writer, heading->text, heading->name);
        put_text(marking, writer->heading_row, at, heading->text,
                 column && column->required ? writer->heading_required : writer->heading);
    }
    kg_book_note(writer, worksheet_set_column(writer->plan, problem, problem, PROBLEM_WIDTH, NULL));
    put_text(marking, writer->heading_row, problem,
             kg_text_of(KG_TEXT_PROBLEM, marking->form.language), writer->heading_required);
}

/* ---- what is wrong ---- */

/* The place of a mark's column from 0; -1 where the sheet has none of that name. */
static int find_column(const struct marking *marking, const char *name)
{
    for (int i = 0; name && i < marking->sheet->columns; i++)
        if (strcmp(marking->sheet->headings[i].name, name) == 0)
            return i;
    return -1;
}

static const char *heading_of(const struct marking *marking, const kg_mark *mark)
{
    int column = find_column(marking, mark->column);
    return column >= 0 ? marking->sheet->headings[column].text : mark->column;
}

static void colour(struct marking *marking, const kg_mark *mark)
{
    int column = find_column(marking, mark->column);
    const kg_sheet *cells = &marking->sheet->sheet;
    if (column < 0)
        return;
    const kg_cell *cell = kg_sheet_find(cells, mark->row, column + 1);
    lxw_col_t at = (lxw_col_t)(column + marking->shift);
    kg_column meaning = column_of(marking, column);
    lxw_format *format = format_of(marking, cell, meaning, true);
    if (!cell || cell->kind == KG_CELL_ERROR)
        kg_book_note(&marking->writer, worksheet_write_blank(marking->writer.plan,
                                                             (lxw_row_t)mark->row - 1, at, format));
    else if (cell->kind == KG_CELL_NUMBER)
        put_number(marking, cell, at, meaning, format);
    else
        put_text(marking, (lxw_row_t)cell->row - 1, at, cell->text, format);
}

static void describe(const struct marking *marking, const kg_mark *mark, kg_buffer *out)
{
    if (out->count > PROBLEM_BYTES_MAX)
        return;
    const char *heading = heading_of(marking, mark);
    kg_buffer_format(out, "%s%s%s", out->count ? "\n" : "", heading ? heading : "",
                     heading ? ": " : "");
    if (mark->value)
        kg_buffer_format(out, "\"%s\": ", mark->value);
    kg_buffer_format(out, "%s", mark->text);
}

/* One cell for all that is wrong in a row. */
static void put_marks(struct marking *marking)
{
    kg_buffer text;
    kg_buffer_init(&text);
    for (size_t i = 0; i < marking->count; i++) {
        const kg_mark *mark = marking->marks[i];
        if (mark->row <= marking->sheet->heading_row || mark->row > KG_SHEET_ROW_LAST)
            continue;
        describe(marking, mark, &text);
        colour(marking, mark);
        if (i + 1 < marking->count && marking->marks[i + 1]->row == mark->row)
            continue;
        put_text(marking, (lxw_row_t)mark->row - 1, (lxw_col_t)marking->problem_column, text.bytes,
                 marking->problem);
        text.count = 0;
    }
    kg_buffer_fini(&text);
}

/* All of them on a sheet of their own: those of no row stand only there. */
static void put_list(struct marking *marking)
{
    kg_book_writer *writer = &marking->writer;
    int language = marking->form.language;
    static const kg_text headings[] = {KG_TEXT_ROW, KG_TEXT_HELP_COLUMN, KG_TEXT_PROBLEM};
    lxw_worksheet *list =
        workbook_add_worksheet(writer->book, kg_text_of(KG_TEXT_PROBLEMS_SHEET, language));
    for (lxw_col_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        kg_book_note(writer, worksheet_write_string(list, 0, i, kg_text_of(headings[i], language),
                                                    writer->heading));
    kg_book_note(writer, worksheet_set_column(list, 1, 1, 32, NULL));
    kg_book_note(writer, worksheet_set_column(list, 2, 2, 100, NULL));
    for (size_t i = 0; i < marking->count && i + 1 < KG_SHEET_ROW_LAST; i++) {
        const kg_mark *mark = marking->marks[i];
        const char *heading = heading_of(marking, mark);
        lxw_row_t row = (lxw_row_t)i + 1;
        if (mark->row > 0)
            kg_book_note(writer, worksheet_write_number(list, row, 0, (double)mark->row, NULL));
        kg_book_note(writer, worksheet_write_string(list, row, 1, heading ? heading : "", NULL));
        kg_book_note(writer, worksheet_write_string(list, row, 2, mark->text, writer->wrapped));
    }
}

static bool write_book(struct marking *marking, const char *path, char *why, size_t why_bytes)
{
    const char *fault;
    kg_book_writer *writer = &marking->writer;
    if (!kg_book_writer_open(writer, path, &marking->form, NULL, false)) {
        int error = errno;
        kg_text_format(why, why_bytes, "%s cannot be made: %s.", path, strerror(error));
        errno = error;
        return false;
    }
    writer->heading_row =
        marking->sheet->heading_row > 0 ? (lxw_row_t)marking->sheet->heading_row - 1 : 0;
    marking->problem = workbook_add_format(writer->book);
    format_set_text_wrap(marking->problem);
    format_set_align(marking->problem, LXW_ALIGN_VERTICAL_TOP);
    format_set_font_color(marking->problem, 0x9C1C12);
    place_problems(marking);
    put_headings(marking);
    put_cells(marking);
    put_marks(marking);
    put_list(marking);
    kg_book_lock(writer);
    if (kg_book_writer_close(writer, &fault))
        return true;
    kg_text_format(why, why_bytes, KG_SAY("%s cannot be written: %s"), path, fault);
    errno = 0;
    return false;
}

bool kg_marked_write(const char *plan, const char *path, const kg_catalogue *catalogue,
                     const kg_mark *marks, size_t count, char *why, size_t why_bytes)
{
    kg_problems problems;
    kg_plan_sheet *sheet = kg_alloc(1, sizeof *sheet);
    struct marking marking = {.sheet = sheet, .count = count};
    kg_problems_init(&problems, plan);
    marking.marks = kg_alloc(count ? count : 1, sizeof *marking.marks);
    for (size_t i = 0; i < count; i++)
        marking.marks[i] = &marks[i];
    qsort(marking.marks, count, sizeof *marking.marks, compare);
    bool right = kg_plan_sheet_open(sheet, plan, catalogue, &problems);
    kg_form_init(&marking.form, catalogue, sheet->language, NULL);
    if (right)
        right = write_book(&marking, path, why, why_bytes);
    else
        kg_text_format(why, why_bytes, "%s", problems.items[0].allowed);
    int error = errno;
    kg_form_fini(&marking.form);
    kg_plan_sheet_close(sheet);
    free(sheet);
    free(marking.marks);
    kg_problems_fini(&problems);
    errno = error;
    return right;
}
