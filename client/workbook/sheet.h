/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells of one sheet that hold something, in the order of rows and columns. */
#ifndef KG_WORKBOOK_SHEET_H
#define KG_WORKBOOK_SHEET_H

#include "client/workbook/book.h"

#define KG_SHEET_ROWS_MAX 200000   /* rows that the sheet has, empty ones with a form included */
#define KG_SHEET_CELLS_MAX 4000000 /* likewise */
#define KG_SHEET_ROW_LAST 1048576  /* a spreadsheet's own bounds */
#define KG_SHEET_COLUMN_LAST 16384

typedef enum kg_cell_kind {
    KG_CELL_TEXT,
    KG_CELL_NUMBER,
    KG_CELL_LOGICAL, /* "TRUE", "FALSE" */
    KG_CELL_ERROR    /* "#N/A" */
} kg_cell_kind;

typedef struct kg_cell {
    int row, column; /* from 1, as the program shows them: column 1 is A */
    kg_cell_kind kind;
    kg_style style;   /* of a number */
    double number;    /* likewise */
    const char *text; /* as it stands in the file; of a formula its last result */
} kg_cell;

typedef struct kg_sheet {
    kg_cell *cells; /* owned */
    size_t count, capacity;
    kg_arena arena; /* owns the texts */
} kg_sheet;

/* `first_row_only`: as far as the first row that holds something. False with a problem;
 * kg_sheet_fini() in either case. Needs the C locale for numbers (uselocale()). */
bool kg_sheet_read(kg_sheet *sheet, kg_book *book, const char *part, bool first_row_only,
                   kg_problems *problems);
void kg_sheet_fini(kg_sheet *sheet);
/* The index behind the last cell of the row that begins at `first`. */
size_t kg_sheet_row_end(const kg_sheet *sheet, size_t first);
/* The cell of a row and column; NULL where it is empty. */
const kg_cell *kg_sheet_find(const kg_sheet *sheet, long row, int column);
/* "AB12" to 12 and 28; false where it is none. */
bool kg_cell_reference(const char *text, int *row, int *column);

#endif
