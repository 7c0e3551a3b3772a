/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/sheet.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define DATE_CHARACTERS 10 /* of "2027-01-31T00:00:00" */

struct reading {
    kg_sheet *sheet;
    kg_book *book;
    bool first_row_only;
    bool in_row, in_cell;
    int row, column; /* where the reading stands */
    size_t rows, cells;
    char type[12]; /* of the cell: "s", "str", "inlineStr", "b", "e", "d", "n" */
    kg_style style;
    int values, guides; /* open elements that hold text, or are to be left out */
    kg_buffer text;     /* of the cell */
};

bool kg_cell_reference(const char *text, int *row, int *column)
{
    long r = 0, c = 0;
    const char *at = text;
    for (; (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'); at++) {
        c = c * 26 + ((*at | 0x20) - 'a' + 1);
        if (c > KG_SHEET_COLUMN_LAST)
            return false;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        r = r * 10 + (*at - '0');
        if (r > KG_SHEET_ROW_LAST)
            return false;
    }
    *row = (int)r;
    *column = (int)c;
    return *at == '\0' && r > 0 && c > 0;
}

/* ---- rows and cells begin ---- */

static void start_row(kg_xml *xml, struct reading *reading, const char **attributes)
{
    const char *text = kg_xml_attribute(attributes, "r");
    long row = text ? strtol(text, NULL, 10) : reading->row + 1;
    if (++reading->rows > KG_SHEET_ROWS_MAX)
        kg_xml_refuse(xml,
                      "The sheet has more than %d rows, empty ones included. Delete the empty "
                      "rows below the last one, or copy your rows into a new template.",
                      KG_SHEET_ROWS_MAX);
    else if (row <= reading->row || row > KG_SHEET_ROW_LAST)
        kg_xml_refuse(xml,
                      "The sheet's rows are not in order behind row %d: save the file again "
                      "in a spreadsheet program.",
                      reading->row);
    reading->row = (int)row;
    reading->column = 0;
    reading->in_row = true;
}

static void start_cell(kg_xml *xml, struct reading *reading, const char **attributes)
{
    const char *reference = kg_xml_attribute(attributes, "r");
    const char *type = kg_xml_attribute(attributes, "t");
    const char *style = kg_xml_attribute(attributes, "s");
    int row = reading->row, column = reading->column + 1;
    if (++reading->cells > KG_SHEET_CELLS_MAX)
        kg_xml_refuse(xml, "The sheet has more than %d cells, empty ones included.",
                      KG_SHEET_CELLS_MAX);
    if ((reference && !kg_cell_reference(reference, &row, &column)) || row != reading->row ||
        column <= reading->column || column > KG_SHEET_COLUMN_LAST || !reading->in_row ||
        reading->in_cell)
        kg_xml_refuse(xml,
                      "The cells of row %d are not in order: save the file again in a "
                      "spreadsheet program.",
                      reading->row);
    reading->in_cell = true;
    reading->column = column;
    kg_text_format(reading->type, sizeof reading->type, "%s", type ? type : "n");
    reading->style =
        style ? kg_styles_at(&reading->book->styles, strtoul(style, NULL, 10)) : (kg_style){0};
    reading->text.count = 0;
}

static void on_start(kg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (strcmp(name, "row") == 0)
        start_row(xml, reading, attributes);
    else if (strcmp(name, "c") == 0)
        start_cell(xml, reading, attributes);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        reading->values++;
    else if (strcmp(name, "rPh") == 0)
        reading->guides++;
}

static void on_text(kg_xml *xml, void *context, const char *bytes, size_t count)
{
    struct reading *reading = context;
    if (reading->values == 0 || reading->guides > 0)
        return;
    kg_buffer_add(&reading->text, bytes, count);
    if (reading->text.count > KG_CELL_BYTES_MAX)
        kg_xml_refuse(xml, "The text of row %d, column %d is longer than %d bytes.", reading->row,
                      reading->column, KG_CELL_BYTES_MAX);
}

/* ---- a cell ends ---- */

/* Its text, out of the shared ones where it stands there; NULL after a refusal. */
static const char *text_of(kg_xml *xml, struct reading *reading)
{
    kg_buffer *text = &reading->text;
    char *end;
    if (strcmp(reading->type, "s") == 0) {
        unsigned long index = strtoul(text->bytes, &end, 10);
        const char *shared = *end ? NULL : kg_strings_at(&reading->book->strings, index);
        if (!shared)
            kg_xml_refuse(xml,
                          "Row %d, column %d stands for a text of the workbook that is not "
                          "there: save the file again in a spreadsheet program.",
                          reading->row, reading->column);
        return shared;
    }
    if (strcmp(reading->type, "d") == 0 && text->count > DATE_CHARACTERS)
        text->count = DATE_CHARACTERS;
    else if (strcmp(reading->type, "n") != 0)
        text->count = kg_strings_unescape(text->bytes, text->count);
    return kg_arena_text(&reading->sheet->arena, text->bytes, text->count);
}

static void add_cell(kg_xml *xml, struct reading *reading)
{
    kg_sheet *sheet = reading->sheet;
    kg_cell cell = {.row = reading->row, .column = reading->column, .style = reading->style};
    cell.text = text_of(xml, reading);
    if (!cell.text || !cell.text[strspn(cell.text, " \t\r\n")])
        return;
    if (strcmp(reading->type, "n") == 0) {
        char *end;
        errno = 0;
        cell.kind = KG_CELL_NUMBER;
        cell.number = strtod(cell.text, &end);
        if (end[strspn(end, " \t\r\n")] || errno == ERANGE || !isfinite(cell.number))
            kg_xml_refuse(xml, "Row %d, column %d says that it is a number, and is none.", cell.row,
                          cell.column);
    } else if (strcmp(reading->type, "b") == 0) {
        cell.kind = KG_CELL_LOGICAL;
        cell.text = kg_xml_true(cell.text) ? "TRUE" : "FALSE";
    } else if (strcmp(reading->type, "e") == 0) {
        cell.kind = KG_CELL_ERROR;
    }
    sheet->cells = kg_grow(sheet->cells, sheet->count, &sheet->capacity, sizeof sheet->cells[0]);
    sheet->cells[sheet->count++] = cell;
}

static void end_cell(kg_xml *xml, struct reading *reading)
{
    reading->in_cell = false;
    if (reading->text.count > 0)
        add_cell(xml, reading);
}

static void end_row(kg_xml *xml, struct reading *reading)
{
    reading->in_row = false;
    if (reading->first_row_only && reading->sheet->count > 0)
        kg_xml_stop(xml);
}

static void on_end(kg_xml *xml, void *context, const char *name)
{
    struct reading *reading = context;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        reading->values--;
    else if (strcmp(name, "rPh") == 0)
        reading->guides--;
    else if (strcmp(name, "c") == 0)
        end_cell(xml, reading);
    else if (strcmp(name, "row") == 0)
        end_row(xml, reading);
    else if (strcmp(name, "sheetData") == 0)
        kg_xml_stop(xml);
}

bool kg_sheet_read(kg_sheet *sheet, kg_book *book, const char *part, bool first_row_only,
                   kg_problems *problems)
{
    struct reading reading = {.sheet = sheet, .book = book, .first_row_only = first_row_only};
    const kg_xml_reader reader = {on_start, on_end, on_text, &reading};
    *sheet = (kg_sheet){0};
    kg_arena_init(&sheet->arena);
    kg_buffer_init(&reading.text);
    bool right = kg_xml_read(book->package, part, &reader, problems);
    kg_buffer_fini(&reading.text);
    return right;
}

void kg_sheet_fini(kg_sheet *sheet)
{
    free(sheet->cells);
    kg_arena_fini(&sheet->arena);
    *sheet = (kg_sheet){0};
}

size_t kg_sheet_row_end(const kg_sheet *sheet, size_t first)
{
    size_t end = first;
    while (end < sheet->count && sheet->cells[end].row == sheet->cells[first].row)
        end++;
    return end;
}

const kg_cell *kg_sheet_find(const kg_sheet *sheet, long row, int column)
{
    size_t low = 0, high = sheet->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const kg_cell *cell = &sheet->cells[middle];
        if (cell->row < row || (cell->row == row && cell->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    const kg_cell *cell = low < sheet->count ? &sheet->cells[low] : NULL;
    return cell && cell->row == row && cell->column == column ? cell : NULL;
}
