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
    size_t rows; /* out: data rows that the file has, wrong ones included */
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

#endif
