/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/plan_sheet.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN_LEAST 3 /* headings that a sheet must share with a plan to be taken for one */

static void refuse(kg_problems *problems, const char *allowed)
{
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL, "%s", allowed);
}

/* The template's own names and language; false where a later version made it. */
static bool take_names(kg_plan_sheet *sheet, const kg_sheet *names, kg_problems *problems)
{
    const kg_cell *cells = names->cells;
    if (names->count < 3 || strcmp(cells[0].text, KG_FORM_MARK) != 0 || cells[1].row != 1 ||
        cells[2].row != 1) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The hidden sheet %s was changed. Copy your rows into a new template.",
                        KG_FORM_NAMES_SHEET);
        return false;
    }
    if (cells[1].kind != KG_CELL_NUMBER || cells[1].number > KG_FORM_VERSION) {
        refuse(problems, "A later version of kopgroep made this workbook: this one cannot know "
                         "what its columns mean.");
        return false;
    }
    int language = kg_text_language(cells[2].text);
    sheet->language = language >= 0 ? language : sheet->language;
    return true;
}

/* Reads the names sheet where there is one; false with a problem. */
static bool read_names(kg_plan_sheet *sheet, kg_sheet *names, bool *found, kg_problems *problems)
{
    *found = false;
    *names = (kg_sheet){0};
    for (size_t i = 0; i < sheet->book.count; i++) {
        const kg_book_sheet *tab = &sheet->book.sheets[i];
        if (!tab->hidden || strcmp(tab->name, KG_FORM_NAMES_SHEET) != 0)
            continue;
        *found = true;
        return kg_sheet_read(names, &sheet->book, tab->part, false, problems) &&
               take_names(sheet, names, problems);
    }
    return true;
}

static void refuse_several(const char *second, kg_problems *problems)
{
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, second,
                    "This sheet and one before it both look like a plan, and only one is read: "
                    "hide the other, or send it as a workbook of its own.");
}

/* The visible sheet whose first row is a plan's; the first visible one where none is. -1 with a
 * problem. */
static int find_plan(kg_plan_sheet *sheet, const kg_sheet *names, kg_problems *problems)
{
    int plan = -1, first = -1;
    for (size_t i = 0; i < sheet->book.count; i++) {
        const kg_book_sheet *tab = &sheet->book.sheets[i];
        kg_sheet row;
        if (tab->hidden)
            continue;
        first = first < 0 ? (int)i : first;
        bool read = kg_sheet_read(&row, &sheet->book, tab->part, true, problems);
        bool is_plan =
            read && row.count > 0 && kg_plan_sheet_name(sheet, &row, names) >= KNOWN_LEAST;
        kg_sheet_fini(&row);
        if (!read)
            return -1;
        if (is_plan && plan >= 0) {
            refuse_several(tab->name, problems);
            return -1;
        }
        plan = is_plan ? (int)i : plan;
    }
    if (first < 0)
        refuse(problems, "The workbook has no sheet that can be seen.");
    return plan >= 0 ? plan : first;
}

static bool read_plan(kg_plan_sheet *sheet, int plan, const kg_sheet *names, kg_problems *problems)
{
    kg_sheet *cells = &sheet->sheet;
    if (!kg_sheet_read(cells, &sheet->book, sheet->book.sheets[plan].part, false, problems))
        return false;
    for (size_t i = 0; i < cells->count; i++)
        if (cells->cells[i].column > sheet->columns)
            sheet->columns = cells->cells[i].column;
    if (sheet->columns > KG_PLAN_SHEET_COLUMNS_MAX) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The sheet has something in column %d; a plan has at most %d columns.",
                        sheet->columns, KG_PLAN_SHEET_COLUMNS_MAX);
        return false;
    }
    kg_plan_sheet_name(sheet, cells, names);
    if (cells->count > 0) {
        sheet->first = kg_sheet_row_end(cells, 0);
        sheet->heading_row = cells->cells[0].row;
    }
    return true;
}

bool kg_plan_sheet_open(kg_plan_sheet *sheet, const char *path, const kg_catalogue *catalogue,
                        kg_problems *problems)
{
    kg_sheet names = {0};
    bool has_names = false;
    *sheet = (kg_plan_sheet){.catalogue = catalogue, .language = KG_NAME_EN};
    sheet->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!sheet->locale)
        kg_memory_end();
    sheet->locale_before = uselocale(sheet->locale);
    bool right = kg_book_open(&sheet->book, path, problems) &&
                 read_names(sheet, &names, &has_names, problems);
    int plan = right ? find_plan(sheet, has_names ? &names : NULL, problems) : -1;
    right = plan >= 0 && read_plan(sheet, plan, has_names ? &names : NULL, problems);
    for (int i = 0; right && i < sheet->columns; i++) /* those borrow from the names */
        sheet->headings[i].name = kg_arena_text(&sheet->book.arena, sheet->headings[i].name,
                                                strlen(sheet->headings[i].name));
    kg_sheet_fini(&names);
    return right;
}

void kg_plan_sheet_close(kg_plan_sheet *sheet)
{
    uselocale(sheet->locale_before);
    freelocale(sheet->locale);
    kg_sheet_fini(&sheet->sheet);
    kg_book_close(&sheet->book);
}
