/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/workbook/plan_sheet.h"

#define HEADING_BYTES 400

/* A heading's text on one line, blanks at its ends and runs of them apart. */
static void fold(const char *text, char out[static HEADING_BYTES])
{
    size_t count = 0;
    for (const char *at = text; *at && count < HEADING_BYTES - 2;) {
        size_t blanks = strspn(at, " \t\r\n");
        at += blanks;
        if (blanks > 0 && count > 0 && *at)
            out[count++] = ' ';
        if (*at)
            out[count++] = *at++;
    }
    out[count] = '\0';
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

/* The plan's name of a heading, by the workbook's own names: a row for each column that a plan may
 * have, below that with the form's version. Nobody needs more, and a hostile file has them. */
static const char *named_there(const kg_sheet *names, const char *heading)
{
    for (size_t i = 0; names && i + 1 < names->count; i++) {
        const kg_cell *cell = &names->cells[i];
        char text[HEADING_BYTES];
        if (cell->row > KG_PLAN_SHEET_COLUMNS_MAX + 1)
            break;
        if (cell->row == 1 || cell->column != 1 || cell[1].row != cell->row || cell[1].column != 2)
            continue;
        fold(cell->text, text);
        if (is_same(text, heading))
            return cell[1].text;
    }
    return NULL;
}

static bool is_problem(const char *heading)
{
    for (int language = 0; language < KG_NAMES; language++)
        if (is_same(kg_text_of(KG_TEXT_PROBLEM, language), heading))
            return true;
    return false;
}

/* By the headings that a template of this catalogue has in any language. */
static const char *named_in_forms(kg_plan_sheet *sheet, const kg_form *forms, const char *heading)
{
    for (int language = 0; language < KG_NAMES; language++)
        for (size_t i = 0; i < forms[language].count; i++)
            if (is_same(forms[language].columns[i].heading, heading))
                return kg_arena_text(&sheet->book.arena, forms[language].columns[i].name,
                                     strlen(forms[language].columns[i].name));
    return NULL;
}

static void name_one(kg_plan_sheet *sheet, kg_heading *heading, const kg_form *forms,
                     const kg_sheet *names)
{
    char text[HEADING_BYTES];
    fold(heading->text, text);
    const char *name = named_there(names, text);
    if (!name)
        name = kg_form_name(sheet->catalogue, text, &heading->column, &heading->criterion)
                   ? kg_arena_text(&sheet->book.arena, text, strlen(text))
                   : named_in_forms(sheet, forms, text);
    heading->kind = KG_HEADING_UNKNOWN;
    heading->name = name ? name : heading->text;
    if (name && kg_form_name(sheet->catalogue, name, &heading->column, &heading->criterion))
        heading->kind = heading->criterion == -1 ? KG_HEADING_COLUMN : KG_HEADING_LEVEL;
    else if (is_problem(text))
        heading->kind = KG_HEADING_PROBLEM;
}

int kg_plan_sheet_name(kg_plan_sheet *sheet, const kg_sheet *row, const kg_sheet *names)
{
    kg_form forms[KG_NAMES];
    int known = 0;
    for (int language = 0; language < KG_NAMES; language++)
        kg_form_init(&forms[language], sheet->catalogue, language, NULL);
    for (int i = 0; i < KG_PLAN_SHEET_COLUMNS_MAX; i++)
        sheet->headings[i] = (kg_heading){.criterion = -1, .name = "", .text = ""};
    for (size_t i = 0; i < row->count && row->cells[i].row == row->cells[0].row; i++) {
        const kg_cell *cell = &row->cells[i];
        if (cell->column > KG_PLAN_SHEET_COLUMNS_MAX)
            break;
        kg_heading *heading = &sheet->headings[cell->column - 1];
        heading->text = cell->text;
        name_one(sheet, heading, forms, names);
        known += heading->kind == KG_HEADING_COLUMN || heading->kind == KG_HEADING_LEVEL;
    }
    for (int language = 0; language < KG_NAMES; language++)
        kg_form_fini(&forms[language]);
    return known;
}
