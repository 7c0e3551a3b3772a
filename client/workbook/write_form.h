/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing a form as a workbook: what the template and the workbook with problems share; nobody
 * else includes this. */
#ifndef KG_WORKBOOK_WRITE_FORM_H
#define KG_WORKBOOK_WRITE_FORM_H

#include <xlsxwriter.h>

#include "client/workbook/form.h"

#define KG_FORM_ROWS 5000    /* rows that have the lists and hints */
#define KG_HEADING_POINTS 64 /* height of the row of headings */

typedef enum kg_look {
    KG_LOOK_TEXT,
    KG_LOOK_NUMBER,
    KG_LOOK_MONEY,
    KG_LOOK_DATE,
    KG_LOOKS
} kg_look;

typedef struct kg_book_writer {
    const char *path; /* borrowed */
    kg_form *form;    /* borrowed */
    lxw_workbook *book;
    lxw_worksheet *plan, *lists, *names;
    lxw_format *heading, *heading_required, *strong, *wrapped;
    lxw_format *looks[KG_LOOKS], *wrong[KG_LOOKS]; /* of a cell, and of one that is wrong */
    lxw_row_t heading_row; /* 0, but where another workbook's rows are kept */
    lxw_row_t names_count; /* rows of the names' sheet */
    lxw_col_t lists_count;
    const char *list_of[KG_COLUMNS]; /* "=kopgroep_lists!$A$1:$A$5", or NULL */
    const char *list_of_criterion[KG_CATALOGUE_CRITERIA_MAX]; /* likewise; in the form's arena */
    lxw_error error;                                          /* the first */
} kg_book_writer;

/* Makes the new file and its sheets, with all lists and, where asked for, the instructions;
 * `nuts`: only codes that begin so. False with errno where the file cannot be made; EEXIST where it
 * is there. */
bool kg_book_writer_open(kg_book_writer *writer, const char *path, kg_form *form, const char *nuts,
                         bool instructions);
/* Writes all of it; false after removing the file, with the cause in *why (static). */
bool kg_book_writer_close(kg_book_writer *writer, const char **why);
/* Keeps the first error. */
void kg_book_note(kg_book_writer *writer, lxw_error error);

/* Says for whoever reads the workbook what a heading stands for. */
void kg_book_name(kg_book_writer *writer, const char *heading, const char *name);
/* The heading, width, form, list and hint of a column of the plan's sheet. */
void kg_book_dress(kg_book_writer *writer, lxw_col_t at, const kg_form_column *column);
/* Locks all that has no unlocked format, and freezes the heading and the first column. */
void kg_book_lock(kg_book_writer *writer);
/* How a cell of this column looks. */
kg_look kg_book_look(kg_column column);

/* The sheets beside the plan's (write_sheets.c). */
void kg_book_write_lists(kg_book_writer *writer, const char *nuts);
void kg_book_begin_names(kg_book_writer *writer);
void kg_book_write_instructions(kg_book_writer *writer);

#endif
