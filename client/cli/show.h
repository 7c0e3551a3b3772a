/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers shown to a person (tables) or to a program (JSON, CSV). */
#ifndef KOPGROEP_CLI_SHOW_H
#define KOPGROEP_CLI_SHOW_H

#include <jansson.h>

#include "client/cli/cli.h"

/* A column of a table: a heading and where its value stands, "window.from". A CSV has the path as
 * its heading. Tables of columns end with a NULL heading. */
typedef struct cli_column {
    const char *heading, *path;
    bool right; /* numbers */
} cli_column;

/* Asks; on success shows the document: JSON as it came; a table, CSV or workbook of an array's
 * elements by the columns; an object through `show_object`, but as CSV, where it is one row, or
 * those of its "offers", unless it has "cells" of its own. Gives the exit status. */
int cli_ask(const cli_arguments *arguments, const kopgroep_question *question,
            const cli_column *columns, void (*show_object)(const json_t *object));

/* The same of an answer that is there; frees it. */
int cli_show_answer(const cli_arguments *arguments, kopgroep_answer *answer,
                    const cli_column *columns, void (*show_object)(const json_t *object));

/* A table on stdout; `empty` is said on stderr when there is no row. What is shown goes into the
 * workbook while one is written (book.h), with a sheet a table. */
void cli_show_table(const json_t *array, const cli_column *columns, const char *empty);
/* A text that a spreadsheet program would run as a formula gets an apostrophe before it. */
void cli_show_csv(const json_t *array, const cli_column *columns);
/* A table with a title before it and a blank line before that; nothing for no rows. */
void cli_show_part(const json_t *array, const char *title, const cli_column *columns);
/* The title of the table or fields that come next, in the user's language. */
void cli_show_title(const char *title);
/* A sentence of its own, in the user's language. */
void cli_show_text(const char *text);
/* What the client itself knows, as an array: JSON, CSV, a workbook, or `show_array` for a person.
 * Takes the reference; gives the exit status. */
int cli_show_own(const cli_arguments *arguments, json_t *array, const cli_column *columns,
                 void (*show_array)(const json_t *array));
/* `excel`: as csv.h says. */
void cli_show_csv_as(const json_t *array, const cli_column *columns, bool excel);
/* "name: value" lines of an object, by the same columns. */
void cli_show_fields(const json_t *object, const cli_column *columns);
/* The value at a path as text: objects "a=1 b=2", arrays "a b", null and absent "". Returns owned
 * (free). */
char *cli_value(const json_t *object, const char *path);
/* The same as a person reads it, with our own words and sentences translated: not for CSV or
 * JSON. */
char *cli_shown_value(const json_t *object, const char *path);
/* The value at a path, borrowed, or NULL. */
json_t *cli_at(const json_t *object, const char *path);

#endif
