/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan: checked lines and the arena that holds their texts; and its file. */
#ifndef KG_PLAN_H
#define KG_PLAN_H

#include "proto/plan_line.h"

typedef struct kg_plan {
    kg_plan_line *lines; /* owned */
    size_t count, capacity;
    kg_arena arena;
} kg_plan;

void kg_plan_init(kg_plan *plan);
void kg_plan_fini(kg_plan *plan);
/* Sorts by (organisation, line). */
void kg_plan_sort(kg_plan *plan);

typedef struct kg_plan_reading {
    const kg_catalogue *catalogue;
    kg_languages languages;     /* default of a line without */
    bool organisation_column;   /* offline: the column `organisation` is required; else refused */
    /* Called for each row that could be read as fields, wrong ones too, before the check: lets a
     * caller keep the drafts (to send them). Borrowed until it returns. May be NULL. */
    void (*row)(void *context, long row, const kg_line_draft *draft);
    void *context;
    size_t rows;  /* out: data rows that the file has, wrong ones included */
    long heading; /* out: the row of the headings; 0: none */
} kg_plan_reading;

/* Reads a plan CSV (UTF-8, header; LF or CRLF, comma or semicolon, BOM, decimal comma). Every
 * problem of the file goes into `problems`, in the order of the rows; returns whether there was
 * none, and only then are the lines of `plan` complete. A file that cannot be opened is a problem
 * of row 0.
 * Rows are counted as in a spreadsheet: the header is 1, empty rows count though they are skipped,
 * and a text in quotes may hold line ends without beginning a new row. Blanks at the ends of a
 * field are not part of it. Wrong quotes make a row unreadable; the next one begins behind the
 * next line end. A column that the header lacks is told of once, not row by row. Reading ends
 * early, and says so, at 100,000 problems, and at a text of over 64 KiB (a quote left open).
 * Nothing is borrowed from the file's bytes; memory grows with the lines only. */
bool kg_plan_read(const char *path, kg_plan_reading *reading, kg_plan *plan,
                  kg_problems *problems);
/* The same from memory. */
bool kg_plan_read_bytes(const char *bytes, size_t count, kg_plan_reading *reading, kg_plan *plan,
                        kg_problems *problems);

/* The same from rows that another form of file holds: its header first, then its lines, whose
 * fields stand in the header's order. For each row begin, the fields, end. */
typedef struct kg_csv_rows kg_plan_rows;
/* Returns owned (kg_plan_rows_finish); borrows all three until then. */
kg_plan_rows *kg_plan_rows_new(kg_plan_reading *reading, kg_plan *plan, kg_problems *problems);
void kg_plan_rows_begin(kg_plan_rows *rows, long row);
void kg_plan_rows_field(kg_plan_rows *rows, const char *bytes, size_t count);
/* What is wrong with a column of this row was told by the caller: it is neither read nor missed. */
void kg_plan_rows_told(kg_plan_rows *rows, kg_column column);
void kg_plan_rows_end(kg_plan_rows *rows);
/* The file's end: checks what is between rows, sorts the problems added since _new(), and frees;
 * whether there was none. */
bool kg_plan_rows_finish(kg_plan_rows **rows);

#endif
