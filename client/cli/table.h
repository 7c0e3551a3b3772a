/* SPDX-License-Identifier: EUPL-1.2 */
/* A table of text, columns as wide as what stands in them on a terminal. */
#ifndef KOPGROEP_CLI_TABLE_H
#define KOPGROEP_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CLI_TABLE_COLUMNS_MAX 32

typedef struct cli_table {
    int columns;
    bool right[CLI_TABLE_COLUMNS_MAX];
    char **cells; /* owned; headings first, then row by row */
    size_t count, capacity;
} cli_table;

void cli_table_init(cli_table *table);
void cli_table_fini(cli_table *table);
/* All columns first, then the cells from left to right, row by row. Copies. */
void cli_table_column(cli_table *table, const char *heading, bool right);
void cli_table_cell(cli_table *table, const char *text);
void cli_table_print(const cli_table *table, FILE *out);
/* Columns that a text takes on a terminal; needs setlocale(). */
int cli_text_width(const char *text);

#endif
