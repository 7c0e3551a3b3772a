/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/plan_workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/workbook/cell_text.h"
#include "client/workbook/plan_sheet.h"

/* A row on its way to the plan: the fields of its plain columns, and its levels as two more. */
struct turning {
    kg_plan_sheet *sheet;
    kg_plan_rows *rows;
    kg_problems *problems;
    bool wide[KG_COLUMNS]; /* criteria, accepts: some column is one of a criterion */
    int plain[KG_COLUMNS]; /* the place of the column `criteria` or `accepts` itself; -1 */
    kg_buffer field;
    kg_buffer levels[KG_COLUMNS]; /* "warranty-years=3 ..." */
};

static const kg_column level_columns[] = {KG_COLUMN_CRITERIA, KG_COLUMN_ACCEPTS};
enum { LEVEL_COLUMNS = sizeof level_columns / sizeof level_columns[0] };

bool kg_workbook_is(const char *path)
{
    struct stat entry;
    if (stat(path, &entry) != 0 || !S_ISREG(entry.st_mode))
        return false; /* what a pipe holds is read once */
    char start[4] = "";
    FILE *file = fopen(path, "rb");
    size_t count = file ? fread(start, 1, sizeof start, file) : 0;
    if (file)
        fclose(file);
    return count == sizeof start && (memcmp(start, "PK\x03\x04", sizeof start) == 0 ||
                                     memcmp(start, "\xd0\xcf\x11\xe0", sizeof start) == 0);
}

static bool is_field(const struct turning *turning, int column)
{
    const kg_heading *heading = &turning->sheet->headings[column];
    bool joins = heading->kind == KG_HEADING_COLUMN && turning->plain[heading->column] == column &&
                 turning->wide[heading->column];
    return heading->kind != KG_HEADING_LEVEL && heading->kind != KG_HEADING_PROBLEM && !joins;
}

static void find_columns(struct turning *turning)
{
    const kg_plan_sheet *sheet = turning->sheet;
    for (int i = 0; i < KG_COLUMNS; i++)
        turning->plain[i] = -1;
    for (int i = 0; i < sheet->columns; i++) {
        const kg_heading *heading = &sheet->headings[i];
        if (heading->kind == KG_HEADING_LEVEL)
            turning->wide[heading->column] = true;
        else if (heading->kind == KG_HEADING_COLUMN && turning->plain[heading->column] < 0)
            turning->plain[heading->column] = i;
    }
}

static void give(struct turning *turning, const char *text)
{
    kg_plan_rows_field(turning->rows, text, strlen(text));
}

static void give_header(struct turning *turning)
{
    const kg_plan_sheet *sheet = turning->sheet;
    kg_plan_rows_begin(turning->rows, sheet->heading_row);
    for (int i = 0; i < sheet->columns; i++)
        if (is_field(turning, i))
            give(turning, sheet->headings[i].name);
    for (int i = 0; i < LEVEL_COLUMNS; i++)
        if (turning->wide[level_columns[i]])
            give(turning, kg_column_name(level_columns[i]));
    kg_plan_rows_end(turning->rows);
}

/* A level is one word: what is more must not be taken for another criterion. */
static void add_level(struct turning *turning, const kg_heading *heading, const kg_cell *cell)
{
    kg_buffer *levels = &turning->levels[heading->column];
    const char *id = strchr(heading->name, ':') + 1;
    kg_buffer_format(levels, "%s%s=", levels->count ? " " : "", id);
    size_t start = levels->count;
    kg_cell_write(cell, heading->column, turning->sheet->book.from_1904, levels);
    for (size_t i = start; i < levels->count; i++)
        if (strchr(" \t\r\n,;", levels->bytes[i]))
            levels->bytes[i] = '?';
}

/* "#N/A" is no text that anybody wrote. */
static void refuse_error(struct turning *turning, const kg_heading *heading, const kg_cell *cell)
{
    bool named = heading->kind == KG_HEADING_COLUMN || heading->kind == KG_HEADING_LEVEL;
    const char *name = named ? kg_column_name(heading->column) : NULL;
    kg_problems_add(turning->problems, KG_STATUS_FILE_SYNTAX, cell->row,
                    heading->criterion >= 0 ? heading->name : name, cell->text,
                    "The cell's formula has no result: mend it, or write the value itself.");
    if (named)
        kg_plan_rows_told(turning->rows, heading->column);
}

