/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_answer.h"

#include <stdlib.h>
#include <string.h>

#include "broker/query/disclosure_fit.h"

static bool asked_by(const kg_query *query, kg_dimension dimension)
{
    for (size_t i = 0; i < query->by_count; i++)
        if (query->by[i] == dimension)
            return true;
    return false;
}

/* Forgets what is no dimension of the answer. */
static void keep_dimensions(const kg_query *query, kg_reader_row *row)
{
    kg_cell_place *place = &row->place;
    if (!asked_by(query, KG_BY_CATEGORY))
        row->category = NULL;
    if (!asked_by(query, KG_BY_CPV))
        place->has_cpv = false;
    if (!asked_by(query, KG_BY_NUTS))
        place->nuts[0] = '\0';
    if (!asked_by(query, KG_BY_MONTH))
        place->year = place->quarter = place->month = 0;
    if (!asked_by(query, KG_BY_TRACK))
        place->track = -1;
    place->cpv = place->has_cpv ? place->cpv : 0;
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_rows(const void *a, const void *b)
{
    const kg_reader_row *x = a, *y = b;
    int order = ORDER(x->wider, y->wider);
    if (order == 0)
        order = strcmp(x->category ? x->category : "", y->category ? y->category : "");
    if (order == 0)
        order = ORDER(x->place.cpv, y->place.cpv);
    if (order == 0)
        order = strcmp(x->place.nuts, y->place.nuts);
    if (order == 0)
        order = ORDER(x->place.year, y->place.year);
    if (order == 0)
        order = ORDER(x->place.quarter, y->place.quarter);
    if (order == 0)
        order = ORDER(x->place.month, y->place.month);
    return order ? order : ORDER(x->place.track, y->place.track);
}

static void add_rows(kg_reader_answer *answer)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->count; i++) {
        const kg_reader_row *row = &answer->rows[i];
        kg_reader_row *last = count ? &answer->rows[count - 1] : NULL;
        if (!last || compare_rows(last, row) != 0) {
            answer->rows[count++] = *row;
            continue;
        }
        last->quantity += row->quantity;
        last->value_cents += row->value_cents;
        if (row->organisations > last->organisations)
            last->organisations = row->organisations;
    }
    answer->count = count;
}

void kg_reader_answer_make(const kg_version *version, const kg_reader_question *question,
                           kg_reader_answer *out)
{
    out->count = 0;
    out->rows = kg_alloc(version->count ? version->count : 1, sizeof *out->rows);
    for (size_t i = 0; i < version->count; i++) {
        const kg_version_cell *cell = &version->cells[i];
        kg_reader_row row = {.organisations = cell->organisations,
                             .quantity = cell->quantity,
                             .value_cents = cell->value_cents};
        kg_cell_key_read(cell->at, cell->level, &row.place);
        if (row.place.has_category)
            row.category = version->categories[row.place.category];
        kg_cell_fit fit = kg_cell_fit_of(&row.place, row.category, question);
        if (fit == KG_CELL_OUTSIDE)
            continue;
        row.wider = fit == KG_CELL_WIDER;
        keep_dimensions(question->query, &row);
        out->rows[out->count++] = row;
    }
    qsort(out->rows, out->count, sizeof *out->rows, compare_rows);
    add_rows(out);
}

void kg_reader_answer_fini(kg_reader_answer *answer)
{
    free(answer->rows);
    *answer = (kg_reader_answer){0};
}
