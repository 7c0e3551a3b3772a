/* SPDX-License-Identifier: EUPL-1.2 */
/* Is a published cell in what a reader asks for? */
#ifndef KG_DISCLOSURE_FIT_H
#define KG_DISCLOSURE_FIT_H

#include "broker/query/disclosure_answer.h"

typedef enum kg_cell_fit {
    KG_CELL_OUTSIDE, /* no line of it can be */
    KG_CELL_WIDER,   /* some may be */
    KG_CELL_INSIDE   /* all are */
} kg_cell_fit;

/* `category`: the cell's, or NULL where it tells none. */
kg_cell_fit kg_cell_fit_of(const kg_cell_place *place, const char *category,
                           const kg_reader_question *question);

#endif