static void give_cell(struct turning *turning, int column, const kg_cell *cell)
{
    const kg_heading *heading = &turning->sheet->headings[column];
    turning->field.count = 0;
    if (cell->kind == KG_CELL_ERROR && heading->kind != KG_HEADING_PROBLEM)
        refuse_error(turning, heading, cell);
    else if (heading->kind == KG_HEADING_LEVEL)
        add_level(turning, heading, cell);
    else if (is_field(turning, column))
        kg_cell_write(cell, heading->kind == KG_HEADING_COLUMN ? heading->column : KG_COLUMN_TITLE,
                      turning->sheet->book.from_1904, &turning->field);
    else if (heading->kind == KG_HEADING_COLUMN) /* `criteria` beside columns of criteria */
        kg_buffer_format(&turning->levels[heading->column], "%s%s",
                         turning->levels[heading->column].count ? " " : "", cell->text);
    if (is_field(turning, column))
        kg_plan_rows_field(turning->rows, turning->field.bytes, turning->field.count);
}

static void give_row(struct turning *turning, const kg_cell *cells, size_t count)
{
    kg_plan_rows_begin(turning->rows, cells[0].row);
    for (int column = 0; column < turning->sheet->columns; column++) {
        bool here = count > 0 && cells->column == column + 1;
        if (here)
            give_cell(turning, column, cells);
        else if (is_field(turning, column))
            give(turning, "");
        cells += here;
        count -= here;
    }
    for (int i = 0; i < LEVEL_COLUMNS; i++) {
        kg_buffer *levels = &turning->levels[level_columns[i]];
        if (turning->wide[level_columns[i]])
            kg_plan_rows_field(turning->rows, levels->bytes, levels->count);
        levels->count = 0;
    }
    kg_plan_rows_end(turning->rows);
}

/* A problem of "warranty-years=4" is one of the column in which the 4 stands. */
static void place_problem(const kg_plan_sheet *sheet, kg_problem *problem)
{
    size_t id = problem->value && problem->column ? strcspn(problem->value, "=") : 0;
    if (id == 0 || problem->value[id] != '=')
        return;
    for (int i = 0; i < sheet->columns; i++) {
        const kg_heading *heading = &sheet->headings[i];
        if (heading->kind != KG_HEADING_LEVEL || heading->criterion < 0 ||
            strcmp(kg_column_name(heading->column), problem->column) != 0)
            continue;
        const char *own = strchr(heading->name, ':') + 1;
        const kg_cell *cell = kg_sheet_find(&sheet->sheet, problem->row, i + 1);
        if (!cell || strlen(own) != id || strncmp(own, problem->value, id) != 0)
            continue;
        char *level = kg_strdup(problem->value + id + 1);
        free(problem->column);
        free(problem->value);
        problem->column = kg_strdup(heading->name);
        problem->value = level;
        return;
    }
}

static bool turn(kg_plan_sheet *sheet, kg_plan_reading *reading, kg_plan *plan,
                 kg_problems *problems)
{
    struct turning turning = {.sheet = sheet, .problems = problems};
    const kg_sheet *cells = &sheet->sheet;
    size_t before = problems->count;
    turning.rows = kg_plan_rows_new(reading, plan, problems);
    kg_buffer_init(&turning.field);
    for (int i = 0; i < LEVEL_COLUMNS; i++)
        kg_buffer_init(&turning.levels[level_columns[i]]);
    find_columns(&turning);
    if (cells->count > 0)
        give_header(&turning);
    for (size_t at = sheet->first, end; at < cells->count; at = end) {
        end = kg_sheet_row_end(cells, at);
        give_row(&turning, &cells->cells[at], end - at);
    }
    bool right = kg_plan_rows_finish(&turning.rows);
    for (size_t i = before; i < problems->count; i++)
        place_problem(sheet, &problems->items[i]);
    for (int i = 0; i < LEVEL_COLUMNS; i++)
        kg_buffer_fini(&turning.levels[level_columns[i]]);
    kg_buffer_fini(&turning.field);
    return right;
}

bool kg_workbook_read(const char *path, kg_plan_reading *reading, kg_plan *plan,
                      kg_problems *problems)
{
    kg_plan_sheet *sheet = kg_alloc(1, sizeof *sheet);
    reading->rows = 0;
    bool right = kg_plan_sheet_open(sheet, path, reading->catalogue, problems) &&
                 turn(sheet, reading, plan, problems);
    reading->heading = sheet->heading_row;
    kg_plan_sheet_close(sheet);
    free(sheet);
    return right;
}
