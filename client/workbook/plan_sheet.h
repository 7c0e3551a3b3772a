/* SPDX-License-Identifier: EUPL-1.2 */
/* The sheet of a workbook that holds the plan, and what its columns stand for. Headings are those
 * that the workbook's own names sheet gives, the plan's own names, or those of a template in any of
 * the four languages. */
#ifndef KG_WORKBOOK_PLAN_SHEET_H
#define KG_WORKBOOK_PLAN_SHEET_H

#include "client/workbook/form.h"
#include "client/workbook/sheet.h"

#define KG_PLAN_SHEET_COLUMNS_MAX 400

typedef enum kg_heading_kind {
    KG_HEADING_NONE,    /* there is none */
    KG_HEADING_UNKNOWN, /* a text that is no heading */
    KG_HEADING_PROBLEM, /* what was written there of problems: not read */
    KG_HEADING_COLUMN,  /* of the plan */
    KG_HEADING_LEVEL    /* required or accepted of one criterion */
} kg_heading_kind;

typedef struct kg_heading {
    kg_heading_kind kind;
    kg_column column;
    int criterion;    /* index; -1; -2: one that the catalogue lacks */
    const char *name; /* "quantity", "criteria:warranty-years"; else the text as it stands */
    const char *text; /* the heading as it stands; "" where there is none */
} kg_heading;

typedef struct kg_plan_sheet {
    kg_book book;
    kg_sheet sheet;
    const kg_catalogue *catalogue; /* borrowed */
    int language;                  /* of the workbook: KG_NAME_NL ... */
    size_t first;                  /* index of the first cell that is below the heading */
    int heading_row;
    kg_heading headings[KG_PLAN_SHEET_COLUMNS_MAX]; /* by column, from A */
    int columns;                                    /* so many of them hold something */
    locale_t locale, locale_before; /* numbers are read in the C locale between open and close */
} kg_plan_sheet;

/* False with problems of the file; kg_plan_sheet_close() in either case. Any thread; the thread's
 * locale is another until it is closed. */
bool kg_plan_sheet_open(kg_plan_sheet *sheet, const char *path, const kg_catalogue *catalogue,
                        kg_problems *problems);
void kg_plan_sheet_close(kg_plan_sheet *sheet);
/* What the headings of a first row stand for (plan_headings.c): by the names sheet (NULL where
 * there is none), then by all that is known. Returns how many are of the plan. */
int kg_plan_sheet_name(kg_plan_sheet *sheet, const kg_sheet *row, const kg_sheet *names);

#endif
