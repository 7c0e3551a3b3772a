/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree of cells that readers' volume is cut into. A line's key is a string of bits from coarse
 * to fine; a cell is a beginning of it, its parent a shorter beginning: so two cells are either one
 * inside the other or apart. From the finest up, a parent forgets CPV code; month in its quarter;
 * track; fifth, fourth, third character of the NUTS code, with the quarter after the fifth; year;
 * country; category. Pure. */
#ifndef KG_DISCLOSURE_KEY_H
#define KG_DISCLOSURE_KEY_H

#include "proto/plan_line.h"

__extension__ typedef unsigned __int128 kg_cell_key;

#define KG_CELL_LEVELS 11 /* 0 the finest; the last is the one cell of everything */

/* What a key is made of. `category` is a number that the caller gives out, below 2^20. */
typedef struct kg_cell_line {
    uint32_t category, cpv;
    kg_nuts nuts;
    kg_date delivery_from;
    int track;
} kg_cell_line;

kg_cell_key kg_cell_key_of(const kg_cell_line *line);
/* The cell of a level that a line's key is in. */
kg_cell_key kg_cell_key_at(kg_cell_key key, int level);

/* What is the same of all lines in a cell. */
typedef struct kg_cell_place {
    bool has_category, has_cpv;
    uint32_t category, cpv;
    char nuts[KG_NUTS_CHARS_MAX + 1];
    int nuts_chars; /* a code of this length stands for all that begin so (5: for itself); 0: no
                       code is told */
    int year;             /* 0: not told */
    int quarter;          /* 1-4; 0: not told */
    int month;            /* 1-12; 0: not told */
    int track;            /* -1: not told */
} kg_cell_place;

void kg_cell_key_read(kg_cell_key at, int level, kg_cell_place *out);

#endif
