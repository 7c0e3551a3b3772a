/* SPDX-License-Identifier: EUPL-1.2 */
/* A workbook with the plan's rows as they were sent in, a column that says what is wrong in each,
 * and the cells that are wrong in colour; with a template's lists and hints, so that it can be
 * mended and sent again. Values, rows and columns are kept; formulas are kept as their results (an
 * error as an empty cell), and the sender's own colours, widths, notes and other sheets are not. */
#ifndef KG_WORKBOOK_WRITE_MARKED_H
#define KG_WORKBOOK_WRITE_MARKED_H

#include "proto/catalogue.h"

/* One thing that is wrong. */
typedef struct kg_mark {
    long row;           /* as the program shows it; 0: the file as a whole */
    const char *column; /* "quantity", "criteria:warranty-years"; NULL: the row as a whole */
    const char *value;  /* NULL: none */
    const char *text;
} kg_mark;

/* Reads `plan` again and writes the new file `path`, never over one that is there; false with a
 * sentence in `why`, and `errno` EEXIST where it is there. */
bool kg_marked_write(const char *plan, const char *path, const kg_catalogue *catalogue,
                     const kg_mark *marks, size_t count, char *why, size_t why_bytes);

#endif
