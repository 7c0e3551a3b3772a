/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV files: UTF-8 with or without a byte order mark, LF or CRLF, commas or semicolons, whichever
 * the first line has. The one place that includes csv.h. */
#ifndef KG_CSV_FILE_H
#define KG_CSV_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/problem.h"

/* Who takes the rows of a file. What is wrong with its form goes to `problems`, by `row`. */
typedef struct kg_csv_taker {
    void *context;
    void (*field)(void *context, const char *bytes, size_t count);
    /* A row's end; a broken one was told of. */
    void (*end)(void *context, bool broken);
    const long *row; /* the number of the row that is being read, from 1: the taker counts */
    bool *stopped;   /* either side sets it, having told why: nothing more is read */
    long long bytes_most; /* of the file */
    kg_problems *problems;
} kg_csv_taker;

/* False when it was not read to its end, for a reason that is told. */
bool kg_csv_read(const char *path, const kg_csv_taker *taker);
bool kg_csv_read_bytes(const char *bytes, size_t count, const kg_csv_taker *taker);

/* What kind of text the first bytes of a file promise. */
typedef struct kg_csv_form {
    size_t skip;    /* bytes of a byte order mark */
    char separator; /* ',' or ';' */
} kg_csv_form;

/* Looks at the first bytes, up to the end of the header line where they hold it; false with a
 * problem when they are no CSV in UTF-8. */
bool kg_csv_form_find(const char *bytes, size_t count, kg_csv_form *out, kg_problems *problems);
/* What is wrong with a field's bytes as text, static; NULL when nothing is. */
const char *kg_csv_text_fault(const char *bytes, size_t count);

#endif
