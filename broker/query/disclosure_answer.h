/* SPDX-License-Identifier: EUPL-1.2 */
/* A reader's answer: a published version's cells, chosen and added up, and nothing else. Whatever
 * is asked, it is made of the same cells, so that answers that overlap tell no more than the cells
 * do. */
#ifndef KG_DISCLOSURE_ANSWER_H
#define KG_DISCLOSURE_ANSWER_H

#include "broker/query/disclosure_version.h"
#include "proto/command.h"

typedef struct kg_reader_question {
    const kg_query *query;
    const kg_round *round; /* whose scope is asked for; NULL: any */
    const kg_catalogue *catalogue;
} kg_reader_question;

typedef struct kg_reader_row {
    kg_cell_place place;  /* as far as the dimensions asked for */
    const char *category; /* borrowed from the version; NULL: several */
    bool wider; /* its cells reach beyond what was asked for: whether any of it is there is not
                   told */
    uint32_t organisations; /* at least: of the row's cells the most that one has */
    int64_t quantity;
    kg_int128 value_cents;
} kg_reader_row;

typedef struct kg_reader_answer {
    kg_reader_row *rows; /* owned; sorted, those that are wider last */
    size_t count;
} kg_reader_answer;

/* --from and --to choose by the day on which delivery begins. */
void kg_reader_answer_make(const kg_version *version, const kg_reader_question *question,
                           kg_reader_answer *out);
void kg_reader_answer_fini(kg_reader_answer *answer);

#endif
