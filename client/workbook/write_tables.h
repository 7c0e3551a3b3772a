/* SPDX-License-Identifier: EUPL-1.2 */
/* A workbook of tables, for whoever reads an answer in a spreadsheet: a table a sheet, its headings
 * frozen and filterable, dates as dates and numbers as numbers. A text is never a formula. */
#ifndef KG_WORKBOOK_WRITE_TABLES_H
#define KG_WORKBOOK_WRITE_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#define KG_TABLE_ROWS_MAX 1048576 /* of a sheet, the headings among them */

typedef enum kg_table_cell {
    KG_TABLE_TEXT,   /* as it stands, whatever it looks like */
    KG_TABLE_VALUE,  /* a date or time, written 2027-01-31 or 2027-01-31T08:00:00Z; else a text */
    KG_TABLE_NUMBER, /* "12", "-3.50"; else a text, as one of more than 15 digits is */
    KG_TABLE_MONEY,  /* the same, in EUR */
} kg_table_cell;

typedef struct kg_table_book kg_table_book;

/* Replaces the file at `path` when it is closed. The same tables give the same bytes. */
kg_table_book *kg_table_book_new(const char *path);
/* Begins a sheet, as every other call needs one. Its name is cut to what a workbook can hold, and
 * numbered where there is one like it. */
void kg_table_book_sheet(kg_table_book *book, const char *name);
void kg_table_book_heading(kg_table_book *book, const char *text);
void kg_table_book_cell(kg_table_book *book, const char *text, kg_table_cell kind);
void kg_table_book_end_row(kg_table_book *book);
/* Writes the file, and frees the book. False with what kept it; no file stays then. `why` lives as
 * long as the process. */
bool kg_table_book_close(kg_table_book **book, const char **why);

#endif
