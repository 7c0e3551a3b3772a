/* SPDX-License-Identifier: EUPL-1.2 */
/* What is shown, as a workbook, in the file of --out or on stdout: a sheet a table, headings and
 * words in the user's language. One is open at a time, and everything that show.h shows goes into
 * it. */
#ifndef KOPGROEP_CLI_BOOK_H
#define KOPGROEP_CLI_BOOK_H

#include "client/cli/show.h"

/* Before anything is asked: false, after saying why, where the workbook has no place to go: --out
 * names a file that is there, or there is no --out and stdout is a terminal. */
bool cli_book_has_place(const cli_arguments *arguments);
/* False, after saying why, when no file can be made. `name` is that of the first sheet. */
bool cli_book_begin(const cli_arguments *arguments, const char *name);
bool cli_book_is_open(void);
/* The name of the next sheet, in the user's language. */
void cli_book_name(const char *name);
/* A sheet: headings, and a row an element. */
void cli_book_table(const json_t *array, const cli_column *columns);
/* A sheet of "heading, value" rows. */
void cli_book_fields(const json_t *object, const cli_column *columns);
/* A sentence below what stands on the sheet. */
void cli_book_text(const char *text);
/* Writes it. Gives the exit status. */
int cli_book_end(void);

#endif
