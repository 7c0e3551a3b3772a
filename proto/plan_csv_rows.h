/* SPDX-License-Identifier: EUPL-1.2 */
/* From fields to lines: what the files of the plan CSV reader share; nobody else includes this. */
#ifndef KG_PLAN_CSV_ROWS_H
#define KG_PLAN_CSV_ROWS_H

#include "proto/plan.h"

#define KG_CSV_PROBLEMS_MAX 100000 /* then reading stops: nobody reads on */

typedef struct kg_csv_field {
    size_t at, bytes; /* in the record's text, where a NUL follows it */
} kg_csv_field;

/* The key of a line, to be found again. */
typedef struct kg_csv_key {
    uint64_t hash;
    const char *organisation, *line; /* borrowed from the plan */
    long row;
} kg_csv_key;

kg_csv_key kg_csv_key_of(const kg_plan_line *line, long row);
/* Sorts the keys and tells of each that stands in an earlier row already, as long as there are
 * fewer than KG_CSV_PROBLEMS_MAX problems. */
void kg_csv_keys_check(kg_csv_key *keys, size_t count, kg_problems *problems);

/* The record being gathered, and what the file's earlier ones said. */
typedef struct kg_csv_rows {
    kg_plan_reading *reading;
    kg_plan *plan;
    kg_problems *problems;
    long row;       /* of the record being gathered */
    kg_buffer text; /* its fields, each NUL-ended */
    kg_csv_field *fields;
    size_t fields_count, fields_capacity;
    uint32_t told;    /* set of columns told of as the record was gathered */
    bool beyond;      /* a field that is not empty stands beyond the header's last */
    bool has_header;
    int *columns;     /* of each field of the header: a kg_column, UNKNOWN or NAMELESS */
    size_t columns_count;
    uint32_t present; /* set of columns that the header names */
    uint32_t missing; /* set of columns told to be missing from the header */
    bool misnamed;    /* a name in the header is not known */
    kg_csv_key *keys; /* of all lines so far */
    size_t keys_count, keys_capacity;
    bool stopped; /* reading on is of no use; a problem says why */
    size_t problems_before; /* kg_plan_rows_new(): that there were then */
} kg_csv_rows;

void kg_csv_rows_init(kg_csv_rows *rows, kg_plan_reading *reading, kg_plan *plan,
                      kg_problems *problems);
void kg_csv_rows_fini(kg_csv_rows *rows);
/* One more field of the record; copied, without blanks at its ends. */
void kg_csv_rows_field(kg_csv_rows *rows, const char *bytes, size_t count);
/* The record's end; of a broken one (told before) nothing but its number counts, and after a
 * broken header nothing is read. */
void kg_csv_rows_end(kg_csv_rows *rows, bool broken);
/* The file's end. */
void kg_csv_rows_finish(kg_csv_rows *rows);

/* The header's part of it: finds the columns, tells what is unknown, twice or missing. */
void kg_csv_header_read(kg_csv_rows *rows);

enum { KG_CSV_UNKNOWN = -1, KG_CSV_NAMELESS = -2 };

#endif
