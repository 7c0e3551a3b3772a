/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV on stdout: RFC 4180, or as Excel expects it where a comma is the decimal sign. A cell that a
 * spreadsheet would take for a formula gets an apostrophe before it. */
#ifndef KOPGROEP_CLI_CSV_H
#define KOPGROEP_CLI_CSV_H

#include <stdbool.h>

/* `excel`: a byte order mark first, semicolons, decimal commas in numbers. */
typedef struct cli_csv {
    bool excel;
    bool begun; /* a cell of the row is out */
} cli_csv;

void cli_csv_begin(cli_csv *csv, bool excel);
/* `number`: it is one or "", as it stands in JSON. */
void cli_csv_cell(cli_csv *csv, const char *text, bool number);
void cli_csv_end_row(cli_csv *csv);

#endif
