/* SPDX-License-Identifier: EUPL-1.2 */
/* What is wrong with an input, all of it at once: file, row, column, value, what is allowed. */
#ifndef KG_PROBLEM_H
#define KG_PROBLEM_H

#include <stdarg.h>
#include <stddef.h>

#include "proto/status.h"

typedef struct kg_problem {
    kg_status status;
    char *file;    /* NULL when there is none (a message) */
    long row;      /* 1 = first row of the file (the header); 0 = the file as a whole */
    char *column;  /* NULL when it is the row as a whole */
    char *value;   /* as read, cut at 100 bytes ("..." follows), with each byte that is a control
                    * character or not UTF-8 as \xNN; NULL when there is none */
    char *allowed; /* a sentence: what is allowed here */
} kg_problem;

typedef struct kg_problems {
    kg_problem *items; /* owned */
    size_t count, capacity;
    const char *file; /* borrowed; copied into each problem that is added */
} kg_problems;

void kg_problems_init(kg_problems *problems, const char *file);
void kg_problems_fini(kg_problems *problems);
/* `format` NULL takes the status's own text. */
__attribute__((format(printf, 6, 7))) void kg_problems_add(kg_problems *problems, kg_status status,
                                                           long row, const char *column,
                                                           const char *value, const char *format,
                                                           ...);
__attribute__((format(printf, 6, 0))) void kg_problems_vadd(kg_problems *problems, kg_status status,
                                                            long row, const char *column,
                                                            const char *value, const char *format,
                                                            va_list arguments);
/* Puts the problems from the index `first` on in the order of their rows; those of one row stay as
 * they were. */
void kg_problems_sort(kg_problems *problems, size_t first);
/* "plan.csv:12: nuts: \"BE9\": The code is not on ... [NUTS]"; returns owned (free). */
char *kg_problem_write(const kg_problem *problem);
/* The number of different rows that are named; the file as a whole (row 0) is none. */
size_t kg_problems_rows(const kg_problems *problems);

#endif
