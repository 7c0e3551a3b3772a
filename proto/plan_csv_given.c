/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows that were taken out of another form of file: they go the way of a CSV's. */
#include "proto/plan_csv_rows.h"

#include <stdlib.h>

kg_plan_rows *kg_plan_rows_new(kg_plan_reading *reading, kg_plan *plan, kg_problems *problems)
{
    kg_plan_rows *rows = kg_alloc(1, sizeof *rows);
    kg_csv_rows_init(rows, reading, plan, problems);
    rows->problems_before = problems->count;
    return rows;
}

void kg_plan_rows_begin(kg_plan_rows *rows, long row)
{
    rows->row = row;
}

void kg_plan_rows_field(kg_plan_rows *rows, const char *bytes, size_t count)
{
    kg_csv_rows_field(rows, bytes, count);
}

void kg_plan_rows_told(kg_plan_rows *rows, kg_column column)
{
    rows->told |= 1u << column;
}

void kg_plan_rows_end(kg_plan_rows *rows)
{
    kg_csv_rows_end(rows, false);
}

bool kg_plan_rows_finish(kg_plan_rows **rows)
{
    kg_plan_rows *self = *rows;
    kg_problems *problems = self->problems;
    kg_csv_rows_finish(self);
    kg_problems_sort(problems, self->problems_before);
    bool right = problems->count == self->problems_before;
    kg_csv_rows_fini(self);
    free(self);
    *rows = NULL;
    return right;
}
