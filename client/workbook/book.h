/* SPDX-License-Identifier: EUPL-1.2 */
/* A workbook that is open for reading: its sheets, and what their cells need. */
#ifndef KG_WORKBOOK_BOOK_H
#define KG_WORKBOOK_BOOK_H

#include "client/workbook/strings.h"
#include "client/workbook/styles.h"
#include "proto/memory.h"

#define KG_BOOK_SHEETS_MAX 255

typedef struct kg_book_sheet {
    const char *name;
    const char *part; /* in the package */
    bool hidden;
} kg_book_sheet;

typedef struct kg_book {
    kg_package *package;                      /* owned */
    kg_book_sheet sheets[KG_BOOK_SHEETS_MAX]; /* in the order of their tabs, charts left out */
    size_t count;
    bool from_1904; /* its days are counted from 1904-01-01 */
    kg_strings strings;
    kg_styles styles;
    kg_arena arena;
} kg_book;

/* False with problems; kg_book_close() in either case. */
bool kg_book_open(kg_book *book, const char *path, kg_problems *problems);
void kg_book_close(kg_book *book);

#endif
